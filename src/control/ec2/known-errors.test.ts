/**
 * What AWS's answers to mistakes of every call, of DescribeFlowLogs and of DeleteFlowLogs are known or supposed to be, case by case, as the
 * facts were gathered for this project; `known-flow-log-errors.test.ts` has those of CreateFlowLogs.
 *
 * Holds: each row is tried with a request as it goes over the wire, and changes nothing. What no one has seen of AWS's is marked in
 *        `docs/ec2-api.md` too.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../storage/object/sha256.fixture.ts';
import { ACCOUNT, KEY_IDS, pretendEc2, REGION, SECRET } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { assertMarked, formOf, textIn } from './known-errors.fixture.ts';
import type { Form } from './known-errors.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a' }]);
  ec2.put('FlowLogs', [{ FlowLogId: 'fl-0a', ResourceId: 'vpc-0a', TrafficType: 'ALL' }]);
});
after(() => ec2.close());

const VPC: Form = { ResourceType: 'VPC', 'ResourceId.1': 'vpc-0a' };
const S3: Form = { ...VPC, TrafficType: 'ALL', LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::a-bucket/p/' };

/** What is asked, the HTTP status, the code and the words; how the docs begin the row that marks it as known from nobody. */
type Other = readonly [
  name: string,
  action: string,
  form: Form,
  status: number,
  code: string,
  words: RegExp,
  marked?: string,
];
const OTHERS: readonly Other[] = [
  [
    'unknown action',
    'ModifyFlowLogs',
    {},
    400,
    'InvalidAction',
    /^The action ModifyFlowLogs is not valid for this web service\.$/,
  ],
  [
    'dry run',
    'CreateFlowLogs',
    { ...S3, DryRun: 'true' },
    412,
    'DryRunOperation',
    /^Request would have succeeded, but DryRun flag is set\.$/,
  ],
  [
    'dry run with a mistake: that first',
    'CreateFlowLogs',
    { ...VPC, DryRun: 'true' },
    400,
    'MissingParameter',
    /TrafficType$/,
  ],
  [
    'unknown filter',
    'DescribeFlowLogs',
    { 'Filter.1.Name': 'x', 'Filter.1.Value.1': 'y' },
    400,
    'InvalidParameterValue',
    /^The filter 'x' is invalid$/,
    '`InvalidParameterValue`',
  ],
  [
    'MaxResults below its range',
    'DescribeFlowLogs',
    { MaxResults: '4' },
    400,
    'InvalidParameterValue',
    /between 5 and 1000/,
    '`InvalidParameterValue`',
  ],
  [
    'MaxResults above its range',
    'DescribeFlowLogs',
    { MaxResults: '1001' },
    400,
    'InvalidParameterValue',
    /between 5 and 1000/,
  ],
  [
    'MaxResults together with FlowLogId',
    'DescribeFlowLogs',
    { MaxResults: '5', 'FlowLogId.1': 'fl-0a' },
    400,
    'InvalidParameterCombination',
    /MaxResults/,
    '`InvalidParameterCombination`',
  ],
  [
    'bad token',
    'DescribeFlowLogs',
    { NextToken: 'bm90aGluZw' },
    400,
    'InvalidNextToken',
    /NextToken is invalid/,
    '`InvalidNextToken`',
  ],
  [
    'unknown FlowLogId',
    'DescribeFlowLogs',
    { 'FlowLogId.1': 'fl-0f' },
    400,
    'InvalidFlowLogId.NotFound',
    /^The flow log ID 'fl-0f' does not exist$/,
    '`Invalid…ID.NotFound`',
  ],
  [
    'DeleteFlowLogs: unknown id',
    'DeleteFlowLogs',
    { 'FlowLogId.1': 'fl-0e', 'FlowLogId.2': 'fl-0a', 'FlowLogId.3': 'fl-0f' },
    400,
    'InvalidFlowLogId.NotFound',
    /^These flow log ids in the input list are not found: \[TotalCount: 2\] fl-0e fl-0f$/,
  ],
  ['DeleteFlowLogs: no id', 'DeleteFlowLogs', {}, 400, 'MissingParameter', /parameter FlowLogId$/],
];
for (const [name, action, form, status, code, words, marked] of OTHERS)
  test(`${action}: ${name}`, async () => {
    const before = ec2.current(ACCOUNT);
    const answer = await ec2.send(formOf(action, form));
    assert.deepEqual([answer.status, textIn('Code', answer.body)], [status, code]);
    assert.match(textIn('Message', answer.body), words);
    assert.match(
      answer.body,
      /^<\?xml[^>]*\?>\n<Response><Errors><Error>.*<RequestID>[\da-f-]{36}<\/RequestID><\/Response>$/s,
    );
    assert.deepEqual(ec2.current(ACCOUNT), before);
    if (marked !== undefined) assertMarked(marked);
  });

const DESCRIBE = formOf('DescribeFlowLogs', {});
const WHO_AM_I = 'Action=GetCallerIdentity&Version=2011-06-15';
type Signing = {
  readonly secret?: string;
  readonly id?: string;
  readonly minutesLate?: number;
  readonly isSigned?: boolean;
};

/** A request of someone, perhaps not well signed. */
async function ask(body: string, service: 'ec2' | 'sts', how: Signing): ReturnType<Pretended['send']> {
  const credentials = { accessKeyId: how.id ?? KEY_IDS.operate, secretAccessKey: how.secret ?? SECRET };
  const signer = new SignatureV4({ credentials, service, region: REGION, sha256: Sha256 });
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: 'here',
    path: '/',
    query: {},
    headers: { host: 'here' },
    body,
  };
  const signingDate = new Date(ec2.clock.now.getTime() - (how.minutesLate ?? 0) * 60_000);
  const { headers } = how.isSigned === false ? request : await signer.sign(request, { signingDate });
  return ec2.ec2.answer({ method: 'POST', url: '/', headers, body: Buffer.from(body) });
}

type Stranger = readonly [name: string, how: Signing, ec2: readonly [number, string], sts: readonly [number, string]];
const STRANGERS: readonly Stranger[] = [
  ['not signed', { isSigned: false }, [403, 'MissingAuthenticationToken'], [403, 'MissingAuthenticationToken']],
  ['bad signature', { secret: 'another' }, [401, 'AuthFailure'], [403, 'SignatureDoesNotMatch']],
  ['unknown key', { id: 'AKIANOBODY0000000000' }, [401, 'AuthFailure'], [403, 'InvalidClientTokenId']],
  ['clock skew', { minutesLate: 16 }, [400, 'RequestExpired'], [403, 'SignatureDoesNotMatch']],
  ['clock skew the other way', { minutesLate: -16 }, [400, 'RequestExpired'], [403, 'SignatureDoesNotMatch']],
];
for (const [name, how, ofEc2, ofSts] of STRANGERS)
  test(`who asks: ${name}`, async () => {
    for (const [body, service, expected] of [
      [DESCRIBE, 'ec2', ofEc2],
      [WHO_AM_I, 'sts', ofSts],
    ] as const) {
      const answer = await ask(body, service, how);
      assert.deepEqual([answer.status, textIn('Code', answer.body)], expected, service);
      assertMarked(`\`${expected[1]}\``);
    }
  });

test('who asks: a key that may only read', async () => {
  const { status, body } = await ec2.send(formOf('CreateFlowLogs', S3), { who: 'read' });
  assert.deepEqual([status, textIn('Code', body)], [403, 'UnauthorizedOperation']);
  assertMarked('`UnauthorizedOperation`');
});

test('ClientToken: the same inputs give the first answer, others are refused, none is made up', async () => {
  const form = { ...S3, ClientToken: 'a-token' };
  const first = await ec2.send(formOf('CreateFlowLogs', form));
  const again = await ec2.send(formOf('CreateFlowLogs', form));
  assert.deepEqual([first.status, textIn('clientToken', first.body)], [200, 'a-token']);
  const flowLogs = (xml: string): string => /<flowLogIdSet>.*<\/flowLogIdSet>/.exec(xml)?.[0] ?? '';
  assert.notEqual(flowLogs(first.body), '');
  assert.equal(flowLogs(again.body), flowLogs(first.body));
  const other = await ec2.send(formOf('CreateFlowLogs', { ...form, TrafficType: 'REJECT' }));
  assert.deepEqual([other.status, textIn('Code', other.body)], [400, 'IdempotentParameterMismatch']);
  assertMarked('`IdempotentParameterMismatch`');
  // An empty one is none.
  for (const [traffic, token] of [
    ['ACCEPT', {}],
    ['REJECT', { ClientToken: '' }],
  ] as const) {
    const made = await ec2.send(formOf('CreateFlowLogs', { ...S3, TrafficType: traffic, ...token }));
    assert.match(textIn('clientToken', made.body), /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
  }
});
