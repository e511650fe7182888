import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createAsker, Refused } from './ask-aws.ts';
import type { AskOptions, Asker } from './ask-aws.ts';
import { pretendedAws, refusal } from './pretended-aws.fixture.ts';

before(() => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_SESSION_TOKEN']) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = '/dev/null';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
});

/** Asks a pretended AWS; pauses are noted and not made. */
function asker(
  fetch: typeof globalThis.fetch,
  region = 'eu-west-1',
  options: AskOptions = {},
): {
  readonly asker: Asker;
  readonly pauses: number[];
} {
  const pauses: number[] = [];
  const pause = (millis: number): Promise<void> => {
    pauses.push(millis);
    return Promise.resolve();
  };
  const made = createAsker({}, region, new AbortController().signal, { fetch, pause, chance: () => 1, ...options });
  return { asker: made, pauses };
}

test('asks the service in its region with numbered lists', async () => {
  const aws = pretendedAws({ DescribeVpcs: '<R><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></R>' });
  const answer = await asker(aws.fetch).asker.ask('ec2', 'DescribeVpcs', { VpcId: ['vpc-1', 'vpc-2'], MaxResults: 5 });
  assert.deepEqual(answer, { Vpcs: [{ VpcId: 'vpc-1' }] });
  assert.deepEqual(aws.asked, [
    {
      host: 'ec2.eu-west-1.amazonaws.com',
      parameters: {
        Action: 'DescribeVpcs',
        Version: '2016-11-15',
        'VpcId.1': 'vpc-1',
        'VpcId.2': 'vpc-2',
        MaxResults: '5',
      },
    },
  ]);
  const china = pretendedAws({});
  await asker(china.fetch, 'cn-north-1').asker.ask('ec2', 'DescribeVpcs');
  assert.equal(china.asked[0]?.host, 'ec2.cn-north-1.amazonaws.com.cn');
});

test('what is throttled is asked again after growing pauses, and told', async () => {
  const aws = pretendedAws({
    DescribeVpcs: (_, times) => (times < 4 ? refusal('RequestLimitExceeded', 503) : '<R><vpcSet/></R>'),
  });
  let throttled = 0;
  const { asker: one, pauses } = asker(aws.fetch, 'eu-west-1', { throttled: () => void throttled++ });
  assert.deepEqual(await one.ask('ec2', 'DescribeVpcs'), { Vpcs: [] });
  assert.deepEqual(pauses, [400, 800, 1600, 3200]);
  assert.equal(throttled, 4);
});

test('a connection that breaks is tried again; one that stays broken is named', async () => {
  const broken = new TypeError('fetch failed', { cause: Object.assign(new Error('gone'), { code: 'ECONNRESET' }) });
  const once = pretendedAws({ DescribeVpcs: (_, times) => (times === 0 ? broken : '<R/>') });
  assert.deepEqual(await asker(once.fetch).asker.ask('ec2', 'DescribeVpcs'), {});
  const always = pretendedAws({ DescribeVpcs: broken });
  const { asker: one, pauses } = asker(always.fetch);
  await assert.rejects(one.ask('ec2', 'DescribeVpcs'), {
    code: 'FG_AWS_UNREACHABLE',
    message: /ec2:DescribeVpcs in eu-west-1 could not be reached at ec2\.eu-west-1/,
  });
  assert.equal(pauses.length, 8);
  assert.equal(Math.max(...pauses), 20_000);
  const refused = new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }) });
  const nobody = asker(pretendedAws({ DescribeVpcs: refused }).fetch);
  await assert.rejects(nobody.asker.ask('ec2', 'DescribeVpcs'), { code: 'FG_AWS_UNREACHABLE' });
  assert.equal(nobody.pauses.length, 2, 'an address where nobody is is not asked for a minute');
});

test('a refusal is data and is not asked again; wrong keys and other errors are fatal', async () => {
  for (const code of [
    'UnauthorizedOperation',
    'AccessDenied',
    'AccessDeniedException',
    'InvalidAction',
    'OptInRequired',
  ]) {
    const aws = pretendedAws({ DescribeVpcs: refusal(code, 403) });
    await assert.rejects(asker(aws.fetch).asker.ask('ec2', 'DescribeVpcs'), (error) => {
      assert.ok(error instanceof Refused);
      assert.deepEqual([error.code, error.message], [code, 'because']);
      return true;
    });
    assert.equal(aws.asked.length, 1);
  }
  const keys = pretendedAws({ DescribeVpcs: refusal('AuthFailure', 401) });
  await assert.rejects(asker(keys.fetch).asker.ask('ec2', 'DescribeVpcs'), { code: 'FG_AWS_CREDENTIALS_REFUSED' });
});

test('a gateway that fails is asked again, and in the end the call is refused; throttling to the end is fatal', async () => {
  const odd = pretendedAws({ DescribeVpcs: { status: 502, body: '<html>bad gateway' } });
  await assert.rejects(asker(odd.fetch).asker.ask('ec2', 'DescribeVpcs'), { name: 'HTTP 502' });
  assert.equal(odd.asked.length, 9);
  const busy = pretendedAws({ DescribeVpcs: refusal('RequestLimitExceeded', 503) });
  await assert.rejects(asker(busy.fetch).asker.ask('ec2', 'DescribeVpcs'), {
    code: 'FG_IMPORT_CALL',
    message: /ec2:DescribeVpcs in eu-west-1 was not answered \(RequestLimitExceeded: because\)/,
  });
});

test('a fault of the server is asked again as AWS’s clients do, and is no refusal', async () => {
  const fault = { status: 500, body: '<html>oh' };
  const broken = pretendedAws({ DescribeVpcs: fault, DescribeSubnets: refusal('InternalError', 500) });
  await assert.rejects(asker(broken.fetch).asker.ask('ec2', 'DescribeVpcs'), { name: 'HTTP 500', isFault: true });
  assert.equal(broken.asked.length, 3);
  await assert.rejects(asker(broken.fetch).asker.ask('ec2', 'DescribeSubnets'), {
    name: 'InternalError',
    isFault: true,
  });
  const once = pretendedAws({ DescribeVpcs: (_, before) => (before === 0 ? fault : '<R><vpcSet/></R>') });
  assert.deepEqual(await asker(once.fetch).asker.ask('ec2', 'DescribeVpcs'), { Vpcs: [] });
  const denied = pretendedAws({ DescribeVpcs: refusal('UnauthorizedOperation', 403) });
  await assert.rejects(asker(denied.fetch).asker.ask('ec2', 'DescribeVpcs'), { isFault: false });
});

test('a service of JSON is asked in JSON, and the account is asked for', async () => {
  const aws = pretendedAws({
    ListClusters: '{"clusterArns":["arn:1"]}',
    ListTasks: { status: 400, body: '{"__type":"com.amazonaws#AccessDeniedException","message":"no"}' },
    GetCallerIdentity: '<R><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></R>',
  });
  const { asker: one } = asker(aws.fetch);
  assert.deepEqual(await one.ask('ecs', 'ListClusters', { maxResults: 100 }), { clusterArns: ['arn:1'] });
  assert.equal(aws.asked[0]?.parameters['maxResults'], 100);
  await assert.rejects(one.ask('ecs', 'ListTasks'), { code: 'AccessDeniedException', message: 'no' });
  assert.equal(await one.account(), '111122223333');
});
