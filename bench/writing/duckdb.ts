/**
 * DuckDB's side of writing, as a process of its own: a table by COPY to one csv.gz file, or text loaded and copied to Parquet.
 *
 *   bin/node bench/writing/duckdb.ts IN OUT THREADS [parquet]
 *
 * In:    a file of records to load. Out: the file; on stdout what COPY alone took, with `parquet` what loading and COPY took,
 *        and DuckDB's version, as JSON. Parquet has gzip pages, as ours has.
 */
import { dirname } from 'node:path';

import { openDuck, quoteText } from '../../src/storage/duck/duck.ts';
import { stopwatch } from './stopwatch.ts';

const [from = '', to = '', threads = '2', format = 'csv'] = process.argv.slice(2);
const COLUMNS = {
  version: 'INTEGER',
  'account-id': 'VARCHAR',
  'interface-id': 'VARCHAR',
  srcaddr: 'VARCHAR',
  dstaddr: 'VARCHAR',
  srcport: 'INTEGER',
  dstport: 'INTEGER',
  protocol: 'INTEGER',
  packets: 'BIGINT',
  bytes: 'BIGINT',
  start: 'BIGINT',
  end: 'BIGINT',
  action: 'VARCHAR',
  'log-status': 'VARCHAR',
};
const duck = await openDuck({ directories: [dirname(from), dirname(to)], threads: Number(threads) });
const types = Object.entries(COLUMNS).map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
const withLoading = stopwatch();
await duck.run(
  `CREATE TABLE records AS FROM read_csv(${quoteText(from)}, delim = ' ', header = true, columns = {${types.join(', ')}})`,
);
const [[version] = []] = await duck.all('SELECT version()');
const copying = stopwatch();
const form = format === 'parquet' ? 'FORMAT parquet' : "FORMAT csv, DELIMITER ' ', HEADER";
await duck.run(`COPY records TO ${quoteText(to)} (${form}, COMPRESSION gzip)`);
const used = format === 'parquet' ? withLoading() : copying();
await duck.close();
process.stdout.write(`${JSON.stringify({ ...used, version })}\n`);
