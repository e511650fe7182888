import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { failure } from '../../model/errors.ts';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import type { Destination } from '../../publish/destination.ts';
import { destinationsOf } from '../../publish/destinations/list.ts';
import { destinationCheck } from './check-destination.ts';

const LOG = {
  FlowLogId: 'fl-0',
  ResourceId: 'vpc-0a',
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::a-bucket/team/',
} as const;
const never = new AbortController().signal;

const asking = (check: Destination['check'], seen: FlowLog[] = []) =>
  destinationCheck((flowLog) => {
    seen.push(flowLog);
    return { name: 'x', check, deliver: () => Promise.reject(new Error('not asked')) };
  });

test('a destination is asked with what it would be given', async () => {
  const seen: FlowLog[] = [];
  assert.equal(await asking(() => Promise.resolve(null), seen)(LOG, 'eu-west-1', never), null);
  assert.deepEqual(
    seen.map(({ region, destination }) => [region, destination]),
    [
      [
        'eu-west-1',
        { type: 's3', bucket: 'a-bucket', prefix: 'team', fileFormat: 'plain-text', hive: false, hourly: false },
      ],
    ],
  );
});

test('the bucket of this machine is always fine', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-local-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const check = destinationCheck(destinationsOf(join(directory, 'bucket'), { aws: {}, writing: {} }));
  assert.equal(await check({ ...LOG, LogDestination: 'arn:aws:s3:::local' }, 'eu-west-1', never), null);
});

test('what it says is told, and silence is no refusal', async () => {
  const problem = { code: 'FG_S3_NO_BUCKET', message: 'none', again: false };
  assert.deepEqual(await asking(() => Promise.resolve(problem))(LOG, 'r', never), problem);
  const { code, message } = failure('FG_KMS_KEY', 'x');
  const thrown = await asking(() => Promise.reject(failure('FG_KMS_KEY', 'x')))(LOG, 'r', never);
  assert.deepEqual(thrown, { code, message, again: false });
  const ended = AbortSignal.abort();
  const silent = await asking(() => Promise.reject(new Error('aborted')))(LOG, 'r', ended);
  assert.equal(silent?.again, true);
  await assert.rejects(asking(() => Promise.reject(new Error('ours')))(LOG, 'r', never), { message: 'ours' });
});
