import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Duck } from '../../../storage/duck/duck.ts';
import { openDuck } from '../../../storage/duck/duck.ts';
import { hashedCondition } from './hashed-groups.ts';
import { LEAST_ROWS, topCondition } from './top-groups.ts';
import type { TopAsked } from './top-groups.ts';

let duck: Duck;
before(async () => {
  duck = await openDuck({ threads: 1 });
});
after(() => duck.close());

const ROWS = LEAST_ROWS + 10_000;

/** Rows of groups by a name and a number, absent ones too, with a hash of so many values; `packets` is SQL. */
const relation = (groups: number, packets: string, hashes = 2 ** 31): string =>
  `SELECT CASE WHEN n % 50 = 3 THEN NULL ELSE 'host ' || (hash(n) % ${groups}) END AS name, n % 3 AS number, ${packets} AS packets,
    CAST(hash(name) % ${hashes} AS INTEGER) AS group_hash FROM (SELECT range AS n FROM range(${ROWS}))`;

const WAYS = [
  { how: 'by hashes that are made', find: topCondition, hashes: 1 },
  { how: 'by hashes that rows have', find: hashedCondition, hashes: 2 ** 31 },
  { how: 'by hashes that many groups share', find: hashedCondition, hashes: 5000 },
];

const answer = (from: string, { most, where }: TopAsked, condition = 'true'): Promise<unknown> =>
  duck.all(`SELECT name, number, sum(packets) AS packets, count(*) FROM (SELECT * FROM (${from}) WHERE ${condition})
    WHERE ${where ?? 'true'} GROUP BY name, number ORDER BY packets DESC, name, number LIMIT ${most}`);

/** Rows that fulfil the condition. */
const spared = async (from: string, condition: string): Promise<number> =>
  Number((await duck.all(`SELECT count(*) FROM (${from}) WHERE ${condition}`))[0]![0]);

for (const [what, groups, packets] of [
  ['groups of one row', 1e9, '1 + hash(n + 1) % 1000 // (1 + hash(n + 2) % 200)'],
  ['groups of some rows', 20_000, '1 + hash(n + 1) % 1000 // (1 + hash(n + 2) % 200)'],
  ['a few that have most, each in many rows', 9000, 'CASE WHEN hash(n) % 9000 < 60 THEN 500 + n % 7 ELSE n % 9 END'],
  ['many that tie', 1e9, 'CASE WHEN n % 100 = 0 THEN 900 ELSE 1 END'],
  [
    'numbers that are absent',
    1e9,
    'CASE WHEN n % 2 = 0 THEN NULL ELSE 1 + hash(n + 1) % 1000 // (1 + hash(n + 2) % 200) END',
  ],
  ['numbers beyond 32 bits', 1e9, 'CASE WHEN n % 100 = 0 THEN 1000000000000 + n ELSE n END'],
] as const)
  for (const where of [null, 'number = 1'])
    for (const { how, find, hashes } of WAYS)
      test(`the answer stays what it was for ${what}${where === null ? '' : ', of some rows'}, ${how}`, async () => {
        const from = relation(groups, packets, hashes);
        const asked = { by: ['name', 'number'], most: 40, where };
        const condition = await find(duck, from, asked, ROWS);
        assert.ok(condition !== null);
        assert.deepEqual(await answer(from, asked, condition), await answer(from, asked));
        assert.ok((await spared(from, condition)) < ROWS / 4);
      });

for (const { how, find } of WAYS.slice(0, 2))
  test(`where it would spare nothing there is no condition, ${how}`, async () => {
    const asked = { by: ['name', 'number'], most: 40, where: null };
    const ones = relation(1e9, '1');
    assert.equal(await find(duck, ones, asked, ROWS), null, 'all tie');
    assert.equal(await find(duck, ones, asked, 100), null, 'few rows');
    assert.equal(await find(duck, relation(5, 'n'), asked, ROWS), null, 'fewer groups than are wanted');
    assert.equal(await find(duck, relation(1e9, 'n'), { ...asked, most: 1e6 }, ROWS), null, 'a long answer');
    assert.equal(await find(duck, relation(1e9, 'CAST(NULL AS BIGINT)'), asked, ROWS), null, 'nothing to order by');
  });
