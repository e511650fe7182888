import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import {
  CreateFlowLogsCommand,
  CreateTagsCommand,
  DeleteFlowLogsCommand,
  DescribeFlowLogsCommand,
  DescribeRegionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { CreateFlowLogsCommandInput } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { recordAnswers } from '../../storage/state/record-answers.ts';
import { openState } from '../../storage/state/state-file.ts';
import { addKey } from '../keys.ts';
import { LONGEST_BODY } from './create-ec2.ts';
import type { CommittedChange } from './dispatch.ts';
import { ACCOUNT, KEY_IDS, pretendEc2, REGION } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { OPERATIONS } from './shapes.generated.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
  ec2.put('Vpcs', [
    { VpcId: 'vpc-0a', CidrBlock: '10.0.0.0/16', State: 'available' },
    { VpcId: 'vpc-0b', CidrBlock: '10.1.0.0/16', State: 'available' },
  ]);
});
after(() => ec2.close());

const EC2 = 'Version=2016-11-15&Action=';
const LOG: CreateFlowLogsCommandInput = {
  ResourceType: 'VPC',
  ResourceIds: ['vpc-0a'],
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::local',
};
const logs = async (): Promise<readonly (string | undefined)[]> => {
  const { FlowLogs: all = [] } = await ec2.client().send(new DescribeFlowLogsCommand({}));
  return all.map(({ FlowLogId }) => FlowLogId);
};
afterEach(async () => {
  const ids = (await logs()).map(String);
  if (ids.length > 0) await ec2.client().send(new DeleteFlowLogsCommand({ FlowLogIds: ids }));
});
const code = (body: string): string => /<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? body;
const isError =
  (name: string, status: number, message?: string) =>
  (error: Error & { $metadata?: { httpStatusCode?: number } }): boolean => {
    assert.deepEqual([error.name, error.$metadata?.httpStatusCode], [name, status]);
    if (message !== undefined) assert.equal(error.message, message);
    return true;
  };
/** Rows of the audit log. */
function audit(): Record<string, unknown>[] {
  const state = openState(ec2.path, false);
  const rows = state.database.prepare('SELECT * FROM audit ORDER BY id').all();
  state.close();
  return rows;
}

test('an action that there is not is told, the one that would change a flow log too', async () => {
  for (const name of ['ModifyFlowLogs', 'GetCallerIdentity', 'toString', '<a>']) {
    const { status, body } = await ec2.send(EC2 + encodeURIComponent(name));
    assert.deepEqual([status, code(body)], [400, 'InvalidAction']);
    const shown = name === '<a>' ? '&lt;a&gt;' : name;
    assert.match(body, new RegExp(`<Message>The action ${shown} is not valid for this web service\\.</Message>`));
  }
});

test('the form of an answer is EC2’s, with a request id of its own', async () => {
  const { status, headers, body } = await ec2.send(`${EC2}DescribeFlowLogs`);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/xml;charset=UTF-8');
  const id = headers['x-amzn-requestid'] ?? '';
  assert.match(id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  assert.equal(
    body,
    `<?xml version="1.0" encoding="UTF-8"?>\n<DescribeFlowLogsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${id}</requestId><flowLogSet/></DescribeFlowLogsResponse>`,
  );
});

test('version and action must be given', async () => {
  for (const [form, wanted] of [
    ['Action=DescribeFlowLogs', 'MissingParameter'],
    ['Version=2016-11-15', 'MissingAction'],
    ['Version=2010-01-01&Action=DescribeFlowLogs', 'InvalidAction'],
  ] as const) {
    const { status, body } = await ec2.send(form);
    assert.deepEqual([status, code(body)], [400, wanted]);
  }
});

test('STS says who asks, in its own form, and only to keys signed for it', async () => {
  const form = 'Version=2011-06-15&Action=GetCallerIdentity';
  const { status, body } = await ec2.send(form, { service: 'sts', who: 'read' });
  assert.equal(status, 200);
  assert.match(
    body,
    new RegExp(
      `<GetCallerIdentityResult><UserId>${KEY_IDS.read}</UserId><Account>${ACCOUNT}</Account><Arn>arn:aws:iam::${ACCOUNT}:user/${KEY_IDS.read}</Arn></GetCallerIdentityResult><ResponseMetadata>`,
    ),
  );
  const wrong = await ec2.send(form);
  assert.deepEqual([wrong.status, code(wrong.body)], [403, 'SignatureDoesNotMatch']);
  assert.match(wrong.body, /<ErrorResponse xmlns=.*<Type>Sender<\/Type>/s);
});

test('a presigned GET is answered, its signature is no parameter', async () => {
  const bare = await ec2.ec2.answer({
    method: 'GET',
    url: `/?${EC2}DescribeRegions`,
    headers: {},
    body: Buffer.alloc(0),
  });
  assert.deepEqual([bare.status, code(bare.body)], [403, 'MissingAuthenticationToken']);
  const link = await ec2.presign(`${EC2}DescribeRegions&RegionName.1=eu-west-1`);
  const { status, body } = await ec2.ec2.answer(link);
  assert.equal(status, 200, body);
  assert.match(body, /<regionName>eu-west-1</);
});

test('other methods and too long requests are refused', async () => {
  const put = await ec2.ec2.answer({ method: 'PUT', url: '/', headers: {}, body: Buffer.alloc(0) });
  assert.deepEqual([put.status, code(put.body)], [400, 'UnsupportedProtocol']);
  const long = { method: 'POST', url: '/', headers: {}, body: Buffer.alloc(LONGEST_BODY + 1) };
  assert.equal((await ec2.ec2.answer(long)).status, 413);
});

test('a key that may read changes nothing, not even in a dry run', async () => {
  const client = ec2.client('read');
  for (const DryRun of [false, true])
    await assert.rejects(
      client.send(new CreateFlowLogsCommand({ ...LOG, DryRun })),
      isError('UnauthorizedOperation', 403),
    );
  await assert.rejects(client.send(new CreateFlowLogsCommand({ ...LOG, ResourceIds: undefined })), {
    name: 'MissingParameter',
  });
  assert.deepEqual((await client.send(new DescribeFlowLogsCommand({}))).FlowLogs, []);
});

test('a dry run says what would have been, after everything was checked', async () => {
  const rows = audit().length;
  const client = ec2.client();
  await assert.rejects(
    client.send(new CreateFlowLogsCommand({ ...LOG, DryRun: true, ClientToken: 'dry' })),
    isError('DryRunOperation', 412, 'Request would have succeeded, but DryRun flag is set.'),
  );
  await assert.rejects(client.send(new CreateFlowLogsCommand({ ...LOG, ResourceIds: ['vpc-0c'], DryRun: true })), {
    name: 'InvalidVpcID.NotFound',
  });
  await assert.rejects(client.send(new DescribeRegionsCommand({ DryRun: true })), { name: 'DryRunOperation' });
  assert.deepEqual(await logs(), []);
  assert.equal(audit().length, rows);
  // The token was not used up.
  await client.send(new CreateFlowLogsCommand({ ...LOG, ClientToken: 'dry' }));
});

test('the same token with the same parameters gets the same answer and makes nothing more', async () => {
  const client = ec2.client();
  const first = await client.send(new CreateFlowLogsCommand({ ...LOG, ClientToken: 'once' }));
  const again = await client.send(new CreateFlowLogsCommand({ ...LOG, ClientToken: 'once' }));
  assert.deepEqual([again.FlowLogIds, again.ClientToken], [first.FlowLogIds, 'once']);
  assert.equal((await logs()).length, 1);
  await assert.rejects(client.send(new CreateFlowLogsCommand({ ...LOG, TrafficType: 'REJECT', ClientToken: 'once' })), {
    name: 'IdempotentParameterMismatch',
  });
  await assert.rejects(client.send(new CreateFlowLogsCommand({ ...LOG, ClientToken: 'x'.repeat(65) })), {
    name: 'InvalidParameterValue',
  });
  // Another region is another place.
  await assert.rejects(
    ec2.client('operate', 'us-east-1').send(new CreateFlowLogsCommand({ ...LOG, ClientToken: 'once' })),
    {
      name: 'InvalidVpcID.NotFound',
    },
  );
});

test('of calls at once with one token one makes it, and all get its answer', async (t) => {
  const both = Promise.withResolvers<null>();
  let asked = 0;
  const slow = await pretendEc2({
    surroundings: {
      checkDestination: () => {
        // None goes on before both are here.
        if (++asked === 2) both.resolve(null);
        return both.promise;
      },
      deliveryError: () => null,
      flowLogsPerResource: 250,
    },
  });
  t.after(() => slow.close());
  slow.put('Vpcs', [{ VpcId: 'vpc-0a' }]);
  const client = slow.client();
  const calls = [1, 2].map(() => client.send(new CreateFlowLogsCommand({ ...LOG, ClientToken: 'both' })));
  const ids = new Set((await Promise.all(calls)).map(({ FlowLogIds }) => String(FlowLogIds)));
  assert.equal(ids.size, 1);
  assert.equal((await client.send(new DescribeFlowLogsCommand({}))).FlowLogs?.length, 1);
});

test('a call that made nothing may be sent again with its token', async () => {
  const client = ec2.client();
  ec2.destination.problem = { code: 'FG_S3_NO_BUCKET', message: '', again: false };
  const input = { ...LOG, LogDestination: 'arn:aws:s3:::not-yet-there', ClientToken: 'again' };
  const before = await client.send(new CreateFlowLogsCommand(input));
  assert.equal(before.Unsuccessful?.length, 1);
  ec2.destination.problem = null;
  const then = await client.send(new CreateFlowLogsCommand(input));
  assert.equal(then.FlowLogIds?.length, 1);
});

test('a change has one audit row that names who, what and when, and listeners are told after it is on disk', async () => {
  const heard: CommittedChange[] = [];
  const rows = audit().length;
  const stop = ec2.ec2.onChange((change) => {
    assert.equal(audit().length, rows + 1);
    heard.push(change);
  });
  const made = await ec2.client().send(new CreateFlowLogsCommand(LOG));
  stop();
  const id = String(made.FlowLogIds?.[0]);
  const [row = {}] = audit().slice(rows);
  assert.deepEqual(
    [row['account'], row['region'], row['principal'], row['action'], row['request']],
    [ACCOUNT, REGION, KEY_IDS.operate, 'CreateFlowLogs', made.$metadata.requestId],
  );
  const changes = [{ account: ACCOUNT, region: REGION, kind: 'FlowLogs', id, became: 'created' }];
  assert.deepEqual(JSON.parse(String(row['changes'])), changes);
  assert.deepEqual((JSON.parse(String(row['parameters'])) as object & { ResourceIds: string[] }).ResourceIds, [
    'vpc-0a',
  ]);
  assert.deepEqual(heard, [
    {
      atMicros: row['at'],
      account: ACCOUNT,
      region: REGION,
      action: 'CreateFlowLogs',
      requestId: made.$metadata.requestId,
      changes,
    },
  ]);
  await ec2.client().send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] }));
  await ec2.client().send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] }));
  assert.equal(audit().length, rows + 2, 'what changed nothing has no row');
  assert.equal(heard.length, 1);
});

test('a listener that fails takes nothing back, and is told of', async (t) => {
  const failures: unknown[] = [];
  const own = await pretendEc2({ failed: (error) => failures.push(error) });
  t.after(() => own.close());
  own.put('Vpcs', [{ VpcId: 'vpc-0a' }]);
  const heard: CommittedChange[] = [];
  const broken = new Error('broken');
  own.ec2.onChange(() => {
    throw broken;
  });
  own.ec2.onChange((change) => heard.push(change));
  const made = await own.client().send(new CreateFlowLogsCommand(LOG));
  assert.deepEqual([made.FlowLogIds?.length, heard.length, failures], [1, 1, [broken]]);
});

test('what was imported of an account is answered, and is not written to', async () => {
  const [account, FlowLogId] = ['999988887777', 'fl-0123'];
  const content = { FlowLogId, ResourceId: 'vpc-1', TrafficType: 'ALL', LogDestination: 'arn:aws:s3:::b', Tags: [] };
  const state = openState(ec2.path, false);
  const items = [{ id: FlowLogId, content }];
  recordAnswers(state, [{ kind: 'FlowLogs', account, region: REGION, atMicros: 1, whole: true, items }], 'a file', 2);
  const key = addKey(state, { account, role: 'read', forSeconds: null }, ec2.clock.now);
  state.close();
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  const client = new EC2Client({ endpoint: ec2.endpoint, region: REGION, credentials, maxAttempts: 1 });
  assert.deepEqual((await client.send(new DescribeFlowLogsCommand({}))).FlowLogs, [content]);
  await assert.rejects(client.send(new DeleteFlowLogsCommand({ FlowLogIds: [FlowLogId] })), {
    name: 'UnauthorizedOperation',
  });
  client.destroy();
});

test('that a key was used is written down, once a minute', async () => {
  const used = (): unknown => {
    const state = openState(ec2.path, false);
    const row = state.database.prepare('SELECT used FROM keys WHERE id = ?').get(KEY_IDS.read);
    state.close();
    return row?.['used'];
  };
  const begin = ec2.clock.now;
  const after = async (millis: number): Promise<unknown> => {
    ec2.clock.now = new Date(begin.getTime() + millis);
    await ec2.send(`${EC2}DescribeRegions`, { who: 'read' });
    return Number(used()) / 1000 - begin.getTime();
  };
  ec2.clock.now = begin;
  const [first, second, third] = [await after(100_000), await after(159_999), await after(160_000)];
  assert.deepEqual([first, second, third], [100_000, 100_000, 160_000]);
});

test('a key that another process has just made may write at once', async () => {
  const state = openState(ec2.path, false);
  const key = addKey(state, { account: '777788889999', role: 'operate', forSeconds: null }, ec2.clock.now);
  state.close();
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  const client = new EC2Client({ endpoint: ec2.endpoint, region: REGION, credentials, maxAttempts: 1 });
  await assert.rejects(client.send(new CreateFlowLogsCommand(LOG)), { name: 'InvalidVpcID.NotFound' });
  client.destroy();
});

test('a revoked key is refused from the next request on', async () => {
  const state = openState(ec2.path, false);
  const revoke = (at: number | null): unknown =>
    state.database.prepare('UPDATE keys SET revoked = ? WHERE id = ?').run(at, KEY_IDS.read);
  revoke(1);
  assert.equal(code((await ec2.send(`${EC2}DescribeRegions`, { who: 'read' })).body), 'AuthFailure');
  revoke(null);
  assert.equal((await ec2.send(`${EC2}DescribeRegions`, { who: 'read' })).status, 200);
  state.close();
});

test('whatever is sent is answered, and never with a fault of ours', async () => {
  const name = fc.constantFrom(...Object.keys(OPERATIONS), 'GetCallerIdentity', 'Nothing');
  const parameter = fc.constantFrom(
    'ResourceId',
    'Filter',
    'Tag',
    'MaxResults',
    'NextToken',
    'DryRun',
    'FlowLogId',
    'x',
  );
  const part = fc.oneof(fc.constantFrom('1', '2', '0', 'Name', 'Value', 'Key', '__proto__'), fc.string());
  const value = fc.oneof(
    fc.constantFrom('vpc-0a', 'fl-0', 'true', '5', '*', 'tag:x', 'resource-id', 'ALL', 'VPC', ''),
    fc.string({ unit: 'binary' }),
  );
  const pair = fc
    .tuple(parameter, fc.array(part, { maxLength: 4 }), value)
    .map(
      ([first, parts, text]) =>
        `${[first, ...parts].map(encodeURIComponentWell).join('.')}=${encodeURIComponentWell(text)}`,
    );
  await fc.assert(
    fc.asyncProperty(name, fc.array(pair, { maxLength: 6 }), async (action, pairs) => {
      const sts = action === 'GetCallerIdentity';
      const form = [sts ? `Version=2011-06-15&Action=${action}` : EC2 + action, ...pairs].join('&');
      const { status, body } = await ec2.send(form, { service: sts ? 'sts' : 'ec2' });
      assert.ok(status < 500, body);
      assert.match(body, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<.*>$/s);
    }),
    { numRuns: 300 },
  );
});

test('bytes that nobody signed are answered, and never with a fault of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', ''),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }),
      fc.dictionary(fc.constantFrom('authorization', 'host', 'x-amz-date', 'x'), fc.string({ unit: 'binary' })),
      async (method, url, body, headers) => {
        const { status } = await ec2.ec2.answer({ method, url: `/?Version=2016-11-15&Action=X&${url}`, headers, body });
        assert.ok(status >= 400 && status < 500);
      },
    ),
    { numRuns: 300 },
  );
});

/** Halves of surrogate pairs cannot be encoded. */
function encodeURIComponentWell(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
