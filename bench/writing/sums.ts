/**
 * What is in objects, counted by DuckDB as a process of its own.
 *
 *   bin/node bench/writing/sums.ts DIR plain-text|parquet
 *
 * In:    a directory of objects of the default format. Out: rows and the sum of `bytes`, as JSON on stdout.
 */
import { openDuck, quoteText } from '../../src/storage/duck/duck.ts';

const [directory = '', format = ''] = process.argv.slice(2);
const duck = await openDuck({ directories: [directory] });
const files = (ending: string): string => quoteText(`${directory}/**/*${ending}`);
const table =
  format === 'parquet'
    ? `read_parquet(${files('.parquet')})`
    : `read_csv(${files('.gz')}, delim = ' ', header = true, nullstr = '-')`;
const [[rows, bytes] = []] = await duck.all(`SELECT count(*), sum(bytes) FROM ${table}`);
await duck.close();
process.stdout.write(`${JSON.stringify({ rows: Number(rows), bytes: Number(bytes) })}\n`);
