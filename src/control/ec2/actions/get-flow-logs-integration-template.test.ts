import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateFlowLogsCommand, GetFlowLogsIntegrationTemplateCommand } from '@aws-sdk/client-ec2';
import type { AthenaIntegration, CreateFlowLogsCommandInput } from '@aws-sdk/client-ec2';
import { objectKey } from '../../../storage/object/keys.ts';
import { ACCOUNT, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a' }]);
});
after(() => ec2.close());

const BUCKET: CreateFlowLogsCommandInput = {
  ResourceType: 'VPC',
  ResourceIds: ['vpc-0a'],
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::a-bucket/team/',
};
const ATHENA: AthenaIntegration = {
  IntegrationResultS3DestinationArn: 'arn:aws:s3:::results/answers',
  PartitionLoadFrequency: 'daily',
};
async function made(more: Partial<CreateFlowLogsCommandInput>): Promise<string> {
  const { FlowLogIds: [id = ''] = [] } = await ec2.client().send(new CreateFlowLogsCommand({ ...BUCKET, ...more }));
  return id;
}
const ask = (FlowLogId: string, athena: AthenaIntegration | null = ATHENA) =>
  ec2.client('read').send(
    new GetFlowLogsIntegrationTemplateCommand({
      FlowLogId,
      ConfigDeliveryS3DestinationArn: 'arn:aws:s3:::templates',
      IntegrateServices: { AthenaIntegrations: athena === null ? [] : [athena] },
    }),
  );
type Template = {
  readonly AWSTemplateFormatVersion: string;
  readonly Resources: Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>>;
};
const template = async (id: string, athena = ATHENA): Promise<Template> =>
  JSON.parse((await ask(id, athena)).Result ?? '') as Template;
type Table = {
  Parameters: Record<string, string>;
  PartitionKeys: { Name: string }[];
  StorageDescriptor: {
    Columns: { Name: string; Type: string }[];
    Location: string;
    SerdeInfo: { SerializationLibrary: string };
  };
};
const tableIn = ({ Resources }: Template): Table => Resources['Table']?.Properties['TableInput'] as Table;

/** Where Athena looks for the records of a time. */
function folder(table: Table, values: Readonly<Record<string, string>>): string {
  return (table.Parameters['storage.location.template'] ?? '').replaceAll(
    /\$\{([^}]*)\}/g,
    (_, name: string) => values[name] ?? '?',
  );
}

test('a table has the format’s columns in order, and projected partitions that lead to the objects', async () => {
  const id = await made({});
  const read = await template(id);
  const table = tableIn(read);
  assert.equal(read.AWSTemplateFormatVersion, '2010-09-09');
  assert.deepEqual(table.StorageDescriptor.Columns.slice(0, 4), [
    { Name: 'version', Type: 'int' },
    { Name: 'account_id', Type: 'string' },
    { Name: 'interface_id', Type: 'string' },
    { Name: 'srcaddr', Type: 'string' },
  ]);
  assert.deepEqual(
    table.PartitionKeys.map(({ Name }) => Name),
    ['accid', 'region', 'day'],
  );
  assert.equal(table.Parameters['projection.enabled'], 'true');
  const today = ec2.clock.now.toISOString().slice(0, 10).replaceAll('-', '/');
  assert.equal(table.Parameters['projection.day.range'], `${today},NOW`);
  assert.equal(table.Parameters['skip.header.line.count'], '1');
  assert.equal(table.StorageDescriptor.Location, 's3://a-bucket/team/AWSLogs/');
  const workGroup = read.Resources['WorkGroup']?.Properties['WorkGroupConfiguration'];
  assert.deepEqual(workGroup, { ResultConfiguration: { OutputLocation: 's3://results/answers/' } });
});

test('in each of AWS’s layouts the projected place is the folder of the objects', async () => {
  for (const [i, [hive, hourly]] of [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ].entries()) {
    const id = await made({
      LogDestination: `arn:aws:s3:::a-bucket/layout-${i}`,
      DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: hive!, PerHourPartition: hourly! },
    });
    const table = tableIn(await template(id));
    const key = objectKey({
      prefix: `layout-${i}`,
      organization: null,
      accountId: ACCOUNT,
      region: REGION,
      flowLogId: id,
      slotSeconds: Date.parse('2026-12-01T03:05:00Z') / 1000,
      hash: '00000000',
      fileFormat: 'parquet',
      hive: hive!,
      hourly: hourly!,
    });
    const values = {
      accid: ACCOUNT,
      'aws-account-id': ACCOUNT,
      'aws-service': 'vpcflowlogs',
      region: REGION,
      'aws-region': REGION,
      year: '2026',
      month: '12',
      day: hive ? '01' : '2026/12/01',
      hour: '03',
    };
    assert.equal(folder(table, values), `s3://a-bucket/${key.slice(0, key.lastIndexOf('/'))}`);
    assert.match(table.StorageDescriptor.SerdeInfo.SerializationLibrary, /ParquetHiveSerDe/);
    for (const { Name } of table.PartitionKeys) assert.ok(table.Parameters[`projection.${Name}.type`]);
  }
});

test('the sixteen queries of AWS are there as far as the format has their fields', async () => {
  const queries = ({ Resources }: Template): string[] =>
    Object.entries(Resources).flatMap(([name, { Type }]) => (Type === 'AWS::Athena::NamedQuery' ? [name] : []));
  const all = await template(
    await made({
      LogDestination: 'arn:aws:s3:::a-bucket/all',
      LogFormat:
        '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status} ${vpc-id} ${subnet-id} ${instance-id} ${tcp-flags} ${type} ${pkt-srcaddr} ${pkt-dstaddr} ${flow-direction}',
    }),
  );
  assert.equal(queries(all).length, 16);
  for (const name of queries(all)) {
    const text = String(all.Resources[name]?.Properties['QueryString']);
    assert.match(text, /^(?:SELECT|WITH)[^:$]*FROM flow_logs/s, name);
  }
  assert.match(
    String(all.Resources['VpcFlowLogsTrafficFrmSrcAddr']?.Properties['QueryString']),
    /srcaddr = \?.*LIMIT 50/s,
  );
  const few = await template(
    await made({ LogDestination: 'arn:aws:s3:::a-bucket/few', LogFormat: '${start} ${srcaddr}' }),
  );
  assert.deepEqual(queries(few), []);
});

test('days may be given', async () => {
  const id = await made({ LogDestination: 'arn:aws:s3:::a-bucket/days' });
  const days = { PartitionStartDate: new Date('2026-01-02'), PartitionEndDate: new Date('2026-03-04') };
  const table = tableIn(await template(id, { ...ATHENA, ...days }));
  assert.equal(table.Parameters['projection.day.range'], '2026/01/02,2026/03/04');
});

test('what cannot be a table of Athena is refused', async () => {
  const local = await made({ LogDestination: 'arn:aws:s3:::local' });
  const group = await made({
    LogDestination: undefined,
    LogDestinationType: undefined,
    LogGroupName: 'a',
    DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/x`,
  });
  for (const [call, name] of [
    [ask('fl-0'), 'InvalidFlowLogId.NotFound'],
    [ask('x'), 'InvalidFlowLogId.Malformed'],
    [ask(local), 'UnsupportedOperation'],
    [ask(group), 'InvalidParameter'],
    [ask(local, null), 'MissingParameter'],
    [ask(local, { ...ATHENA, PartitionLoadFrequency: 'yearly' as 'daily' }), 'InvalidParameterValue'],
    [ask(local, { ...ATHENA, IntegrationResultS3DestinationArn: 'x' }), 'InvalidParameterValue'],
  ] as const)
    await assert.rejects(call, { name });
});
