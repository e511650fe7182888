import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildBucket, SLOT_SECONDS } from '../../../src/lake/read/build-bucket.ts';
import { LAKE_FOLDER } from '../../../src/lake/read/compacted/manifest.ts';
import { ask } from '../../../src/query/ask.ts';
import type { AskOptions } from '../../../src/query/ask.ts';
import { findSaved } from '../../../src/query/find.ts';
import { SAVED_QUERIES } from '../../../src/query/saved/list.ts';
import { shortName } from '../../../src/query/saved-query.ts';
import { compactDirectory, LATER_SECONDS } from './compacted.ts';

const RECORDS = join(import.meta.dirname, '../../fixtures/saved-queries');

/** As src/query/saved/answers.test.ts has them. */
type Case = {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly over: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
};
const CASES = JSON.parse(readFileSync(join(RECORDS, 'answers/answers.json'), 'utf8')) as readonly Case[];
const FILES = readdirSync(RECORDS).filter((name) => name.endsWith('.log'));

/** A bucket with records of a file in an object for each third of its lines, of three hours. */
function bucketOf(names: readonly string[]): ReturnType<typeof buildBucket> {
  const bucket = buildBucket();
  for (const name of names) {
    const [header = '', ...lines] = readFileSync(join(RECORDS, name), 'utf8').trimEnd().split('\n');
    for (let part = 0; part < 3; part++)
      bucket.text([header, ...lines.filter((_, at) => at % 3 === part)], { slotSeconds: SLOT_SECONDS + part * 3600 });
  }
  return bucket;
}

const buckets = new Map<string, ReturnType<typeof buildBucket>>();
/** What is asked, of all files and of each: as it lies there, compacted with and without roll-ups, and some of it compacted. */
const FORMS = ['raw', 'rolled up', 'compacted', 'mixed'] as const;

before(async () => {
  for (const over of [null, ...new Set(CASES.flatMap((each) => each.over ?? []))])
    for (const form of over === null ? FORMS : (['rolled up'] as const)) {
      const bucket = bucketOf(over === null ? FILES : [over]);
      buckets.set(`${over} ${form}`, bucket);
      if (form === 'raw') continue;
      // The last of the three hours has not ended where it is mixed.
      const nowSeconds = form === 'mixed' ? SLOT_SECONDS + 2 * 3600 : LATER_SECONDS;
      const report = await compactDirectory(bucket.directory, { rollups: form !== 'compacted', nowSeconds });
      const objects = (over === null ? FILES.length : 1) * 3;
      assert.equal(report.objects + report.waiting, objects);
      assert.equal(report.waiting > 0, form === 'mixed');
    }
});
after(() => {
  for (const bucket of buckets.values()) bucket.remove();
});

async function answerOf(from: string, query: string, parameters: Case['parameters'], options: AskOptions = {}) {
  const answer = await ask(from, query, parameters, options);
  const rows: unknown[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return { columns: answer.columns, rows, notes: answer.notes };
}

/** Forms in which an answer may differ: a query that takes no roll-ups reads the same files with and without them. */
function formsOf({ query, over }: Case): readonly (typeof FORMS)[number][] {
  if (over !== null) return ['rolled up'];
  return findSaved(query).sums === true ? ['rolled up', 'compacted', 'mixed'] : ['rolled up', 'mixed'];
}

for (const one of CASES) {
  const { query, parameters, over, rows } = one;
  const given = Object.entries(parameters).map(([name, value]) => ` ${name}=${value}`);
  test(`${query}${given.join('')} gives what Python gives over ${over ?? 'all files'}: ${formsOf(one).join(', ')}`, async () => {
    const [first, ...others] = await Promise.all(
      formsOf(one).map((form) => answerOf(buckets.get(`${over} ${form}`)!.directory, query, parameters)),
    );
    assert.deepEqual(first!.rows, rows);
    assert.deepEqual(
      first!.columns.map(({ name }) => name),
      one.columns,
    );
    for (const other of others) assert.deepEqual(other, first);
  });
}

test('every saved query is one of the cases', () => {
  const asked = new Set(CASES.map(({ query }) => query));
  for (const { name } of SAVED_QUERIES) assert.ok(asked.has(shortName(name)), name);
});

test('a range that cuts through hours and windows gives the same rows whatever was compacted', async () => {
  const [raw, ...others] = FORMS.map((form) => buckets.get(`null ${form}`)!.directory);
  const { rows } = await answerOf(raw!, 'SELECT min(start), max("end") FROM flow_logs', {});
  const [[first, last]] = rows as [[number, number]];
  for (const query of ['top-talkers', 'bytes-over-time', 'rejected-traffic', 'traffic-by-interface', 'port-scans'])
    for (const [from, to] of [
      [0.2, 0.9],
      [0.5, 0.55],
      [0.98, 1.1],
    ] as const) {
      const range = {
        startSeconds: Math.floor(first + (last - first) * from),
        endSeconds: Math.floor(first + (last - first) * to),
      };
      const wanted = await answerOf(raw!, query, {}, { range });
      for (const other of others)
        assert.deepEqual((await answerOf(other, query, {}, { range })).rows, wanted.rows, query);
    }
});

test('what there is to note, and the types of the columns, are those of the objects', async () => {
  for (const query of ['top-talkers', 'cross-zone-bytes', 'busy-minutes', 'log-gaps']) {
    const [raw, rolledUp] = await Promise.all(
      (['raw', 'rolled up'] as const).map((form) => answerOf(buckets.get(`null ${form}`)!.directory, query, {})),
    );
    assert.deepEqual(rolledUp, raw);
  }
});

test('a query of sums reads roll-ups and no record', async () => {
  const bucket = bucketOf(FILES);
  try {
    await compactDirectory(bucket.directory);
    const before = new Map<string, unknown>();
    const sums = CASES.filter(({ query, over }) => over === null && findSaved(query).sums === true);
    for (const { query, parameters } of sums)
      before.set(query, (await answerOf(bucket.directory, query, parameters)).rows);
    assert.equal(before.size, SAVED_QUERIES.filter((query) => query.sums === true).length);
    const folder = join(bucket.directory, LAKE_FOLDER, 'records');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.parquet'),
    ))
      writeFileSync(join(folder, name), Buffer.alloc(statSync(join(folder, name)).size));
    for (const { query, parameters } of sums)
      assert.deepEqual((await answerOf(bucket.directory, query, parameters)).rows, before.get(query), query);
    await assert.rejects(answerOf(bucket.directory, 'port-scans', {}), { code: 'FG_SOURCE_UNREADABLE' });
  } finally {
    bucket.remove();
  }
});
