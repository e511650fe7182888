/**
 * DuckDB's side of P2, as a process of its own: its own reader of CSV, told what the columns are.
 *
 *   bin/node bench/reading/duckdb.ts DIR|FILE load|any-order|file|two|table
 *
 * In:    where the files lie. Out: on stdout what it took, with the rows and the sum of `bytes`, and DuckDB's version, as
 *        JSON.
 * Holds: all columns typed as AWS's Parquet has them, `-` is NULL; nothing has to be guessed. `two` scans the files, and
 *        DuckDB converts the two columns only. `load` fills a table in memory, `any-order` one whose rows may come in another
 *        order than in the files, `file` that and a database file of its own, checkpointed. `table` loads, and tells what a copy of the loaded table took: the
 *        least that rows in a table cost, wherever they come from.
 */
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { databaseFiles } from '../../src/lake/read/database-file.ts';
import { openDuck, quoteText } from '../../src/storage/duck/duck.ts';
import { stopwatch } from '../writing/stopwatch.ts';
import { CHECK, TWO } from './question.ts';

const INTEGERS = new Set(['version', 'srcport', 'dstport', 'protocol', 'tcp-flags', 'traffic-path']);
const BIG = new Set(['packets', 'bytes', 'start', 'end']);

const [place = '', what = ''] = process.argv.slice(2);
const directory = statSync(place).isFile() ? dirname(place) : place;
const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
const files = names
  .filter((name) => /\.log(\.gz)?$/.test(name))
  .map((name) => join(directory, name))
  .sort();
const first = readFileSync(files[0]!);
const text = files[0]!.endsWith('.gz') ? gunzipSync(first) : first;
const header = text.toString('utf8', 0, text.indexOf(10)).split(' ');
const typeOf = (name: string): string => (INTEGERS.has(name) ? 'INTEGER' : BIG.has(name) ? 'BIGINT' : 'VARCHAR');
const types = header.map((name) => `${quoteText(name)}: ${quoteText(typeOf(name))}`);
const scan = `read_csv([${files.map(quoteText).join(', ')}], delim = ' ', header = true, nullstr = '-', columns = {${types.join(', ')}})`;

const file = join(tmpdir(), `flowgauge-bench-${process.pid}.duckdb`);
const duck = await openDuck({
  directories: [directory],
  anyOrder: what === 'any-order' || what === 'file',
  files: databaseFiles(file),
  ...(what === 'file' ? { path: file } : {}),
});
const [[version] = []] = await duck.all('SELECT version()');
const load = `CREATE TABLE flow_logs AS FROM ${scan}`;
if (what === 'table') await duck.run(load);
const taken = stopwatch();
if (what === 'two') await duck.all(TWO(scan));
else if (what === 'table') await duck.run('CREATE TABLE copied AS FROM flow_logs');
else await duck.run(load);
if (what === 'file') await duck.run('CHECKPOINT');
const used = taken();
const [[rows, sum] = []] = await duck.all(CHECK(what === 'two' ? scan : 'flow_logs'));
await duck.close();
rmSync(file, { force: true });
process.stdout.write(`${JSON.stringify({ ...used, rows, sum, version })}\n`);
