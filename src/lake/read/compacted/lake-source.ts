/**
 * A place with a lake: the files that its manifests name, and the objects that lie beside them.
 *
 * In:    the source of the place's objects. Out: a source of both.
 * Holds: each record comes once, from a file whose records retention took away none (who reads it says so). An archived object
 *        that is in the lake is missed by nobody. Objects are listed first and manifests read then: what was compacted in between is known to
 *        be, and what was removed in between was compacted before. A file comes where one of its records may be of the range.
 * Fails: as the source and the store do; FG_LAKE_NEWER, FG_LAKE_DAMAGED.
 */
import type { Note } from '../../../api/note.ts';
import { FlowgaugeError } from '../../../model/errors.ts';
import { flowLogFile, stampsOf } from '../bucket.ts';
import { archivedNotes } from '../s3-bucket.ts';
import type { TablePart, TableSource, TimeRange } from '../source.ts';
import { isBounded } from '../time-range.ts';
import { hasLake, lakeDays, otherPlaces } from './lake-place.ts';
import type { FoundDay, LakePlace } from './lake-place.ts';
import { dayOf, MANIFEST_FOLDER } from './manifest.ts';
import type { LakeFile } from './manifest.ts';

/** Another place that a lake has objects of. */
export type OtherPlace = {
  readonly source: TableSource;
  /** What the keys of its objects begin with. */
  readonly below: string;
};

/**
 * The source, with what its lake holds.
 *
 * @param open  opens another place that the lake has objects of
 */
export function withLake<S extends TableSource>(
  source: S,
  place: LakePlace,
  open: (place: string) => Promise<OtherPlace>,
): S {
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
    const away = await partsAway(range, signal, onProgress);
    const days = await daysOf(range, signal);
    const covered = new Set(days.flatMap(({ state }) => keysOf(state, null, place.below)));
    archived = archivedNotes((source.archived?.() ?? []).filter(({ key }) => !covered.has(key)));
    const files = days.flatMap(({ state }) => state.files.filter((file) => mayHold(file, range)));
    if (missing !== null && files.length === 0) throw missing;
    for (const file of files) yield partOf(file);
    for (const part of beside) if (!covered.has(part.ref.key)) yield part;
    for (const { name, below, parts } of away) {
      const known = new Set(days.flatMap(({ state }) => keysOf(state, name, below)));
      for (const part of parts) if (!known.has(part.ref.key)) yield part;
    }
  }

  /** Objects of other places that the lake is made of. */
  async function partsAway(
    ...[range, signal, onProgress]: Parameters<TableSource['plan']>
  ): Promise<{ readonly name: string; readonly below: string; readonly parts: TablePart[] }[]> {
    const away: { name: string; below: string; parts: TablePart[] }[] = [];
    for (const name of await otherPlaces(place, signal)) {
      try {
        const other = await open(name);
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

  async function daysOf(range: TimeRange, signal: AbortSignal): Promise<FoundDay[]> {
    const { startSeconds, endSeconds } = stampsOf(range);
    const first = Number.isFinite(startSeconds) ? dayOf(startSeconds) : '';
    const last = Number.isFinite(endSeconds) ? dayOf(endSeconds) : '9999';
    return await lakeDays(place, (day) => day >= first && day <= last, signal);
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

  function partOf(file: LakeFile): TablePart {
    const key = `${place.below}${file.key}`;
    const ref = { key, sizeBytes: file.gone === undefined ? file.sizeBytes : 0, etag: file.sha256 };
    return { ref, store: place.store, kind: 'compacted', format: null, path: place.pathOf(key), lake: file };
  }

  /** What is in the lake counts as well; of a range only its days were looked at. */
  async function newestOf(signal: AbortSignal): Promise<number | null> {
    const own = (await source.newest?.(signal)) ?? null;
    const days = await lakeDays(place, () => true, signal).catch(() => []);
    const ends = days.flatMap(({ state }) => state.files.map(({ endSeconds }) => endSeconds - 1));
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

/** Whether one of its records may be of a range. */
export function mayHold({ firstStart, lastEnd, startSeconds, endSeconds }: LakeFile, range: TimeRange): boolean {
  if (!isBounded(range)) return true;
  if (firstStart !== null && lastEnd !== null) return firstStart < range.endSeconds && lastEnd >= range.startSeconds;
  const wanted = stampsOf(range);
  return startSeconds < wanted.endSeconds && endSeconds > wanted.startSeconds;
}
