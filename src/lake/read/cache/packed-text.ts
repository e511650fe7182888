/**
 * The text files of a table of which the rows lie in packs, or will.
 *
 * In:    parts, what the cache has of them. Out: files that need not be opened; SQL of their rows; the others put into packs.
 * Holds: without a cache nothing is in a pack, and nothing is put into one. What there was to note about a file when it was
 *        read is noted again.
 * Fails: as filling does.
 */
import { readHeader } from '../../../record/format.ts';
import { NOTHING } from '../forms/text-form.ts';
import type { Loading } from '../load-text.ts';
import type { TablePart } from '../source.ts';
import type { TextFile } from '../text-file.ts';
import { fillPacks } from './fill.ts';
import type { FillGroup } from './fill.ts';
import { mergePacks } from './merge.ts';
import type { KeptObject, ObjectCache } from './object-cache.ts';
import { rowsOfPacks } from './pack-file.ts';

export type PackedText = {
  /** The file without a look at its object; null where it has to be opened. */
  file(part: TablePart): TextFile | null;
  /** Remembers objects without a line. */
  keepEmpty(opened: readonly TextFile[]): Promise<void>;
  has(file: TextFile): boolean;
  /** What a query may take the rows from that lie in packs. */
  rows(files: readonly TextFile[]): string[];
  /** Notes what is known, and puts into packs what is not in one and can be kept. */
  fill(groups: readonly FillGroup[], loading: Loading): Promise<void>;
};

/**
 * The files.
 *
 * @param found          what `ObjectCache.look` gave
 * @param memoryBytes    for making packs
 * @param tempDirectory  where that may spill
 */
export function packedText(
  cache: ObjectCache | null,
  found: ReadonlyMap<TablePart, KeptObject>,
  memoryBytes: number,
  tempDirectory: string,
): PackedText {
  const kept = new Map(found);

  function file(part: TablePart): TextFile | null {
    const object = kept.get(part);
    if (object === undefined) return null;
    const format = object.header === null ? null : readHeader(object.header);
    const bytes = (): never => {
      throw new Error(`${part.ref.key} is in the cache, and its object was asked for`);
    };
    return { ...NOTHING, part, header: object.header, format, headerless: object.headerless, bytes };
  }

  async function keepEmpty(opened: readonly TextFile[]): Promise<void> {
    const empty = opened.filter(
      ({ part, format, problem }) => format === null && problem === null && isKeepable(part) && !kept.has(part),
    );
    if (cache === null || empty.length === 0) return;
    const nothing = { rows: 0, header: null, headerless: false, notes: [] };
    try {
      const first = cache.reserve(empty.length);
      const objects = empty.map(({ part }, at) => ({ part, id: first + at, ...nothing }));
      await cache.keep(null, 0, objects);
    } catch {
      // As on a full disk: they are asked for again the next time.
    }
  }

  async function fill(groups: readonly FillGroup[], loading: Loading): Promise<void> {
    const here = groups.flatMap(({ files }) => files.flatMap(({ part }) => kept.get(part) ?? []));
    noteKept(here, loading);
    if (cache === null) return;
    const missing = groups.map(({ files, columns }) => ({
      columns,
      files: files.filter(({ part }) => !kept.has(part) && isKeepable(part)),
    }));
    const filling = { ...loading, others: loading.others + here.length, cache, memoryBytes, tempDirectory };
    for (const [{ part }, object] of await fillPacks(missing, filling)) kept.set(part, object);
    for (const { files, columns } of groups) await mergePacks(cache, files, columns, kept, memoryBytes);
  }

  return {
    file,
    keepEmpty,
    has: ({ part }) => kept.has(part),
    rows: (files) => rowsOfPacks(files.flatMap(({ part }) => kept.get(part) ?? [])),
    fill,
  };
}

/** What there was to say of objects when they were read, and the bytes of their packs. */
function noteKept(objects: readonly KeptObject[], { notes, stats }: Loading): void {
  const packs = new Map<string, number>();
  for (const { notes: own, pack } of objects) {
    notes.push(...own);
    for (const note of own) if (note.kind === 'bad-lines') stats.badLines += note.count;
    if (pack !== null) packs.set(pack.path, pack.bytes);
  }
  for (const bytes of packs.values()) stats.bytesRead += bytes;
}

/** Whether a file has a name to be kept under. */
function isKeepable({ ref, once }: TablePart): boolean {
  return once !== true && ref.etag !== '';
}
