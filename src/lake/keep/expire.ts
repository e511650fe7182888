/**
 * Removing objects whose records a lake has.
 *
 * In:    a place with objects, its lake, how long objects have to be in it. Out: what was removed, and what was left and why.
 * Holds: an object is removed only after its file was read whole and had its checksum, and all objects of the file were read
 *        again and have the same records, each value of each column; only if it is the object that was compacted; and never where
 *        a line or a value of it could not be read. That it may go is entered before it goes: a run that is killed in between
 *        is ended by the next. Where the lake lies elsewhere its name stands at the place of the objects before one of them goes. Questions that were asked before find objects for as long as those have to be in the lake.
 * Fails: as the stores and reading do; with the signal's reason, what was removed until then is entered.
 */
import { createHash } from 'node:crypto';
import type { Note } from '../../api/note.ts';
import { FlowgaugeError } from '../../model/errors.ts';
import { quoteName } from '../../storage/duck/quote.ts';
import { openFlowTable } from '../read/flow-table.ts';
import { lakeDays } from '../read/compacted/lake-place.ts';
import type { FoundDay, LakePlace } from '../read/compacted/lake-place.ts';
import type { LakeFile, LakeObject } from '../read/compacted/manifest.ts';
import type { Progress } from '../read/progress.ts';
import { ALL_TIME } from '../read/source.ts';
import type { TablePart } from '../read/source.ts';
import type { CompactFrom } from './compact-places.ts';
import { enterDay, enterPlace, lockLake } from './lake-state.ts';
import { sourceOf } from './write-period.ts';

export type ExpireOptions = {
  readonly nowSeconds: number;
  /** Objects of a file that came into the lake later than so long ago stay; infinite: they are not to go. */
  readonly afterSeconds: (file: LakeFile) => number;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
};

/** Why objects stay that could go by their age. */
export type KeptBecause = 'changed' | 'incomplete' | 'broken-lines' | 'damaged-file' | 'different';

export type ExpireReport = {
  readonly objects: number;
  readonly objectBytes: number;
  /** Files whose records were compared with their objects. */
  readonly verified: number;
  /** Objects that have not been in the lake for long enough. */
  readonly young: number;
  readonly kept: readonly { readonly file: string; readonly objects: number; readonly because: KeptBecause }[];
};

/** Removes what may go. */
export async function expire(from: CompactFrom, lake: LakePlace, options: ExpireOptions): Promise<ExpireReport> {
  const unlock = lockLake(lake);
  try {
    return await expireAll(from, lake, options);
  } finally {
    unlock();
  }
}

async function expireAll(from: CompactFrom, lake: LakePlace, options: ExpireOptions): Promise<ExpireReport> {
  const { signal, nowSeconds, afterSeconds, onProgress } = options;
  const there = new Map<string, TablePart>();
  for await (const part of from.source.plan(ALL_TIME, signal, onProgress)) there.set(part.ref.key, part);
  const kept: ExpireReport['kept'][number][] = [];
  const sums = { objects: 0, objectBytes: 0, verified: 0, young: 0 };

  async function remove(objects: readonly LakeObject[]): Promise<void> {
    const parts = objects.flatMap((object) => partOf(object) ?? []);
    const [first] = parts;
    if (first === undefined) return;
    await first.store.remove(
      parts.map(({ ref }) => ref.key),
      signal,
    );
    sums.objects += parts.length;
    sums.objectBytes += parts.reduce((sum, { ref }) => sum + ref.sizeBytes, 0);
  }

  /** The object, if it lies there and is the one that was compacted. */
  function partOf({ key, sizeBytes, etag }: LakeObject): TablePart | null {
    const part = there.get(`${from.below}${key}`);
    return part !== undefined && part.ref.sizeBytes === sizeBytes && part.ref.etag === etag ? part : null;
  }

  for (let found of await lakeDays(lake, () => true, signal)) {
    const objects = found.state.sources.find(({ place }) => place === from.place)?.objects ?? [];
    // Entered by a run that was killed before it had removed them.
    await remove(objects.filter(({ expired }) => expired));
    for (const [at, own] of Map.groupBy(objects, ({ file }) => file)) {
      const file = found.state.files[at];
      const staying = own.filter(({ expired }) => !expired);
      if (file === undefined || staying.length === 0 || afterSeconds(file) === Number.POSITIVE_INFINITY) continue;
      if (staying.some((object) => object.at + afterSeconds(file) > nowSeconds)) {
        sums.young += staying.length;
        continue;
      }
      const because = await whyNot(found, file, at, own);
      if (because !== null) {
        kept.push({ file: file.key, objects: staying.length, because });
        continue;
      }
      sums.verified++;
      // Whoever asks the place of the objects must find the records.
      if (from.word !== null) await enterPlace(from.home, from.word, signal);
      found = await enterDay(lake, withExpired(found.state, from, at), found, signal);
      await remove(own);
    }
  }
  return { ...sums, kept };

  /** Null: all objects of the file are in it. */
  async function whyNot(
    found: FoundDay,
    file: LakeFile,
    at: number,
    own: readonly LakeObject[],
  ): Promise<KeptBecause | null> {
    if (file.notes.some(({ kind }) => kind === 'bad-lines' || kind === 'bad-values')) return 'broken-lines';
    const all = found.state.sources.reduce((sum, of) => sum + of.objects.filter((one) => one.file === at).length, 0);
    const parts = own.flatMap((object) => partOf(object) ?? []);
    if (all !== own.length) return 'incomplete';
    if (parts.length !== own.length) return 'changed';
    const { below, store, pathOf } = lake;
    const key = `${below}${file.key}`;
    const ref = { key, sizeBytes: file.sizeBytes, etag: file.sha256 };
    const part: TablePart = { ref, store, kind: 'compacted', format: null, path: pathOf(key), lake: file };
    if ((await checksumOf(part, signal)) !== file.sha256) return 'damaged-file';
    const columns = [...new Set(file.coverage.flatMap((group) => group.columns))].sort();
    const [raw, compacted] = [await fingerprint(parts, columns, options), await fingerprint([part], columns, options)];
    return raw !== null && raw === compacted ? null : 'different';
  }
}

function withExpired(state: FoundDay['state'], { place }: CompactFrom, file: number): FoundDay['state'] {
  const sources = state.sources.map((of) =>
    of.place === place
      ? { ...of, objects: of.objects.map((one) => (one.file === file ? { ...one, expired: true } : one)) }
      : of,
  );
  return { ...state, sources };
}

/** SHA-256 of what the store has; of a file that is not there no such. */
export async function checksumOf(
  { ref, store }: Pick<TablePart, 'ref' | 'store'>,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of store.read(ref, null, signal)) hash.update(chunk);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FlowgaugeError)) throw error;
    return '';
  }
  return hash.digest('hex');
}

/** Number and sum of hashes of all records, each value of each column; in whichever order they come. Null: not all can be read. */
async function fingerprint(
  parts: readonly TablePart[],
  columns: readonly string[],
  { signal, memoryBytes, onProgress }: ExpireOptions,
): Promise<string | null> {
  const table = await openFlowTable(sourceOf(parts), signal, [], { memoryBytes, anyOrder: true }).catch(
    (error: unknown) => {
      if (error instanceof FlowgaugeError && error.code === 'FG_SOURCE_NO_RECORDS') return null;
      throw error;
    },
  );
  if (table === null) return null;
  const stop = (): void => table.duck.interrupt();
  signal.addEventListener('abort', stop);
  try {
    if (
      table.columns
        .map(({ name }) => name)
        .sort()
        .join() !== columns.join()
    )
      return null;
    await table.define(null);
    await table.load(signal, onProgress);
    const BROKEN: ReadonlySet<Note['kind']> = new Set(['unreadable', 'bad-lines', 'bad-values']);
    if (table.notes.some(({ kind }) => BROKEN.has(kind))) return null;
    const list = columns.map(quoteName).join(', ');
    const [row = []] = await table.duck.all(
      `SELECT count(*), CAST(sum(CAST(hash(${list}) AS HUGEINT)) AS VARCHAR) FROM flow_logs`,
    );
    return row.join(' ');
  } finally {
    signal.removeEventListener('abort', stop);
    await table.close();
  }
}
