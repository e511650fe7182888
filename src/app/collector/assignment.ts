/**
 * What a collector is to do, as plain data that can be posted to its worker.
 *
 * In:    a snapshot with its flow logs, and the options of a verb. Out: the assignment, and who is watched at which interval.
 * Holds: a flow log's interface is in exactly one interval; live interfaces of Nitro have windows of 60 s (rule W2).
 */
import type { PartialWindow } from '../../collect/aggregate/gathering.ts';
import type { Ties } from '../../collect/kernel/kernel-source.ts';
import { DEVICE_TAG, FAR_END } from '../../network/verdict/placement.ts';
import type { FlowLog, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { KernelNetwork } from './kernel-feed.ts';
import type { KernelAssignment } from './open-kernel.ts';

/** Flows of `interfaces` are gathered in windows of `seconds`. */
export type WatchedInterval = { readonly seconds: 60 | 600; readonly interfaces: readonly number[] };

export type Assignment = {
  readonly source:
    | { readonly kind: 'file'; readonly path: string }
    | {
        readonly kind: 'live';
        readonly fifo: string;
        /** What messages call the capture. */
        readonly name: string;
        /** Set where all frames are of one device and do not say so. */
        readonly device: string | null;
        /** Packets that the capture lost so far, modulo 2^32; shared with whoever reads them from the child. */
        readonly drops: Uint32Array;
      };
  readonly snapshot: VpcSnapshot;
  /** When the last change was made that the snapshot has, microseconds since 1970 UTC; not there where it is of files. */
  readonly changedMicros?: number;
  /** False: no model was given, every packet is ACCEPT at the one interface (rule P5). */
  readonly judged: boolean;
  readonly intervals: readonly WatchedInterval[];
  /** `--device NAME=eni-…` and `--vlan ID=vpc-…`. */
  readonly devices: readonly (readonly [string, string])[];
  /** True: `devices` says of all devices what they are; others are no part of the network. */
  readonly namedOnly?: boolean;
  readonly vlans: readonly (readonly [number, string])[];
  /** True: interfaces without a device of the capture are no part of it, so they have no NODATA (rules P4, W5). */
  readonly tiedOnly: boolean;
  readonly maxFlows: number;
  readonly maxConnections: number;
  /** Set: since then nothing was gathered, or it was lost; microseconds since 1970 UTC. */
  readonly gapMicros?: number;
  /** Set: devices that are the far end of their interface's wire are judged by the kernel, or all others observed in it. */
  readonly kernel?: KernelAssignment;
};

/** What changes while a live source is collected. */
export type AssignmentChange = Pick<Assignment, 'snapshot' | 'changedMicros' | 'devices' | 'intervals'> & {
  /** Parts of windows that are gathered apart; one that was there before may have other interfaces. */
  readonly partials: readonly PartialWindow[];
  /** A flow log ended: what its windows have is to be looked at, for it gets no more. */
  readonly isEnd: boolean;
};

/** The interfaces of one flow log that have windows of one length. */
export type FlowLogPart = {
  readonly flowLog: number;
  readonly seconds: 60 | 600;
  readonly interfaces: readonly number[];
  /** Set: of this partial window alone. */
  readonly partial?: number;
  /** Set: not of windows that begin earlier. */
  readonly fromSeconds?: number;
  /** Set: of none that begin later; the one that begins then was looked at when the flow log ended. */
  readonly untilSeconds?: number;
};

/** Devices of a network: those that the kernel judges, and those whose packets are captured. */
export type SplitDevices = { readonly ties: Ties; readonly captured: ReadonlyMap<string, string> };

/**
 * Splits devices by who counts their packets. What a far end forwards is all that its interface sends and receives: it can be
 * judged. A device that is the interface itself is the host's own: what its firewall does can be observed. The kernel has
 * one of them, and packets of the others are captured.
 *
 * @param how  null: the kernel has none
 */
export function splitDevices(
  { snapshot, devices }: Pick<Assignment, 'snapshot' | 'devices'>,
  how: KernelAssignment['how'] | null,
): SplitDevices {
  const numbers = new Map(
    snapshot.interfaces
      .filter(({ number, interfaceTags }) => {
        const isFar = interfaceTags[DEVICE_TAG] === FAR_END;
        return number > 0 && (how === 'enforce' ? isFar : how === 'observe' && !isFar);
      })
      .map(({ id, number }) => [id, number]),
  );
  return {
    ties: new Map(devices.filter(([, id]) => numbers.has(id)).map(([name, id]) => [numbers.get(id)!, name])),
    captured: new Map(devices.filter(([, id]) => !numbers.has(id))),
  };
}

/** What the kernel is told of a network. */
export function networkForKernel(
  change: Pick<Assignment, 'snapshot' | 'changedMicros' | 'devices'>,
  how: KernelAssignment['how'],
): KernelNetwork {
  const { snapshot, changedMicros = 0 } = change;
  return { snapshot, ties: splitDevices(change, how).ties, changedMicros };
}

/**
 * Splits each flow log by the windows its interfaces really have.
 *
 * @param live     true: interfaces of Nitro have at most 60 s whatever was asked
 * @param present  interface numbers that exist now; others get nothing
 */
export function flowLogParts(snapshot: VpcSnapshot, live: boolean, present?: ReadonlySet<number>): FlowLogPart[] {
  return snapshot.flowLogs.flatMap((flowLog, number) =>
    ([60, 600] as const)
      .map((seconds) => ({
        flowLog: number,
        seconds,
        interfaces: flowLog.interfaces.filter(
          (at) => windowSeconds(snapshot, flowLog, at, live) === seconds && (present === undefined || present.has(at)),
        ),
      }))
      .filter((part) => part.interfaces.length > 0 || part.seconds === flowLog.intervalSeconds),
  );
}

function windowSeconds(snapshot: VpcSnapshot, flowLog: FlowLog, at: number, live: boolean): 60 | 600 {
  return live && snapshot.interfaces[at]!.nitro ? 60 : flowLog.intervalSeconds;
}

/** Who is watched at which interval, over all flow logs. */
export function watchedIntervals(parts: readonly FlowLogPart[]): WatchedInterval[] {
  return ([60, 600] as const)
    .filter((seconds) => parts.some((part) => part.seconds === seconds))
    .map((seconds) => ({
      seconds,
      interfaces: [
        ...new Set(parts.filter((part) => part.seconds === seconds).flatMap((part) => part.interfaces)),
      ].sort((a, b) => a - b),
    }));
}
