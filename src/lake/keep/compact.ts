/**
 * Compaction: small objects into files of sorted Parquet.
 *
 * In:    a place with objects, the place of a lake (often the same), the time. Out: files, roll-ups and manifests there; what was done.
 * Holds: at every moment, and after a kill at any, whoever reads the place finds each record once: a file counts from the
 *        moment its manifest is entered, and its objects with it. A second run finds nothing to do. Objects are left alone.
 * Fails: FG_LAKE_*; as the stores and reading do; with the signal's reason, what was entered until then stays.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Note } from '../../api/note.ts';
import { slotStamp } from '../../storage/object/keys.ts';
import type { FoundDay, LakePlace } from '../read/compacted/lake-place.ts';
import { lakeDays } from '../read/compacted/lake-place.ts';
import { emptyDay, lakeKey } from '../read/compacted/manifest.ts';
import type { LakeDay, LakeFile } from '../read/compacted/manifest.ts';
import { flowLogFile } from '../read/bucket.ts';
import { scratchDirectory } from '../read/scratch.ts';
import { ALL_TIME } from '../read/source.ts';
import type { TablePart } from '../read/source.ts';
import type { CompactFrom } from './compact-places.ts';
import { enterDay, enterPlace, lockLake, putFile, removeUnnamed } from './lake-state.ts';
import { periodsOf } from './periods.ts';
import type { Period, PeriodOptions } from './periods.ts';
import { writePeriod } from './write-period.ts';
import type { WritingOptions, WrittenPeriod } from './write-period.ts';

export type CompactOptions = PeriodOptions & Omit<WritingOptions, 'directory'>;

export type CompactReport = {
  /** What was compacted now. */
  readonly objects: number;
  readonly objectBytes: number;
  readonly records: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly rollupBytes: number;
  /** Objects of periods that have not ended, or that may still get some. */
  readonly waiting: number;
  /** Objects that are in the lake already. */
  readonly before: number;
  /** Objects that could not be read to their end: they stay as they are. */
  readonly unreadable: number;
  /** Files that a killed run had left. */
  readonly removed: number;
  readonly notes: readonly Note[];
};

/** Compacts what is there and no file has. */
export async function compact(from: CompactFrom, lake: LakePlace, options: CompactOptions): Promise<CompactReport> {
  const unlock = lockLake(lake);
  const scratch = scratchDirectory();
  try {
    return await compactAll(from, lake, options, scratch.path);
  } finally {
    await scratch.remove();
    unlock();
  }
}

async function compactAll(
  from: CompactFrom,
  lake: LakePlace,
  options: CompactOptions,
  directory: string,
): Promise<CompactReport> {
  const { signal, onProgress } = options;
  const parts: TablePart[] = [];
  for await (const part of from.source.plan(ALL_TIME, signal, onProgress))
    if (flowLogFile(part.ref.key) !== null) parts.push(part);
  const days = new Map((await lakeDays(lake, () => true, signal)).map((found) => [found.state.day, found]));
  const known = new Set([...days.values()].flatMap(({ state }) => objectKeys(state, from)));
  const fresh = parts.filter(({ ref }) => !known.has(ref.key));
  const periods = periodsOf(fresh, options);
  const of = periods.reduce((sum, period) => sum + period.parts.length, 0);
  if (from.place !== null && periods.length > 0) await enterPlace(lake, { kind: 'objects', place: from.place }, signal);
  const report = {
    objects: 0,
    objectBytes: 0,
    records: 0,
    files: 0,
    fileBytes: 0,
    rollupBytes: 0,
    unreadable: 0,
    removed: 0,
  };
  const notes: Note[] = [];
  let bytes = 0;
  let done = 0;
  for (const { day } of new Map(periods.map((period) => [period.day, period])).values())
    report.removed += await removeUnnamed(lake, days.get(day) ?? noDay(day), options.nowSeconds * 1000, signal);
  for (const period of periods) {
    const problems: Note[] = [];
    const own = join(directory, String(done));
    await mkdir(own, { recursive: true });
    const tell: WritingOptions['onProgress'] = (progress) =>
      onProgress({ ...progress, stage: 'reading', files: done + progress.files, of, bytes: bytes + progress.bytes });
    const written = await writePeriod(period.parts, { ...options, directory: own, onProgress: tell }, problems);
    notes.push(...problems);
    report.unreadable += period.parts.length - (written?.parts.length ?? 0);
    if (written !== null) {
      const file = await putPeriod(lake, period, written, signal);
      const found = days.get(period.day) ?? noDay(period.day);
      days.set(period.day, await enterDay(lake, withFile(found.state, file, written, from, options), found, signal));
      report.objects += written.parts.length;
      report.objectBytes += written.parts.reduce((sum, { ref }) => sum + ref.sizeBytes, 0);
      report.records += file.records;
      report.files++;
      report.fileBytes += file.sizeBytes;
      report.rollupBytes += file.rollups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    }
    await rm(own, { recursive: true, force: true });
    done += period.parts.length;
    bytes += period.parts.reduce((sum, { ref }) => sum + ref.sizeBytes, 0);
  }
  return { ...report, waiting: fresh.length - of, before: parts.length - fresh.length, notes };
}

function noDay(day: string): FoundDay {
  return { state: emptyDay(day), number: 0, manifests: [] };
}

/** Keys of the objects of a place that a day has, as that place's store has them. */
export function objectKeys({ sources }: LakeDay, { place, below }: CompactFrom): string[] {
  return sources.flatMap((of) => (of.place === place ? of.objects.map(({ key }) => `${below}${key}`) : []));
}

/** Puts the files of a period; nobody reads them before they are entered. */
async function putPeriod(
  lake: LakePlace,
  { day, startSeconds, endSeconds }: Period,
  { records, rollups, facts }: WrittenPeriod,
  signal: AbortSignal,
): Promise<LakeFile> {
  const stem = `${slotStamp(startSeconds)}-${randomBytes(6).toString('hex')}`;
  const key = lakeKey('records', day, stem);
  await putFile(lake, key, records, signal);
  const entered: LakeFile['rollups'] = [];
  for (const { path, sizeBytes, sha256, ...rollup } of rollups) {
    const own = lakeKey(rollup.name, day, stem);
    await putFile(lake, own, { path, sizeBytes, sha256 }, signal);
    entered.push({ ...rollup, dimensions: [...rollup.dimensions], key: own, sizeBytes, sha256 });
  }
  const { sizeBytes, sha256 } = records;
  return { ...facts, key, sizeBytes, sha256, startSeconds, endSeconds, rollups: entered };
}

/** The state of a day with one file more. */
function withFile(
  state: LakeDay,
  file: LakeFile,
  { parts }: WrittenPeriod,
  { place, below }: CompactFrom,
  { nowSeconds }: CompactOptions,
): LakeDay {
  const objects = parts.map(({ ref: { key, sizeBytes, etag } }) => ({
    key: key.slice(below.length),
    sizeBytes,
    etag,
    file: state.files.length,
    at: nowSeconds,
    expired: false,
  }));
  const others = state.sources.filter((each) => each.place !== place);
  const own = state.sources.find((each) => each.place === place)?.objects ?? [];
  return {
    ...state,
    files: [...state.files, file],
    sources: [...others, { place, objects: [...own, ...objects] }],
  };
}
