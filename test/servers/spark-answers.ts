/**
 * The saved queries on PySpark over compacted lakes, by hand: `bin/node test/servers/spark-answers.ts`.
 *
 * In:    nothing. Out: a line for each answer that is not what Python computed, then how many are; exit 1 where one is not and none is
 *        known to differ.
 * Holds: each lake is read by the two lines of docs/lake.md, and flow logs as AWS writes them by those of docs/engines.md.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LAKE_FOLDER } from '../../src/lake/read/compacted/manifest.ts';
import { compactPlaces } from '../../src/lake/keep/compact-places.ts';
import { ddlOf } from '../../src/lake/keep/ddl.ts';
import { storedTables } from '../../src/lake/keep/stored-tables.ts';
import { SLOT_SECONDS, buildBucket } from '../../src/lake/read/build-bucket.ts';
import { ask, boundQuestion } from '../../src/query/ask.ts';
import { remoteEngine } from '../../src/query/engines/remote.ts';
import { compactDirectory } from '../conformance/lake/compacted.ts';
import { CASES } from './lake-tables.ts';
import { SPARK, startSpark } from './spark.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const RECORDS = join(import.meta.dirname, '../fixtures/saved-queries');
const FILES = readdirSync(RECORDS).filter((name) => name.endsWith('.log'));
/** A table does not say which of its files hold a field: NULL is taken for "not held". docs/engines.md tells of it. */
const DIFFER = new Set(['nat-gateway-bytes next-hop-v11.log']);
const never = new AbortController().signal;

/** Lines of a page that begin with a word, a place in them replaced. */
function linesOf(page: string, begin: RegExp, place: string, by: string): string {
  const lines = readFileSync(join(DOCS, page), 'utf8').split('\n');
  const found = lines.filter((line) => begin.test(line));
  assert.ok(found.length > 0 && found[0]!.includes(place), `${page} has no such lines`);
  return found.map((line) => line.replace(place, by)).join('\n');
}

const spark = startSpark();
const buckets: ReturnType<typeof buildBucket>[] = [];
try {
  const counts = { same: 0, different: 0, known: 0 };
  for (const over of [null, ...new Set(CASES.flatMap((each) => each.over ?? []))]) {
    const bucket = buildBucket();
    buckets.push(bucket);
    for (const name of over === null ? FILES : [over]) {
      const lines = readFileSync(join(RECORDS, name), 'utf8').trimEnd().split('\n');
      bucket.text(lines, { slotSeconds: SLOT_SECONDS });
    }
    await compactDirectory(bucket.directory);
    const records = join(bucket.directory, `${LAKE_FOLDER}records`);
    await spark.run(linesOf('lake.md', /^flow_logs[ .]/u, 's3a://logs/prod/flowgauge-lake/records', records));
    for (const { query, parameters, columns, rows } of CASES.filter((each) => each.over === over)) {
      const what = `${query} ${over ?? 'all files'}`;
      try {
        const remote = {
          name: 'trino',
          dialect: SPARK,
          table: 'flow_logs',
          range: null,
          ask: (sql: string) => spark.ask(sql),
        } as const;
        const answer = await remoteEngine(remote).run(boundQuestion(query, parameters, SPARK), never);
        const found: unknown[] = [];
        for await (const batch of answer.rows) found.push(...batch);
        assert.deepEqual(
          answer.columns.map(({ name }) => name),
          columns,
        );
        assert.deepEqual(found, rows);
        counts.same++;
      } catch (error) {
        counts[DIFFER.has(what) ? 'known' : 'different']++;
        console.log(`${what} ${JSON.stringify(parameters)}: ${(error as Error).message.slice(0, 1000)}`);
      }
    }
  }
  await asDelivered();
  const names = new Set(CASES.map(({ query }) => query)).size;
  console.log(`${names} saved queries over lakes: ${counts.same} answers as they should be, ${counts.known} known to differ, ${counts.different} wrong`); // prettier-ignore
  if (counts.different > 0) process.exitCode = 1;
} finally {
  await spark.stop();
  for (const bucket of buckets) bucket.remove();
}

/** One question by both lines of docs/engines.md, and by the views that `ddl spark` prints of a lake and of its objects. */
async function asDelivered(): Promise<void> {
  const text = buildBucket();
  const parquet = buildBucket();
  buckets.push(text, parquet);
  text.text(readFileSync(join(RECORDS, 'default-v2.log'), 'utf8').trimEnd().split('\n'));
  await parquet.parquet(
    "SELECT '10.0.0.1' AS srcaddr, 100::BIGINT AS bytes, 'ACCEPT' AS action UNION ALL SELECT '10.0.0.2', 7, 'ACCEPT'",
  );
  for (const [begin, { directory }] of [
    [/^flow_logs = spark\.read\.csv/u, text],
    [/^flow_logs = spark\.read\.option.*recursiveFileLookup/u, parquet],
  ] as const) {
    const wanted: unknown[] = [];
    for await (const rows of (await ask(directory, questionOf('flow_logs'))).rows) wanted.push(...rows);
    const line = linesOf('engines.md', begin, 'logs/AWSLogs', join(directory, 'AWSLogs'));
    await spark.run(`${line}\nflow_logs.createOrReplaceTempView("flow_logs")`);
    await compare(directory === text.directory ? 'text' : 'Parquet', 'flow_logs', wanted);
    await compactDirectory(directory);
    const { from, lake } = compactPlaces(directory);
    const tables = await storedTables(from, lake, never);
    for (const statement of ddlOf('spark', tables, 'printed').split(/;\n/u))
      if (/CREATE/u.test(statement)) await spark.ask(statement);
    for (const [at, { kind }] of tables.entries())
      await compare(`ddl spark, ${kind}`, at === 0 ? 'printed' : `printed_${at + 1}`, wanted);
  }
}

function questionOf(table: string): string {
  return `SELECT srcaddr, CAST(sum(CAST(bytes AS bigint)) AS bigint) AS bytes FROM ${table} WHERE action = 'ACCEPT'
GROUP BY srcaddr
ORDER BY bytes DESC, srcaddr
LIMIT 3`;
}

async function compare(what: string, table: string, wanted: readonly unknown[]): Promise<void> {
  const found: unknown[] = [];
  for await (const rows of (await spark.ask(questionOf(table))).pages) found.push(...rows);
  assert.deepEqual(found, wanted);
  console.log(`${what}: ${JSON.stringify(found)}, as DuckDB has it`);
}
