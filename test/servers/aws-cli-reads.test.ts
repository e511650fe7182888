/**
 * Every action that reads, asked by aws-cli and by the SDK of a network that has one of each thing: both read the same out of our answers.
 *
 * Holds: what aws-cli prints is in the SDK's answer, member by member; an older aws-cli may lack members, and has none that the SDK lacks.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as Sdk from '@aws-sdk/client-ec2';
import { ACTIONS } from '../../src/control/ec2/actions/list.ts';
import { ACCOUNT, pretendEc2, REGION } from '../../src/control/ec2/ec2.fixture.ts';
import type { Pretended } from '../../src/control/ec2/ec2.fixture.ts';
import { pythonsWithAwsCli, startDriver } from './aws-cli-driver.ts';
import type { Driver } from './aws-cli-driver.ts';

let ec2: Pretended;
let client: Sdk.EC2Client;
/** What actions that read one thing are asked with. */
let asked: Readonly<Record<string, Readonly<Record<string, unknown>>>>;

before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  const { Vpc: vpc } = await client.send(
    new Sdk.CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
  );
  const VpcId = vpc?.VpcId ?? assert.fail();
  const { Vpc: other } = await client.send(new Sdk.CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
  const { Subnet: subnet } = await client.send(new Sdk.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24' }));
  const SubnetId = subnet?.SubnetId ?? assert.fail();
  const { VpcPeeringConnection: peering } = await client.send(
    new Sdk.CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId: other?.VpcId ?? '' }),
  );
  await client.send(
    new Sdk.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering?.VpcPeeringConnectionId }),
  );
  const { PrefixList: list } = await client.send(
    new Sdk.CreateManagedPrefixListCommand({
      PrefixListName: 'office',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '192.0.2.0/24', Description: 'here' }],
    }),
  );
  const PrefixListId = list?.PrefixListId ?? assert.fail();
  const { GroupId } = await client.send(
    new Sdk.CreateSecurityGroupCommand({ VpcId, GroupName: 'web', Description: 'web servers' }),
  );
  const { GroupId: user } = await client.send(
    new Sdk.CreateSecurityGroupCommand({ VpcId: other?.VpcId, GroupName: 'user', Description: 'asks them' }),
  );
  const ports = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
  await client.send(
    new Sdk.AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ ...ports, PrefixListIds: [{ PrefixListId }], IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'Name', Value: 'https' }] }],
    }),
  );
  await client.send(
    new Sdk.AuthorizeSecurityGroupEgressCommand({
      GroupId: user,
      IpPermissions: [{ ...ports, UserIdGroupPairs: [{ GroupId, UserId: ACCOUNT }] }],
    }),
  );
  const { InternetGateway: gateway } = await client.send(new Sdk.CreateInternetGatewayCommand({}));
  const InternetGatewayId = gateway?.InternetGatewayId ?? assert.fail();
  await client.send(new Sdk.AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  await client.send(new Sdk.CreateEgressOnlyInternetGatewayCommand({ VpcId }));
  const { RouteTable: table } = await client.send(new Sdk.CreateRouteTableCommand({ VpcId }));
  const RouteTableId = table?.RouteTableId ?? assert.fail();
  await client.send(
    new Sdk.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId }),
  );
  await client.send(new Sdk.AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  const { AllocationId } = await client.send(new Sdk.AllocateAddressCommand({ Domain: 'vpc' }));
  await client.send(new Sdk.CreateNatGatewayCommand({ AllocationId, SubnetId }));
  await client.send(
    new Sdk.CreateVpcEndpointCommand({
      VpcId,
      ServiceName: `com.amazonaws.${REGION}.s3`,
      RouteTableIds: [RouteTableId],
    }),
  );
  await client.send(
    new Sdk.CreateDhcpOptionsCommand({ DhcpConfigurations: [{ Key: 'domain-name', Values: ['example.internal'] }] }),
  );
  const { Instances: instances } = await client.send(
    new Sdk.RunInstancesCommand({ SubnetId, ImageId: 'ami-0a', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  const { NetworkInterface: eni } = await client.send(
    new Sdk.CreateNetworkInterfaceCommand({ SubnetId, SecondaryPrivateIpAddressCount: 1 }),
  );
  const { FlowLogIds } = await client.send(
    new Sdk.CreateFlowLogsCommand({
      ResourceType: 'VPC',
      ResourceIds: [VpcId],
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::a-bucket/p/',
      TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'Name', Value: 'all' }] }],
      TagFieldSpecifications: [{ ResourceType: 'instance', TagKeys: ['Name'] }],
    }),
  );
  asked = {
    DescribeVpcAttribute: { VpcId, Attribute: 'enableDnsHostnames' },
    DescribeInstanceAttribute: { InstanceId: instances?.[0]?.InstanceId, Attribute: 'sourceDestCheck' },
    DescribeInstanceTypes: { InstanceTypes: ['t3.micro', 't2.micro'] },
    DescribeNetworkInterfaceAttribute: { NetworkInterfaceId: eni?.NetworkInterfaceId, Attribute: 'groupSet' },
    DescribeSecurityGroupReferences: { GroupId: [GroupId] },
    GetManagedPrefixListEntries: { PrefixListId },
    GetFlowLogsIntegrationTemplate: {
      FlowLogId: FlowLogIds?.[0],
      ConfigDeliveryS3DestinationArn: 'arn:aws:s3:::templates/',
      IntegrateServices: {
        AthenaIntegrations: [
          { IntegrationResultS3DestinationArn: 'arn:aws:s3:::results/', PartitionLoadFrequency: 'none' },
        ],
      },
    },
  };
});
after(() => ec2.close());

/** As JSON: no member that is not there, times in one form. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)$/.test(value))
    return new Date(value).toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => one !== undefined && name !== '$metadata')
      .map(([name, one]) => [name, plain(one)]),
  );
}

/** How many members are in both; fails where one has another value, or is in the first only. */
function within(printed: unknown, whole: unknown, path: string): number {
  if (Array.isArray(printed)) {
    assert.ok(Array.isArray(whole) && whole.length === printed.length, path);
    return printed.reduce((sum: number, one, at) => sum + within(one, whole[at], `${path}[${at}]`), 0);
  }
  if (typeof printed === 'object' && printed !== null) {
    assert.ok(typeof whole === 'object' && whole !== null, path);
    const members = whole as Readonly<Record<string, unknown>>;
    return Object.entries(printed).reduce((sum, [name, one]) => sum + within(one, members[name], `${path}.${name}`), 0);
  }
  assert.equal(printed, whole, path);
  return 1;
}

type Command = new (input: Readonly<Record<string, unknown>>) => Parameters<Sdk.EC2Client['send']>[0];
const READ = ACTIONS.filter(({ service, name }) => service === 'ec2' && /^(?:Describe|Get)/.test(name));
const pythons = pythonsWithAwsCli();
test('aws-cli is installed', { skip: pythons.length > 0 ? false : 'no Python has awscli' }, () => {});

for (const python of pythons)
  describe(`aws-cli of ${python}`, () => {
    let driver: Driver;
    before(async () => {
      driver = await startDriver(python);
    });
    after(() => driver.close());
    for (const { name } of READ)
      test(`prints what the SDK reads: ${name}`, async () => {
        const input = asked[name] ?? {};
        const command = (Sdk as unknown as Readonly<Record<string, Command>>)[`${name}Command`] ?? assert.fail();
        const whole = plain(await client.send(new command(input)));
        const verb = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
        const { code, out, err } = await driver.call(ec2, [verb, '--cli-input-json', JSON.stringify(input)]);
        assert.equal(code, 0, err);
        assert.ok(within(plain(JSON.parse(out)), whole, name) > 0, 'something was compared');
      });
  });
