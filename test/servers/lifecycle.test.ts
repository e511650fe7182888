import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { CreateBucketCommand, GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand, S3Client } from '@aws-sdk/client-s3'; // prettier-ignore
import { OUR_RULES, planLifecycle } from '../../src/lake/keep/lifecycle.ts';
import type { Tier } from '../../src/lake/keep/lifecycle.ts';
import { LIST_PRICES } from '../../src/lake/keep/list-prices.ts';
import { replaceRules } from '../../src/storage/object/stores/s3-lifecycle.ts';
import { startMoto } from './moto.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';

let moto: S3Server | null = null;
let why = '';
try {
  moto = await startMoto();
} catch (error) {
  if (!(error instanceof NotHere) || process.env['CI'] === 'true') throw error;
  why = error.message;
}

suite('lifecycle rules of a bucket, as moto plays S3', { skip: why !== '' && why }, () => {
  let client: S3Client;
  const access = () => ({ endpoint: moto!.endpoint, region: 'us-east-1' });
  before(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    client = new S3Client({ ...access(), forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'logs' }));
  });
  after(async () => {
    client.destroy();
    await moto!.stop();
  });
  const key =
    'AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/22/123456789012_vpcflowlogs_us-east-1_fl-1_20261122T1000Z_0123abcd.log.gz';
  const rulesOf = (expireDays: number, tiers: readonly Tier[] = []) =>
    planLifecycle([{ key, sizeBytes: 1, etag: '' }], { tiers, expireDays }, LIST_PRICES, Date.now()).rules as Parameters<typeof replaceRules>[3]; // prettier-ignore
  const ids = async () => {
    const { Rules: rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: 'logs' }));
    return rules.map(({ ID: id, Expiration: expires }) => [id!.replace(/-[0-9a-f]{12}$/u, ''), expires?.Days]);
  };

  test('rules are written beside those of others, replaced, and not written twice', async () => {
    const theirs = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'other/' }, Expiration: { Days: 7 } } as const;
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: 'logs', LifecycleConfiguration: { Rules: [theirs] } }),
    );
    assert.deepEqual(await replaceRules('logs', access(), OUR_RULES, rulesOf(400)), { others: 1, changed: true });
    assert.deepEqual(await ids(), [['theirs', 7], ['flowgauge-expire', 400]]); // prettier-ignore
    assert.deepEqual(await replaceRules('logs', access(), OUR_RULES, rulesOf(400)), { others: 1, changed: false });
    assert.deepEqual(await replaceRules('logs', access(), OUR_RULES, rulesOf(500)), { others: 1, changed: true });
    assert.deepEqual(await ids(), [['theirs', 7], ['flowgauge-expire', 500]]); // prettier-ignore
  });

  test('a server that forgets the least size of a rule is found out', async () => {
    const rules = rulesOf(400, [{ storageClass: 'GLACIER_IR', afterDays: 90 }]);
    await assert.rejects(replaceRules('logs', access(), OUR_RULES, rules), { code: 'FG_LIFECYCLE_FAILED', message: /not what was written/u }); // prettier-ignore
  });

  test('more rules than S3 takes are not written, and a bucket that is not there is told', async () => {
    const [rule] = rulesOf(400);
    const many = Array.from({ length: 1000 }, (_, at) => ({ ...rule!, ID: `${OUR_RULES}${at}` }));
    await assert.rejects(replaceRules('logs', access(), OUR_RULES, many), { code: 'FG_LIFECYCLE_MANY' });
    await assert.rejects(replaceRules('nobodys', access(), OUR_RULES, [rule!]), { code: 'FG_LIFECYCLE_FAILED', message: /NoSuchBucket/u }); // prettier-ignore
  });
});
