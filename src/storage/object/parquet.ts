/**
 * Record text into Parquet as AWS types it.
 *
 * In:    record text in blocks of whole lines. Out: the bytes of a file with columns INT_32, INT_64 and UTF8 text, `-` as null,
 *        names with underscores, gzip pages, smallest and largest value of each column of a row group.
 * Holds: text goes through the parser that reads everybody's files, so Parquet holds what the text says. The same text
 *        gives the same bytes, whatever the number of threads. Two row groups are in memory, whatever there is to write:
 *        the columns of one are compressed side by side while the next is read.
 * Fails: with `FG_PARQUET_LINES` where the parser could not read a line; with what `write` fails with.
 */
import { failure } from '../../model/errors.ts';
import type { RecordColumns } from '../../record/columns.ts';
import { createPageMaker } from '../../record/column-pages.ts';
import type { ColumnPages } from '../../record/column-pages.ts';
import { columnName } from '../../record/fields/list.ts';
import type { LogFormat } from '../../record/format.ts';
import { dataHeader, dictionaryHeader, footerOf, MAGIC } from '../../record/parquet-frame.ts';
import type { Chunk, Group, RowColumn } from '../../record/parquet-frame.ts';
import { createParser } from '../../record/parse.ts';
import { discard, gzipWhole } from './gzip.ts';

/** Rows of a row group: as DuckDB and others have them, who read row groups side by side. */
const ROW_GROUP_ROWS = 122_880;
/** The number is that of the layout: other bytes for the same text are another number. */
const CREATED_BY = 'flowgauge version 1 (build 0)';
const TYPES = { INTEGER: 'i32', BIGINT: 'i64', VARCHAR: 'word' } as const;

/** The first bytes of a file. */
export const PARQUET_HEAD: Uint8Array = MAGIC;

/** A column chunk, ready to be written: its bytes in pieces, and what the footer says of it. */
type Ready = { readonly pieces: readonly Uint8Array[]; readonly chunkAt: (at: number) => Chunk };

/**
 * Gives the bytes behind `PARQUET_HEAD` to `write`, in order.
 *
 * @param blocks   their texts are given up: each is discarded when it has been read
 * @param origin   names the file in errors
 * @param threads  1: all is compressed in this thread
 * @param write    what it is given is discarded when its promise is kept
 */
export async function writeParquet(
  format: LogFormat,
  blocks: AsyncIterable<{ readonly text: Uint8Array }>,
  origin: string,
  threads: number,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const columns = format.fields.map((field): RowColumn => ({
    name: columnName(field.name),
    type: TYPES[field.column],
  }));
  const parser = createParser({ format, columns: null, origin, rowsPerBatch: ROW_GROUP_ROWS });
  const pagesOf = createPageMaker();
  const groups: Group[] = [];
  let at = PARQUET_HEAD.length;
  let last: Promise<void> = Promise.resolve();

  async function add(batch: RecordColumns): Promise<void> {
    const pages = batch.columns.map((column) => pagesOf(batch.rows, column));
    parser.giveBack(batch.buffer);
    await last;
    last = writeGroup(batch.rows, pages);
    // Whoever waits for it next sees its failure.
    last.catch(() => {});
  }

  async function writeGroup(rows: number, pages: readonly ColumnPages[]): Promise<void> {
    const ready = await Promise.all(pages.map((column) => readyOf(rows, column, threads)));
    const chunks: Chunk[] = [];
    for (const { pieces, chunkAt } of ready) {
      chunks.push(chunkAt(at));
      for (const piece of pieces) at += piece.length;
    }
    const pieces = ready.flatMap((column) => column.pieces);
    const whole = Buffer.concat(pieces);
    for (const piece of pieces) discard(piece);
    await write(whole);
    discard(whole);
    groups.push({ rows, chunks });
  }

  for await (const { text } of blocks) {
    const batches = parser.push(text);
    discard(text);
    for (const batch of batches) await add(batch);
  }
  for (const batch of parser.end()) await add(batch);
  await last;
  const [bad] = parser.described;
  if (bad !== undefined) throw failure('FG_PARQUET_LINES', parser.badLines, bad.line, bad.cause);
  await write(footerOf(columns, groups, 'gzip', CREATED_BY));
}

async function readyOf(rows: number, { dictionary, values, bounds }: ColumnPages, threads: number): Promise<Ready> {
  const [words, data] = await Promise.all([
    dictionary === null ? null : gzipWhole(dictionary.bytes, threads),
    gzipWhole(values, threads),
  ]);
  const saved = (dictionary?.bytes.length ?? 0) - (words?.length ?? 0) + values.length - data.length;
  const header = Uint8Array.from(dataHeader(rows, words !== null, values.length, data.length));
  const before =
    words === null || dictionary === null
      ? []
      : [Uint8Array.from(dictionaryHeader(dictionary.count, dictionary.bytes.length, words.length)), words];
  if (dictionary !== null) discard(dictionary.bytes);
  discard(values);
  const pieces = [...before, header, data];
  const lengthOf = (list: readonly Uint8Array[]): number => list.reduce((sum, { length }) => sum + length, 0);
  const bytes = lengthOf(pieces);
  return {
    pieces,
    chunkAt: (at) => ({
      at,
      bytes,
      plainBytes: bytes + saved,
      data: at + lengthOf(before),
      hasDictionary: words !== null,
      bounds,
    }),
  };
}
