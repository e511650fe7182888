/**
 * Text files into tables.
 *
 * In:    files by format, and a table for each format. Out: their rows in the tables.
 * Holds: broken lines are counted by file, and what was read of a file that ends early is kept: its last, cut line is
 *        not. Notes come in the order of the files. Much is read in threads, one to a core; a little, and all with
 *        `FLOWGAUGE_THREADS=1`, in this one. Memory does not grow with the number of files.
 * Fails: with the signal's reason; with DuckDB's error when it has no memory left; with what a thread met that broke.
 */
import { createParser } from '../../record/parse.ts';
import type { RecordColumns } from '../../record/columns.ts';
import { threadsAllowed } from '../../storage/object/gzip.ts';
import { inLanes } from './lanes.ts';
import type { Note } from './note.ts';
import type { Progress } from './progress.ts';
import type { TextEnd, TextTaker } from './read-text.ts';
import { readText } from './read-text.ts';
import type { TextFile } from './text-file.ts';
import type { TextRange } from './text-range.ts';
import { rangesOf } from './text-range.ts';
import type { TextThreads } from './text-thread.ts';
import { startTextThreads } from './text-thread.ts';

export type LoadGroup = {
  readonly table: string;
  readonly files: readonly TextFile[];
  readonly columns: readonly string[];
};

export type Loading = {
  readonly notes: Note[];
  readonly stats: { bytesRead: number; badLines: number };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Files that are not text and count as read. */
  readonly others: number;
  /** How it is read, where that is not to be found out; for tests. */
  readonly threads?: number;
  readonly start?: (count: number) => TextThreads;
  readonly rangeBytes?: number;
};

/** What takes the rows: a database, or something before one. */
export type RowSink = {
  appendColumns(table: string, ...batches: readonly RecordColumns[]): Promise<void>;
  /** Takes the rows of a table away again. */
  empty(table: string): Promise<void>;
};

/** Files unpacked at one time in this thread: the pool of `node:zlib` has four threads. */
const LANES = 4;
/** Bytes as stored, that are read before threads have started: a tenth of a second's work. */
const FEW_BYTES = 1 << 21;
/** Batches that go into a table in one statement. */
const TOGETHER = 8;

/** A file, or a range of one. */
type Piece = {
  readonly file: TextFile;
  readonly group: LoadGroup;
  readonly range: TextRange | null;
  /** Of the file, and of the range in it. */
  readonly at: number;
  readonly part: number;
};

/** Loads all files of all groups. */
export async function loadText(sink: RowSink, groups: readonly LoadGroup[], loading: Loading): Promise<void> {
  const { bytesRead } = loading.stats;
  if (await loadPieces(sink, groups, loading)) return;
  // Files that were put one behind the other: what a range holds is then said by the ranges before it.
  for (const { table } of groups) await sink.empty(table);
  loading.stats.bytesRead = bytesRead;
  await loadPieces(sink, groups, { ...loading, rangeBytes: Number.POSITIVE_INFINITY });
}

/** False: a file that was read in ranges has a header of another format further on. */
async function loadPieces(sink: RowSink, groups: readonly LoadGroup[], loading: Loading): Promise<boolean> {
  const { stats, signal, others } = loading;
  const files = groups.flatMap((group) => group.files.map((file) => ({ group, file })));
  const count = loading.threads ?? threadsFor(files.map(({ file }) => file));
  const threads = count < 2 ? null : (loading.start ?? startTextThreads)(count);
  const appender = createAppender(sink);
  const stop = (): void => void threads?.close();
  signal.addEventListener('abort', stop);
  try {
    const pieces = await cut(files, threads === null ? null : loading);
    const ends: TextEnd[][] = files.map(() => []);
    const left = files.map(() => 0);
    for (const { at } of pieces) left[at]!++;
    let done = others;
    const tell = (): void => loading.onProgress({ files: done, of: files.length + others, bytes: stats.bytesRead });
    await inLanes(threads?.lanes ?? LANES, pieces, async (piece) => {
      const taker: TextTaker = {
        batch: (batch) => appender.append(piece.group.table, batch),
        bytes(read) {
          stats.bytesRead += read;
          tell();
        },
      };
      ends[piece.at]![piece.part] =
        threads === null ? await readHere(piece, taker, signal) : await readThere(threads, piece, taker, signal);
      if (--left[piece.at]! > 0) return;
      done++;
      tell();
    });
    await appender.idle();
    if (ends.some((own) => own.length > 1 && own.some(({ otherHeader }) => otherHeader))) return false;
    for (const [at, { file }] of files.entries()) note(file.part.ref.key, ends[at]!, loading);
    return true;
  } finally {
    signal.removeEventListener('abort', stop);
    await threads?.close();
    await appender.idle().catch(() => {});
    signal.throwIfAborted();
  }
}

function threadsFor(files: readonly TextFile[]): number {
  const bytes = files.reduce((sum, { part }) => sum + part.ref.sizeBytes, 0);
  return bytes < FEW_BYTES ? 1 : threadsAllowed();
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

async function readHere({ file, group }: Piece, taker: TextTaker, signal: AbortSignal): Promise<TextEnd> {
  const { format, ref } = file.part;
  const parser = createParser({ format, columns: group.columns, origin: ref.key });
  const batch = async (rows: RecordColumns): Promise<void> => {
    await taker.batch(rows);
    parser.giveBack(rows.buffer);
  };
  return readText(file.bytes(signal), parser, { ...taker, batch }, signal);
}

function readThere(
  threads: TextThreads,
  { file, group, range }: Piece,
  taker: TextTaker,
  signal: AbortSignal,
): Promise<TextEnd> {
  const { ref, path, format, once } = file.part;
  const own = once === true ? null : path;
  const { form, header } = file;
  const job = { origin: ref.key, format: format?.text ?? null, columns: group.columns, path: own, range, form, header };
  return threads.read(job, taker, own === null ? file.bytes(signal) : null);
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

type Appender = {
  /** Done when the rows are in the table. */
  append(table: string, batch: RecordColumns): Promise<void>;
  /** Done when all are; fails as the first that failed. */
  idle(): Promise<void>;
};

/** One statement at a time, as DuckDB's connection is one; what has come meanwhile goes into the next together. */
function createAppender(sink: RowSink): Appender {
  const waiting: { table: string; batch: RecordColumns; done: PromiseWithResolvers<void> }[] = [];
  let running: Promise<void> | null = null;
  let failed: { readonly error: unknown } | null = null;
  async function run(): Promise<void> {
    // What comes in the same breath goes together; and `running` is set before it is taken away.
    await Promise.resolve();
    while (waiting.length > 0) {
      const { table } = waiting[0]!;
      const other = waiting.findIndex((each) => each.table !== table);
      const together = waiting.splice(0, Math.min(TOGETHER, other < 0 ? waiting.length : other));
      try {
        if (failed !== null) throw failed.error;
        await sink.appendColumns(table, ...together.map(({ batch }) => batch));
        for (const { done } of together) done.resolve();
      } catch (error) {
        failed ??= { error };
        for (const { done } of together) done.reject(error);
      }
    }
    running = null;
  }
  return {
    append(table, batch) {
      const done = Promise.withResolvers<void>();
      waiting.push({ table, batch, done });
      running ??= run();
      return done.promise;
    },
    async idle() {
      await running;
      if (failed !== null) throw failed.error;
    },
  };
}
