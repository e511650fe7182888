/**
 * Whether a bucket holds what its ledger says.
 *
 * In:    a place with objects and their ledger. Out: sums, and what does not hold, object by object and window by window.
 * Holds: needs the place alone. Every object is read whole: its bytes are compared with the checksum, the records of text
 *        are counted anew, and their packets compared with what the flow tables counted; then all are read once more as a
 *        table, for the accounts of interfaces and windows. Objects without an entry are counted: they may be AWS's, of a
 *        capture file, or be on their way. An object that was removed once a lake had its records is no fault: the lake's file is
 *        read in its place, and its checksum and records are compared; where retention took these away too, that is told.
 * Fails: with errors of the store; an object that cannot be read is one that does not hold.
 */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FlowgaugeError } from '../../model/errors.ts';
import type { LedgerEntry } from '../../publish/ledger.ts';
import { LEDGER_FOLDER, ledgerSlot, readLedgerEntry } from '../../publish/ledger.ts';
import { parseKey } from '../../storage/object/keys.ts';
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';
import { filesFor, lakeObjects } from './ledger-lake.ts';
import type { FoundInLake, LedgerFault, LedgerLake } from './ledger-lake.ts';
import type { KnownObject, WindowFault, WindowSums } from './verify-windows.ts';
import { joinedSums, NO_WINDOWS, verifyWindows } from './verify-windows.ts';

const DAY_SECONDS = 86_400;

export type LedgerReport = {
  readonly entries: number;
  readonly records: number;
  /** As the flow tables counted them, of all objects. */
  readonly packets: number;
  /** As the records of text objects tell, and as the flow tables counted those of the same; null where none tells. */
  readonly told: { readonly inRecords: number; readonly counted: number } | null;
  readonly lostPackets: number;
  readonly bytes: number;
  /** Objects of flow logs without an entry. */
  readonly unlisted: number;
  /** Records that log groups and streams of this host's ledger took. */
  readonly elsewhere: number;
  /** Objects that were removed and whose records the lake has, and those whose records went for their age. */
  readonly inLake: number;
  readonly retired: number;
  readonly faults: readonly LedgerFault[];
  readonly windows: WindowSums;
  readonly windowFaults: readonly WindowFault[];
};

/**
 * Re-reads every object that the ledger names.
 *
 * @param below  what all keys begin with: '' or a prefix that ends in a slash
 * @param lake   what may have the records of objects that are gone
 */
export async function verifyLedger(
  store: ObjectStore,
  below: string,
  signal: AbortSignal,
  lake: LedgerLake = { store, below, source: null },
): Promise<LedgerReport> {
  const faults: LedgerFault[] = [];
  const objects = new Map<string, ObjectRef>();
  const ledger: ObjectRef[] = [];
  for await (const ref of store.list(below, null, signal)) {
    if (isEntry(ref.key)) ledger.push(ref);
    else if (parseKey(ref.key) !== null) objects.set(ref.key, ref);
  }
  const compacted = await lakeObjects(lake, below, signal);
  const sums = { records: 0, packets: 0, lostPackets: 0, bytes: 0, inLake: 0, retired: 0 };
  const told = { inRecords: 0, counted: 0 };
  let tells = false;
  let elsewhere = 0;
  let windows = NO_WINDOWS;
  const windowFaults: WindowFault[] = [];
  // Day by day: no window reaches into two, and not all of a year's accounts are held at once.
  for (const refs of Map.groupBy(ledger, ({ key }) => Math.floor((ledgerSlot(key) ?? 0) / DAY_SECONDS)).values()) {
    const entries: LedgerEntry[] = [];
    const known: KnownObject[] = [];
    const gone: FoundInLake[] = [];
    for (const ref of refs) {
      const entry = readLedgerEntry(Buffer.concat(await chunksOf(store, ref, signal)).toString());
      if (entry === null) {
        faults.push({ key: ref.key, what: 'no-entry', expected: 'an entry', found: 'other bytes' });
        continue;
      }
      entries.push(entry);
      const { key } = entry;
      const object = objects.get(key ?? '');
      objects.delete(key ?? '');
      if (key === null) elsewhere += entry.records;
      else if (object === undefined) {
        const found = compacted.get(key);
        const why = whyMissing(entry, found);
        if (why !== null) faults.push({ key, what: 'missing', expected: `${entry.records} records`, found: why });
        else {
          gone.push(found!);
          sums[found!.file.gone === undefined ? 'inLake' : 'retired']++;
        }
      } else {
        const { fault, packets } = await compare(store, object, entry, signal);
        if (fault !== null) faults.push(fault);
        else known.push({ entry, ref: object });
        if (fault === null && packets !== null) {
          tells = true;
          told.inRecords += packets;
          told.counted += entry.packets;
        }
      }
      sums.records += entry.records;
      sums.packets += entry.packets;
      sums.lostPackets += entry.lostPackets;
      sums.bytes += entry.sizeBytes;
    }
    const { files, faults: ofFiles } = await filesFor(lake, gone, entries, compacted, signal);
    faults.push(...ofFiles);
    const ofDay = await verifyWindows(store, entries, known, files, signal);
    windows = joinedSums(windows, ofDay.sums);
    windowFaults.push(...ofDay.faults);
  }
  // Only the sum: of a segment that was split the count stands with one of its objects.
  if (faults.length === 0 && told.inRecords !== told.counted)
    faults.push({ key: below, what: 'packets', expected: `${told.counted}`, found: `${told.inRecords}` });
  const ended = { elsewhere, faults, windows, windowFaults };
  return { entries: ledger.length, ...sums, told: tells ? told : null, unlisted: objects.size, ...ended };
}

/** Why a removed object is missed; null: a lake has its records, or had them until they were too old. */
function whyMissing({ sizeBytes }: LedgerEntry, found: FoundInLake | undefined): string | null {
  if (found === undefined) return 'no object';
  if (found.object.sizeBytes !== sizeBytes) return 'no object, and the lake was made of another one of that name';
  return found.object.expired ? null : 'no object; the lake has its records, which nobody compared with it';
}

function isEntry(key: string): boolean {
  return key.includes(LEDGER_FOLDER) && key.endsWith('.json');
}

async function chunksOf(store: ObjectStore, ref: ObjectRef, signal: AbortSignal): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(ref, null, signal)) chunks.push(chunk);
  return chunks;
}

/** What is wrong with an object; else the packets that its records tell of, null where they do not. */
async function compare(
  store: ObjectStore,
  ref: ObjectRef,
  entry: LedgerEntry,
  signal: AbortSignal,
): Promise<{ readonly fault: LedgerFault | null; readonly packets: number | null }> {
  const wrong = (what: LedgerFault['what'], expected: string | number, found: string | number) => ({
    fault: { key: ref.key, what, expected: String(expected), found: String(found) },
    packets: null,
  });
  if (ref.sizeBytes !== entry.sizeBytes) return wrong('size', entry.sizeBytes, ref.sizeBytes);
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of store.read(ref, null, signal)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  let text: { readonly records: number; readonly packets: number | null } | null = null;
  try {
    if (ref.key.endsWith('.gz')) text = await countsOf(Readable.from(hashed()).pipe(createGunzip()));
    else for await (const _ of hashed());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FlowgaugeError) return wrong('unreadable', `${entry.records} records`, error.message);
    return wrong('checksum', entry.sha256, 'bytes that do not unpack');
  }
  const found = hash.digest('hex');
  if (found !== entry.sha256) return wrong('checksum', entry.sha256, found);
  if (text !== null && text.records !== entry.records) return wrong('records', entry.records, text.records);
  return { fault: null, packets: text?.packets ?? null };
}

/** Records of a text, and their packets where its header names them. */
async function countsOf(text: AsyncIterable<Uint8Array>): Promise<{ records: number; packets: number | null }> {
  let [records, packets, at] = [-1, 0, -1];
  for await (const line of createInterface({ input: Readable.from(text), crlfDelay: Infinity })) {
    if (records++ === -1) at = line.split(' ').indexOf('packets');
    else if (at !== -1) packets += Number(line.split(' ', at + 1)[at]) || 0;
  }
  return { records, packets: at === -1 ? null : packets };
}
