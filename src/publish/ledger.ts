/**
 * The ledger: for each object of a host what it held when it was made, beside the objects and outside `AWSLogs/` (rule D6).
 *
 * In:    a sealed segment with its object. Out: a small JSON object under `_flowgauge/ledger/`.
 * Holds: an entry is made from the segment alone and written behind the object, so a second delivery makes the same. What a
 *        capture file gives has none: reading the file again tells more.
 * Fails: reading gives null for what is no entry of a known format.
 */
import type { SealedSegment } from './destination.ts';
import { FILE_HOST } from './object-name.ts';

const FORMAT = 1;

export type LedgerEntry = {
  readonly ledger: typeof FORMAT;
  /** Below the place where `_flowgauge` lies. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly records: number;
  /** As the flow table counted them. Of a segment that was split they stand with one of its objects. */
  readonly packets: number;
  /** Packets that SKIPDATA records of the object tell of. */
  readonly lostPackets: number;
  readonly flowLogId: string;
  readonly slotSeconds: number;
  /** Host, flow log, slot and number: what the name was made from. */
  readonly segment: string;
  readonly segmentCrc32: number;
};

/** Where entries lie, below a place. */
export const LEDGER_FOLDER = '_flowgauge/ledger/';

/** The key of an object's entry. A prefix stays before it: who may read the objects may read it. */
export function ledgerKey(key: string): string {
  const at = key.lastIndexOf('AWSLogs/');
  return `${key.slice(0, at)}${LEDGER_FOLDER}${key.slice(at)}.json`;
}

/** The entry of a segment's object as bytes; null where there is none. */
export function ledgerBytes(segment: SealedSegment, key: string): Uint8Array | null {
  const { object, id, flowLog } = segment;
  if (object === null || id.startsWith(`${FILE_HOST}/`)) return null;
  const entry: LedgerEntry = {
    ledger: FORMAT,
    key,
    sizeBytes: object.sizeBytes,
    sha256: object.sha256,
    records: segment.records,
    packets: segment.packets,
    lostPackets: segment.lostPackets,
    flowLogId: flowLog.id,
    slotSeconds: segment.slotSeconds,
    segment: id,
    segmentCrc32: segment.crc32,
  };
  return Buffer.from(`${JSON.stringify(entry)}\n`);
}

/** Reads an entry. */
export function readLedgerEntry(text: string): LedgerEntry | null {
  try {
    const entry = JSON.parse(text) as LedgerEntry;
    return entry.ledger === FORMAT && typeof entry.key === 'string' && typeof entry.sha256 === 'string' ? entry : null;
  } catch {
    return null;
  }
}
