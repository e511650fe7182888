/**
 * What the ledger says of one flow log: how far it has come, and its numbers in a span.
 *
 * In:    the store in which its ledger lies, the flow log. Out: the end of its newest window; sums and objects.
 * Holds: only folders of the days asked about are listed, and only entries of the flow log are read. What is not in the
 *        ledger yet, because its window is open or waits, is in no number.
 * Fails: with errors of the store.
 */
import { LEDGER_OBJECTS } from '../api/flow-logs.ts';
import type { FlowLogLedger } from '../api/flow-logs.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { objectKey, SLOT_SECONDS } from '../storage/object/keys.ts';
import type { ObjectRef, ObjectStore } from '../storage/object/store.ts';
import { lostOf } from './account.ts';
import type { LedgerEntry } from './ledger.ts';
import { LEDGER_FOLDER, ledgerKey, ledgerSlot, readLedgerEntry } from './ledger.ts';

type Of = Pick<FlowLog, 'id' | 'accountId' | 'region' | 'destination'>;

const DAY_SECONDS = 86_400;
/** How far back it is looked for the newest window. */
const DAYS_BACK = 7;
/** Entries that are read for one answer. */
const MOST_ENTRIES = 20_000;

/**
 * End of the newest window that is accounted for, in seconds since 1970 UTC; null where there is none of the last week.
 *
 * @param nowSeconds  what ends later is not looked for
 */
export async function newestWindow(
  store: ObjectStore,
  flowLog: Of,
  nowSeconds: number,
  signal: AbortSignal,
): Promise<number | null> {
  for (let back = 0; back < DAYS_BACK; back++) {
    const day = Math.floor(nowSeconds / DAY_SECONDS) - back;
    const refs = await entriesOfDay(store, flowLog, day * DAY_SECONDS, signal);
    const newest = Math.max(...refs.map(({ key }) => ledgerSlot(key) ?? 0));
    let end = 0;
    for (const ref of refs.filter(({ key }) => ledgerSlot(key) === newest)) {
      const entry = await entryAt(store, ref, signal);
      for (const { windowSeconds, seconds } of entry?.windows ?? []) end = Math.max(end, windowSeconds + seconds);
      // A segment whose accounts stand in a later one, or an entry of objects alone.
      if (entry !== null && entry.windows.length === 0) end = Math.max(end, entry.slotSeconds);
    }
    if (end > 0) return end;
  }
  return null;
}

/** The sums of a span, by the slots that begin in it. */
export async function ledgerOf(
  store: ObjectStore,
  flowLog: Of,
  { fromSeconds, toSeconds }: { readonly fromSeconds: number; readonly toSeconds: number },
  signal: AbortSignal,
): Promise<FlowLogLedger> {
  const refs: ObjectRef[] = [];
  for (let day = Math.floor(toSeconds / DAY_SECONDS); day >= Math.floor(fromSeconds / DAY_SECONDS); day--)
    refs.push(...(await entriesOfDay(store, flowLog, day * DAY_SECONDS, signal)));
  const inSpan = refs
    .map((ref) => ({ ref, slot: ledgerSlot(ref.key) ?? 0 }))
    .filter(({ slot }) => slot > fromSeconds - SLOT_SECONDS && slot < toSeconds)
    .toSorted((a, b) => b.slot - a.slot || (a.ref.key < b.ref.key ? -1 : 1));
  const entries: LedgerEntry[] = [];
  for (const { ref } of inSpan.slice(0, MOST_ENTRIES)) {
    const entry = await entryAt(store, ref, signal);
    if (entry !== null) entries.push(entry);
  }
  const left = inSpan.at(MOST_ENTRIES);
  // What was not read is not in the span that is told.
  const from = left === undefined ? fromSeconds : left.slot + SLOT_SECONDS;
  return { fromSeconds: from, toSeconds, ...sumsOf(entries) };
}

function sumsOf(entries: readonly LedgerEntry[]): Omit<FlowLogLedger, 'fromSeconds' | 'toSeconds'> {
  const sums = {
    objects: 0,
    objectBytes: 0,
    records: 0,
    windows: 0,
    counted: 0,
    inRecords: 0,
    filtered: 0,
    noData: 0,
    skipData: 0,
    cut: 0,
  };
  const lost: Record<string, number> = {};
  const refused: Record<string, number> = {};
  const add = (to: Record<string, number>, from: Readonly<Record<string, number>>): void => {
    for (const [cause, count] of Object.entries(from)) to[cause] = (to[cause] ?? 0) + count;
  };
  for (const entry of entries) {
    if (entry.key !== null) sums.objects++;
    sums.objectBytes += entry.sizeBytes;
    sums.records += entry.records;
    add(refused, entry.refused);
    for (const account of entry.windows) {
      sums.windows++;
      sums.noData += account.noData;
      sums.skipData += account.skipData;
      if (account.counted === null) {
        sums.cut++;
        continue;
      }
      sums.counted += account.counted;
      sums.filtered += account.filtered;
      sums.inRecords += account.counted - account.filtered - lostOf(account);
      add(lost, account.lost);
    }
  }
  const newest = entries.flatMap(({ key, slotSeconds, sizeBytes, records }) =>
    key === null ? [] : [{ key, slotSeconds, sizeBytes, records }],
  );
  return { ...sums, lost, refused, newest: newest.slice(0, LEDGER_OBJECTS) };
}

async function entriesOfDay(
  store: ObjectStore,
  flowLog: Of,
  daySeconds: number,
  signal: AbortSignal,
): Promise<ObjectRef[]> {
  const refs: ObjectRef[] = [];
  const day = new Date(daySeconds * 1000).toISOString().slice(0, 10).replaceAll('-', '');
  const isOurs = (key: string): boolean =>
    key.includes(`_${flowLog.id}_${day}T`) || key.includes(`/${flowLog.id}/${day}T`);
  for await (const ref of store.list(folderOf(flowLog, daySeconds), null, signal))
    if (isOurs(ref.key) && ledgerSlot(ref.key) !== null) refs.push(ref);
  return refs;
}

/** The folder of the entries of a day. */
function folderOf({ id, accountId, region, destination }: Of, daySeconds: number): string {
  if (destination.type !== 's3') return `${LEDGER_FOLDER}elsewhere/${id}/`;
  const { prefix, fileFormat, hive } = destination;
  const place = { prefix, organization: null, accountId, region, flowLogId: id, slotSeconds: daySeconds };
  const key = ledgerKey(objectKey({ ...place, hash: '00000000', fileFormat, hive, hourly: false }));
  // Folders of hours are below it.
  return key.slice(0, key.lastIndexOf('/') + 1);
}

async function entryAt(store: ObjectStore, ref: ObjectRef, signal: AbortSignal): Promise<LedgerEntry | null> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(ref, null, signal)) chunks.push(chunk);
  return readLedgerEntry(Buffer.concat(chunks).toString());
}
