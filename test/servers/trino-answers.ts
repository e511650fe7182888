/**
 * The saved queries on a real Trino, by hand: `bin/node test/servers/trino-answers.ts`.
 *
 * In:    nothing. Out: a line for each answer that is not what Python computed, then how many are; exit 1 where one is not
 *        and none is known to differ.
 * Holds: each case is asked over text and over Parquet of its file, or over Parquet of all files, which hold different fields.
 */
import assert from 'node:assert/strict';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { boundQuestion } from '../../src/query/ask.ts';
import { remoteEngine } from '../../src/query/engines/remote.ts';
import { trino } from '../../src/query/engines/trino.ts';
import { askTrino } from '../../src/query/engines/trino-client.ts';
import { CASES, lakeTables, tablesOf } from './lake-tables.ts';
import { startTrino } from './trino.ts';

/** A table does not say which of its files hold a field: NULL is taken for "not held". docs/engines.md tells of it. */
const DIFFER = new Set(['nat-gateway-bytes next_hop_v11_text', 'nat-gateway-bytes next_hop_v11_parquet']);
const never = new AbortController().signal;

const place = await startTrino();
const server = { url: place.url, user: 'flowgauge', password: null };
try {
  await run('CREATE SCHEMA lake.logs');
  for (const { name, kind, columns, files } of await lakeTables()) {
    for (const file of files)
      await place.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: `${name}/${file.name}`, Body: file.bytes }));
    const list = columns.map((column) => `"${column.name}" ${column.type}`).join(', ');
    const form =
      kind === 'text'
        ? "format = 'TEXTFILE', textfile_field_separator = ' ', skip_header_line_count = 1"
        : "format = 'PARQUET'";
    await run(`CREATE TABLE lake.logs.${name} (${list}) WITH (${form}, external_location = 's3://lake/${name}/')`);
  }
  const counts = { same: 0, different: 0, known: 0 };
  for (const { query, parameters, over, columns, rows } of CASES) {
    for (const table of tablesOf(over)) {
      const remote = trino(server, `lake.logs.${table}`, null);
      const answer = await remoteEngine(remote).run(boundQuestion(query, parameters, remote.dialect), never);
      const found: unknown[] = [];
      for await (const batch of answer.rows) found.push(...batch);
      try {
        assert.deepEqual(
          answer.columns.map(({ name }) => name),
          columns,
        );
        assert.deepEqual(found, rows);
        counts.same++;
      } catch (error) {
        counts[DIFFER.has(`${query} ${table}`) ? 'known' : 'different']++;
        console.log(`${query} ${JSON.stringify(parameters)} over ${table}: ${(error as Error).message.slice(0, 400)}`);
      }
    }
  }
  const names = new Set(CASES.map(({ query }) => query)).size;
  console.log(`${names} saved queries: ${counts.same} answers as they should be, ${counts.known} known to differ, ${counts.different} wrong`); // prettier-ignore
  if (counts.different > 0) process.exitCode = 1;
} finally {
  await place.stop();
}

async function run(sql: string): Promise<void> {
  for await (const _ of (await askTrino(server, sql, never)).pages);
}
