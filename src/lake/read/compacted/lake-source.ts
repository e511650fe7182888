/**
 * A place with a lake: the files that its manifests name, and the objects that lie beside them.
 *
 * In:    the source of the place's objects. Out: a source of both.
 * Holds: of a lake elsewhere that has records of objects that were here, those come. Each record comes once, from a file whose records retention took away none (who reads it says so). An archived object
 *        that is in the lake is missed by nobody. Objects are listed first and manifests read then: what was compacted in between is known to
 *        be, and what was removed in between was compacted before. A file comes where one of its records may be of the range.
 * Fails: as the source and the store do; FG_LAKE_NEWER, FG_LAKE_DAMAGED.
 */
import type { Note } from '../../../api/note.ts';
import { FlowgaugeError } from '../../../model/errors.ts';
import { flowLogFile, stampsOf } from '../bucket.ts';
import { archivedNotes } from '../s3-bucket.ts';
import { ALL_TIME } from '../source.ts';
import type { TablePart, TableSource, TimeRange } from '../source.ts';
import { isBounded } from '../time-range.ts';
import { hasLake, lakeDays, otherPlaces } from './lake-place.ts';
import type { FoundDay, LakePlace } from './lake-place.ts';
import { dayOf, MANIFEST_FOLDER } from './manifest.ts';
import type { LakeFile, PlaceReach, PlaceWord } from './manifest.ts';

/** Another place that a lake has objects of. */
export type OtherPlace = {
  readonly source: TableSource;
  /** What the keys of its objects begin with. */
  readonly below: string;
};

/** Opens other places that belong together with one, by the names that it has for them. */
export type OpenPlaces = {
  /** One that the lake has objects of. */
  readonly objects: (place: string) => Promise<OtherPlace>;
  /** One with a lake that has the records of objects that were here. */
  readonly lake: (place: string, reach: PlaceReach) => Promise<LakePlace>;
};

/** Files of a lake with records of objects of this place, and the keys of these. */
type FromLake = { readonly at: LakePlace; readonly files: readonly LakeFile[]; readonly covered: readonly string[] };

/** The source, with what its lake holds. */
export function withLake<S extends TableSource>(source: S, place: LakePlace, open: OpenPlaces): S {
  const notes: Note[] = [];
  let archived: readonly Note[] = [];

  async function* plan(...[range, signal, onProgress]: Parameters<TableSource['plan']>): AsyncGenerator<TablePart> {
    const beside: TablePart[] = [];
    let missing: unknown = null;
    notes.length = 0;
    archived = [];
    try {
      for await (const part of source.plan(range, signal, onProgress)) beside.push(part);
    } catch (error) {
      // All that lies there may be in the lake: the error comes if not.
      signal.throwIfAborted();
      missing = error;
    }
    if (!(await isThere(beside.length > 0, signal))) {
      archived = archivedNotes(source.archived?.() ?? []);
      if (missing !== null) throw missing;
      yield* beside;
      return;
    }
    const words = await otherPlaces(place, signal);
    const away = await partsAway(words, range, signal, onProgress);
    const days = await daysOf(place, range, signal);
    const lakes = await lakesAway(words, range, signal);
    const covered = new Set([
      ...days.flatMap(({ state }) => keysOf(state, null, place.below)),
      ...lakes.flatMap((lake) => lake.covered),
    ]);
    archived = archivedNotes((source.archived?.() ?? []).filter(({ key }) => !covered.has(key)));
    const files = days.flatMap(({ state }) => state.files.filter((file) => mayHold(file, range)));
    if (missing !== null && files.length + lakes.flatMap((lake) => lake.files).length === 0) throw missing;
    for (const file of files) yield partOf(place, file);
    for (const lake of lakes) for (const file of lake.files) yield partOf(lake.at, file);
    for (const part of beside) if (!covered.has(part.ref.key)) yield part;
    for (const { name, below, parts } of away) {
      const known = new Set(days.flatMap(({ state }) => keysOf(state, name, below)));
      for (const part of parts) if (!known.has(part.ref.key)) yield part;
    }
  }

  /** Objects of other places that the lake is made of. */
  async function partsAway(
    words: readonly PlaceWord[],
    ...[range, signal, onProgress]: Parameters<TableSource['plan']>
  ): Promise<{ readonly name: string; readonly below: string; readonly parts: TablePart[] }[]> {
    const away: { name: string; below: string; parts: TablePart[] }[] = [];
    for (const { kind, place: name } of words) {
      if (kind !== 'objects') continue;
      try {
        const other = await open.objects(name);
        const parts: TablePart[] = [];
        for await (const part of other.source.plan(range, signal, onProgress))
          if (flowLogFile(part.ref.key) !== null) parts.push(part);
        away.push({ name, below: other.below, parts });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof FlowgaugeError)) throw error;
        notes.push({ kind: 'lake-apart', file: name, why: error.message });
      }
    }
    return away;
  }

  /** Lakes elsewhere. One that cannot be reached is an error: what it has lies nowhere else. */
  async function lakesAway(words: readonly PlaceWord[], range: TimeRange, signal: AbortSignal): Promise<FromLake[]> {
    const lakes: FromLake[] = [];
    for (const word of words) {
      if (word.kind !== 'lake') continue;
      const at = await open.lake(word.place, word.reach);
      const days = await daysOf(at, range, signal);
      lakes.push({
        at,
        files: days.flatMap(({ state }) => filesOf(state, word.as).filter((file) => mayHold(file, range))),
        covered: days.flatMap(({ state }) => keysOf(state, word.as, place.below)),
      });
    }
    return lakes;
  }

  async function daysOf(of: LakePlace, range: TimeRange, signal: AbortSignal): Promise<FoundDay[]> {
    const { startSeconds, endSeconds } = stampsOf(range);
    const first = Number.isFinite(startSeconds) ? dayOf(startSeconds) : '';
    const last = Number.isFinite(endSeconds) ? dayOf(endSeconds) : '9999';
    return await lakeDays(of, (day) => day >= first && day <= last, signal);
  }

  /** @param isSeen  whether objects may be listed beside it; else it was told already that nothing may be */
  async function isThere(isSeen: boolean, signal: AbortSignal): Promise<boolean> {
    try {
      return await hasLake(place, signal);
    } catch (error) {
      if (!(error instanceof FlowgaugeError) || error.code !== 'FG_S3_DENIED') throw error;
      const file = `${place.store.name}/${place.below}${MANIFEST_FOLDER}`;
      if (isSeen) notes.push({ kind: 'denied', file, folders: 1, why: error.message });
      return false;
    }
  }

  function partOf({ store, below, pathOf }: LakePlace, file: LakeFile): TablePart {
    const key = `${below}${file.key}`;
    const ref = { key, sizeBytes: file.gone === undefined ? file.sizeBytes : 0, etag: file.sha256 };
    return { ref, store, kind: 'compacted', format: null, path: pathOf(key), lake: file };
  }

  /** What is in the lake counts as well; of a range only its days were looked at. */
  async function newestOf(signal: AbortSignal): Promise<number | null> {
    const own = (await source.newest?.(signal)) ?? null;
    const days = await lakeDays(place, () => true, signal).catch(() => []);
    const away = await otherPlaces(place, signal)
      .then((words) => lakesAway(words, ALL_TIME, signal))
      .catch(() => []);
    const files = [...days.flatMap(({ state }) => state.files), ...away.flatMap((lake) => lake.files)];
    const ends = files.map(({ endSeconds }) => endSeconds - 1);
    const all = [...ends, ...(own === null ? [] : [own])];
    return all.length === 0 ? null : all.reduce((a, b) => Math.max(a, b));
  }

  return {
    ...source,
    plan,
    notes: () => [...(source.notes?.() ?? []).filter(({ kind }) => kind !== 'archived'), ...archived, ...notes],
    newest: newestOf,
  };

  /** Keys of the objects that a day has the records of, as the store has them. */
  function keysOf({ sources }: FoundDay['state'], from: string | null, below: string): string[] {
    return sources.flatMap(({ place: of, objects }) => (of === from ? objects.map(({ key }) => `${below}${key}`) : []));
  }
}

/** Files of a day with records of objects of a place. */
function filesOf({ files, sources }: FoundDay['state'], from: string): readonly LakeFile[] {
  const own = new Set(sources.flatMap(({ place, objects }) => (place === from ? objects.map(({ file }) => file) : [])));
  return files.filter((_, at) => own.has(at));
}

/** Whether one of its records may be of a range. */
export function mayHold({ firstStart, lastEnd, startSeconds, endSeconds }: LakeFile, range: TimeRange): boolean {
  if (!isBounded(range)) return true;
  if (firstStart !== null && lastEnd !== null) return firstStart < range.endSeconds && lastEnd >= range.startSeconds;
  const wanted = stampsOf(range);
  return startSeconds < wanted.endSeconds && endSeconds > wanted.startSeconds;
}
