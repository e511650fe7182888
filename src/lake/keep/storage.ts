/**
 * What lies at a place: objects, by flow log and day, and the lake that is made of them; how the ledger looks by its names.
 *
 * In:    a directory; how periods are cut. Out: numbers.
 * Holds: names and manifests are read, and nothing else: it costs one listing. An object counts once, whether it lies there, in the
 *        lake, or both.
 * Fails: FG_LAKE_NEWER, FG_LAKE_DAMAGED; as the store does. A place that has nothing is all zeros.
 */
import { existsSync } from 'node:fs';
import type { StorageAnswer, StoredDay, StoredFlowLog } from '../../api/storage.ts';
import { LEDGER_FOLDER } from '../../publish/ledger.ts';
import { parseKey } from '../../storage/object/keys.ts';
import type { ObjectRef } from '../../storage/object/store.ts';
import { lakeDays } from '../read/compacted/lake-place.ts';
import type { FoundDay, LakePlace } from '../read/compacted/lake-place.ts';
import { dayOf } from '../read/compacted/manifest.ts';
import type { TablePart } from '../read/source.ts';
import { lakeAt } from './compact-places.ts';
import { periodsOf } from './periods.ts';
import type { PeriodOptions } from './periods.ts';

type Counted<T> = { -readonly [K in keyof T]: T[K] };
type Known = { readonly isGone: boolean };

/** Days that are listed. */
const MOST_DAYS = 400;

/** Looks. */
export async function storageOf(place: string, options: PeriodOptions, signal: AbortSignal): Promise<StorageAnswer> {
  if (!existsSync(place)) return emptyStorage(place, options.nowSeconds);
  const lake = lakeAt(place, {}, false);
  const objects: ObjectRef[] = [];
  const entries: string[] = [];
  for await (const ref of lake.store.list(lake.below, null, signal)) {
    if (ref.key.includes(LEDGER_FOLDER)) {
      const key = objectOf(ref.key);
      if (key !== null) entries.push(key);
    } else if (parseKey(ref.key) !== null) objects.push(ref);
  }
  const days = await lakeDays(lake, () => true, signal);
  const known = new Map<string, Known>();
  for (const { state } of days)
    for (const of of state.sources)
      for (const { key, file } of of.place === null ? of.objects : [])
        known.set(`${lake.below}${key}`, { isGone: state.files[file]?.gone !== undefined });
  const fresh = objects.filter(({ key }) => !known.has(key));
  const due = periodsOf(fresh.map((ref) => partOf(ref, lake)), options).flatMap(({ parts }) => parts); // prettier-ignore
  const dueKeys = new Set(due.map(({ ref }) => ref.key));
  const waiting = fresh.filter(({ key }) => !dueKeys.has(key));
  return {
    nowSeconds: options.nowSeconds,
    place,
    ...sumOf(objects),
    due: sumOf(due.map(({ ref }) => ref)),
    waiting: sumOf(waiting),
    lake: lakeSums(days),
    flowLogs: flowLogsOf(objects, known),
    days: daysOf(objects, days, known, dueKeys),
    ledger: ledgerOf(entries, objects, known),
  };
}

function emptyStorage(place: string, nowSeconds: number): StorageAnswer {
  const none = { objects: 0, bytes: 0 };
  return {
    nowSeconds,
    place,
    ...none,
    due: none,
    waiting: none,
    lake: lakeSums([]),
    flowLogs: [],
    days: [],
    ledger: ledgerOf([], [], new Map()),
  };
}

/** The key of the object that an entry is of; null for what is of none. */
function objectOf(key: string): string | null {
  const object = key.replace(LEDGER_FOLDER, '').replace(/\.json$/u, '');
  return parseKey(object) === null ? null : object;
}

function partOf(ref: ObjectRef, { store }: LakePlace): TablePart {
  return { ref, store, kind: 'text', format: null, path: null };
}

function sumOf(refs: readonly ObjectRef[]): { readonly objects: number; readonly bytes: number } {
  return { objects: refs.length, bytes: refs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

function lakeSums(days: readonly FoundDay[]): StorageAnswer['lake'] {
  const sums = { files: 0, fileBytes: 0, rollupBytes: 0, records: 0, objects: 0, objectBytes: 0, retired: 0 };
  for (const { state } of days) {
    for (const { gone, records, sizeBytes, rollups } of state.files) {
      sums.rollupBytes += rollups.reduce((sum, each) => sum + each.sizeBytes, 0);
      if (gone !== undefined) {
        sums.retired += records;
        continue;
      }
      sums.files++;
      sums.fileBytes += sizeBytes;
      sums.records += records;
    }
    for (const { objects } of state.sources) {
      sums.objects += objects.length;
      sums.objectBytes += objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    }
  }
  return sums;
}

/** By flow log and format; those of which nothing lies there any longer too, as the lake names them. */
function flowLogsOf(objects: readonly ObjectRef[], known: ReadonlyMap<string, Known>): StoredFlowLog[] {
  const logs = new Map<string, Counted<StoredFlowLog>>();
  const add = (key: string, sizeBytes: number | null): void => {
    const name = parseKey(key);
    if (name === null) return;
    const { flowLogId, fileFormat: format, slotSeconds } = name;
    const id = `${flowLogId} ${format}`;
    const log = logs.get(id) ?? { flowLogId, format, objects: 0, bytes: 0, compacted: 0, removed: 0, firstSeconds: slotSeconds, lastSeconds: slotSeconds }; // prettier-ignore
    logs.set(id, log);
    log.firstSeconds = Math.min(log.firstSeconds, slotSeconds);
    log.lastSeconds = Math.max(log.lastSeconds, slotSeconds);
    if (sizeBytes === null) log.removed++;
    else {
      log.objects++;
      log.bytes += sizeBytes;
      if (known.has(key)) log.compacted++;
    }
  };
  const there = new Set(objects.map(({ key }) => key));
  for (const { key, sizeBytes } of objects) add(key, sizeBytes);
  for (const key of known.keys()) if (!there.has(key)) add(key, null);
  return [...logs.values()].sort((a, b) => b.bytes - a.bytes || (a.flowLogId < b.flowLogId ? -1 : 1));
}

function daysOf(
  objects: readonly ObjectRef[],
  lake: readonly FoundDay[],
  known: ReadonlyMap<string, Known>,
  due: ReadonlySet<string>,
): StoredDay[] {
  const days = new Map<string, Counted<StoredDay>>();
  const dayAt = (day: string): Counted<StoredDay> => {
    const found = days.get(day) ?? { day, objects: 0, bytes: 0, compacted: 0, due: 0, removed: 0, files: 0, fileBytes: 0, rollupBytes: 0, records: 0, retired: 0 }; // prettier-ignore
    days.set(day, found);
    return found;
  };
  for (const { key, sizeBytes } of objects) {
    const day = dayAt(dayOf(parseKey(key)!.slotSeconds));
    day.objects++;
    day.bytes += sizeBytes;
    if (known.has(key)) day.compacted++;
    if (due.has(key)) day.due++;
  }
  const there = new Set(objects.map(({ key }) => key));
  for (const key of known.keys()) {
    const slot = parseKey(key)?.slotSeconds;
    if (slot !== undefined && !there.has(key)) dayAt(dayOf(slot)).removed++;
  }
  for (const found of lake) {
    const { files, fileBytes, rollupBytes, records, retired } = lakeSums([found]);
    Object.assign(dayAt(found.state.day), { files, fileBytes, rollupBytes, records, retired });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, MOST_DAYS);
}

function ledgerOf(
  entries: readonly string[],
  objects: readonly ObjectRef[],
  known: ReadonlyMap<string, Known>,
): StorageAnswer['ledger'] {
  const there = new Set(objects.map(({ key }) => key));
  const sums = { there: 0, inLake: 0, retired: 0, missing: 0 };
  let example: string | null = null;
  for (const key of entries) {
    const found = known.get(key);
    if (there.has(key)) sums.there++;
    else if (found !== undefined) sums[found.isGone ? 'retired' : 'inLake']++;
    else {
      sums.missing++;
      example ??= key;
    }
  }
  const listed = new Set(entries);
  const unlisted = objects.filter(({ key }) => !listed.has(key)).length;
  return { entries: entries.length, ...sums, example, unlisted };
}
