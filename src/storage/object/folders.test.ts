import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayFolders, folderOf, serviceFolder } from './folders.ts';
import { objectKey } from './keys.ts';

const utc = (...parts: [number, number, number?, number?]): number => Date.UTC(...parts) / 1000;

test('names the step of the layout that a prefix is, below any prefix and organisation', () => {
  for (const front of ['', 'team/a/', 'AWSLogs-old/2024/']) {
    assert.equal(folderOf(front).kind, 'above');
    for (const logs of [`${front}AWSLogs/`, `${front}AWSLogs/o-abc123/`]) {
      assert.equal(folderOf(logs).kind, 'accounts');
      for (const account of [`${logs}123456789012/`, `${logs}aws-account-id=123456789012/`]) {
        const { kind, hive } = folderOf(account);
        assert.equal(kind, 'account');
        assert.equal(folderOf(serviceFolder(account, hive)).kind, 'regions');
        assert.equal(folderOf(`${account}CloudTrail/`).kind, 'other');
      }
    }
  }
});

test('knows the time that a folder of dates holds', () => {
  const plain = 'AWSLogs/123456789012/vpcflowlogs/us-east-1/';
  const hive = 'x/AWSLogs/aws-account-id=1/aws-service=vpcflowlogs/aws-region=us-east-1/';
  assert.deepEqual(folderOf(plain), { kind: 'region', hive: false, span: null });
  for (const [prefix, kind, start, end] of [
    [`${plain}2024/`, 'year', utc(2024, 0), utc(2025, 0)],
    [`${plain}2024/02/`, 'month', utc(2024, 1), utc(2024, 2)],
    [`${plain}2024/12/31/`, 'day', utc(2024, 11, 31), utc(2025, 0, 1)],
    [`${plain}2024/12/31/23/`, 'hour', utc(2024, 11, 31, 23), utc(2025, 0, 1)],
    [`${hive}year=2024/`, 'year', utc(2024, 0), utc(2025, 0)],
    [`${hive}year=2024/month=02/day=29/hour=05/`, 'hour', utc(2024, 1, 29, 5), utc(2024, 1, 29, 6)],
  ] as const)
    assert.deepEqual(folderOf(prefix), {
      kind,
      hive: prefix.startsWith('x'),
      span: { startSeconds: start, endSeconds: end },
    });
  for (const odd of ['2024/13/', '2024/02/30/', '2024/02/03/24/', 'tmp/', '2024/02/03/04/05/'])
    assert.equal(folderOf(plain + odd).kind, 'above', odd);
});

test('every folder on the way to an object may hold it', () => {
  fc.assert(
    fc.property(
      fc.record({
        slotSeconds: fc.integer({ min: utc(2015, 0), max: utc(2099, 0) }).map((at) => at - (at % 60)),
        hive: fc.boolean(),
        hourly: fc.boolean(),
        organization: fc.constantFrom(null, 'o-1a2b3c'),
        prefix: fc.constantFrom('', 'a', 'vpcflow/2024/01'),
      }),
      ({ slotSeconds, hive, hourly, organization, prefix }) => {
        const key = objectKey({
          prefix,
          organization,
          accountId: '123456789012',
          region: 'eu-west-1',
          flowLogId: 'fl-1',
          slotSeconds,
          hash: '00000001',
          fileFormat: 'parquet',
          hive,
          hourly,
        });
        const ways = [...key.matchAll(/\//g)].map(({ index }) => key.slice(0, index + 1));
        for (const way of ways) {
          const { kind, span } = folderOf(way);
          assert.notEqual(kind, 'other', way);
          if (span !== null) assert.ok(slotSeconds >= span.startSeconds && slotSeconds < span.endSeconds, way);
        }
        const region = ways.find((way) => folderOf(way).kind === 'region')!;
        const days = dayFolders(region, hive, { startSeconds: slotSeconds, endSeconds: slotSeconds + 1 });
        assert.equal(days.length, 1);
        assert.ok(key.startsWith(days[0]!), days[0]);
      },
    ),
  );
});

test('gives each day that a span touches', () => {
  const span = { startSeconds: utc(2024, 1, 28, 23), endSeconds: utc(2024, 2, 1) + 1 };
  assert.deepEqual(dayFolders('r/', false, span), ['r/2024/02/28/', 'r/2024/02/29/', 'r/2024/03/01/']);
  assert.deepEqual(dayFolders('r/', true, { ...span, endSeconds: utc(2024, 1, 29) }), ['r/year=2024/month=02/day=28/']);
});
