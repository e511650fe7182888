/**
 * Whether the accounts of interfaces and windows hold.
 *
 * In:    entries of the ledger, and the objects they name. Out: sums, and what does not hold, window by window.
 * Holds: the source's count is compared with where the packets went by the accounts, and the accounts with what is really in
 *        the objects, read through the reader that answers questions. A log format that names no interface, or no time, is
 *        compared as far as it tells. What nobody counted, because its process was killed, is counted apart: no fault.
 *        A file of a lake stands for objects of several flow logs: these are compared together. Where it stands for what
 *        retention took away, or for objects that have no entry, their windows are not compared, and counted.
 * Fails: as reading objects does.
 */
import type { WindowAccount } from '../../publish/account.ts';
import { lostOf } from '../../publish/account.ts';
import type { LedgerEntry } from '../../publish/ledger.ts';
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';
import { SLOT_SECONDS } from '../../storage/object/keys.ts';
import { openFlowTable } from '../read/flow-table.ts';
import type { TableSource } from '../read/source.ts';
import type { StandingFile } from './ledger-lake.ts';

/** What does not hold about an interface and window; both are null where the log format does not tell them. */
export type WindowFault = {
  /** Several with a blank between them, where a file of a lake has the records of all. */
  readonly flowLogId: string;
  readonly interfaceId: string | null;
  readonly windowSeconds: number | null;
  /** `balance`: counted is not in records + filtered + lost. The others: what is in the objects is not what is accounted for. */
  readonly what: 'balance' | 'records' | 'packets';
  readonly expected: string;
  readonly found: string;
};

/** In packets, but for the numbers of windows and `uncounted`. */
export type WindowSums = {
  readonly windows: number;
  readonly counted: number;
  readonly inRecords: number;
  readonly filtered: number;
  readonly lost: Readonly<Record<string, number>>;
  /** Windows in which a process was killed: their records are there, their source's count is not. */
  readonly cut: number;
  /** Records that no account covers. */
  readonly uncounted: number;
  /** Windows whose records are not there to be compared. */
  readonly notCompared: number;
};

/** Sums of nothing. */
export const NO_WINDOWS: WindowSums = {
  windows: 0,
  counted: 0,
  inRecords: 0,
  filtered: 0,
  lost: {},
  cut: 0,
  uncounted: 0,
  notCompared: 0,
};

/** Sums of two parts that share no window. */
export function joinedSums(one: WindowSums, other: WindowSums): WindowSums {
  const lost = { ...one.lost };
  for (const [cause, packets] of Object.entries(other.lost)) lost[cause] = (lost[cause] ?? 0) + packets;
  return {
    windows: one.windows + other.windows,
    counted: one.counted + other.counted,
    inRecords: one.inRecords + other.inRecords,
    filtered: one.filtered + other.filtered,
    lost,
    cut: one.cut + other.cut,
    uncounted: one.uncounted + other.uncounted,
    notCompared: one.notCompared + other.notCompared,
  };
}

/** An object that an entry names and that is what the entry says. */
export type KnownObject = { readonly entry: LedgerEntry; readonly ref: ObjectRef };

type Sums = { records: number; packets: number };
type Window = Sums & {
  readonly interfaceId: string | null;
  readonly windowSeconds: number | null;
  readonly endSeconds: number;
  counted: number;
  filtered: number;
  lost: number;
  isCut: boolean;
};
type Windows = {
  readonly all: readonly Window[];
  at(interfaceId: string | null, minute: number | null): Window | undefined;
};
/** What the log format tells of a record. */
type Tells = { readonly interfaces: boolean; readonly times: boolean; readonly packets: boolean };
type Found = Sums & { readonly interfaceId: string | null; readonly minute: number | null };
type Told = {
  windows: number;
  counted: number;
  inRecords: number;
  filtered: number;
  cut: number;
  uncounted: number;
  notCompared: number;
} & {
  readonly lost: Record<string, number>;
};

/** Times nest in minutes: windows have one or ten. */
const MINUTE = 60;
const ALL_TELL: Tells = { interfaces: true, times: true, packets: true };

/** Compares all accounts. `objects` are those that hold by themselves, `files` stand for those that are gone. */
export async function verifyWindows(
  store: ObjectStore,
  entries: readonly LedgerEntry[],
  objects: readonly KnownObject[],
  files: readonly StandingFile[],
  signal: AbortSignal,
): Promise<{ readonly sums: WindowSums; readonly faults: readonly WindowFault[] }> {
  const faults: WindowFault[] = [];
  const sums: Told = { ...NO_WINDOWS, lost: {} };
  const accounted = entries.filter(({ ledger }) => ledger > 1);
  for (const [flowLogId, own] of Map.groupBy(accounted, (entry) => entry.flowLogId)) {
    const accounts = own.flatMap(({ windows }) => windows);
    for (const window of windowsOf(accounts, ALL_TELL).all) {
      addTo(sums, window);
      const { interfaceId, windowSeconds, counted, packets, filtered, lost } = window;
      const known = packets + filtered + lost;
      if (counted !== known)
        faults.push({ flowLogId, interfaceId, windowSeconds, what: 'balance', ...words(counted, known) });
    }
    for (const { lost } of accounts)
      for (const [cause, packets] of Object.entries(lost)) sums.lost[cause] = (sums.lost[cause] ?? 0) + packets;
  }
  for (const flowLogIds of togetherOf(accounted, files)) {
    const own = accounted.filter((entry) => flowLogIds.has(entry.flowLogId));
    // What a log group or a stream has cannot be read again from here.
    if (own.some(({ destination }) => destination !== null)) continue;
    const ownFiles = files.filter((file) => [...file.flowLogIds].some((id) => flowLogIds.has(id)));
    if (ownFiles.every(({ isAccounted }) => isAccounted))
      await compare([...flowLogIds], own, objects, ownFiles, store, { faults, sums }, signal);
    else sums.notCompared += windowsOf(own.flatMap(({ windows }) => windows), ALL_TELL).all.length; // prettier-ignore
  }
  return { sums, faults };
}

/** Flow logs that are compared with each other's: those whose records are in one file. */
function togetherOf(entries: readonly LedgerEntry[], files: readonly StandingFile[]): readonly ReadonlySet<string>[] {
  let sets = [...new Set(entries.map(({ flowLogId }) => flowLogId))].map((id) => new Set([id]));
  for (const { flowLogIds } of files) {
    const [joined, others] = [new Set<string>(), [] as Set<string>[]];
    for (const set of sets) {
      if (![...set].some((id) => flowLogIds.has(id))) others.push(set);
      else for (const id of set) joined.add(id);
    }
    sets = joined.size === 0 ? others : [...others, joined];
  }
  return sets;
}

const words = (expected: number, found: number) => ({ expected: String(expected), found: String(found) });

function addTo(sums: Told, { counted, packets, filtered, isCut }: Window): void {
  sums.windows++;
  sums.counted += counted;
  sums.inRecords += packets;
  sums.filtered += filtered;
  if (isCut) sums.cut++;
}

/** Windows, to be found by any of their minutes. Those that were counted come first: a cut one may be a part of one. */
function windowsOf(accounts: readonly WindowAccount[], tells: Tells): Windows {
  const keyOf = (interfaceId: string | null, minute: number | null): string => `${interfaceId ?? ''} ${minute ?? ''}`;
  const all: Window[] = [];
  const byMinute = new Map<string, Window>();
  for (const account of accounts.toSorted((a, b) => Number(a.counted === null) - Number(b.counted === null))) {
    const interfaceId = tells.interfaces ? account.interfaceId : null;
    const windowSeconds = tells.times ? account.windowSeconds : null;
    let window = byMinute.get(keyOf(interfaceId, windowSeconds));
    if (window === undefined) {
      const endSeconds = account.windowSeconds + account.seconds;
      const none = { records: 0, packets: 0, counted: 0, filtered: 0, lost: 0, isCut: false };
      window = { interfaceId, windowSeconds, endSeconds, ...none };
      all.push(window);
      for (let minute = account.windowSeconds; minute < endSeconds; minute += MINUTE)
        byMinute.set(keyOf(interfaceId, tells.times ? minute : null), window);
    }
    window.records += account.records;
    window.packets += account.packets;
    // Of a window that was cut a part was never counted.
    window.counted += account.counted ?? account.packets;
    window.filtered += account.filtered;
    window.lost += lostOf(account);
    window.isCut ||= account.counted === null;
  }
  return { all, at: (interfaceId, minute) => byMinute.get(keyOf(interfaceId, minute)) };
}

/** Accounts of flow logs against their objects, and the files that stand for some. */
async function compare(
  flowLogIds: readonly string[],
  entries: readonly LedgerEntry[],
  objects: readonly KnownObject[],
  files: readonly StandingFile[],
  store: ObjectStore,
  { faults, sums }: { readonly faults: WindowFault[]; readonly sums: Told },
  signal: AbortSignal,
): Promise<void> {
  const flowLogId = flowLogIds.join(' ');
  const own = objects.filter(
    ({ entry }) =>
      flowLogIds.includes(entry.flowLogId) && entry.ledger > 1 && !files.some(({ keys }) => keys.has(entry.key ?? '')),
  );
  const { tells, rows } =
    own.length + files.length === 0 ? { tells: ALL_TELL, rows: [] } : await rowsIn(store, own, files, signal);
  const windows = windowsOf(
    entries.flatMap((entry) => entry.windows),
    tells,
  );
  const foundIn = new Map<Window, Sums>();
  for (const { interfaceId, minute, records, packets } of rows) {
    const window = windows.at(interfaceId, minute);
    if (window === undefined) {
      sums.uncounted += records;
      continue;
    }
    const found = foundIn.get(window) ?? { records: 0, packets: 0 };
    foundIn.set(window, { records: found.records + records, packets: found.packets + packets });
  }
  for (const window of windows.all) {
    const found = foundIn.get(window) ?? { records: 0, packets: 0 };
    const more = found.records - window.records;
    if (more > 0 && more <= unaccounted(entries, window)) {
      sums.uncounted += more;
      continue;
    }
    const { interfaceId, windowSeconds } = window;
    const of = { flowLogId, interfaceId, windowSeconds };
    if (more !== 0) faults.push({ ...of, what: 'records', ...words(window.records, found.records) });
    else if (tells.packets && found.packets !== window.packets)
      faults.push({ ...of, what: 'packets', ...words(window.packets, found.packets) });
  }
}

/** Records of a window's slots that were sealed before their account came: it never did where the process was killed. */
function unaccounted(entries: readonly LedgerEntry[], { windowSeconds, endSeconds }: Window): number {
  return entries
    .filter(
      ({ slotSeconds }) =>
        windowSeconds === null || (slotSeconds < endSeconds && slotSeconds + SLOT_SECONDS > windowSeconds),
    )
    .reduce((sum, { after }) => sum + after, 0);
}

/** What objects and files hold, by interface and minute. */
async function rowsIn(
  store: ObjectStore,
  objects: readonly KnownObject[],
  files: readonly StandingFile[],
  signal: AbortSignal,
): Promise<{ readonly tells: Tells; readonly rows: readonly Found[] }> {
  const source: TableSource = {
    name: store.name,
    async *plan() {
      for (const { ref } of objects) {
        const kind = ref.key.endsWith('.parquet') ? 'parquet' : 'text';
        yield { ref, store, kind, format: null, path: null };
      }
      for (const { part } of files) yield part;
    },
    stray: () => ({ count: 0, example: null }),
  };
  const table = await openFlowTable(source, signal);
  try {
    // One that some lack tells nothing of all.
    const has = (name: string): boolean =>
      table.shapes.every(({ columns }) => columns.some((one) => one.name === name));
    const time = ['start', 'end'].find(has);
    const tells = { interfaces: has('interface_id'), times: time !== undefined, packets: has('packets') };
    await table.define(new Set(['interface_id', 'start', 'end', 'packets']));
    await table.load(signal, () => {});
    const rows = await table.duck.all(
      `SELECT ${tells.interfaces ? 'interface_id' : 'NULL'}, ${time === undefined ? 'NULL' : `"${time}" - "${time}" % ${MINUTE}`},
         count(*), ${tells.packets ? 'sum(packets)' : '0'} FROM flow_logs GROUP BY ALL`,
    );
    return { tells, rows: rows.map(foundIn) };
  } finally {
    await table.close();
  }
}

function foundIn([interfaceId, minute, records, packets]: readonly unknown[]): Found {
  return {
    interfaceId: typeof interfaceId === 'string' ? interfaceId : null,
    minute: minute === null ? null : Number(minute),
    records: Number(records),
    packets: Number(packets ?? 0),
  };
}
