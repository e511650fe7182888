import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAccount } from './ask-account.ts';
import type { Asker } from './ask-aws.ts';
import { Refused } from './ask-aws.ts';
import { CALLS } from './calls.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** Answers by action; what is not there has nothing. */
function asker(answers: Readonly<Record<string, (parameters: Parameters) => object>>): Asker & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    region: 'eu-west-1',
    account: () => Promise.resolve('111122223333'),
    ask(_, action, parameters = {}) {
      asked.push(action);
      return Promise.resolve().then(() => ({ ...answers[action]?.(parameters) }));
    },
  };
}

const kindOf = (got: Awaited<ReturnType<typeof askAccount>>, kind: string) =>
  got.answers.find((answer) => answer.kind === kind);

test('every call is made, pages are read to the end, and what was refused is named', async () => {
  const seen: [number, number][] = [];
  const one = asker({
    DescribeSubnets: ({ NextToken, MaxResults }) => {
      assert.equal(MaxResults, 1000);
      const page = Number(NextToken ?? 0);
      return { Subnets: [{ SubnetId: `subnet-${page}` }], NextToken: page < 2 ? String(page + 1) : '' };
    },
    DescribeInstances: () => ({ Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }, {}] }),
    DescribeFlowLogs: () => {
      throw new Refused('UnauthorizedOperation', 'not you');
    },
    DescribeLoadBalancers: ({ Marker }) => ({
      LoadBalancers: [{ LoadBalancerArn: `arn:${String(Marker)}` }],
      ...(Marker === undefined ? { NextMarker: '2' } : {}),
    }),
    DescribeVpcBlockPublicAccessOptions: () => ({ VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'off' } }),
  });
  const got = await askAccount(one, '111122223333', 5, (done, of) => void seen.push([done, of]));
  assert.deepEqual(
    kindOf(got, 'Subnets')?.items.map(({ id }) => id),
    ['subnet-0', 'subnet-1', 'subnet-2'],
  );
  assert.deepEqual(
    kindOf(got, 'LoadBalancers')?.items.map(({ id }) => id),
    ['arn:undefined', 'arn:2'],
  );
  assert.deepEqual(kindOf(got, 'Instances'), {
    kind: 'Instances',
    account: '111122223333',
    region: 'eu-west-1',
    atMicros: 5,
    whole: true,
    items: [{ id: 'i-1', content: { InstanceId: 'i-1' } }],
  });
  assert.equal(kindOf(got, 'VpcBlockPublicAccessOptions')?.items.length, 1);
  assert.deepEqual(got.refused, [
    {
      account: '111122223333',
      region: 'eu-west-1',
      call: 'ec2:DescribeFlowLogs',
      code: 'UnauthorizedOperation',
      message: 'not you',
      fault: false,
    },
  ]);
  assert.equal(got.answers.length, CALLS.length - 1);
  assert.equal(kindOf(got, 'FlowLogs'), undefined);
  assert.deepEqual(seen.at(-1), [CALLS.length, CALLS.length]);
});

test('a page that is refused leaves its kind without an answer rather than with half of one', async () => {
  const got = await askAccount(
    asker({
      DescribeVpcs: ({ NextToken }) => {
        if (NextToken !== undefined) throw new Refused('AccessDenied', '');
        return { Vpcs: [{ VpcId: 'vpc-1' }], NextToken: 'more' };
      },
    }),
    '1',
    5,
    () => {},
  );
  assert.equal(kindOf(got, 'Vpcs'), undefined);
});

test('managed prefix lists get their entries; one whose entries are refused is left as it was known, and named', async () => {
  const got = await askAccount(
    asker({
      DescribeManagedPrefixLists: () => ({ PrefixLists: [{ PrefixListId: 'pl-1' }, { PrefixListId: 'pl-2' }] }),
      GetManagedPrefixListEntries: ({ PrefixListId, NextToken }) => {
        if (PrefixListId === 'pl-2') throw new Refused('UnauthorizedOperation', '');
        return NextToken === undefined
          ? { Entries: [{ Cidr: '10.0.0.0/8' }], NextToken: 'b' }
          : { Entries: [{ Cidr: '172.16.0.0/12' }] };
      },
    }),
    '1',
    5,
    () => {},
  );
  assert.deepEqual(
    kindOf(got, 'ManagedPrefixLists')?.items.map(({ content }) => content),
    [{ PrefixListId: 'pl-1', Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '172.16.0.0/12' }] }],
  );
  assert.equal(kindOf(got, 'ManagedPrefixLists')?.whole, false);
  assert.deepEqual(
    got.refused.map(({ call, code, fault }) => [call, code, fault]),
    [['ec2:GetManagedPrefixListEntries', 'UnauthorizedOperation', false]],
  );
});

test('tasks are asked for by name, cluster by cluster', async () => {
  const got = await askAccount(
    asker({
      ListClusters: () => ({ clusterArns: ['a', 'empty'] }),
      ListTasks: ({ cluster }) => ({ taskArns: cluster === 'a' ? ['t1', 't2'] : [] }),
      DescribeTasks: ({ tasks }) => ({ tasks: (tasks as string[]).map((taskArn) => ({ taskArn })) }),
    }),
    '1',
    5,
    () => {},
  );
  assert.deepEqual(
    kindOf(got, 'EcsTasks')?.items.map(({ id }) => id),
    ['t1', 't2'],
  );
});

test('an error that is no refusal ends it', async () => {
  const broken = asker({
    DescribeVpcs: () => {
      throw new Error('broken');
    },
  });
  await assert.rejects(
    askAccount(broken, '1', 5, () => {}),
    /broken/,
  );
});
