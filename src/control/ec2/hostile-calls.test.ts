/**
 * Calls that somebody signed and nobody means well: each is refused with a code of the caller's, quickly, and nothing is told that is not his.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateTagsCommand,
  DeleteFlowLogsCommand,
  DeleteTagsCommand,
  DescribeFlowLogsCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-ec2';
import { pretendEc2, SECRET } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';

let ec2: Pretended;
const failures: unknown[] = [];
before(async () => {
  ec2 = await pretendEc2({ failed: (error) => failures.push(error) });
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a', CidrBlock: '10.0.0.0/16' }]);
});
after(() => ec2.close());

const token = (of: unknown): string => Buffer.from(JSON.stringify(of)).toString('base64url');
const flow = (destination: string): string =>
  `Action=CreateFlowLogs&ResourceType=VPC&ResourceId.1=vpc-0a&TrafficType=ALL&LogDestinationType=s3&LogDestination=${destination}`;
const vpc = (block: string): string => `Action=CreateVpc&CidrBlock=${encodeURIComponent(block)}`;
const tag = (key: string, value: string): string =>
  `Action=CreateTags&ResourceId.1=vpc-0a&Tag.1.Key=${encodeURIComponent(key)}&Tag.1.Value=${encodeURIComponent(value)}`;

const ids = (count: number): string => Array.from({ length: count }, (_, i) => `FlowLogId.${i + 1}=fl-${i}`).join('&');
const values = (count: number): string =>
  Array.from({ length: count }, (_, i) => `Filter.1.Value.${i + 1}=vpc-${i}`).join('&');

/** What is sent, and what it must be answered with; '' where it is fine. */
const CALLS: readonly (readonly [what: string, form: string, code: string])[] = [
  ['a list with one far number', 'Action=DescribeVpcs&Filter.1.Name=vpc-id&Filter.1.Value.999999999=x', ''],
  ['a number too long', 'Action=DescribeVpcs&Filter.1.Name=vpc-id&Filter.1.Value.9999999999=x', 'UnknownParameter'],
  ['a thousand levels', `Action=DescribeVpcs&${'Filter.1.'.repeat(500)}x=1`, 'UnknownParameter'],
  ['two actions: the first one holds', 'Action=DescribeVpcs&Action=DeleteVpc&VpcId.1=vpc-0a', ''],
  ['a value and parts', 'Action=DescribeVpcs&VpcId=vpc-0a&VpcId.1=vpc-0a', 'InvalidParameterValue'],
  ['a prototype', 'Action=DescribeVpcs&__proto__.x=1', 'UnknownParameter'],
  ['an action of every object', 'Action=constructor', 'InvalidAction'],
  ['no UTF-8', 'Action=DescribeVpcs&Filter.1.Name=%ff&Filter.1.Value.1=%C3%28', 'InvalidRequest'],
  ['a NUL in an id', 'Action=DescribeVpcs&VpcId.1=vpc-%00', 'InvalidCharacter'],
  [
    'an entity of XML',
    `Action=DescribeVpcs&VpcId.1=${encodeURIComponent('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;')}`,
    'InvalidVpcID.Malformed',
  ],
  ['an empty token, as loops begin with', 'Action=DescribeFlowLogs&NextToken=', ''],
  [
    'a token beside ids',
    `Action=DescribeFlowLogs&FlowLogId.1=fl-0&NextToken=${token(['FlowLogs', 'a'])}`,
    'InvalidParameterCombination',
  ],
  ['a token that is none', 'Action=DescribeFlowLogs&NextToken=x', 'InvalidNextToken'],
  [
    'a token of another action',
    `Action=DescribeFlowLogs&NextToken=${token(['DescribeVpcs', 'a'])}`,
    'InvalidNextToken',
  ],
  [
    'a token of another form',
    `Action=DescribeFlowLogs&NextToken=${token(['DescribeFlowLogs', {}])}`,
    'InvalidNextToken',
  ],
  ['a token as long as a body', `Action=DescribeFlowLogs&NextToken=${'A'.repeat(500_000)}`, 'InvalidNextToken'],
  ['a number that is none', 'Action=DescribeFlowLogs&MaxResults=1e3', 'InvalidParameterValue'],
  [
    'a pattern that backtracks',
    `Action=DescribeFlowLogs&Filter.1.Name=tag:a&Filter.1.Value.1=${'*a'.repeat(9000)}b`,
    '',
  ],
  ['too many parameters', `Action=DescribeVpcs&${'x=1&'.repeat(10_001)}`, 'InvalidRequest'],
  [
    'a client token without end',
    `${flow('arn:aws:s3:::local')}&ClientToken=${'x'.repeat(9000)}`,
    'InvalidParameterValue',
  ],
  ['a way out of the bucket', flow('arn:aws:s3:::local/../../etc/'), 'InvalidParameter'],
  ['a bucket that is a way', flow('arn:aws:s3:::../x'), 'InvalidParameter'],
  ['a NUL in a prefix', flow('arn:aws:s3:::local/a%00b/'), 'InvalidCharacter'],
  ['an address for a bucket', flow('http://169.254.169.254/'), 'InvalidParameter'],
  ['a VPC of /29', vpc('10.0.0.0/29'), 'InvalidVpc.Range'],
  ['a VPC of /15', vpc('10.0.0.0/15'), 'InvalidVpc.Range'],
  ['a VPC of octal numbers', vpc('010.0.0.0/16'), 'InvalidParameterValue'],
  ['a VPC whose length begins with 0', vpc('10.0.0.0/016'), 'InvalidParameterValue'],
  ['a VPC whose length has a sign', vpc('10.0.0.0/+16'), 'InvalidParameterValue'],
  ['a VPC with a line end', vpc('10.0.0.0/16\n'), 'InvalidParameterValue'],
  ['a VPC of wide digits', vpc('１０.0.0.0/16'), 'InvalidParameterValue'],
  ['a key of 129 characters', tag('k'.repeat(129), 'v'), 'InvalidParameterValue'],
  ['a value of 257', tag('k', 'v'.repeat(257)), 'InvalidParameterValue'],
  ['a key of AWS’s', tag('AWS:x', 'v'), 'InvalidParameterValue'],
  ['what XML cannot say, in the key of a tag', tag('a\ufffe', 'c'), 'InvalidCharacter'],
  ['what XML cannot say, in the value of a tag', tag('a', 'c\u0001'), 'InvalidCharacter'],
  ['a bell in a description', `${vpc('10.0.0.0/16')}&TagSpecification.1.ResourceType=%07`, 'InvalidCharacter'],
  ['what XML says in other words, in a tag', tag('a<b>\t😀', 'c\r\n]]>&"'), ''],
  ['a thousand and one ids', `Action=DescribeFlowLogs&${ids(1001)}`, 'InvalidParameterValue'],
  ['a thousand and one ids to delete', `Action=DeleteFlowLogs&${ids(1001)}`, 'InvalidParameterValue'],
  ['an empty destination', flow(''), 'InvalidParameter'],
  [
    'a filter value too many',
    `Action=DescribeFlowLogs&Filter.1.Name=resource-id&${values(201)}`,
    'FilterLimitExceeded',
  ],
  ['as many filter values as may be', `Action=DescribeFlowLogs&Filter.1.Name=resource-id&${values(200)}`, ''],
  ['a filter without a name', 'Action=DescribeFlowLogs&Filter.1.Value.1=x', 'MissingParameter'],
  [
    'a filter of every object',
    'Action=DescribeFlowLogs&Filter.1.Name=__proto__&Filter.1.Value.1=x',
    'InvalidParameterValue',
  ],
  ['who looks at it', 'Action=DescribeTags', ''],
];

for (const [what, form, code] of CALLS)
  test(`answers ${what} with ${code === '' ? 'what was asked' : code}`, async () => {
    const { status, body } = await ec2.send(`Version=2016-11-15&${form}`);
    assert.equal(/<Code>([^<]*)/.exec(body)?.[1] ?? '', code, body.slice(0, 500));
    assert.ok(status < 500);
    // oxlint-disable-next-line no-control-regex -- those are what XML 1.0 does not have
    assert.doesNotMatch(body, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|<!ENTITY|root:/);
    assert.equal(body.includes(SECRET), false);
    assert.deepEqual(failures, []);
  });

test('a tag reads back as it was given, whatever characters it has', async () => {
  const client = ec2.client();
  const Tags = [
    { Key: ' a<b>\t😀 ', Value: 'c\r\n]]>&"\'  ' },
    { Key: 'é'.normalize('NFD'), Value: '\u{10ffff}\u00a0\u2028' },
  ];
  await client.send(new CreateTagsCommand({ Resources: ['vpc-0a'], Tags }));
  const read = async (): Promise<unknown> =>
    (await client.send(new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: Tags.map(({ Key }) => Key) }] })))
      .Tags;
  const expected = Tags.map((tag) => ({ ...tag, ResourceId: 'vpc-0a', ResourceType: 'vpc' }));
  assert.deepEqual(new Set((await read()) as unknown[]), new Set(expected));
  await client.send(new DeleteTagsCommand({ Resources: ['vpc-0a'], Tags }));
  assert.deepEqual(await read(), []);
});

test('an id that is named twice is described once, and deleted once', async () => {
  ec2.put('FlowLogs', [{ FlowLogId: 'fl-0a', ResourceId: 'vpc-0a' }]);
  const client = ec2.client();
  const FlowLogIds = ['fl-0a', 'fl-0a'];
  assert.equal((await client.send(new DescribeFlowLogsCommand({ FlowLogIds }))).FlowLogs?.length, 1);
  assert.deepEqual((await client.send(new DeleteFlowLogsCommand({ FlowLogIds }))).Unsuccessful, []);
  await assert.rejects(client.send(new DeleteFlowLogsCommand({ FlowLogIds })), {
    message: 'These flow log ids in the input list are not found: [TotalCount: 1] fl-0a',
  });
});

test('what an empty destination is told, is what none is told', async () => {
  const { body } = await ec2.send(`Version=2016-11-15&${flow('')}`);
  assert.match(body, /LogDestination can't be empty if LogGroupName is not provided\./);
});

test('things of another account are not there, whatever is tried with their ids', async () => {
  for (const form of [
    'Action=DescribeVpcs&VpcId.1=vpc-0a',
    'Action=DeleteVpc&VpcId=vpc-0a',
    'Action=CreateSubnet&VpcId=vpc-0a&CidrBlock=10.0.0.0/24',
    tag('a', 'b'),
    flow('arn:aws:s3:::local'),
  ]) {
    const { body } = await ec2.send(`Version=2016-11-15&${form}`, { who: 'other' });
    assert.match(body, /<Code>InvalidVpcID\.NotFound</, form);
  }
  assert.ok(ec2.get('Vpcs', 'vpc-0a'));
});
