import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

type Policy = {
  readonly Statement: readonly { readonly Sid: string; readonly Resource: string; readonly Condition: object }[];
};

const run = async (...args: readonly string[]) =>
  promisify(execFile)(join(import.meta.dirname, '../../bin/flowgauge'), ['bucket-policy', ...args]).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
const OWNER = ['--account', '123456789012', '--region', 'eu-west-1'];

test('prints both statements as AWS documents them, the resource by prefix and layout', async () => {
  const cases = [
    [['arn:aws:s3:::logs'], 'arn:aws:s3:::logs/AWSLogs/123456789012/*'],
    [['arn:aws:s3:::logs/team/a/'], 'arn:aws:s3:::logs/team/a/AWSLogs/123456789012/*'],
    [
      ['arn:aws-cn:s3:::logs/a', '--hive-compatible-partitions'],
      'arn:aws-cn:s3:::logs/a/AWSLogs/aws-account-id=123456789012/*',
    ],
  ] as const;
  for (const [args, resource] of cases) {
    const { Statement } = JSON.parse((await run(...args, ...OWNER)).stdout) as Policy;
    assert.deepEqual(
      Statement.map(({ Sid }) => Sid),
      ['AWSLogDeliveryWrite', 'AWSLogDeliveryAclCheck'],
    );
    assert.equal(Statement[0]!.Resource, resource);
    const partition = resource.split(':')[1];
    assert.deepEqual(Statement[0]!.Condition, {
      StringEquals: { 'aws:SourceAccount': '123456789012', 's3:x-amz-acl': 'bucket-owner-full-control' },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:eu-west-1:123456789012:*` },
    });
    assert.equal(Statement[1]!.Resource, `arn:${partition}:s3:::logs`);
  }
});

test('refuses what is no bucket, and the folder that AWS keeps for itself', async () => {
  for (const arn of ['s3://Logs', 'arn:aws:logs:::x', 'arn:aws:s3:::logs/AWSLogs/']) {
    const answer = await run(arn, ...OWNER);
    assert.equal('code' in answer ? answer.code : 0, 2);
  }
});
