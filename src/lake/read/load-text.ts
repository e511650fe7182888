/**
 * Text files into files of rows.
 *
 * In:    files by format. Out: for each format Parquet files that hold its rows.
 * Holds: broken lines are counted by file, and what was read of a file that ends early is kept: its last, cut line is
 *        not. Notes come in the order of the files. Much is read in threads, one to a core; a little, and all with
 *        `FLOWGAUGE_THREADS=1`, in this one. Memory does not grow with the number of files.
 * Fails: with the signal's reason; FG_ROWS_NO_ROOM where the disk is full; with what a thread met that broke.
 */
import { rm } from 'node:fs/promises';
import type { RecordColumns } from '../../record/columns.ts';
import { BATCH_ROWS } from '../../record/duckdb-places.ts';
import type { GroupPlaces } from '../../record/duckdb-places.ts';
import { createParser } from '../../record/parse.ts';
import type { ParserOptions } from '../../record/parse.ts';
import { threadsAllowed } from '../../storage/object/gzip.ts';
import { restartDatabase } from './database-file.ts';
import type { DatabaseTarget } from './database-file.ts';
import { inLanes } from './lanes.ts';
import type { Note } from '../../api/note.ts';
import type { Progress } from './progress.ts';
import type { TablePart } from './source.ts';
import type { TextEnd } from './read-text.ts';
import { readText } from './read-text.ts';
import { createRowFiles, makeRowDirectory } from './row-file.ts';
import type { RowTarget, WrittenRows } from './row-file.ts';
import type { TextFile } from './text-file.ts';
import type { TextRange } from './text-range.ts';
import { rangesOf } from './text-range.ts';
import type { TextThreads } from './text-thread.ts';
import { startTextThreads } from './text-thread.ts';

export type LoadGroup = {
  readonly table: string;
  readonly files: readonly TextFile[];
  /** Those that are wanted, as the rows have them and as the text calls them. */
  readonly columns: readonly { readonly name: string; readonly stored: string }[];
  /** A further column, with a number for each file. */
  readonly number?: { readonly name: string; of(file: TextFile): number };
};

/** What became of all. */
export type Loaded = {
  readonly groups: readonly LoadedGroup[];
  /** Where the rows lie in the database that they went to. */
  readonly places: readonly GroupPlaces[];
};

/** What became of a group. */
export type LoadedGroup = {
  /** Files of its rows; none where there is no row. */
  readonly paths: readonly string[];
  /** Rows of each of its texts. */
  readonly rows: readonly number[];
};

export type Loading = {
  readonly notes: Note[];
  readonly stats: { bytesRead: number; badLines: number };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Files that are not text and count as read. */
  readonly others: number;
  /** Where all rows go instead of files. */
  readonly database?: DatabaseTarget;
  /** How it is read, where that is not to be found out; for tests. */
  readonly threads?: number;
  readonly start?: (count: number) => TextThreads;
  readonly rangeBytes?: number;
};

/** Files unpacked at one time in this thread: the pool of `node:zlib` has four threads. */
const LANES = 4;
/** Bytes as stored, that are read before threads have started: a tenth of a second's work. */
const FEW_BYTES = 1 << 21;

/** A file, or a range of one. */
type Piece = {
  readonly file: TextFile;
  readonly group: LoadGroup;
  readonly range: TextRange | null;
  /** Of the file, and of the range in it. */
  readonly at: number;
  readonly part: number;
};

/**
 * Loads all files of all groups.
 *
 * @param directory  where the rows are put; made here, and not there yet
 */
export async function loadText(directory: string, groups: readonly LoadGroup[], loading: Loading): Promise<Loaded> {
  const { bytesRead } = loading.stats;
  const loaded = await loadPieces(directory, groups, loading);
  if (loaded !== null) return loaded;
  // Files that were put one behind the other: what a range holds is then said by the ranges before it.
  await rm(directory, { recursive: true, force: true });
  loading.stats.bytesRead = bytesRead;
  if (loading.database !== undefined) restartDatabase(loading.database);
  const whole = await loadPieces(directory, groups, { ...loading, rangeBytes: Number.POSITIVE_INFINITY });
  if (whole === null) throw new Error('a file that was read as one has been cut');
  return whole;
}

/** Null: a file that was read in ranges has a header of another format further on. */
async function loadPieces(directory: string, groups: readonly LoadGroup[], loading: Loading): Promise<Loaded | null> {
  const { stats, signal, others, database = null } = loading;
  const files = groups.flatMap((group) => group.files.map((file) => ({ group, file })));
  if (files.length === 0) return { groups: groups.map(() => ({ paths: [], rows: [] })), places: [] };
  makeRowDirectory(directory);
  const count = loading.threads ?? threadsFor(files.map(({ file }) => file.part));
  const threads = count < 2 ? null : (loading.start ?? startTextThreads)(count);
  const here = createRowFiles('here');
  const stop = (): void => void threads?.close();
  signal.addEventListener('abort', stop);
  let written: readonly WrittenRows[];
  try {
    const pieces = await cut(files, threads === null ? null : loading);
    const ends: TextEnd[][] = files.map(() => []);
    const left = files.map(() => 0);
    for (const { at } of pieces) left[at]!++;
    let done = others;
    const tell = (): void => loading.onProgress({ files: done, of: files.length + others, bytes: stats.bytesRead });
    const onBytes = (read: number): void => {
      stats.bytesRead += read;
      tell();
    };
    await inLanes(threads?.lanes ?? LANES, pieces, async (piece) => {
      const target = targetOf(piece, directory, database);
      const { file, group } = piece;
      ends[piece.at]![piece.part] =
        threads === null
          ? await readHere(
              file,
              group,
              ({ rows, columns }) => here.write(target, rows, columns),
              onBytes,
              signal,
              database === null ? {} : { rowsPerBatch: BATCH_ROWS },
            )
          : await readThere(threads, piece, target, onBytes, signal);
      if (--left[piece.at]! > 0) return;
      done++;
      tell();
    });
    written = [here.close(), ...((await threads?.finish()) ?? [])];
    if (ends.some((own) => own.length > 1 && own.some(({ otherHeader }) => otherHeader))) return null;
    for (const [at, { file }] of files.entries()) note(file.part.ref.key, ends[at]!, loading);
    let at = 0;
    const paths = written.flatMap((each) => each.files);
    const loaded = groups.map((group) => ({
      paths: paths.flatMap(({ table, path }) => (table === group.table ? [path] : [])),
      rows: group.files.map(() => ends[at++]!.reduce((sum, { rows }) => sum + rows, 0)),
    }));
    return { groups: loaded, places: written.flatMap((each) => each.groups) };
  } finally {
    signal.removeEventListener('abort', stop);
    await threads?.close();
    here.leave();
    signal.throwIfAborted();
  }
}

function targetOf({ file, group }: Piece, directory: string, database: DatabaseTarget | null): RowTarget {
  const { table, columns, number } = group;
  return {
    table,
    directory,
    names: columns.map(({ name }) => name),
    number: number === undefined ? null : { name: number.name, value: number.of(file) },
    database,
  };
}

function threadsFor(parts: readonly TablePart[]): number {
  const bytes = parts.reduce((sum, { ref }) => sum + ref.sizeBytes, 0);
  return bytes < FEW_BYTES ? 1 : threadsAllowed();
}

/** Threads that are there before what they read was looked at. */
export type EarlyThreads = Required<Pick<Loading, 'start'>> & {
  /** Ends those that were not asked for. */
  close(): Promise<void>;
};

/** Starts threads where parts will need them, so that nobody waits a tenth of a second for them. */
export function startEarly(parts: readonly TablePart[]): EarlyThreads {
  const count = threadsFor(parts);
  let ready = count < 2 ? null : startTextThreads(count);
  return {
    start(asked) {
      const threads = ready ?? startTextThreads(asked);
      ready = null;
      return threads;
    },
    async close() {
      await ready?.close();
      ready = null;
    },
  };
}

/** Large plain files in ranges, where threads read. */
async function cut(
  files: readonly { readonly group: LoadGroup; readonly file: TextFile }[],
  loading: Loading | null,
): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const [at, { file, group }] of files.entries()) {
    const { path, ref, format } = file.part;
    const ranges =
      loading === null || path === null || file.form !== 'lines'
        ? null
        : await rangesOf(path, ref.sizeBytes, format, loading.rangeBytes);
    for (const [part, range] of (ranges ?? [null]).entries()) pieces.push({ file, group, range, at, part });
  }
  return pieces;
}

async function readHere(
  file: TextFile,
  group: Pick<LoadGroup, 'columns'>,
  batch: (records: RecordColumns) => void,
  onBytes: (count: number) => void,
  signal: AbortSignal,
  how: Pick<ParserOptions, 'rowsPerBatch'> = {},
): Promise<TextEnd> {
  const { format, ref } = file.part;
  const columns = group.columns.map(({ stored }) => stored);
  const parser = createParser({ format, columns, origin: ref.key, ...how });
  return readText(file.bytes(signal), parser, { batch, bytes: onBytes }, signal);
}

/**
 * Gives the rows of all files of all groups to whoever takes them, in this thread: neither a table nor a file is made.
 *
 * @param take  nothing of a batch is valid after it
 */
export async function scanText(
  groups: readonly Pick<LoadGroup, 'files' | 'columns'>[],
  take: (records: RecordColumns) => void,
  loading: Loading,
): Promise<void> {
  const { stats, signal, others } = loading;
  const files = groups.flatMap((group) => group.files.map((file) => ({ group, file })));
  const ends: TextEnd[] = [];
  let done = others;
  const tell = (): void => loading.onProgress({ files: done, of: files.length + others, bytes: stats.bytesRead });
  const onBytes = (read: number): void => {
    stats.bytesRead += read;
    tell();
  };
  await inLanes(LANES, files, async ({ file, group }, at) => {
    ends[at] = await readHere(file, group, take, onBytes, signal);
    done++;
    tell();
  });
  for (const [at, { file }] of files.entries()) note(file.part.ref.key, [ends[at]!], loading);
}

function readThere(
  threads: TextThreads,
  { file, group, range }: Piece,
  target: RowTarget,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<TextEnd> {
  const { ref, path, format, once } = file.part;
  const own = once === true ? null : path;
  const { form, header } = file;
  const columns = group.columns.map(({ stored }) => stored);
  const job = { origin: ref.key, format: format?.text ?? null, columns, path: own, range, form, header, target };
  return threads.read(job, onBytes, own === null ? file.bytes(signal) : null);
}

/** What there is to say of a file, its ranges joined: lines are counted from its begin. */
function note(file: string, ends: readonly TextEnd[], { notes, stats }: Loading): void {
  let lines = 0;
  let count = 0;
  let first: TextEnd['first'] = null;
  for (const end of ends) {
    if (end.problem !== null) notes.push({ kind: 'unreadable', file, why: end.problem });
    if (first === null && end.first !== null) first = { ...end.first, line: end.first.line + lines };
    lines += end.lines;
    count += end.badLines;
  }
  if (first === null) return;
  stats.badLines += count;
  notes.push({ kind: 'bad-lines', file, count, first });
}
