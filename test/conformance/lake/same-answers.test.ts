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
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const made = FORMS.map(() => buildBucket());
  try {
    for (let slot = 0; slot < 36; slot++) {
      const slotSeconds = SLOT_SECONDS + slot * 300;
      const lines = Array.from({ length: 40 }, (_, at) => {
        const end = slotSeconds + ((at * 37) % 300);
        const [near, far] = [`10.0.0.${(at * 7) % 20}`, `203.0.113.${(slot + at) % 50}`];
        const name = `2 123456789012 eni-0a1b2c3d4e5f600${10 + (at % 9)}`;
        return at % 13 === 0
          ? `${name} - - - - - - - ${end - 59} ${end} - NODATA`
          : `${name} ${at % 2 === 0 ? `${near} ${far}` : `${far} ${near}`} ${40_000 + at} ${at % 4 === 0 ? 22 : 443} 6 ${at} ${at * 60} ${end - (at % 60)} ${end} ${at % 5 === 0 ? 'REJECT' : 'ACCEPT'} OK`;
      });
      for (const bucket of made)
        bucket.text([header, ...lines], { slotSeconds, hash: slot.toString(16).padStart(8, '0') });
    }
    for (const [at, form] of FORMS.entries()) {
      if (form === 'raw') continue;
      const nowSeconds = form === 'mixed' ? SLOT_SECONDS + 6600 : LATER_SECONDS;
      await compactDirectory(made[at]!.directory, { rollups: form !== 'compacted', nowSeconds });
    }
    const [raw, ...others] = made.map(({ directory }) => directory);
    for (const query of ['top-talkers', 'bytes-over-time', 'rejected-traffic', 'traffic-by-interface', 'port-scans'])
      for (const [from, to] of [
        [0, 10_800],
        [1777, 9001],
        [3000, 3060],
        [9900, 20_000],
      ] as const) {
        const range = { startSeconds: SLOT_SECONDS + from, endSeconds: SLOT_SECONDS + to };
        const wanted = await answerOf(raw!, query, {}, { range });
        for (const other of others)
          assert.deepEqual((await answerOf(other, query, {}, { range })).rows, wanted.rows, `${query} ${from} ${to}`);
      }
  } finally {
    for (const bucket of made) bucket.remove();
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
    const sums = CASES.filter(({ query, over }) => over === null && findSaved(query).sums === true);
    assert.equal(
      new Set(sums.map(({ query }) => query)).size,
      SAVED_QUERIES.filter((query) => query.sums === true).length,
    );
    const folder = join(bucket.directory, LAKE_FOLDER, 'records');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.parquet'),
    ))
      writeFileSync(join(folder, name), Buffer.alloc(statSync(join(folder, name)).size));
    for (const { query, parameters, rows } of sums)
      assert.deepEqual((await answerOf(bucket.directory, query, parameters)).rows, rows, query);
    await assert.rejects(answerOf(bucket.directory, 'port-scans', {}), { code: 'FG_SOURCE_UNREADABLE' });
  } finally {
    bucket.remove();
  }
});
