import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectKey } from '../../storage/object/keys.ts';
import type { ObjectRef } from '../../storage/object/store.ts';
import { checkWish, planLifecycle } from './lifecycle.ts';
import { LIST_PRICES } from './list-prices.ts';
import { athenaCost, tieredCost } from './prices.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');
const DAY = 86_400_000;
const GIB = 2 ** 30;

function object(
  ageDays: number,
  sizeBytes: number,
  more: Partial<ObjectRef> = {},
  hive = false,
  accountId = '123456789012',
): ObjectRef {
  // prettier-ignore
  const slotSeconds = Math.floor((NOW - ageDays * DAY) / 1000 / 300) * 300;
  const key = objectKey({ prefix: 'prod', organization: null, accountId, region: 'us-east-1', flowLogId: 'fl-1', slotSeconds, hash: '0123abcd', fileFormat: 'plain-text', hive, hourly: false }); // prettier-ignore
  return { key, sizeBytes, etag: '', ...more };
}
const other: ObjectRef = { key: 'prod/AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/01/x.json.gz', sizeBytes: 9 * GIB, etag: '' }; // prettier-ignore
const near = (value: number): number => Math.round(value * 1e9) / 1e9;

test('a rule is for one folder of flow logs, without wildcards, and leaves other logs alone', () => {
  const wish = { tiers: [{ storageClass: 'GLACIER_IR', afterDays: 90 }], expireDays: 400 };
  const { rules } = planLifecycle([object(1, 1), object(2, 1, {}, true), object(3, 1, {}, false, '210987654321'), other], wish, LIST_PRICES, NOW); // prettier-ignore
  assert.deepEqual(
    rules.map(({ Filter }) => Filter.Prefix ?? Filter.And!.Prefix),
    [
      'prod/AWSLogs/123456789012/vpcflowlogs/',
      'prod/AWSLogs/123456789012/vpcflowlogs/',
      'prod/AWSLogs/210987654321/vpcflowlogs/',
      'prod/AWSLogs/210987654321/vpcflowlogs/',
      'prod/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/',
      'prod/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/',
    ],
  );
  assert.deepEqual(rules[0]!.Transitions, [{ Days: 90, StorageClass: 'GLACIER_IR' }]);
  assert.equal(rules[0]!.Filter.And!.ObjectSizeGreaterThan, 131_072);
  assert.deepEqual(rules[1]!.Expiration, { Days: 400 });
  assert.equal(new Set(rules.map(({ ID }) => ID)).size, 6);
  assert.ok(rules.every(({ ID, Filter }) => ID.startsWith('flowgauge-') && !JSON.stringify(Filter).includes('*')));
});

test('what it costs before and after is as worked out by hand', () => {
  const wish = { tiers: [{ storageClass: 'STANDARD_IA', afterDays: 30 }, { storageClass: 'GLACIER', afterDays: 90 }], expireDays: 365 }; // prettier-ignore
  const objects = [
    object(1, 2 * GIB),
    object(40, 4 * GIB),
    object(50, 100_000),
    object(100, 8 * GIB),
    object(120, GIB, { storageClass: 'DEEP_ARCHIVE' }),
    object(400, 16 * GIB),
    other,
  ];
  const plan = planLifecycle(objects, wish, LIST_PRICES, NOW);
  const costs = (all: typeof plan.before) => all.map(({ storageClass, objects: n, costAMonth }) => [storageClass, n, near(costAMonth)]); // prettier-ignore
  const smallCost = (100_000 / GIB) * 0.023;
  const name = (8 * 1024 * 0.023) / GIB;
  assert.deepEqual(costs(plan.before), [
    ['STANDARD', 5, near(30 * 0.023 + smallCost)],
    ['DEEP_ARCHIVE', 1, near(0.00099 + (32 * 1024 * 0.00099) / GIB + name)],
  ]);
  assert.deepEqual(costs(plan.after), [
    ['STANDARD', 2, near(2 * 0.023 + smallCost)],
    ['STANDARD_IA', 1, near(4 * 0.0125)],
    ['GLACIER', 1, near(8 * 0.0036 + (32 * 1024 * 0.0036) / GIB + name)],
    ['DEEP_ARCHIVE', 1, near(0.00099 + (32 * 1024 * 0.00099) / GIB + name)],
  ]);
  assert.deepEqual(plan.expired, { objects: 1, bytes: 16 * GIB });
  assert.deepEqual(plan.small, { objects: 1, bytes: 100_000 });
  assert.equal(near(plan.transitionsOnce), near(0.01 / 1000 + 0.03 / 1000));
});

test('what S3 does not take, and days that are paid for nothing, are refused with the way out', () => {
  const tiers = (...all: (readonly [string, number])[]) => all.map(([storageClass, afterDays]) => ({ storageClass, afterDays })); // prettier-ignore
  for (const [wish, message] of [
    [{ tiers: [], expireDays: null }, /neither --tier nor --expire/],
    [{ tiers: tiers(['STANDARD_IA', 29]), expireDays: null }, /give 30 or more/],
    [{ tiers: tiers(['ICE', 90]), expireDays: null }, /"ICE" is no class with a price/],
    [{ tiers: tiers(['GLACIER', 30], ['STANDARD_IA', 200]), expireDays: null }, /nothing from GLACIER to STANDARD_IA/],
    [
      { tiers: tiers(['STANDARD_IA', 30], ['GLACIER', 45]), expireDays: null },
      /STANDARD_IA is paid for 30 days.*give 60 days/,
    ],
    [
      { tiers: tiers(['GLACIER_IR', 30]), expireDays: 100 },
      /GLACIER_IR is paid for 90 days.*expiry comes 70 days.*give 120 days/,
    ],
    [{ tiers: tiers(['DEEP_ARCHIVE', 1]), expireDays: 180 }, /give 181 days/],
  ] as const)
    // prettier-ignore
    assert.throws(() => checkWish(wish, LIST_PRICES), { code: 'FG_LIFECYCLE_WISH', message });
  checkWish({ tiers: tiers(['STANDARD_IA', 30], ['GLACIER', 60]), expireDays: 150 }, LIST_PRICES);
});

test('bytes become money tier by tier, and a query of Athena costs 10 MB at least', () => {
  const TIB = 2 ** 40;
  assert.equal(tieredCost(GIB, LIST_PRICES.vendedLogs.s3), 0.25);
  assert.equal(near(tieredCost(12 * TIB, LIST_PRICES.vendedLogs.s3)), near(10 * 1024 * 0.25 + 2 * 1024 * 0.15));
  assert.equal(near(tieredCost(60 * TIB, LIST_PRICES.vendedLogs.cloudwatch)), near(1024 * (10 * 0.5 + 20 * 0.25 + 20 * 0.1 + 10 * 0.05))); // prettier-ignore
  assert.equal(athenaCost(TIB, LIST_PRICES), 5);
  assert.equal(athenaCost(0, LIST_PRICES), (10 / 1024 / 1024) * 5);
});
