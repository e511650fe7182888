import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Items } from '../../control/ec2/items.ts';
import { createStageCount } from '../../model/counters.ts';
import type { LaneStatus } from '../../publish/lane.ts';
import type { PublishStatus } from '../../publish/status.ts';
import { viewDeliveries } from './deliveries.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-deliveries-'));
after(() => rmSync(directory, { recursive: true }));

const flowLog = (id: string, destination: Partial<Items['FlowLogs']>): Items['FlowLogs'] => ({
  FlowLogId: id,
  ResourceId: 'vpc-0a',
  TrafficType: 'ALL',
  MaxAggregationInterval: 60,
  CreationTime: '2026-11-30T00:00:00.000Z',
  DeliverLogsStatus: 'SUCCESS',
  FlowLogStatus: 'ACTIVE',
  ...destination,
});
const LOCAL = flowLog('fl-0a', { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::local' });
const BUCKET = flowLog('fl-0b', { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::away/x/' });
const GROUP = flowLog('fl-0c', { LogDestinationType: 'cloud-watch-logs', LogGroupName: '/vpc' });

function lane(destination: string, code: string | null): LaneStatus {
  return {
    destination,
    segments: 0,
    records: 0,
    oldestSlotSeconds: null,
    waitingSeconds: 0,
    failures: code === null ? 0 : 3,
    deliveries: 0,
    latencySeconds: 0,
    latencyCounts: [],
    nextAttemptMillis: null,
    lastDeliveredMillis: null,
    lastError: code === null ? null : { code, message: 'no', atMillis: 0 },
  };
}

function statusOf(...destinations: readonly LaneStatus[]): PublishStatus {
  const spool = { maxBytes: 1, maxAgeSeconds: 1, reserveBytes: 1, bytes: 0, full: null };
  const count = createStageCount();
  return { status: 1, writtenMillis: 0, pid: 1, hostId: 'h', count, spool, destinations, problems: [] };
}

test('a flow log has the trouble of its own destination, in the words of AWS', () => {
  let status: PublishStatus | null = null;
  const view = viewDeliveries(directory, { aws: {}, writing: {} }, () => status);
  const errors = (): unknown[] => [LOCAL, BUCKET, GROUP].map((one) => view.errorOf(one, 'eu-west-1'));
  assert.deepEqual(errors(), [null, null, null], 'nothing was told yet');
  status = statusOf(lane('s3://away', 'FG_S3_WRITE_DENIED'), lane('log group /vpc in eu-west-1', null));
  assert.deepEqual(errors(), [null, 'Access error', null]);
  status = statusOf(lane('s3://away', 'FG_AWS_UNREACHABLE'), lane('log group /vpc in eu-west-1', 'FG_AWS_THROTTLED'));
  assert.deepEqual(errors(), [null, 'Unknown error', 'Rate limited']);
  // One that failed before and goes again is well.
  status = statusOf(lane('s3://away', null));
  assert.deepEqual(errors(), [null, null, null]);
});

test('the bucket of this machine takes records, and a destination that cannot be made is a problem', async () => {
  const view = viewDeliveries(directory, { aws: {}, writing: { encryption: 'aws:kms' } }, () => null);
  const check = (item: Items['FlowLogs']): ReturnType<typeof view.checkDestination> =>
    view.checkDestination(item, 'eu-west-1', AbortSignal.timeout(5000));
  assert.equal(await check(LOCAL), null);
  const stream = { LogDestinationType: 'kinesis-data-firehose', LogDestination: 'arn:aws:s3:::no-stream' };
  const problem = await check(flowLog('fl-0d', stream));
  assert.deepEqual([problem?.code, problem?.again], ['FG_DESTINATION_ARN', false]);
});
