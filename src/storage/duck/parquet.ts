/**
 * Record text into a Parquet file as AWS types it.
 *
 * In:    record text in blocks of whole lines. Out: a file with columns INT_32, INT_64 and STRING, `-` as null, names with
 *        underscores, gzip pages.
 * Holds: text goes through the parser that reads everybody's files, so Parquet holds what the text says. The same text
 *        gives the same bytes, whatever the number of threads.
 * Fails: with `FG_PARQUET_LINES` where the parser could not read a line; with DuckDB's error, as of a full disk.
 */
import { dirname } from 'node:path';
import { failure } from '../../model/errors.ts';
import { columnName } from '../../record/fields/list.ts';
import type { LogFormat } from '../../record/format.ts';
import { createParser } from '../../record/parse.ts';
import { openDuck } from './duck.ts';
import { quoteName, quoteText } from './quote.ts';

/** DuckDB's memory; more is spilled. */
const MEMORY_BYTES = 512_000_000;
/** Rows of a row group: DuckDB's own default, named because the bytes depend on it. */
const ROW_GROUP_ROWS = 122_880;

/**
 * Writes the file.
 *
 * @param spillDirectory  where DuckDB may put what memory does not hold; made when it is needed and removed
 */
export async function writeParquet(
  format: LogFormat,
  blocks: AsyncIterable<{ readonly text: Uint8Array }>,
  path: string,
  spillDirectory: string,
): Promise<void> {
  const duck = await openDuck({
    directories: [dirname(path)],
    tempDirectory: spillDirectory,
    memoryLimitBytes: MEMORY_BYTES,
  });
  try {
    const types = format.fields.map((field) => `${quoteName(columnName(field.name))} ${field.column}`);
    await duck.run(`CREATE TABLE records (${types.join(', ')})`);
    const parser = createParser({ format, columns: null, origin: path });
    for await (const { text } of blocks) {
      for (const batch of parser.push(text)) {
        await duck.appendColumns('records', batch);
        parser.giveBack(batch.buffer);
      }
    }
    for (const batch of parser.end()) await duck.appendColumns('records', batch);
    const [bad] = parser.described;
    if (bad !== undefined) throw failure('FG_PARQUET_LINES', parser.badLines, bad.line, bad.cause);
    await duck.run(
      `COPY records TO ${quoteText(path)} (FORMAT parquet, COMPRESSION gzip, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
  } finally {
    await duck.close();
  }
}
