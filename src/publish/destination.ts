/**
 * What a destination is: the contract of everything in `destinations/`.
 *
 * In:    a sealed segment. Out: what was stored of it.
 * Holds: slots, spool and counting are done before a destination is called.
 */
import { FlowgaugeError } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import type { WindowAccount } from './account.ts';
import type { SentJournal } from './sent.ts';

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
  /** Records behind the last account: a later segment accounts for them. */
  readonly after: number;
  /** Accounts of windows whose records end here. */
  accounts(): Promise<readonly WindowAccount[]>;
  /** What a destination that takes records has of it already. */
  readonly sent: SentJournal;
  /** The object to store; null for destinations that take records, and where there are accounts and no record. */
  readonly object: SegmentObject | null;
  /** The blocks, checked: fails with `FG_SEGMENT_DAMAGED`. */
  read(): AsyncIterable<RecordBlock>;
};

/** What a destination confirmed. */
export type Delivery = {
  /** What was stored; `sha256` is '' where a destination keeps records and no objects. */
  readonly objects: readonly { key: string; sizeBytes: number; sha256: string; records: number }[];
  /** Records that it will never take, by cause. */
  readonly refused: Readonly<Record<string, number>>;
  /** Records that were sent again because no answer came: they may be there twice (rule D4). */
  readonly possibleDuplicates: number;
};

/** Why a destination does not take records. */
export type DeliveryProblem = { readonly code: string; readonly message: string; readonly again: boolean };

/**
 * A place that takes segments. It asks once and does not wait between attempts: pauses and their growing are the
 * caller's. What it knows of a segment is in the segment and its journal, so it may be a new one after each restart.
 */
export interface Destination {
  /** For messages, and to tell one from another: `s3://bucket`, a directory, a log group, a stream. */
  readonly name: string;
  /** Asked when a flow log is made and at start; null is well. */
  check(signal: AbortSignal): Promise<DeliveryProblem | null>;
  /** All of a sealed segment or an error. Called again with the same segment it must leave the same result. */
  deliver(segment: SealedSegment, signal: AbortSignal): Promise<Delivery>;
}

/** What is wrong with a destination, from the error that asking it gave; other errors are thrown on. */
export function problemFrom(error: unknown): DeliveryProblem {
  if (!(error instanceof FlowgaugeError)) throw error;
  return { code: error.code, message: error.message, again: error.owner === 'surroundings' };
}
