/**
 * Retention: records that are older than somebody wants to keep go from a lake, and their sums stay, for as long as those are wanted.
 *
 * In:    a lake, how old records and sums may get. Out: what went, and what stayed and why.
 * Holds: the records of a file go only when the youngest of them is older than asked, when all of its objects were removed, and
 *        so compared with it, before, and when its roll-ups are there and have their checksums. That they are gone is entered
 *        first; the file is removed when questions that were asked before have ended. A run that is killed in between is ended by the
 *        next. Nothing is removed that no state of the lake names.
 * Fails: FG_LAKE_BUSY; as the store does; with the signal's reason, what was entered until then holds.
 */
import { lakeDays } from '../read/compacted/lake-place.ts';
import type { FoundDay, LakePlace } from '../read/compacted/lake-place.ts';
import { dayOf, overAt } from '../read/compacted/manifest.ts';
import type { LakeDay, LakeFile } from '../read/compacted/manifest.ts';
import { checksumOf } from './expire.ts';
import { enterDay, lockLake } from './lake-state.ts';

/** How long what is kept is kept. */
export type Retention = {
  /** Records whose window ended longer ago go. */
  readonly recordsSeconds: number;
  /** Sums of them go after so long; null: never. */
  readonly rollupsSeconds: number | null;
};

export type RetainOptions = Retention & {
  readonly nowSeconds: number;
  /** From when it is entered that records are gone until their file is removed. */
  readonly graceSeconds: number;
  /** Where the objects lay whose records may go, as the lake calls it; null: wherever. */
  readonly of: string | null;
  /** False: files without roll-ups go too. */
  readonly rollups: boolean;
  readonly signal: AbortSignal;
};

/** Why records stay that are old enough. */
export type RetainedBecause = 'objects' | 'no-rollups' | 'damaged-rollups';

export type RetainReport = {
  /** Files whose records are gone since this run. */
  readonly files: number;
  readonly records: number;
  readonly fileBytes: number;
  /** Files whose roll-ups are gone since this run. */
  readonly rollups: number;
  /** Files that were removed now, of this run or of one before. */
  readonly removed: number;
  /** Files that will be, when the grace is over. */
  readonly waiting: number;
  readonly kept: readonly { readonly file: string; readonly records: number; readonly because: RetainedBecause }[];
};

/** What a run would do, by the manifests alone. */
export type RetainPlan = Pick<RetainReport, 'files' | 'records' | 'fileBytes' | 'rollups' | 'kept'>;

/** Takes away what is too old. */
export async function retain(lake: LakePlace, options: RetainOptions): Promise<RetainReport> {
  const unlock = lockLake(lake);
  try {
    return await retainAll(lake, options);
  } finally {
    unlock();
  }
}

async function retainAll(lake: LakePlace, options: RetainOptions): Promise<RetainReport> {
  const { nowSeconds, graceSeconds, signal } = options;
  const kept: RetainReport['kept'][number][] = [];
  const sums = { files: 0, records: 0, fileBytes: 0, rollups: 0, removed: 0, waiting: 0 };
  for (let found of await oldDays(lake, options)) {
    const goes: number[] = [];
    const isAsked = askedOf(found.state, options);
    for (const [at, file] of found.state.files.entries()) {
      if (!isAsked(at) || file.gone !== undefined || !isOver(file, options.recordsSeconds, nowSeconds)) continue;
      const because =
        whyNot(found.state, at, options) ?? ((await areWhole(lake, file, signal)) ? null : 'damaged-rollups');
      if (because === null) goes.push(at);
      else kept.push({ file: file.key, records: file.records, because });
    }
    const sumsGo = found.state.files.flatMap((file, at) => (isAsked(at) && rollupsGo(file, options) ? [at] : []));
    if (goes.length + sumsGo.length > 0) {
      for (const at of goes) {
        sums.files++;
        sums.records += found.state.files[at]!.records;
        sums.fileBytes += found.state.files[at]!.sizeBytes;
      }
      sums.rollups += sumsGo.length;
      found = await enterDay(lake, withGone(found.state, goes, sumsGo, nowSeconds), found, signal);
    }
    const due = found.state.files.flatMap(({ gone }) =>
      gone !== undefined && gone.at + graceSeconds <= nowSeconds ? gone.remove : [],
    );
    if (due.length > 0) {
      await lake.store.remove(
        due.map((key) => `${lake.below}${key}`),
        signal,
      );
      sums.removed += due.length;
      found = await enterDay(lake, withRemoved(found.state, new Set(due)), found, signal);
    }
    sums.waiting += found.state.files.reduce((sum, { gone }) => sum + (gone?.remove.length ?? 0), 0);
  }
  return { ...sums, kept };
}

/** What `retain` would do now to what is in the lake; checksums are not looked at. */
export async function planRetention(
  lake: LakePlace,
  options: Omit<RetainOptions, 'graceSeconds'>,
): Promise<RetainPlan> {
  const kept: RetainReport['kept'][number][] = [];
  const sums = { files: 0, records: 0, fileBytes: 0, rollups: 0 };
  for (const { state } of await oldDays(lake, options)) {
    const isAsked = askedOf(state, options);
    for (const [at, file] of state.files.entries()) {
      if (!isAsked(at)) continue;
      if (rollupsGo(file, options)) sums.rollups++;
      if (file.gone !== undefined || !isOver(file, options.recordsSeconds, options.nowSeconds)) continue;
      const because = whyNot(state, at, options);
      if (because !== null) {
        kept.push({ file: file.key, records: file.records, because });
        continue;
      }
      sums.files++;
      sums.records += file.records;
      sums.fileBytes += file.sizeBytes;
    }
  }
  return { ...sums, kept };
}

/** Days that may have something that is too old. */
async function oldDays(
  lake: LakePlace,
  { nowSeconds, recordsSeconds, signal }: Omit<RetainOptions, 'graceSeconds'>,
): Promise<FoundDay[]> {
  const last = dayOf(nowSeconds - recordsSeconds);
  return await lakeDays(lake, (day) => day <= last, signal);
}

function isOver(file: LakeFile, keepSeconds: number, nowSeconds: number): boolean {
  return overAt(file) + keepSeconds <= nowSeconds;
}

/** Whether a file of a day may go for its age: all of its objects lay where is meant. */
function askedOf({ sources }: LakeDay, { of }: Pick<RetainOptions, 'of'>): (file: number) => boolean {
  if (of === null) return () => true;
  const others = new Set(
    sources.flatMap(({ place, objects }) => (place === of ? [] : objects.map(({ file }) => file))),
  );
  return (at) => !others.has(at);
}

/** Null: by what the manifest says its records may go. */
function whyNot(
  { files, sources }: LakeDay,
  at: number,
  { rollups }: Pick<RetainOptions, 'rollups'>,
): RetainedBecause | null {
  const { records, rollups: own } = files[at]!;
  if (sources.some(({ objects }) => objects.some(({ file, expired }) => file === at && !expired))) return 'objects';
  return rollups && records > 0 && own.length === 0 ? 'no-rollups' : null;
}

async function areWhole({ store, below }: LakePlace, { rollups }: LakeFile, signal: AbortSignal): Promise<boolean> {
  for (const { key, sizeBytes, sha256 } of rollups)
    if ((await checksumOf({ ref: { key: `${below}${key}`, sizeBytes, etag: sha256 }, store }, signal)) !== sha256)
      return false;
  return true;
}

/** Sums go only after records have gone. */
function rollupsGo(
  file: LakeFile,
  { rollupsSeconds, nowSeconds }: Pick<RetainOptions, 'rollupsSeconds' | 'nowSeconds'>,
): boolean {
  if (file.gone === undefined || file.rollups.length === 0 || rollupsSeconds === null) return false;
  return isOver(file, rollupsSeconds, nowSeconds);
}

function withGone(state: LakeDay, records: readonly number[], rollups: readonly number[], at: number): LakeDay {
  const files = state.files.map((file, number): LakeFile => {
    if (records.includes(number)) return { ...file, gone: { at, remove: [file.key] } };
    if (!rollups.includes(number)) return file;
    const keys = file.rollups.map(({ key }) => key);
    return { ...file, rollups: [], gone: { at, remove: [...(file.gone?.remove ?? []), ...keys] } };
  });
  return { ...state, files };
}

function withRemoved(state: LakeDay, keys: ReadonlySet<string>): LakeDay {
  const files = state.files.map((file): LakeFile => {
    if (file.gone === undefined) return file;
    return { ...file, gone: { ...file.gone, remove: file.gone.remove.filter((key) => !keys.has(key)) } };
  });
  return { ...state, files };
}
