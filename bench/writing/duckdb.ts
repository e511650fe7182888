/**
 * DuckDB's side of P5, as a process of its own: a table that is loaded already, by COPY to one csv.gz file.
 *
 *   bin/node bench/writing/duckdb.ts IN.gz OUT.gz THREADS
 *
 * In:    a file of records to load. Out: the file; on stdout what COPY alone took, and DuckDB's version, as JSON.
 */
import { dirname } from 'node:path';

import { openDuck, quoteText } from '../../src/storage/duck/duck.ts';
import { stopwatch } from './stopwatch.ts';

const [from = '', to = '', threads = '2'] = process.argv.slice(2);
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
await duck.run(
  `CREATE TABLE records AS FROM read_csv(${quoteText(from)}, delim = ' ', header = true, columns = {${types.join(', ')}})`,
);
const [[version] = []] = await duck.all('SELECT version()');
const taken = stopwatch();
await duck.run(`COPY records TO ${quoteText(to)} (FORMAT csv, DELIMITER ' ', HEADER, COMPRESSION gzip)`);
const used = taken();
await duck.close();
process.stdout.write(`${JSON.stringify({ ...used, version })}\n`);
