import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { objectKey, parseKey } from './keys.ts';
import type { ObjectName } from './keys.ts';

const EXAMPLE: ObjectName = {
  prefix: 'team-a',
  organization: null,
  accountId: '123456789012',
  region: 'us-east-1',
  flowLogId: 'fl-0123456789abcdef0',
  slotSeconds: Date.UTC(2026, 10, 23, 12, 5) / 1000,
  hash: '1a2b3c4d',
  fileFormat: 'plain-text',
  hive: false,
  hourly: false,
};

test('makes the names of the user guide in all four layouts', () => {
  const file = '123456789012_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20261123T1205Z_1a2b3c4d';
  const plain = 'team-a/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23';
  const hive =
    'team-a/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=11/day=23';
  assert.equal(objectKey(EXAMPLE), `${plain}/${file}.log.gz`);
  assert.equal(objectKey({ ...EXAMPLE, hourly: true }), `${plain}/12/${file}.log.gz`);
  assert.equal(objectKey({ ...EXAMPLE, hive: true }), `${hive}/${file}.log.gz`);
  assert.equal(
    objectKey({ ...EXAMPLE, hive: true, hourly: true, fileFormat: 'parquet' }),
    `${hive}/hour=12/${file}.log.parquet`,
  );
  assert.equal(objectKey({ ...EXAMPLE, prefix: '' }), `${plain.slice('team-a/'.length)}/${file}.log.gz`);
});

test('reads the name that the user guide prints, and one below an organisation', () => {
  const file = '123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz';
  const key = `AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/${file}`;
  assert.equal(parseKey(key)?.slotSeconds, Date.UTC(2018, 5, 20, 16, 20) / 1000);
  assert.equal(parseKey(key.replace('AWSLogs/', 'AWSLogs/o-a1b2c3d4e5/'))?.organization, 'o-a1b2c3d4e5');
});

test('ignores names of any other shape', () => {
  const key = objectKey(EXAMPLE);
  const others = [
    '',
    'AWSLogs/',
    key.replace('vpcflowlogs', 'CloudTrail'),
    key.replace('/2026/11/23', '/2026/11/24'),
    key.replace('/2026/11/23', ''),
    key.replace('us-east-1/', 'us-east-2/'),
    key.replace('20261123T1205Z', '20261323T1205Z'),
    key.replace('1a2b3c4d', '1a2b3c4'),
    key.replace('1a2b3c4d', '1A2B3C4D'),
    key.replace('.log.gz', '.log'),
    `${key}.tmp`,
    key.replace('team-a/AWSLogs', 'team-a/_flowgauge'),
    key.replace('team-a/', '/'),
  ];
  for (const other of others) assert.equal(parseKey(other), null, other);
});

test('reads back every name it makes', () => {
  const word = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/u);
  const fields = {
    prefix: fc.array(fc.stringMatching(/^[A-Za-z0-9!_.*'()=+ ü-]{1,12}$/u), { maxLength: 3 }).map((p) => p.join('/')),
    organization: fc.option(fc.stringMatching(/^o-[a-z0-9]{10,32}$/u)),
    accountId: fc.stringMatching(/^\d{12}$/u),
    region: word,
    flowLogId: fc.stringMatching(/^fl-([0-9a-f]{8}|[0-9a-f]{17})$/u),
    slotSeconds: fc.integer({ min: 0, max: 800_000_000 }).map((slot) => slot * 5 * 60),
    hash: fc.stringMatching(/^[0-9a-f]{8}$/u),
    fileFormat: fc.constantFrom('plain-text' as const, 'parquet' as const),
    hive: fc.boolean(),
    hourly: fc.boolean(),
  };
  const names = fc.record(fields, { noNullPrototype: true });
  fc.assert(
    fc.property(
      names.filter((name) => name.slotSeconds < 253_402_300_800),
      (name) => {
        assert.deepEqual(parseKey(objectKey(name)), name);
      },
    ),
    { numRuns: 500 },
  );
});
