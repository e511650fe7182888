/**
 * Which flow log records which windows, while flow logs and interfaces come and go.
 *
 * In:    one network after the other, each with the time from which it holds. Out: what is to be gathered and printed then.
 * Holds: a flow log has the packets from its creation to its deletion, no others. What of the window in which it was made
 *        comes after its creation is gathered apart; whole windows are shared by all. When it ends, the windows that are open
 *        are looked at for it. A position in `flowLogs` is one flow log's for ever. An interface that is gone stays
 *        among those whose records are printed: its last flows are still to come.
 * Fails: never.
 */
import type { PartialWindow } from '../../collect/aggregate/gathering.ts';
import { windowStart } from '../../collect/aggregate/window.ts';
import type { FlowLog, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { AssignmentChange, FlowLogPart } from './assignment.ts';
import { flowLogParts, watchedIntervals } from './assignment.ts';

/** A network as the collector is told of it. */
export type Network = {
  /** `validFromMicros` is when it came to be so. */
  readonly snapshot: VpcSnapshot;
  /** `[NAME, eni-…]` for every device that is an interface. */
  readonly devices: readonly (readonly [string, string])[];
};

/** What is gathered and printed from then on. `snapshot` has the flow logs by their positions, those that ended too. */
export type Covered = AssignmentChange & {
  readonly parts: readonly FlowLogPart[];
  /** Flow logs that have ended, by id. */
  readonly ended: ReadonlySet<string>;
};

type Known = {
  readonly position: number;
  /** Null: it was there when collecting began. */
  readonly fromMicros: number | null;
  /** What of the window in which it was made is gathered for it, by length of windows. */
  readonly partials: ReadonlyMap<60 | 600, PartialWindow>;
  /** By length of windows: interfaces whose records are printed. */
  readonly printed: Map<60 | 600, Set<number>>;
};

const LENGTHS = [60, 600] as const;
/** A partial window is printed some seconds after its end; so long its printer is kept. */
const KEPT_MICROS = 3_600_000_000;

/** Follows networks. */
export function createCoverage(): { next(network: Network): Covered } {
  const flowLogs: FlowLog[] = [];
  const known = new Map<string, Known>();
  const ended = new Set<string>();
  let lastPartial = 0;
  let isFirst = true;

  function add(flowLog: FlowLog, atMicros: number, made: ReadonlyMap<60 | 600, PartialWindow>): void {
    const one = {
      position: flowLogs.length,
      fromMicros: isFirst ? null : atMicros,
      partials: made,
      printed: new Map(LENGTHS.map((seconds) => [seconds, new Set<number>()])),
    };
    known.set(flowLog.id, one);
    flowLogs.push(flowLog);
  }

  /** Parts of windows that begin now. */
  function partialsAt(atMicros: number): Map<60 | 600, PartialWindow> {
    const inside = LENGTHS.filter((seconds) => !isFirst && firstWhole(atMicros, seconds) * 1e6 > atMicros);
    return new Map(
      inside.map((seconds) => {
        const untilSeconds = firstWhole(atMicros, seconds);
        return [seconds, { number: ++lastPartial, seconds, interfaces: [], fromMicros: atMicros, untilSeconds }];
      }),
    );
  }

  function printedParts(parts: readonly FlowLogPart[], atMicros: number): FlowLogPart[] {
    return parts.flatMap((part) => {
      const { fromMicros, partials, printed } = known.get(flowLogs[part.flowLog]!.id)!;
      const all = printed.get(part.seconds)!;
      for (const number of part.interfaces) all.add(number);
      const whole = { ...part, interfaces: ascending(all) };
      if (fromMicros === null) return [whole];
      const partial = partials.get(part.seconds);
      const shared = { ...whole, fromSeconds: firstWhole(fromMicros, part.seconds) };
      if (partial === undefined || partial.untilSeconds * 1e6 + KEPT_MICROS < atMicros) return [shared];
      return [shared, { ...whole, partial: partial.number }];
    });
  }

  /** Partial windows that are not over, with the interfaces that their flow logs have now. */
  function partialsNow(parts: readonly FlowLogPart[], atMicros: number): PartialWindow[] {
    const found = new Map<number, PartialWindow>();
    for (const part of parts) {
      const partial = known.get(flowLogs[part.flowLog]!.id)!.partials.get(part.seconds);
      if (partial === undefined || partial.untilSeconds * 1e6 <= atMicros) continue;
      const before = found.get(partial.number)?.interfaces ?? [];
      found.set(partial.number, { ...partial, interfaces: ascending(new Set([...before, ...part.interfaces])) });
    }
    return [...found.values()];
  }

  return {
    next(network) {
      const { devices } = network;
      const atMicros = network.snapshot.validFromMicros;
      const there = new Set(network.snapshot.flowLogs.map(({ id }) => id));
      const endedNow = [...known.keys()].filter((id) => !there.has(id) && !ended.has(id));
      for (const id of endedNow) ended.add(id);
      const made = partialsAt(atMicros);
      for (const flowLog of network.snapshot.flowLogs) {
        const position = known.get(flowLog.id)?.position;
        if (position === undefined || ended.delete(flowLog.id)) add(flowLog, atMicros, made);
        else flowLogs[position] = flowLog;
      }
      isFirst = false;
      const snapshot = { ...network.snapshot, flowLogs: [...flowLogs] };
      const ids = new Set(devices.map(([, id]) => id));
      const present = new Set(snapshot.interfaces.filter(({ id }) => ids.has(id)).map(({ number }) => number));
      const isHeld = (part: FlowLogPart): boolean => {
        const { id } = flowLogs[part.flowLog]!;
        return known.get(id)!.position === part.flowLog && !ended.has(id);
      };
      const watched = flowLogParts(snapshot, true, present).filter(isHeld);
      return {
        snapshot,
        devices,
        intervals: watchedIntervals(watched),
        partials: partialsNow(watched, atMicros),
        isEnd: endedNow.length > 0,
        parts: printedParts(flowLogParts(snapshot, true).filter(isHeld), atMicros),
        ended: new Set(ended),
      };
    },
  };
}

function ascending(numbers: ReadonlySet<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}

/** Start of the first window that begins at a time or after it. */
function firstWhole(atMicros: number, seconds: number): number {
  const start = windowStart(atMicros, seconds);
  return start * 1e6 === atMicros ? start : start + seconds;
}
