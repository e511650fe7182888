import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { MEASURES } from '../../api/explore.ts';
import type { Explored } from '../../api/explore.ts';
import { DIMENSIONS } from '../../api/filter-fields.ts';
import { ask } from '../ask.ts';
import type { Cell } from '../engine.ts';
import { buildPlace, RANGE } from './build-place.ts';
import { explore } from './explore.ts';
import type { Explore } from './explore.ts';
import { filterFrom } from './where.ts';

const built = await buildPlace();
after(() => built.remove());
const signal = new AbortController().signal;

const PLAIN: Explore = {
  range: RANGE,
  filter: [],
  dimensions: [],
  measure: 'bytes',
  points: 60,
  top: 5,
  withBefore: false,
};
const asked = (some: Partial<Explore> & { readonly where?: string }): Promise<Explored> => {
  const { where = '', ...rest } = some;
  return explore(built.place, { ...PLAIN, filter: filterFrom(where), ...rest }, signal);
};

async function rowsOf(sql: string): Promise<readonly (readonly Cell[])[]> {
  const answer = await ask(built.directory, sql);
  const rows: (readonly Cell[])[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return rows;
}

const IN_RANGE = `start >= ${RANGE.startSeconds} AND start < ${RANGE.endSeconds}`;

test('what all records of the range sum up to is the total, and what begins before it is not in it', async () => {
  const [[bytes, packets, flows, records]] = (await rowsOf(
    `SELECT sum(bytes), sum(packets), count(packets), count(*) FROM flow_logs WHERE ${IN_RANGE}`,
  )) as [Cell[]];
  assert.deepEqual((await asked({ measure: 'records' })).total, { bytes, packets, flows, records });
  // NODATA and SKIPDATA are no traffic.
  assert.equal(flows, Number(records) - 2);
  assert.deepEqual((await asked({})).total, { bytes, packets, flows, records: flows });
});

test('groups and "other" add up to the total, in every span, whatever is asked', async () => {
  const whole = new Map<string, Explored>();
  for (const measure of MEASURES) whole.set(measure, await asked({ measure, withBefore: true }));
  const dimension = fc.constantFrom(
    'srcaddr',
    'action',
    'service-port',
    'peer',
    'direction',
    'instance-tag',
    'bytes',
    'end',
    'interface-id',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(dimension, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...MEASURES),
      fc.integer({ min: 1, max: 8 }),
      async (dimensions, measure, top) => {
        const answer = await asked({ dimensions, measure, top, withBefore: true });
        const all = whole.get(measure)!;
        const parts = [...answer.groups, ...(answer.other === null ? [] : [answer.other])];
        assert.ok(answer.groups.length <= top);
        for (const each of MEASURES) {
          assert.equal(
            parts.reduce((sum, { amounts }) => sum + amounts[each], 0),
            all.total[each],
          );
          assert.equal(
            parts.reduce((sum, { before }) => sum + before![each], 0),
            all.totalBefore![each],
          );
        }
        assert.deepEqual(answer.times, all.times);
        for (const at of answer.times.keys())
          assert.equal(
            parts.reduce((sum, { series }) => sum + series[at]!, 0),
            all.groups[0]!.series[at],
          );
        assert.deepEqual(answer.seriesBefore, all.seriesBefore);
        const sizes = answer.groups.map(({ amounts }) => amounts[measure]);
        assert.deepEqual(
          sizes,
          sizes.toSorted((a, b) => b - a),
        );
      },
    ),
    { numRuns: 12 },
  );
});

test('how many groups "other" stands for is counted', async () => {
  const [[count]] = (await rowsOf(`SELECT count(DISTINCT srcaddr) FROM flow_logs WHERE ${IN_RANGE}`)) as [Cell[]];
  const answer = await asked({ dimensions: ['srcaddr'], top: 3 });
  assert.equal(answer.groups.length, 3);
  assert.equal(answer.other!.groups, Number(count) - 3);
  assert.equal((await asked({ dimensions: ['srcaddr'], top: 500 })).other, null);
});

test('every field may be a dimension, held or not, and = and != part all records in two', async () => {
  const all = await asked({ measure: 'records' });
  for (const { name, kind } of DIMENSIONS.filter((_, at) => at % 9 === 0 || at > 60)) {
    const value = { address: '10.0.0.0/24', number: '22', text: 'egress' }[kind];
    const count = async (where: string): Promise<number | string> =>
      asked({ measure: 'records', where }).then(
        ({ total }) => total.records,
        (error: { code: string }) => error.code,
      );
    const [yes, no] = [await count(`${name}=${value}`), await count(`${name}!=${value}`)];
    if (typeof yes === 'string') assert.deepEqual([yes, no], ['FG_QUERY_FIELDS', 'FG_QUERY_FIELDS'], name);
    else assert.equal(yes + Number(no), all.total.records, name);
  }
});

const WHERE: readonly (readonly [filter: string, sql: string])[] = [
  ['action=REJECT', "action = 'REJECT'"],
  ['dstport=443|22', 'dstport IN (443, 22)'],
  ['srcaddr=10.0.0.0/24|203.0.113.3', "(srcaddr LIKE '10.0.0.%' OR srcaddr = '203.0.113.3')"],
  ['addr=203.0.113.0/24', "(srcaddr LIKE '203.0.113.%' OR dstaddr LIKE '203.0.113.%')"],
  ['addr=2001:db8::/32', "srcaddr LIKE '2001:db8:%'"],
  ['port!=443', 'NOT coalesce(srcport = 443 OR dstport = 443, false)'],
  ['bytes>=500,bytes<900', 'bytes >= 500 AND bytes < 900'],
  ['flow-direction=-', 'flow_direction IS NULL'],
  ['flow-direction!=-', 'flow_direction IS NOT NULL'],
  ['instance-tag=web%2C0', "instance_tag = 'web%2C0'"],
  ['log-status=NODATA|SKIPDATA', "log_status <> 'OK'"],
  ['protocol=17,action!=REJECT', "protocol = 17 AND action IS DISTINCT FROM 'REJECT'"],
  ["interface-id=x' OR 1=1 --", 'false'],
];

test('a filter holds for the records that it is meant for', async () => {
  for (const [where, sql] of WHERE) {
    const [[count]] = (await rowsOf(`SELECT count(*) FROM flow_logs WHERE ${IN_RANGE} AND (${sql})`)) as [Cell[]];
    assert.equal((await asked({ measure: 'records', where })).total.records, count, where);
  }
});

test('what is worked out of fields is what the fields say', async () => {
  const found = async (dimension: string, where: string): Promise<readonly string[]> =>
    (await asked({ dimensions: [dimension], where, top: 50, measure: 'flows' })).groups
      .map(({ values }) => String(values[0]))
      .toSorted((a, b) => (a < b ? -1 : 1));
  // SYN from a high to a low port, SYN-ACK from a high one to a higher.
  assert.deepEqual(await found('service-port', 'tcp-flags=2'), ['22']);
  assert.deepEqual(await found('service-port', 'tcp-flags=18'), ['50000']);
  assert.deepEqual(await found('service-port', 'interface-id=eni-0'), ['443']);
  assert.deepEqual(await found('direction', 'addr=203.0.113.0/24'), ['egress', 'ingress']);
  const peers = await found('peer', 'addr=203.0.113.0/24');
  assert.ok(peers.length === 7 && peers.every((peer) => peer.startsWith('203.0.113.')));
  assert.deepEqual(await found('peer', 'flow-direction=egress'), ['10.0.9.0', '10.0.9.1', '10.0.9.2']);
});

test('the period before is as long, and its spans stand over those of the range', async () => {
  const range = { startSeconds: RANGE.startSeconds + 70, endSeconds: RANGE.startSeconds + 70 + 1000 };
  const answer = await asked({ range, withBefore: true, measure: 'records', points: 10 });
  assert.equal(answer.stepSeconds, 120);
  const { fromSeconds, toSeconds } = answer.before!;
  assert.equal(toSeconds - fromSeconds, 1000);
  assert.equal((range.startSeconds - fromSeconds) % 120, 0);
  const alone = await asked({
    range: { startSeconds: fromSeconds, endSeconds: toSeconds },
    measure: 'records',
    points: 10,
  });
  assert.deepEqual(answer.totalBefore, alone.total);
  assert.deepEqual(answer.seriesBefore, alone.groups[0]!.series);
});

test('the SQL that is shown gives the same sums where it is pasted', async () => {
  for (const where of ['', "addr=10.0.0.0/8,instance-tag!=it's|-,action=ACCEPT"]) {
    const answer = await asked({ where, dimensions: ['srcaddr', 'end', 'bytes'], withBefore: true, top: 4 });
    assert.doesNotMatch(answer.sql, /\$/u);
    const rows = await rowsOf(answer.sql);
    const sum = rows.filter((row) => row[1] === 0).reduce((all, row) => all + Number(row[6]), 0);
    assert.equal(sum, answer.total.bytes, where);
  }
});

test('a field that some objects do not hold is noted, one that none holds is refused where it decides', async () => {
  const { notes } = await asked({ dimensions: ['tcp-flags', 'service-port'] });
  assert.deepEqual(
    notes.map((note) => (note.kind === 'field-missing' ? `${note.kind} ${note.field}` : note.kind)).toSorted(),
    ['field-missing tcp-flags', 'field-missing tcp-flags'],
  );
  await assert.rejects(asked({ dimensions: ['vpc-id'] }), { code: 'FG_QUERY_FIELDS' });
  await assert.rejects(asked({ dimensions: ['port'] }), { code: 'FG_EXPLORE_DIMENSIONS' });
  await assert.rejects(asked({ dimensions: ['a"b'] }), { code: 'FG_EXPLORE_DIMENSIONS' });
  await assert.rejects(asked({ dimensions: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'] }), {
    code: 'FG_EXPLORE_DIMENSIONS',
  });
});

test('a range without records has spans of nothing', async () => {
  const answer = await asked({ where: 'bytes>=999999', dimensions: ['srcaddr'] });
  assert.deepEqual([answer.groups, answer.other, answer.total.records], [[], null, 0]);
  assert.equal(answer.times.length, 30);
});
