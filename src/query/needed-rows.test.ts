import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Duck } from '../storage/duck/duck.ts';
import { openDuck } from '../storage/duck/duck.ts';
import { checkSql } from './check-sql.ts';

let duck: Duck;
before(async () => {
  duck = await openDuck({ threads: 1 });
});
after(() => duck.close());

const rowsOf = async (sql: string): Promise<unknown> =>
  (await checkSql(duck, sql)).rows?.map((row) => Object.fromEntries(row)) ?? null;

test('a comparison of a column with a text, or with a parameter, says which rows are looked at', async () => {
  assert.deepEqual(await rowsOf("SELECT * FROM flow_logs WHERE srcaddr = '10.0.0.1'"), [
    { srcaddr: { text: '10.0.0.1' } },
  ]);
  assert.deepEqual(
    await rowsOf(
      "SELECT 1 FROM main.Flow_Logs f WHERE $address = f.SrcAddr AND (bytes > 9 AND 'eni-1' = interface_id) AND dstport = 22 GROUP BY ALL",
    ),
    [{ srcaddr: { parameter: 'address' }, interface_id: { text: 'eni-1' } }],
  );
  assert.deepEqual(
    await rowsOf(
      'WITH a AS (SELECT dstaddr AS peer FROM flow_logs WHERE srcaddr = $1) SELECT * FROM a UNION ALL SELECT srcaddr FROM flow_logs WHERE dstaddr = $1 AND srcaddr <> $1',
    ),
    [{ srcaddr: { parameter: '1' } }, { dstaddr: { parameter: '1' } }],
  );
});

test('so does an OR of nothing else, and a list', async () => {
  assert.deepEqual(await rowsOf("SELECT 1 FROM flow_logs WHERE bytes > 1 AND (srcaddr = 'a' OR dstaddr = $1)"), [
    { srcaddr: { text: 'a' } },
    { dstaddr: { parameter: '1' } },
  ]);
  assert.deepEqual(
    await rowsOf("SELECT 1 FROM flow_logs f WHERE f.srcaddr IN ('a', $1) AND (dstaddr = 'b' OR dstaddr = 'c')"),
    ['a', null].flatMap((from) =>
      ['b', 'c'].map((to) => ({
        srcaddr: from === null ? { parameter: '1' } : { text: from },
        dstaddr: { text: to },
      })),
    ),
  );
  const list = Array.from({ length: 40 }, (_, at) => `'${at}'`).join(', ');
  const many = `SELECT 1 FROM flow_logs WHERE srcaddr IN (${list}) AND dstaddr IN ('a', ${list})`;
  assert.deepEqual(
    await rowsOf(many),
    Array.from({ length: 40 }, (_, at) => ({ srcaddr: { text: String(at) } })),
  );
});

for (const sql of [
  'SELECT count(*) FROM flow_logs',
  'FROM flow_logs',
  'SUMMARIZE flow_logs',
  "SELECT 1 FROM flow_logs WHERE srcaddr = 'a' OR bytes > 1",
  "SELECT 1 FROM flow_logs WHERE NOT srcaddr = 'a'",
  "SELECT 1 FROM flow_logs WHERE srcaddr = 'a' OR (dstaddr = 'b' OR srcport = 1)",
  "SELECT 1 FROM flow_logs WHERE srcaddr NOT IN ('a')",
  "SELECT 1 FROM flow_logs WHERE srcaddr IN ('a', NULL)",
  "SELECT 1 FROM flow_logs WHERE srcaddr IN ('a', dstaddr)",
  "SELECT 1 FROM flow_logs WHERE srcaddr IN (SELECT 'a')",
  "SELECT 1 FROM flow_logs WHERE NOT (srcaddr = 'a' OR dstaddr = 'a')",
  "SELECT 1 FROM flow_logs WHERE srcaddr <> 'a'",
  'SELECT 1 FROM flow_logs WHERE srcaddr = NULL',
  'SELECT 1 FROM flow_logs WHERE srcaddr = dstaddr',
  'SELECT 1 FROM flow_logs WHERE dstport = 22',
  "SELECT 1 FROM flow_logs WHERE lower(srcaddr) = 'a'",
  "SELECT srcaddr = 'a' FROM flow_logs",
  "SELECT count(*) FILTER (srcaddr = 'a') FROM flow_logs",
  "SELECT 1 FROM flow_logs GROUP BY srcaddr HAVING srcaddr = 'a'",
  "SELECT 1 FROM flow_logs f(dstaddr, srcaddr) WHERE srcaddr = 'a'",
  "SELECT 1 FROM flow_logs TABLESAMPLE 10 ROWS WHERE srcaddr = 'a'",
  "SELECT 1 FROM flow_logs a JOIN flow_logs b USING (srcaddr) WHERE srcaddr = 'a'",
  "SELECT 1 FROM flow_logs, range(3) WHERE srcaddr = 'a'",
  "SELECT 1 FROM (FROM flow_logs) WHERE srcaddr = 'a'",
  "SELECT 1 FROM flow_logs WHERE srcaddr = 'a' AND bytes > (SELECT avg(bytes) FROM flow_logs)",
  "SELECT 1 FROM flow_logs WHERE srcaddr = 'a' UNION ALL SELECT 1 FROM flow_logs",
  "WITH flow_logs AS (SELECT dstaddr AS srcaddr FROM flow_logs) SELECT 1 FROM flow_logs WHERE srcaddr = 'a'",
  "SELECT 1 FROM flow_logs f WHERE EXISTS (SELECT 1 FROM flow_logs g WHERE f.srcaddr = 'a')",
  'SELECT 1',
])
  test(`all rows are looked at by ${sql}`, async () => {
    assert.equal(await rowsOf(sql), null);
  });

test('in WHERE a column of the table comes before a name that SELECT gives', async () => {
  const sql = "SELECT b AS a FROM (VALUES ('x', 'y'), ('y', 'x')) t(a, b) WHERE a = 'x'";
  assert.deepEqual(await duck.all(sql), [['y']]);
});
