/**
 * Text that is not in the cache yet, into packs.
 *
 * In:    files by format. Out: for each the pack that has its rows; the cache has what can be kept.
 * Holds: memory holds the rows of one pack at most, whatever there is to read: while it is sorted and written, the next
 *        is read. A file that could not be read to its end is in this answer, and not kept. Where disk or memory
 *        has no room for a pack, its files and all further ones come back, to be read without a cache.
 * Fails: with the signal's reason; as the stores do.
 */
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { headerLine } from '../../../record/format.ts';
import { openDuck } from '../../../storage/duck/duck.ts';
import type { Duck } from '../../../storage/duck/duck.ts';
import { flowLogFile } from '../bucket.ts';
import type { LoadedGroup, Loading } from '../load-text.ts';
import { loadText } from '../load-text.ts';
import type { Note } from '../../../api/note.ts';
import type { ColumnType } from '../parquet-files.ts';
import type { TextFile } from '../text-file.ts';
import type { TextThreads } from '../text-thread.ts';
import { startTextThreads } from '../text-thread.ts';
import { whyUnread } from '../forms/packing.ts';
import type { KeptObject, NewObject, ObjectCache } from './object-cache.ts';
import { OBJECT_COLUMN, readPacks, writePack } from './pack-file.ts';

/** Files of one format. */
export type FillGroup = {
  readonly files: readonly TextFile[];
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly stored: string }[];
};

export type Filling = Loading & {
  readonly cache: ObjectCache;
  /** For making packs. */
  readonly memoryBytes: number;
  /** For the rows of packs on their way. */
  readonly tempDirectory: string;
};

/** Bytes of gzip in a pack: a million records or so. Plain text has about six times as many. */
const PACK_BYTES = 32 << 20;
const PLAIN_TO_GZIP = 6;
/** Rows in memory take about ten times the gzip bytes, twice while they are sorted. */
const MEMORY_TO_PACK = 40;
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
  let threads: TextThreads | null = null;
  let writer: Duck | null = null;
  let writing: Promise<void> = Promise.resolve();
  // Threads are started once, for all packs.
  const start = (count: number): TextThreads => {
    threads ??= (filling.start ?? startTextThreads)(count);
    return { ...threads, close: async () => {} };
  };
  const stop = (): void => {
    writer?.interrupt();
    void threads?.close();
  };
  const directories = chunks.map((_, at) => join(filling.tempDirectory, `rows-of-pack-${at}`));
  const problems: unknown[] = [];
  let done = filling.others;
  let bytesRead = filling.stats.bytesRead;
  signal.addEventListener('abort', stop);
  try {
    for (const [at, chunk] of chunks.entries()) {
      const tell: Loading['onProgress'] = ({ files, bytes }) =>
        filling.onProgress({ files: done + files, of, bytes: bytesRead + bytes });
      const directory = directories[at]!;
      let loaded: Loaded;
      try {
        loaded = await loadChunk(directory, chunk, { ...filling, start, others: 0, onProgress: tell });
        await writing;
        signal.throwIfAborted();
        if (problems.length > 0) break;
        writer ??= await openDuck({
          directories: [cache.directory, filling.tempDirectory],
          tempDirectory: join(filling.tempDirectory, 'writer'),
          memoryLimitBytes: filling.memoryBytes,
        });
      } catch (error) {
        // What is wrong with an object is a note: this is about the cache, or about memory.
        signal.throwIfAborted();
        problems.push(error);
        break;
      }
      done += chunk.files.length;
      bytesRead += loaded.stats.bytesRead;
      writing = writeChunk(writer, chunk, loaded, cache)
        .then((objects) => {
          for (const [index, object] of objects.entries()) filled.set(chunk.files[index]!, object);
          filling.notes.push(...loaded.notes);
          filling.stats.bytesRead += loaded.stats.bytesRead;
          filling.stats.badLines += loaded.stats.badLines;
        })
        .catch((error: unknown) => {
          problems.push(error);
        })
        .then(() => rm(directory, { recursive: true, force: true }));
    }
    await writing;
    signal.throwIfAborted();
    if (problems.length > 0) filling.notes.push({ kind: 'cache-off', file: cache.root, why: whyUnread(problems[0]) });
    return filled;
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.allSettled([writing, (threads as TextThreads | null)?.close(), writer?.close()]);
    // Rows that did not become a pack: what is read without the cache needs the room.
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  }
}

/** A writer has the rows of one in memory, and sorts them. */
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
  readonly paths: readonly string[];
  readonly notes: readonly Note[];
  readonly stats: { readonly bytesRead: number; readonly badLines: number };
};

async function loadChunk(directory: string, { group, files }: Chunk, filling: Filling): Promise<Loaded> {
  const first = filling.cache.reserve(files.length);
  const ids = new Map(files.map((file, index) => [file, first + index]));
  const notes: Note[] = [];
  const stats = { bytesRead: 0, badLines: 0 };
  const number = { name: OBJECT_COLUMN, of: (file: TextFile) => ids.get(file)! };
  const loading = { table: 'pack', files, columns: group.columns, number };
  const { groups } = await loadText(directory, [loading], { ...filling, notes, stats });
  const [{ paths, rows } = NO_ROWS] = groups;
  const objects = files.map((file, at): NewObject => {
    const { part, format, headerless } = file;
    return {
      part,
      id: ids.get(file)!,
      rows: rows[at] ?? 0,
      header: format === null ? null : headerLine(format),
      headerless,
      notes: notes.filter((note) => 'file' in note && note.file === part.ref.key),
    };
  });
  const unreadable = new Set(notes.flatMap((note) => (note.kind === 'unreadable' ? [note.file] : [])));
  return { objects, unreadable, paths, notes, stats };
}

const NO_ROWS: LoadedGroup = { paths: [], rows: [] };

async function writeChunk(
  writer: Duck,
  { group }: Chunk,
  { objects, unreadable, paths }: Loaded,
  cache: ObjectCache,
): Promise<KeptObject[]> {
  const rows = objects.reduce((sum, object) => sum + object.rows, 0);
  const columns = group.columns.map(({ name }) => name);
  const path = join(cache.directory, `new-${cache.reserve(1)}.parquet`);
  if (rows > 0) await writePack(writer, readPacks(paths), columns, path);
  const keeping = objects.filter(({ part }) => !unreadable.has(part.ref.key));
  // A cache that has no room or cannot be written leaves this answer alone.
  await cache.keep(rows > 0 ? path : null, rows, keeping);
  const pack = rows > 0 ? { id: null, path, rows, bytes: statSync(path).size } : null;
  return objects.map((object) => ({ ...object, pack }));
}
