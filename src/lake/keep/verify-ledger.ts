/**
 * Whether a bucket holds what its ledger says.
 *
 * In:    a place with objects and their ledger. Out: sums, and what does not hold, object by object.
 * Holds: needs the place alone. Every object is read whole: its bytes are compared with the checksum, the records of text
 *        are counted anew. Objects without an entry are counted: they may be AWS's, of a capture file, or be on their way.
 * Fails: with errors of the store; an object that cannot be read is one that does not hold.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FlowgaugeError } from '../../model/errors.ts';
import type { LedgerEntry } from '../../publish/ledger.ts';
import { LEDGER_FOLDER, readLedgerEntry } from '../../publish/ledger.ts';
import { parseKey } from '../../storage/object/keys.ts';
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';

/** What does not hold about one object. */
export type LedgerFault = {
  readonly key: string;
  readonly what: 'no-entry' | 'missing' | 'size' | 'checksum' | 'records' | 'unreadable';
  readonly expected: string;
  readonly found: string;
};

export type LedgerReport = {
  readonly entries: number;
  readonly records: number;
  readonly packets: number;
  readonly lostPackets: number;
  readonly bytes: number;
  /** Objects of flow logs without an entry. */
  readonly unlisted: number;
  readonly faults: readonly LedgerFault[];
};

/**
 * Re-reads every object that the ledger names.
 *
 * @param below  what all keys begin with: '' or a prefix that ends in a slash
 */
export async function verifyLedger(store: ObjectStore, below: string, signal: AbortSignal): Promise<LedgerReport> {
  const faults: LedgerFault[] = [];
  const objects = new Map<string, ObjectRef>();
  const ledger: ObjectRef[] = [];
  for await (const ref of store.list(below, null, signal)) {
    if (isEntry(ref.key)) ledger.push(ref);
    else if (parseKey(ref.key) !== null) objects.set(ref.key, ref);
  }
  const sums = { records: 0, packets: 0, lostPackets: 0, bytes: 0 };
  for (const ref of ledger) {
    const entry = readLedgerEntry(Buffer.concat(await chunksOf(store, ref, signal)).toString());
    if (entry === null) faults.push({ key: ref.key, what: 'no-entry', expected: 'an entry', found: 'other bytes' });
    else {
      const object = objects.get(entry.key);
      objects.delete(entry.key);
      if (object === undefined)
        faults.push({ key: entry.key, what: 'missing', expected: `${entry.records} records`, found: 'no object' });
      else faults.push(...(await compare(store, object, entry, signal)));
      sums.records += entry.records;
      sums.packets += entry.packets;
      sums.lostPackets += entry.lostPackets;
      sums.bytes += entry.sizeBytes;
    }
  }
  return { entries: ledger.length, ...sums, unlisted: objects.size, faults };
}

function isEntry(key: string): boolean {
  return key.includes(LEDGER_FOLDER) && key.endsWith('.json');
}

async function chunksOf(store: ObjectStore, ref: ObjectRef, signal: AbortSignal): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(ref, null, signal)) chunks.push(chunk);
  return chunks;
}

async function compare(
  store: ObjectStore,
  ref: ObjectRef,
  entry: LedgerEntry,
  signal: AbortSignal,
): Promise<LedgerFault[]> {
  const fault = (what: LedgerFault['what'], expected: string | number, found: string | number): LedgerFault[] => [
    { key: entry.key, what, expected: String(expected), found: String(found) },
  ];
  if (ref.sizeBytes !== entry.sizeBytes) return fault('size', entry.sizeBytes, ref.sizeBytes);
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of store.read(ref, null, signal)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  let records: number | null = null;
  try {
    if (entry.key.endsWith('.gz')) records = await recordsOf(Readable.from(hashed()).pipe(createGunzip()));
    else for await (const _ of hashed());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FlowgaugeError) return fault('unreadable', `${entry.records} records`, error.message);
    return fault('checksum', entry.sha256, `bytes that do not unpack`);
  }
  const found = hash.digest('hex');
  if (found !== entry.sha256) return fault('checksum', entry.sha256, found);
  return records === null || records === entry.records ? [] : fault('records', entry.records, records);
}

/** Lines behind the header. */
async function recordsOf(text: AsyncIterable<Uint8Array>): Promise<number> {
  let lines = 0;
  for await (const bytes of text) for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
  return lines - 1;
}
