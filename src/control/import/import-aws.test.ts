import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openModel } from '../../storage/state/open-model.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { addKey } from '../keys.ts';
import { importAws } from './import-aws.ts';
import type { FileImport } from './import-aws.ts';
import { pretendedAws, refusal } from './pretended-aws.fixture.ts';

before(() => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_SESSION_TOKEN']) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = '/dev/null';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
});

const never = new AbortController().signal;

function directory(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'flowgauge-import-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** A folder with one answer. */
function answers(root: string, name: string, content: object, atMicros: number): FileImport {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, 'answer.json'), JSON.stringify(content));
  return { paths: [join(root, name)], atMicros, whole: true };
}

const vpcs = (...ids: string[]): object => ({
  Vpcs: ids.map((VpcId) => ({ VpcId, OwnerId: '111122223333', CidrBlock: '10.0.0.0/16' })),
});

test('what was imported is the model of its time', async (t) => {
  const root = directory(t);
  const data = join(root, 'data');
  await importAws(answers(root, 'one', vpcs('vpc-1'), 100e6), data, 101e6, never);
  const again = await importAws(answers(root, 'two', vpcs('vpc-1', 'vpc-2'), 200e6), data, 201e6, never);
  assert.deepEqual(
    again.recorded.map(({ kind, added, same }) => [kind, added, same]),
    [['Vpcs', 1, 1]],
  );
  const ids = async (at: number): Promise<string[]> =>
    (await openModel({ data, at })).vpcs.slice(1).map(({ id }) => id);
  assert.deepEqual(await ids(150e6), ['vpc-1']);
  assert.deepEqual(await ids(250e6), ['vpc-1', 'vpc-2']);
});

test('nothing is imported for an account that the control API keeps', async (t) => {
  const root = directory(t);
  const data = join(root, 'data');
  mkdirSync(data);
  const state = openState(statePath(data), true);
  addKey(state, { account: '111122223333', role: 'operate', forSeconds: null }, new Date(0));
  state.close();
  await assert.rejects(importAws(answers(root, 'one', vpcs('vpc-1'), 100e6), data, 101e6, never), {
    code: 'FG_ACCOUNT_OWN',
  });
  await assert.rejects(openModel({ data }), { code: 'FG_STATE_EMPTY' });
});

test('an import that fails changes nothing', async (t) => {
  const root = directory(t);
  const data = join(root, 'data');
  await importAws(answers(root, 'one', vpcs('vpc-1'), 100e6), data, 101e6, never);
  const wrong = { ...vpcs('vpc-2'), Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-2', CidrBlock: 'x' }] };
  await assert.rejects(importAws(answers(root, 'wrong', wrong, 200e6), data, 201e6, never), { code: 'FG_MODEL_VALUE' });
  assert.deepEqual(
    (await openModel({ data })).vpcs.slice(1).map(({ id }) => id),
    ['vpc-1'],
  );
});

const identity = (account: string): string =>
  `<R><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></R>`;

test('an account is asked in each region, and what it refuses stays as it was known', async (t) => {
  const data = directory(t);
  let allowed = true;
  const aws = pretendedAws({
    GetCallerIdentity: identity('111122223333'),
    DescribeVpcs: '<R><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></R>',
    DescribeFlowLogs: () =>
      allowed
        ? '<R><flowLogSet><item><flowLogId>fl-1</flowLogId><logGroupName>g</logGroupName><resourceId>tgw-1</resourceId></item></flowLogSet></R>'
        : refusal('UnauthorizedOperation', 403),
    ListClusters: '{"clusterArns":[]}',
  });
  const regions = ['eu-west-1', 'us-east-1'];
  const live = { profiles: [], regions, endpoint: null };
  const first = await importAws(live, data, 100e6, never, { fetch: aws.fetch });
  assert.deepEqual(first.refused, []);
  assert.deepEqual([...new Set(first.recorded.map(({ region }) => region))], regions);
  assert.ok(regions.every((region) => aws.asked.some(({ host }) => host === `ec2.${region}.amazonaws.com`)));
  allowed = false;
  const second = await importAws(live, data, 200e6, never, { fetch: aws.fetch });
  assert.deepEqual(
    second.refused.map(({ region, call }) => `${region} ${call}`),
    ['eu-west-1 ec2:DescribeFlowLogs', 'us-east-1 ec2:DescribeFlowLogs'],
  );
  assert.ok(second.recorded.every(({ added, changed, ended }) => added + changed + ended === 0));
  assert.ok((await openModel({ data })).notUnderstood.some((line) => line.startsWith('fl-1: watches tgw-1')));
});

test('an account that refuses all is an error, and nothing is recorded', async (t) => {
  const data = directory(t);
  const aws = pretendedAws({
    GetCallerIdentity: identity('111122223333'),
    '*': { status: 403, body: refusal('AccessDenied').body },
    ...Object.fromEntries(
      ['ListClusters'].map((action) => [action, { status: 400, body: '{"__type":"AccessDeniedException"}' }]),
    ),
  });
  await assert.rejects(
    importAws({ profiles: [], regions: ['eu-west-1'], endpoint: null }, data, 100e6, never, { fetch: aws.fetch }),
    { code: 'FG_IMPORT_DENIED', message: /111122223333 eu-west-1 answered none/ },
  );
  await assert.rejects(openModel({ data }), { code: 'FG_STATE_MISSING' });
});

test('profiles of several accounts are asked with their own keys and regions', async (t) => {
  const data = directory(t);
  const config = join(data, 'config');
  const keys = (name: string, region: string): string =>
    `[${name}]\nregion = ${region}\naws_access_key_id = ${name}\naws_secret_access_key = x\n`;
  writeFileSync(config, keys('one', 'eu-west-1') + keys('two', 'us-west-2') + keys('same', 'eu-west-1'));
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_SHARED_CREDENTIALS_FILE: file } = process.env;
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_DEFAULT_REGION'])
    delete process.env[name];
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = config;
  t.after(() =>
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: key,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SHARED_CREDENTIALS_FILE: file,
    }),
  );
  const aws = pretendedAws({ ListClusters: '{}' });
  const who = new Map([
    ['one', '111122223333'],
    ['two', '444455556666'],
    ['same', '111122223333'],
  ]);
  const fetch: typeof globalThis.fetch = (input, init) => {
    const signed = /Credential=(\w+)\//.exec(new Headers(init?.headers).get('authorization') ?? '')?.[1] ?? '';
    const text = typeof init?.body === 'string' ? init.body : '';
    if (text.includes('GetCallerIdentity')) return Promise.resolve(new Response(identity(who.get(signed) ?? '')));
    return aws.fetch(input, init);
  };
  const live = { profiles: [...who.keys()], regions: [], endpoint: null };
  const done = await importAws(live, data, 100e6, never, { fetch });
  assert.deepEqual(
    [...new Set(done.recorded.map(({ account, region }) => `${account} ${region}`))],
    ['111122223333 eu-west-1', '444455556666 us-west-2'],
  );
});
