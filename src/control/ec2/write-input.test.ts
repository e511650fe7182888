import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from './ec2.fixture.ts';
import { Ec2Error } from './errors.ts';
import { readInput } from './read-input.ts';
import { parametersOf } from './write-input.ts';

const SHAPE = 'CreateFlowLogsRequest';
const CALLER = { account: ACCOUNT, region: REGION, principal: 'AKIACONSOLE000000000', role: 'operate' } as const;
const VPC = { VpcId: 'vpc-0123456789abcdef0', OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16', State: 'available' } as const;
const CREATE = {
  ResourceType: 'VPC',
  ResourceIds: [VPC.VpcId],
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::local/console/',
};
const codeOf = (code: string) => (error: unknown) => error instanceof Ec2Error && error.code === code;

test('what is written so is read back: lists, structures in lists, numbers, booleans', () => {
  const input = {
    DryRun: true,
    ResourceIds: ['vpc-1', 'vpc-2'],
    ResourceType: 'VPC',
    MaxAggregationInterval: 60,
    TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'a', Value: 'b & c' }] }],
    DestinationOptions: { FileFormat: 'parquet', PerHourPartition: false },
  };
  assert.deepEqual(readInput(SHAPE, parametersOf(SHAPE, input)), input);
  assert.deepEqual(readInput(SHAPE, parametersOf(SHAPE, { ...input, LogFormat: undefined })), input);
});

test('what no request could hold is refused by the name of its parameter', () => {
  const refused = (input: object, pattern: RegExp): void =>
    assert.throws(() => parametersOf(SHAPE, input), { message: pattern });
  refused({ Wrong: 1 }, /Wrong/u);
  refused({ ResourceIds: 'vpc-1' }, /ResourceId.*list/u);
  refused({ DestinationOptions: 'parquet' }, /DestinationOptions.*structure/u);
  refused({ TrafficType: ['ALL'] }, /TrafficType.*one value/u);
  refused({ TagSpecifications: [{ Tags: [{ Key: '\u0001' }] }] }, /TagSpecification\.1\.Tag\.1\.Key/u);
});

test('an action that is run in the server has the roles, the audit and the words of the API', async (t) => {
  const { ec2, put, get, path, close } = await pretendEc2();
  t.after(close);
  put('Vpcs', [VPC]);
  const made = (await ec2.run('CreateFlowLogs', CREATE, CALLER)) as { FlowLogIds: string[] };
  assert.equal(get('FlowLogs', made.FlowLogIds[0] ?? '')?.LogDestination, CREATE.LogDestination);
  const { openState } = await import('../../storage/state/state-file.ts');
  const state = openState(path, false);
  const row = state.database.prepare('SELECT principal, action FROM audit ORDER BY id DESC LIMIT 1').get();
  state.close();
  assert.deepEqual({ ...row }, { principal: CALLER.principal, action: 'CreateFlowLogs' });
  await assert.rejects(ec2.run('CreateFlowLogs', CREATE, CALLER), codeOf('FlowLogAlreadyExists'));
  await assert.rejects(ec2.run('CreateFlowLogs', CREATE, { ...CALLER, role: 'read' }), codeOf('UnauthorizedOperation'));
  await assert.rejects(
    ec2.run('CreateFlowLogs', CREATE, { ...CALLER, account: OTHER_ACCOUNT }),
    codeOf('InvalidVpcID.NotFound'),
  );
  await assert.rejects(ec2.run('GetCallerIdentity', {}, CALLER), codeOf('InvalidAction'));
});

test('a dry run in the server tells what would be answered, and makes nothing', async (t) => {
  const { ec2, put, current, destination, close } = await pretendEc2();
  t.after(close);
  put('Vpcs', [VPC]);
  destination.problem = { code: 'FG_S3_NO_BUCKET', message: '', again: false };
  const answer = (await ec2.run('CreateFlowLogs', { ...CREATE, DryRun: true }, CALLER)) as {
    Unsuccessful: { Error: { Message: string } }[];
  };
  assert.equal(answer.Unsuccessful[0]?.Error.Message, 'LogDestination: local does not exist');
  assert.deepEqual(current(ACCOUNT)['FlowLogs'], []);
});
