/**
 * What a destination is: the contract of everything in `destinations/`.
 *
 * In:    a sealed segment. Out: what was stored of it.
 * Holds: slots, spool and counting are done before a destination is called.
 */
import type { FlowLog } from '../network/vpc/snapshot.ts';

/** Printed records of one flow log and slot. */
export type RecordBlock = {
  readonly flowLogId: string;
  readonly slotSeconds: number;
  /** Interface id, for log streams; '' where a flow log has one stream. */
  readonly stream: string;
  readonly text: Uint8Array;
  readonly records: number;
  readonly packets: number;
  readonly lostPackets: number;
};

/** A finished object, made from the segment alone. */
export type SegmentObject = { readonly path: string; readonly sizeBytes: number; readonly sha256: string };

/** Records that are on disk under a name that is never used twice. */
export type SealedSegment = {
  /** Host id, flow log, slot and number: what the eight hex digits of the object's name are made from. */
  readonly id: string;
  /** File name in the spool, without suffix. */
  readonly name: string;
  readonly flowLog: FlowLog;
  readonly slotSeconds: number;
  readonly number: number;
  readonly records: number;
  readonly packets: number;
  readonly lostPackets: number;
  /** Of everything in the segment before its last line. */
  readonly crc32: number;
  /** The object to store; null for destinations that take records. */
  readonly object: SegmentObject | null;
  /** The blocks, checked: fails with `FG_SEGMENT_DAMAGED`. */
  read(): AsyncIterable<RecordBlock>;
};

/** What a destination confirmed. */
export type Delivery = {
  readonly objects: readonly { key: string; sizeBytes: number; sha256: string; records: number }[];
};

/** Why a destination does not take records. */
export type DeliveryProblem = { readonly code: string; readonly message: string; readonly again: boolean };

export interface Destination {
  readonly name: string;
  /** Asked when a flow log is made and at start; null is well. */
  check(signal: AbortSignal): Promise<DeliveryProblem | null>;
  /** All of a sealed segment or an error. Called again with the same segment it must leave the same result. */
  deliver(segment: SealedSegment, signal: AbortSignal): Promise<Delivery>;
}
