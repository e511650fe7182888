/**
 * Our side of P2, as a process of its own: text files to rows that DuckDB answers from, the same in a table of DuckDB, or one
 * question to two columns.
 *
 *   bin/node bench/reading/ours.ts DIR|FILE load|table|two
 *
 * In:    where the files lie. Out: on stdout what it took, with the rows and the sum of `bytes`, as JSON.
 */
import { openFlowTable } from '../../src/lake/read/flow-table.ts';
import { openSource } from '../../src/lake/read/open-source.ts';
import { stopwatch } from '../writing/stopwatch.ts';
import { CHECK, TWO } from './question.ts';

const [place = '', what = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const taken = stopwatch();
const table = await openFlowTable(await openSource(place), signal);
await table.define(what === 'two' ? new Set(['srcaddr', 'bytes']) : null);
await table.load(signal, () => {});
if (what === 'table')
  await table.duck.run('CREATE TABLE rows AS SELECT * EXCLUDE (start_time, end_time) FROM flow_logs');
if (what === 'two') await table.duck.all(TWO('flow_logs'));
const used = taken();
const [[rows, sum] = []] = await table.duck.all(CHECK(what === 'table' ? 'rows' : 'flow_logs'));
await table.close();
process.stdout.write(`${JSON.stringify({ ...used, rows, sum })}\n`);
