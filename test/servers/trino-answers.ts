/**
 * The saved queries on a real Trino, by hand: `bin/node test/servers/trino-answers.ts`.
 *
 * In:    nothing. Out: a line for each answer that is not what Python computed, then how many are; exit 1 where one is not
 *        and none is known to differ.
 * Holds: each case is asked over text and over Parquet of its file, or over Parquet of all files, which hold different fields. Then the
 *        tables that `ddl trino` prints, of a lake and of the objects it was made of, are asked for ranges of time.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { compact } from '../../src/lake/keep/compact.ts';
import { compactPlaces } from '../../src/lake/keep/compact-places.ts';
import { ddlOf } from '../../src/lake/keep/ddl.ts';
import { storedTables } from '../../src/lake/keep/stored-tables.ts';
import { buildBucket } from '../../src/lake/read/build-bucket.ts';
import { ask, boundQuestion } from '../../src/query/ask.ts';
import { remoteEngine } from '../../src/query/engines/remote.ts';
import { trino } from '../../src/query/engines/trino.ts';
import { askTrino } from '../../src/query/engines/trino-client.ts';
import { SLOT_SECONDS } from '../../src/storage/object/keys.ts';
import { s3Store } from '../../src/storage/object/stores/s3.ts';
import { CASES, lakeTables, tablesOf } from './lake-tables.ts';
import { upload, useCredentials } from './s3-place.ts';
import { BUCKET, startTrino } from './trino.ts';

const RECORDS = join(import.meta.dirname, '../fixtures/saved-queries');

/** A table does not say which of its files hold a field: NULL is taken for "not held". docs/engines.md tells of it. */
const DIFFER = new Set(['nat-gateway-bytes next_hop_v11_text', 'nat-gateway-bytes next_hop_v11_parquet']);
const never = new AbortController().signal;
/** Where `end` stands in a line of the default format. */
const END = 11;

const place = await startTrino();
const server = { url: place.url, user: 'flowgauge', password: null };
try {
  await run('CREATE SCHEMA lake.logs');
  for (const { name, kind, columns, files } of await lakeTables()) {
    for (const file of files)
      await place.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${name}/${file.name}`, Body: file.bytes }));
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
  await asPrinted();
} finally {
  await place.stop();
}

async function run(sql: string): Promise<void> {
  for await (const _ of (await askTrino(server, sql, never)).pages);
}

/** Tables whose partitions are projected. */
async function asPrinted(): Promise<void> {
  const from = `s3://${BUCKET}/place`;
  const bucket = buildBucket();
  try {
    const [header = '', ...lines] = readFileSync(join(RECORDS, 'default-v2.log'), 'utf8').trimEnd().split('\n');
    // Each in the object of its time: which are looked at for a range is told by their names.
    const slots = Map.groupBy(lines, (line) => Math.floor(Number(line.split(' ')[END]) / SLOT_SECONDS) * SLOT_SECONDS);
    for (const [slotSeconds, some] of slots) bucket.text([header, ...some], { slotSeconds });
    useCredentials(place);
    await upload(s3Store(BUCKET, { endpoint: place.endpoint }), bucket.directory, (path) => `place/${path}`);
  } finally {
    bucket.remove();
  }
  const access = { endpoint: place.endpoint };
  const places = compactPlaces(from, undefined, access);
  const how = { by: 'day', nowSeconds: Math.floor(Date.now() / 1000), settleSeconds: 0, memoryBytes: 500e6 } as const;
  await compact(places.from, places.lake, { ...how, rollups: false, signal: never, onProgress: () => {} });
  const tables = await storedTables(places.from, places.lake, never);
  for (const statement of ddlOf('trino', tables, 'lake"."logs"."printed').split(/;\n/u))
    if (/CREATE/u.test(statement)) await run(statement.replace(/^--.*$/gmu, '').replace(/;\s*$/u, ''));
  for (const [at, { kind }] of tables.entries()) {
    const name = at === 0 ? 'printed' : `printed_${at + 1}`;
    for (const day of ['2026-11-20', '2026-11-22', '2026-11-23', '2026-12-31']) {
      const startSeconds = Date.parse(day) / 1000;
      const range = { startSeconds, endSeconds: startSeconds + 86_400 };
      const found: unknown[] = [];
      const remote = trino(server, `lake.logs.${name}`, range);
      const question = boundQuestion('top-talkers', {}, remote.dialect);
      for await (const batch of (await remoteEngine(remote).run(question, never)).rows) found.push(...batch);
      const wanted: unknown[] = [];
      const answer = await ask(from, 'top-talkers', {}, { source: { access }, range }).catch(() => null);
      for await (const batch of answer?.rows ?? []) wanted.push(...batch);
      assert.deepEqual(found, wanted, `${kind}, ${day}`);
      console.log(`ddl trino, ${kind}, ${day}: ${found.length} rows, as DuckDB has them`);
    }
  }
}
