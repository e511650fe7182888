/**
 * Text that is not in the cache yet, into packs.
 *
 * In:    files by format. Out: for each the pack that has its rows; the cache has what can be kept.
 * Holds: memory holds the rows of two packs at most, whatever there is to read: while one is sorted and written, the next
 *        is loaded. A file that could not be read to its end is in this answer, and not kept. Where disk or memory
 *        has no room for a pack, its files and all further ones come back, to be read without a cache.
 * Fails: with the signal's reason; as the stores do.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { headerLine } from '../../../record/format.ts';
import type { RecordColumn, RecordColumns } from '../../../record/columns.ts';
import { openDuck, quoteName } from '../../../storage/duck/duck.ts';
import type { Duck } from '../../../storage/duck/duck.ts';
import { flowLogFile } from '../bucket.ts';
import type { Loading } from '../load-text.ts';
import { loadText } from '../load-text.ts';
import type { Note } from '../note.ts';
import type { ColumnType } from '../parquet-files.ts';
import type { TextFile } from '../text-file.ts';
import { whyUnread } from '../forms/packing.ts';
import type { KeptObject, NewObject, ObjectCache } from './object-cache.ts';
import { OBJECT_COLUMN, writePack } from './pack-file.ts';

/** Files of one format. */
export type FillGroup = {
  readonly files: readonly TextFile[];
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly stored: string }[];
};

export type Filling = Loading & {
  readonly cache: ObjectCache;
  /** For both writers together. */
  readonly memoryBytes: number;
  /** Where they may spill. */
  readonly tempDirectory: string;
};

/** Bytes of gzip in a pack: a million records or so. Plain text has about six times as many. */
const PACK_BYTES = 32 << 20;
const PLAIN_TO_GZIP = 6;
/** Rows in memory take about ten times the gzip bytes, twice while they are sorted. */
const MEMORY_TO_PACK = 40;
/** With less, one writer has it all and nothing goes on beside it. */
const MEMORY_FOR_TWO = 256e6;
/** Below this the files of the next day come into the same pack. */
const LEAST_PACK_BYTES = 4 << 20;
const DAY_SECONDS = 86_400;

type Chunk = { readonly group: FillGroup; readonly files: TextFile[] };

/**
 * Fills the cache.
 *
 * @return  where the rows of files are; files that are missing there have to be read in another way
 */
export async function fillPacks(groups: readonly FillGroup[], filling: Filling): Promise<Map<TextFile, KeptObject>> {
  const { signal, cache } = filling;
  const chunks = groups.flatMap((group) => chunksOf(group, packBytes(filling.memoryBytes)));
  const filled = new Map<TextFile, KeptObject>();
  const of = chunks.reduce((sum, { files }) => sum + files.length, filling.others);
  const lanes = filling.memoryBytes < MEMORY_FOR_TWO ? 1 : 2;
  const writers = Array.from({ length: lanes }, (): Duck | null => null);
  const writing = Array.from({ length: lanes }, () => Promise.resolve());
  const stop = (): void => writers.forEach((writer) => writer?.interrupt());
  const problems: unknown[] = [];
  let done = filling.others;
  let bytesRead = filling.stats.bytesRead;
  signal.addEventListener('abort', stop);
  try {
    for (const [at, chunk] of chunks.entries()) {
      const turn = at % lanes;
      await writing[turn];
      signal.throwIfAborted();
      if (problems.length > 0) break;
      const tell: Loading['onProgress'] = ({ files, bytes }) =>
        filling.onProgress({ files: done + files, of, bytes: bytesRead + bytes });
      let loaded: Loaded;
      try {
        writers[turn] ??= await openDuck({
          directories: [cache.directory],
          tempDirectory: join(filling.tempDirectory, `writer-${turn}`),
          memoryLimitBytes: Math.floor(filling.memoryBytes / lanes),
        });
        loaded = await loadChunk(writers[turn], chunk, { ...filling, others: 0, onProgress: tell });
      } catch (error) {
        // What is wrong with an object is a note: this is about the cache, or about memory.
        signal.throwIfAborted();
        problems.push(error);
        break;
      }
      done += chunk.files.length;
      bytesRead += loaded.stats.bytesRead;
      writing[turn] = writeChunk(writers[turn], chunk, loaded, cache)
        .then((objects) => {
          for (const [index, object] of objects.entries()) filled.set(chunk.files[index]!, object);
          filling.notes.push(...loaded.notes);
          filling.stats.bytesRead += loaded.stats.bytesRead;
          filling.stats.badLines += loaded.stats.badLines;
        })
        .catch((error: unknown) => {
          problems.push(error);
        });
    }
    await Promise.all(writing);
    signal.throwIfAborted();
    if (problems.length > 0) filling.notes.push({ kind: 'cache-off', file: cache.root, why: whyUnread(problems[0]) });
    return filled;
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.allSettled([...writing, ...writers.map((writer) => writer?.close())]);
  }
}

/** Two writers have rows in memory, and one of them sorts. */
function packBytes(memoryBytes: number): number {
  return Math.max(1 << 20, Math.min(PACK_BYTES, Math.floor(memoryBytes / MEMORY_TO_PACK)));
}

/** Files that become one pack: of one format, in the order of time, those of a day together. */
function chunksOf(group: FillGroup, most: number): Chunk[] {
  const chunks: Chunk[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  let day = Number.NaN;
  const timed = group.files.map((file) => ({ file, slot: flowLogFile(file.part.ref.key)?.slotSeconds ?? 0 }));
  for (const { file, slot } of timed.toSorted((a, b) => a.slot - b.slot)) {
    const own = Math.floor(slot / DAY_SECONDS);
    const size = file.part.ref.sizeBytes / (file.part.ref.key.endsWith('.gz') ? 1 : PLAIN_TO_GZIP);
    if (bytes + size > most || (own !== day && bytes >= LEAST_PACK_BYTES)) {
      chunks.push({ group, files: [] });
      bytes = 0;
    }
    chunks.at(-1)!.files.push(file);
    bytes += size;
    day = own;
  }
  return chunks;
}

type Loaded = {
  readonly objects: readonly NewObject[];
  readonly unreadable: ReadonlySet<string>;
  readonly rows: number;
  readonly notes: readonly Note[];
  readonly stats: { readonly bytesRead: number; readonly badLines: number };
};

async function loadChunk(writer: Duck, { group, files }: Chunk, filling: Filling): Promise<Loaded> {
  const columns = group.columns.map(({ name, type }) => `${quoteName(name)} ${type}`);
  await writer.run(`CREATE TABLE pack (${columns.join(', ')}, ${quoteName(OBJECT_COLUMN)} INTEGER)`);
  const first = filling.cache.reserve(files.length);
  const ids = new Map(files.map((file, index) => [file.part.ref.key, first + index]));
  const rows = new Map<string, number>();
  const notes: Note[] = [];
  const stats = { bytesRead: 0, badLines: 0 };
  let all = 0;
  const numbered = {
    appendColumns(table: string, ...batches: readonly RecordColumns[]): Promise<void> {
      for (const { origin, rows: more } of batches) {
        all += more;
        rows.set(origin, (rows.get(origin) ?? 0) + more);
      }
      const own = batches.map(({ rows: count, columns: stored, origin }) => ({
        rows: count,
        columns: [...stored, numberColumn(count, ids.get(origin)!)],
      }));
      return writer.appendColumns(table, ...own);
    },
    async empty(table: string): Promise<void> {
      all = 0;
      rows.clear();
      await writer.run(`DELETE FROM ${quoteName(table)}`);
    },
  };
  const stored = group.columns.map((column) => column.stored);
  await loadText(numbered, [{ table: 'pack', files, columns: stored }], { ...filling, notes, stats });
  const objects = files.map(({ part, format, headerless }): NewObject => ({
    part,
    id: ids.get(part.ref.key)!,
    rows: rows.get(part.ref.key) ?? 0,
    header: format === null ? null : headerLine(format),
    headerless,
    notes: notes.filter((note) => 'file' in note && note.file === part.ref.key),
  }));
  const unreadable = new Set(notes.flatMap((note) => (note.kind === 'unreadable' ? [note.file] : [])));
  return { objects, unreadable, rows: all, notes, stats };
}

/** The same number in each row. */
function numberColumn(rows: number, number: number): RecordColumn {
  const data = new Uint8Array(new Int32Array(rows).fill(number).buffer);
  return { name: OBJECT_COLUMN, type: 'i32', data, valid: null, dictionary: null };
}

async function writeChunk(
  writer: Duck,
  { group }: Chunk,
  { objects, unreadable, rows }: Loaded,
  cache: ObjectCache,
): Promise<KeptObject[]> {
  const columns = group.columns.map(({ name }) => name);
  const path = join(cache.directory, `new-${cache.reserve(1)}.parquet`);
  if (rows > 0) await writePack(writer, 'pack', columns, path);
  await writer.run('DROP TABLE pack');
  const keeping = objects.filter(({ part }) => !unreadable.has(part.ref.key));
  // A cache that has no room or cannot be written leaves this answer alone.
  await cache.keep(rows > 0 ? path : null, rows, keeping);
  const pack = rows > 0 ? { id: null, path, rows, bytes: statSync(path).size } : null;
  return objects.map((object) => ({ ...object, pack }));
}
