/**
 * Our side of P2, as a process of its own: text files to rows that DuckDB answers from, to a table in a database file that
 * DuckDB has open, or one question to two columns.
 *
 *   bin/node bench/reading/ours.ts DIR|FILE load|table|two
 *
 * In:    where the files lie. Out: on stdout what it took, with the rows and the sum of `bytes`, as JSON.
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { databaseFiles } from '../../src/lake/read/database-file.ts';
import { openFlowTable } from '../../src/lake/read/flow-table.ts';
import { openSource } from '../../src/lake/read/open-source.ts';
import { quoteText } from '../../src/storage/duck/quote.ts';
import { stopwatch } from '../writing/stopwatch.ts';
import { CHECK, TWO } from './question.ts';

const [place = '', what = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const taken = stopwatch();
const file = join(tmpdir(), `flowgauge-bench-${process.pid}.duckdb`);
const table = await openFlowTable(await openSource(place), signal, databaseFiles(file));
await table.define(what === 'two' ? new Set(['srcaddr', 'bytes']) : null);
if (what === 'table') {
  await table.save(file, signal, () => {});
  await table.duck.run(`ATTACH ${quoteText(file)} AS rows (READ_ONLY)`);
} else await table.load(signal, () => {});
if (what === 'two') await table.duck.all(TWO('flow_logs'));
const used = taken();
const [[rows, sum] = []] = await table.duck.all(CHECK(what === 'table' ? 'rows.records' : 'flow_logs'));
rmSync(file, { force: true });
await table.close();
process.stdout.write(`${JSON.stringify({ ...used, rows, sum })}\n`);
