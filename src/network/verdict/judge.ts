/**
 * What judges packets: the face of this folder.
 *
 * In:    batches of packets. Out: observations, each with the number of a decision.
 * Holds: rule C: packets and observations add up; cutting the stream of packets anywhere changes no decision.
 */
import type { ObservationBatch, PacketBatch, SourceInfo } from '../../model/batch.ts';
import type { StageCount } from '../../model/counters.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';

/** Places packets at interfaces (rules P4, P5, P6) and judges them there (V1 to V8). */
export type Judge = {
  /** Fills `out` with the observations of a batch, in the order of its packets, egress before ingress. */
  judge(packets: PacketBatch, source: SourceInfo, out: ObservationBatch): void;
  /** Rules change, connections stay. Numbers of interfaces and rules mean the same as before. */
  update(snapshot: VpcSnapshot): void;
  /** In packets. */
  readonly count: StageCount;
  /** In observations; its notes are `picked-up`, `no-ports` and `tracking-evicted`. */
  readonly observations: StageCount;
};

/** What the capture says about where its frames were seen. */
export type JudgeOptions = {
  /** `--device NAME=eni-…`: name of a device of the capture → id of an interface of the model. */
  readonly named: ReadonlyMap<string, string>;
  /** `--vlan ID=vpc-…`: VLAN id → id of a VPC. */
  readonly vlans: ReadonlyMap<number, string>;
  /** True: devices of this host, tied by their MAC or addresses (rule P4). */
  readonly live: boolean;
  /** Most connections that are tracked at once; 1,000,000 unless told (rule V3). */
  readonly maxConnections?: number;
};
