/**
 * The ledger: what a host published, beside the objects and outside `AWSLogs/` (rule D6): for each object what it held when
 * it was made, and for each interface and window what its source counted and where that went.
 *
 * In:    a sealed segment with what was stored of it. Out: a small JSON object under `_flowgauge/ledger/`.
 * Holds: an entry is made from the segment alone and written behind the object, so a second delivery makes the same. Accounts
 *        stand in the entry of the segment that ends their records; a segment that has no record has an entry without an
 *        object. What goes to a log group or a stream has its ledger on the host, in the directory of the bucket `local`.
 *        What a capture file gives has none: reading the file again tells more.
 * Fails: reading gives null for what is no entry of a known format. Format 1, of objects alone, is read too.
 */
import { createHash } from 'node:crypto';
import { readSlotStamp, slotStamp } from '../storage/object/keys.ts';
import type { WindowAccount } from './account.ts';
import { readAccount, writtenAccount } from './account.ts';
import type { SealedSegment } from './destination.ts';
import { FILE_HOST } from './object-name.ts';

const FORMAT = 2;
const OLD_FORMAT = 1;

/** What an entry says of its segment, in both formats. */
type Entered = {
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

export type LedgerEntry = Entered & {
  readonly ledger: typeof FORMAT | typeof OLD_FORMAT;
  /** Of the object, below the place where `_flowgauge` lies; null where there is none. */
  readonly key: string | null;
  /** The log group or stream that has the records; null where objects have them. */
  readonly destination: string | null;
  /** Records that the destination will never take, by cause. */
  readonly refused: Readonly<Record<string, number>>;
  /** Records that a later segment of the slot accounts for; of format 1 all. */
  readonly after: number;
  readonly windows: readonly WindowAccount[];
};

/** Where entries lie, below a place. */
export const LEDGER_FOLDER = '_flowgauge/ledger/';

/** The key of an object's entry. A prefix stays before it: who may read the objects may read it. */
export function ledgerKey(key: string): string {
  const at = key.lastIndexOf('AWSLogs/');
  return `${key.slice(0, at)}${LEDGER_FOLDER}${key.slice(at)}.json`;
}

/** The key of the entry of a segment whose destination keeps records and no objects. */
export function ledgerKeyOnHost({ id, flowLog, slotSeconds }: SealedSegment): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  return `${LEDGER_FOLDER}elsewhere/${flowLog.id}/${slotStamp(slotSeconds)}_${hash}.json`;
}

/** The slot of an entry by its key, seconds since 1970 UTC; null for what is no key of one. */
export function ledgerSlot(key: string): number | null {
  const [, stamp] = /(\d{8}T\d{4}Z)_[0-9a-f]{8}[^/]*\.json$/u.exec(key) ?? [];
  return stamp === undefined ? null : readSlotStamp(stamp);
}

/** Where the records of a segment are: an object's key, or a destination and what that refused. */
export type Stored =
  | { readonly key: string }
  | { readonly destination: string; readonly refused: Readonly<Record<string, number>> };

/** The entry of a segment as bytes; null where there is none. */
export async function ledgerBytes(segment: SealedSegment, stored: Stored): Promise<Uint8Array | null> {
  const { object, id, flowLog } = segment;
  if (id.startsWith(`${FILE_HOST}/`)) return null;
  const windows = await segment.accounts();
  const entry = {
    ledger: FORMAT,
    ...('key' in stored ? { key: object === null ? null : stored.key } : { key: null, ...stored }),
    sizeBytes: object?.sizeBytes ?? 0,
    sha256: object?.sha256 ?? '',
    records: segment.records,
    packets: segment.packets,
    lostPackets: segment.lostPackets,
    flowLogId: flowLog.id,
    slotSeconds: segment.slotSeconds,
    segment: id,
    segmentCrc32: segment.crc32,
    after: segment.after,
    windows: windows.map(writtenAccount),
  };
  return Buffer.from(`${JSON.stringify(entry)}\n`);
}

/** Reads an entry. */
export function readLedgerEntry(text: string): LedgerEntry | null {
  try {
    const entry = JSON.parse(text) as Entered & Record<string, unknown>;
    const isWhole = typeof entry.sha256 === 'string' && typeof entry.flowLogId === 'string';
    if (!isWhole || !Number.isSafeInteger(entry.slotSeconds)) return null;
    if (entry['ledger'] === OLD_FORMAT && typeof entry['key'] === 'string') {
      const common = { destination: null, refused: {}, after: entry.records, windows: [] };
      return { ...entry, ...common, ledger: OLD_FORMAT, key: entry['key'] };
    }
    const { key, destination = null, refused = {}, windows: written } = entry as Partial<LedgerEntry>;
    if (entry['ledger'] !== FORMAT || !Array.isArray(written) || (typeof key !== 'string' && key !== null)) return null;
    const windows = written.map(readAccount);
    if (windows.includes(null)) return null;
    const whole = windows.filter((account) => account !== null);
    return { ...entry, ledger: FORMAT, key, destination, refused, after: Number(entry['after']) || 0, windows: whole };
  } catch {
    return null;
  }
}
