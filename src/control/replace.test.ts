import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import {
  CreateFlowLogsCommand,
  CreateTagsCommand,
  DeleteFlowLogsCommand,
  DescribeFlowLogsCommand,
} from '@aws-sdk/client-ec2';
import type { CreateFlowLogsCommandInput, FlowLog } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { openCurrentFacts } from '../storage/state/current-facts.ts';
import { changesBetween, factsAt } from '../storage/state/facts-at.ts';
import { openState } from '../storage/state/state-file.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2 } from './ec2/ec2.fixture.ts';
import type { Pretended } from './ec2/ec2.fixture.ts';
import { replaceFlowLog, takeoverSeconds } from './replace.ts';

let ec2: Pretended;
let state: StateFile;
beforeEach(async () => {
  ec2 = await pretendEc2();
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a', CidrBlock: '10.0.0.0/16', State: 'available' }]);
  state = openState(ec2.path, false);
});
afterEach(async () => {
  state.close();
  await ec2.close();
});

async function create(more: Partial<CreateFlowLogsCommandInput> = {}): Promise<string> {
  const made = await ec2.client().send(
    new CreateFlowLogsCommand({
      ResourceType: 'VPC',
      ResourceIds: ['vpc-0a'],
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local/network/',
      TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'Name', Value: 'all of it' }] }],
      ...more,
    }),
  );
  return made.FlowLogIds?.[0] ?? '';
}

const described = async (): Promise<FlowLog[]> =>
  (await ec2.client().send(new DescribeFlowLogsCommand({}))).FlowLogs ?? [];

/** The flow logs that hold when a window begins. */
function flowLogsOf(windowSeconds: number): string[] {
  const { model } = factsAt(state, { atMicros: windowSeconds * 1e6, knownAtMicros: Number.MAX_SAFE_INTEGER });
  return (model['FlowLogs'] ?? []).map((item) => String((item as FlowLog).FlowLogId));
}

const later = (millis: number): Date => new Date(ec2.clock.now.getTime() + millis);

test('the boundary is a multiple of the larger interval, at least ten seconds away and nearer than one interval more', () => {
  assert.equal(takeoverSeconds(1_000_000_000, [60, 60]), 1_000_020);
  assert.equal(takeoverSeconds(1_000_010_001, [60, 60]), 1_000_080);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4e12 }), fc.subarray([60, 600], { minLength: 1 }), (now, intervals) => {
      const at = takeoverSeconds(now, intervals);
      const length = Math.max(...intervals);
      assert.equal(at % length, 0);
      assert.ok(at - now / 1000 >= 10 && at - now / 1000 < 10 + length);
    }),
  );
});

test('each window has the flow log or its successor, none both, none neither', async () => {
  const old = await create({ MaxAggregationInterval: 60 });
  const { successor, atSeconds } = replaceFlowLog(state, old, { maxAggregationInterval: 600 }, later(1000));
  const first = Math.ceil(ec2.clock.now.getTime() / 60_000) * 60;
  for (let window = first; window < atSeconds + 1800; window += 60)
    assert.deepEqual(flowLogsOf(window), [window < atSeconds ? old : successor], `window ${window - atSeconds}`);
  // Whoever runs on the file learns when to look again.
  const now = ec2.clock.now.getTime() * 1000 + 2_000_000;
  assert.deepEqual(changesBetween(state, now, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), [atSeconds * 1e6]);
});

test('the successor is what the old one was but for what is different, tags too, and is what is described', async () => {
  const old = await create();
  const [before] = await described();
  const format = '${version} ${srcaddr} ${action}';
  const done = replaceFlowLog(
    state,
    old,
    { logFormat: format, fileFormat: 'parquet', trafficType: 'REJECT' },
    later(1000),
  );
  assert.deepEqual(await described(), [
    {
      ...before,
      FlowLogId: done.successor,
      CreationTime: new Date(done.atSeconds * 1000),
      LogFormat: format,
      TrafficType: 'REJECT',
      DestinationOptions: { ...before?.DestinationOptions, FileFormat: 'parquet' },
    },
  ]);
  const [row] = state.database.prepare("SELECT * FROM audit WHERE action = 'ReplaceFlowLog'").all();
  assert.match(String(row?.['changes']), new RegExp(`${old}.*removed.*${done.successor}.*created`));
});

test('a log group keeps its role; another type of destination does not', async () => {
  const role = 'arn:aws:iam::111122223333:role/flow';
  const old = await create({
    LogDestinationType: 'cloud-watch-logs',
    LogDestination: 'arn:aws:logs:eu-west-1:111122223333:log-group:flows',
    DeliverLogsPermissionArn: role,
  });
  const same = replaceFlowLog(state, old, { maxAggregationInterval: 60 }, later(1000));
  const [kept] = await described();
  assert.deepEqual(
    [kept?.LogGroupName, kept?.DeliverLogsPermissionArn, kept?.MaxAggregationInterval],
    ['flows', role, 60],
  );
  replaceFlowLog(state, same.successor, { destination: 'arn:aws:s3:::local/x/' }, later(2000));
  const [moved] = await described();
  assert.deepEqual(
    [moved?.LogDestinationType, moved?.LogDestination, moved?.LogGroupName, moved?.DeliverLogsPermissionArn],
    ['s3', 'arn:aws:s3:::local/x/', undefined, undefined],
  );
});

test('a successor that has not begun is tagged, replaced and deleted before it does, and the old one ends all the same', async () => {
  // Eight windows of a minute before the boundary.
  ec2.clock.now = new Date(Math.ceil(Date.now() / 600_000) * 600_000 + 100_000);
  const old = await create({ MaxAggregationInterval: 600 });
  const first = replaceFlowLog(state, old, { trafficType: 'REJECT' }, later(1000));
  await ec2
    .client()
    .send(new CreateTagsCommand({ Resources: [first.successor], Tags: [{ Key: 'Name', Value: 'other' }] }));
  const second = replaceFlowLog(state, first.successor, { maxAggregationInterval: 60 }, later(2000));
  assert.ok(second.atSeconds >= first.atSeconds);
  const created = Math.ceil(ec2.clock.now.getTime() / 60_000) * 60;
  for (let window = created; window < second.atSeconds + 120; window += 60)
    assert.equal(flowLogsOf(window).length, 1, `window ${window - first.atSeconds}`);
  assert.deepEqual(flowLogsOf(second.atSeconds), [second.successor]);
  await ec2.client().send(new DeleteFlowLogsCommand({ FlowLogIds: [second.successor] }));
  assert.deepEqual(flowLogsOf(second.atSeconds + 60), []);
  assert.deepEqual(await described(), []);
});

test('what is unknown, the same, wrong, or there already is refused and nothing is changed', async () => {
  const old = await create();
  const other = await create({ LogDestination: 'arn:aws:s3:::local/other/' });
  const refused = (id: string, difference: object, code: string): void =>
    assert.throws(() => replaceFlowLog(state, id, difference, later(1000)), { code });
  refused('fl-0', { trafficType: 'REJECT' }, 'FG_REPLACE_UNKNOWN');
  refused(old, {}, 'FG_REPLACE_SAME');
  refused(old, { maxAggregationInterval: 600 }, 'FG_REPLACE_SAME');
  refused(old, { logFormat: '${nothing}' }, 'FG_REPLACE_REFUSED');
  refused(old, { destination: 'arn:aws:logs:eu-west-1:111122223333:log-group:flows' }, 'FG_REPLACE_REFUSED');
  refused(old, { destination: 'arn:aws:s3:::local/other' }, 'FG_REPLACE_REFUSED');
  assert.deepEqual(new Set((await described()).map(({ FlowLogId }) => FlowLogId)), new Set([old, other]));
});

test('who replaces by a key stands in the audit, and finds only what its account has', async () => {
  const old = await create();
  const facts = openCurrentFacts(state);
  const by = { facts, account: OTHER_ACCOUNT, principal: 'AKIACONSOLE000000000' };
  const difference = { maxAggregationInterval: 60 };
  assert.throws(() => replaceFlowLog(state, old, difference, later(1000), by), { code: 'FG_REPLACE_UNKNOWN' });
  const { successor } = replaceFlowLog(state, old, difference, later(1000), { ...by, account: ACCOUNT });
  // Whoever shares the facts sees it without reading them anew.
  assert.notEqual(facts.find('FlowLogs', successor), undefined);
  const row = state.database.prepare("SELECT principal FROM audit WHERE action = 'ReplaceFlowLog'").get();
  assert.equal(row?.['principal'], by.principal);
});

test('the command line replaces beside a process that has the file open', async () => {
  const old = await create();
  const program = join(import.meta.dirname, '../../bin/flowgauge');
  const args = ['replace', old, '--max-aggregation-interval', '60', '--data', dirname(ec2.path), '--json'];
  const out = await new Promise<string>((resolve, reject) => {
    execFile(program, args, (error, printed, told) => (error ? reject(new Error(told)) : resolve(printed)));
  });
  const done = JSON.parse(out) as Record<string, unknown>;
  const [now] = await described();
  assert.deepEqual([done['replaced'], done['successor']], [old, now?.FlowLogId]);
  assert.equal(now?.MaxAggregationInterval, 60);
});
