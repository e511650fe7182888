/**
 * Text files into tables.
 *
 * In:    files by format, and a table for each format. Out: their rows in the tables.
 * Holds: broken lines are counted by file, and what was read of a file that ends early is kept: its last, cut line is
 *        not. Several files are unpacked at one time; parsing gives the thread back every megabyte.
 * Fails: with the signal's reason; with DuckDB's error when it has no memory left.
 */
import type { RecordColumns } from '../../record/columns.ts';
import { createParser } from '../../record/parse.ts';
import type { RecordParser } from '../../record/parse.ts';
import { inLanes } from './lanes.ts';
import type { Note } from './note.ts';
import type { Progress } from './progress.ts';
import type { TextFile } from './text-file.ts';
import { whyUnread } from './forms/packing.ts';

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
};

/** What takes the rows: a database, or something before one. */
export type RowSink = { appendColumns(table: string, records: RecordColumns): Promise<void> };

/** Files unpacked at one time: the pool of `node:zlib` has four threads. */
const LANES = 4;
const NEWLINE = 10;
/** Behind a line that was cut: no field is empty, so with this it is no record, however many fields it had. */
const BREAK = Buffer.from('  \n');

/** Loads all files of all groups. */
export async function loadText(sink: RowSink, groups: readonly LoadGroup[], loading: Loading): Promise<void> {
  const files = groups.flatMap((group) => group.files.map((file) => ({ group, file })));
  const of = files.length + loading.others;
  let done = loading.others;
  let appending: Promise<void> = Promise.resolve();
  await inLanes(LANES, files, async ({ group, file }) => {
    const parser = createParser({ format: file.part.format, columns: group.columns, origin: file.part.ref.key });
    const append = async (batches: ReturnType<RecordParser['push']>): Promise<void> => {
      for (const batch of batches) {
        // One appender at a time: DuckDB's connection is one.
        const before = appending;
        appending = before.then(() => sink.appendColumns(group.table, batch));
        await appending;
        parser.giveBack(batch.buffer);
      }
    };
    await readFile(file, parser, append, loading, () =>
      loading.onProgress({ files: done, of, bytes: loading.stats.bytesRead }),
    );
    noteBadLines(parser, loading);
    done++;
    loading.onProgress({ files: done, of, bytes: loading.stats.bytesRead });
  });
}

async function readFile(
  file: TextFile,
  parser: RecordParser,
  append: (batches: ReturnType<RecordParser['push']>) => Promise<void>,
  { notes, stats, signal }: Loading,
  tell: () => void,
): Promise<void> {
  const chunks = file.bytes(signal)[Symbol.asyncIterator]();
  let last = NEWLINE;
  try {
    for (;;) {
      let next;
      try {
        next = await chunks.next();
      } catch (error) {
        signal.throwIfAborted();
        notes.push({ kind: 'unreadable', file: file.part.ref.key, why: whyUnread(error) });
        if (last !== NEWLINE) await append(parser.push(BREAK));
        break;
      }
      if (next.done === true) break;
      signal.throwIfAborted();
      if (next.value.length === 0) continue;
      last = next.value.at(-1)!;
      await append(parser.push(next.value));
      stats.bytesRead += next.value.length;
      tell();
    }
  } finally {
    await chunks.return?.(undefined);
  }
  await append(parser.end());
}

function noteBadLines(parser: RecordParser, { notes, stats }: Loading): void {
  const first = parser.described[0];
  if (first === undefined) return;
  stats.badLines += parser.badLines;
  notes.push({ kind: 'bad-lines', file: first.origin, count: parser.badLines, first });
}
