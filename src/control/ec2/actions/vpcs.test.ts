import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AcceptVpcPeeringConnectionCommand,
  AssociateSubnetCidrBlockCommand,
  AssociateVpcCidrBlockCommand,
  CreateFlowLogsCommand,
  CreateNetworkAclCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteNetworkAclCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeFlowLogsCommand,
  DescribeNetworkAclsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  DisassociateSubnetCidrBlockCommand,
  DisassociateVpcCidrBlockCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { CreateSubnetCommandInput, CreateVpcCommandInput, EC2Client, Subnet, Vpc } from '@aws-sdk/client-ec2';
import { defaultDhcpOptionsId } from '../dhcp-options.ts';
import { ACCOUNT, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { assertWhole, factsIn } from '../facts.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
});
after(() => ec2.close());

const HEX = /[\da-f]{17}$/;

async function makeVpc(input: CreateVpcCommandInput = { CidrBlock: '10.0.0.0/16' }): Promise<Vpc & { VpcId: string }> {
  const { Vpc: vpc } = await client.send(new CreateVpcCommand(input));
  return { ...vpc, VpcId: vpc?.VpcId ?? assert.fail() };
}

async function makeSubnet(input: CreateSubnetCommandInput): Promise<Subnet & { SubnetId: string }> {
  const { Subnet: subnet } = await client.send(new CreateSubnetCommand(input));
  return { ...subnet, SubnetId: subnet?.SubnetId ?? assert.fail() };
}

const ofVpc = (id: string): { Filters: { Name: string; Values: string[] }[] } => ({
  Filters: [{ Name: 'vpc-id', Values: [id] }],
});

test('a VPC has a default group, ACL and main route table, and reads back as AWS describes it', async () => {
  const made = await makeVpc({
    CidrBlock: '10.1.2.3/16',
    TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'one' }] }],
  });
  const id = made.VpcId;
  assert.match(id, HEX);
  const association = made.CidrBlockAssociationSet?.[0]?.AssociationId ?? '';
  assert.match(association, /^vpc-cidr-assoc-[\da-f]{17}$/);
  const expected = {
    OwnerId: ACCOUNT,
    InstanceTenancy: 'default',
    Ipv6CidrBlockAssociationSet: [],
    CidrBlockAssociationSet: [
      { AssociationId: association, CidrBlock: '10.1.0.0/16', CidrBlockState: { State: 'associated' } },
    ],
    IsDefault: false,
    Tags: [{ Key: 'Name', Value: 'one' }],
    VpcId: id,
    State: 'pending',
    CidrBlock: '10.1.0.0/16',
    DhcpOptionsId: defaultDhcpOptionsId(ACCOUNT, REGION),
  };
  assert.deepEqual(made, expected);
  const { Vpcs: vpcs } = await client.send(new DescribeVpcsCommand({ VpcIds: [id] }));
  assert.deepEqual(vpcs, [{ ...expected, State: 'available' }]);

  const { SecurityGroups: groups = [] } = await client.send(new DescribeSecurityGroupsCommand(ofVpc(id)));
  const groupId = groups[0]?.GroupId ?? '';
  assert.match(groupId, /^sg-[\da-f]{17}$/);
  assert.deepEqual(groups, [
    {
      GroupId: groupId,
      IpPermissionsEgress: [
        {
          IpProtocol: '-1',
          UserIdGroupPairs: [],
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [],
          PrefixListIds: [],
        },
      ],
      Tags: [],
      VpcId: id,
      SecurityGroupArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${groupId}`,
      OwnerId: ACCOUNT,
      GroupName: 'default',
      Description: 'default VPC security group',
      IpPermissions: [
        {
          IpProtocol: '-1',
          UserIdGroupPairs: [{ UserId: ACCOUNT, GroupId: groupId }],
          IpRanges: [],
          Ipv6Ranges: [],
          PrefixListIds: [],
        },
      ],
    },
  ]);

  const { NetworkAcls: acls = [] } = await client.send(new DescribeNetworkAclsCommand(ofVpc(id)));
  const entry = { CidrBlock: '0.0.0.0/0', Protocol: '-1' };
  assert.deepEqual(acls, [
    {
      Associations: [],
      Entries: [
        { ...entry, Egress: true, RuleAction: 'allow', RuleNumber: 100 },
        { ...entry, Egress: true, RuleAction: 'deny', RuleNumber: 32767 },
        { ...entry, Egress: false, RuleAction: 'allow', RuleNumber: 100 },
        { ...entry, Egress: false, RuleAction: 'deny', RuleNumber: 32767 },
      ],
      IsDefault: true,
      NetworkAclId: acls[0]?.NetworkAclId,
      Tags: [],
      VpcId: id,
      OwnerId: ACCOUNT,
    },
  ]);
  const facts = factsIn(ec2.path);
  const [table] = facts.RouteTables.filter((one) => one.VpcId === id);
  const tableId = table?.RouteTableId;
  assert.deepEqual(table, {
    Associations: [
      {
        Main: true,
        RouteTableAssociationId: table?.Associations?.[0]?.RouteTableAssociationId,
        RouteTableId: tableId,
        AssociationState: { State: 'associated' },
      },
    ],
    PropagatingVgws: [],
    RouteTableId: tableId,
    Routes: [{ DestinationCidrBlock: '10.1.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }],
    Tags: [],
    VpcId: id,
    OwnerId: ACCOUNT,
  });
  assertWhole(facts);
});

test('attributes of a VPC are told and changed one by one', async () => {
  const { VpcId } = await makeVpc();
  const told = async (): Promise<unknown[]> => [
    (await client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsSupport' }))).EnableDnsSupport,
    (await client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' }))).EnableDnsHostnames,
    (await client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableNetworkAddressUsageMetrics' })))
      .EnableNetworkAddressUsageMetrics,
  ];
  assert.deepEqual(await told(), [{ Value: true }, { Value: false }, { Value: false }]);
  await client.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value: false } }));
  await client.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
  await client.send(new ModifyVpcAttributeCommand({ VpcId, EnableNetworkAddressUsageMetrics: { Value: true } }));
  assert.deepEqual(await told(), [{ Value: false }, { Value: true }, { Value: true }]);
});

test('blocks come and go with their local routes; the first IPv6 block opens ACL and group to IPv6', async () => {
  const { VpcId } = await makeVpc({ CidrBlock: '10.0.0.0/24' });
  const routes = (): unknown[] =>
    factsIn(ec2.path)
      .RouteTables.filter((one) => one.VpcId === VpcId)
      .flatMap((one) => one.Routes?.map((route) => route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock));
  const four = await client.send(new AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: '10.9.1.1/24' }));
  assert.equal(four.CidrBlockAssociation?.CidrBlock, '10.9.1.0/24');
  assert.deepEqual(four.CidrBlockAssociation.CidrBlockState, { State: 'associating' });
  const six = await client.send(new AssociateVpcCidrBlockCommand({ VpcId, AmazonProvidedIpv6CidrBlock: true }));
  const block = six.Ipv6CidrBlockAssociation?.Ipv6CidrBlock ?? '';
  assert.match(block, /^fd[\da-f]{2}:.*00::\/56$/);
  assert.deepEqual(six.Ipv6CidrBlockAssociation, {
    AssociationId: six.Ipv6CidrBlockAssociation?.AssociationId,
    Ipv6CidrBlock: block,
    Ipv6CidrBlockState: { State: 'associating' },
    NetworkBorderGroup: REGION,
    Ipv6Pool: 'Amazon',
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  });
  assert.deepEqual(routes(), ['10.0.0.0/24', '10.9.1.0/24', block]);
  const { NetworkAcls: acls = [] } = await client.send(new DescribeNetworkAclsCommand(ofVpc(VpcId)));
  assert.deepEqual(
    acls[0]?.Entries?.map(({ Egress, RuleNumber, RuleAction, CidrBlock, Ipv6CidrBlock }) =>
      [Egress ? 'out' : 'in', RuleNumber, RuleAction, CidrBlock ?? Ipv6CidrBlock].join(' '),
    ),
    ['out', 'in'].flatMap((way) => [
      `${way} 100 allow 0.0.0.0/0`,
      `${way} 101 allow ::/0`,
      `${way} 32767 deny 0.0.0.0/0`,
      `${way} 32768 deny ::/0`,
    ]),
  );
  const { SecurityGroups: groups = [] } = await client.send(new DescribeSecurityGroupsCommand(ofVpc(VpcId)));
  assert.deepEqual(groups[0]?.IpPermissionsEgress?.[0]?.Ipv6Ranges, [{ CidrIpv6: '::/0' }]);
  const gone = await client.send(
    new DisassociateVpcCidrBlockCommand({ AssociationId: four.CidrBlockAssociation.AssociationId }),
  );
  assert.equal(gone.CidrBlockAssociation?.CidrBlockState?.State, 'disassociating');
  assert.deepEqual(routes(), ['10.0.0.0/24', block]);
  const gone6 = await client.send(
    new DisassociateVpcCidrBlockCommand({ AssociationId: six.Ipv6CidrBlockAssociation?.AssociationId }),
  );
  assert.equal(gone6.Ipv6CidrBlockAssociation?.Ipv6CidrBlock, block);
  assert.deepEqual(routes(), ['10.0.0.0/24']);
  const withIpv6 = await makeVpc({ CidrBlock: '10.0.0.0/24', AmazonProvidedIpv6CidrBlock: true });
  assert.equal(withIpv6.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlockState?.State, 'associating');
  assertWhole(factsIn(ec2.path));
});

test('peering connections tell of the blocks that a VPC has now', async () => {
  const { VpcId } = await makeVpc({ CidrBlock: '10.0.0.0/24' });
  const { VpcId: PeerVpcId } = await makeVpc({ CidrBlock: '10.1.0.0/24' });
  const { VpcPeeringConnection: made } = await client.send(new CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }));
  const blocks = async (): Promise<unknown> => {
    const VpcPeeringConnectionIds = [made?.VpcPeeringConnectionId ?? ''];
    const read = await client.send(new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds }));
    return read.VpcPeeringConnections?.[0]?.AccepterVpcInfo?.CidrBlockSet?.map(({ CidrBlock }) => CidrBlock);
  };
  await client.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: made?.VpcPeeringConnectionId }));
  const { CidrBlockAssociation: added } = await client.send(
    new AssociateVpcCidrBlockCommand({ VpcId: PeerVpcId, CidrBlock: '10.2.0.0/24' }),
  );
  assert.deepEqual(await blocks(), ['10.1.0.0/24', '10.2.0.0/24']);
  await client.send(new DisassociateVpcCidrBlockCommand({ AssociationId: added?.AssociationId }));
  assert.deepEqual(await blocks(), ['10.1.0.0/24']);
});

test('a subnet reads back as AWS describes it, and counts the addresses that are free', async () => {
  const { VpcId } = await makeVpc({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true });
  const subnet = await makeSubnet({
    VpcId,
    CidrBlock: '10.0.4.9/24',
    AvailabilityZone: `${REGION}b`,
    TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'tier', Value: 'web' }] }],
  });
  const id = subnet.SubnetId;
  const expected = {
    AvailabilityZoneId: 'euw1-az2',
    MapCustomerOwnedIpOnLaunch: false,
    OwnerId: ACCOUNT,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Tags: [{ Key: 'tier', Value: 'web' }],
    SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/${id}`,
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    SubnetId: id,
    State: 'available',
    VpcId,
    CidrBlock: '10.0.4.0/24',
    AvailableIpAddressCount: 251,
    AvailabilityZone: `${REGION}b`,
    DefaultForAz: false,
    MapPublicIpOnLaunch: false,
  };
  assert.deepEqual(subnet, expected);
  const made = await client.send(
    new CreateNetworkInterfaceCommand({ SubnetId: id, SecondaryPrivateIpAddressCount: 3 }),
  );
  const read = async (): Promise<Subnet | undefined> =>
    (await client.send(new DescribeSubnetsCommand({ SubnetIds: [id] }))).Subnets?.[0];
  assert.deepEqual(await read(), { ...expected, AvailableIpAddressCount: 247 });
  const free = await client.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'available-ip-address-count', Values: ['247'] }] }),
  );
  assert.deepEqual(
    free.Subnets?.map(({ SubnetId }) => SubnetId),
    [id],
  );
  await client.send(
    new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: made.NetworkInterface?.NetworkInterfaceId }),
  );

  const [block = ''] = factsIn(ec2.path)
    .Vpcs.filter((one) => one.VpcId === VpcId)
    .flatMap((one) => one.Ipv6CidrBlockAssociationSet?.map(({ Ipv6CidrBlock }) => Ipv6CidrBlock));
  const six = await client.send(
    new AssociateSubnetCidrBlockCommand({ SubnetId: id, Ipv6CidrBlock: block.replace('/56', '/64') }),
  );
  await client.send(new ModifySubnetAttributeCommand({ SubnetId: id, AssignIpv6AddressOnCreation: { Value: true } }));
  await client.send(new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch: { Value: true } }));
  await client.send(new ModifySubnetAttributeCommand({ SubnetId: id, EnableDns64: { Value: true } }));
  await client.send(
    new ModifySubnetAttributeCommand({ SubnetId: id, EnableResourceNameDnsARecordOnLaunch: { Value: true } }),
  );
  await client.send(
    new ModifySubnetAttributeCommand({ SubnetId: id, PrivateDnsHostnameTypeOnLaunch: 'resource-name' }),
  );
  assert.deepEqual(await read(), {
    ...expected,
    AssignIpv6AddressOnCreation: true,
    MapPublicIpOnLaunch: true,
    EnableDns64: true,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'resource-name',
      EnableResourceNameDnsARecord: true,
      EnableResourceNameDnsAAAARecord: false,
    },
    Ipv6CidrBlockAssociationSet: [{ ...six.Ipv6CidrBlockAssociation, Ipv6CidrBlockState: { State: 'associated' } }],
  });
  await client.send(
    new DisassociateSubnetCidrBlockCommand({ AssociationId: six.Ipv6CidrBlockAssociation?.AssociationId }),
  );
  assert.deepEqual((await read())?.Ipv6CidrBlockAssociationSet, []);
  assert.equal((await read())?.AssignIpv6AddressOnCreation, false);
  await client.send(new DeleteSubnetCommand({ SubnetId: id }));
  assertWhole(factsIn(ec2.path));
});

test('flow logs end with the VPC, subnet or interface that they are of', async () => {
  const { VpcId } = await makeVpc();
  const { SubnetId } = await makeSubnet({ VpcId, CidrBlock: '10.0.0.0/24' });
  const { NetworkInterface: made } = await client.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  const eni = made?.NetworkInterfaceId ?? '';
  const logs = async (): Promise<unknown> =>
    new Set((await client.send(new DescribeFlowLogsCommand({}))).FlowLogs?.map(({ ResourceId }) => ResourceId));
  for (const [ResourceType, id] of [
    ['VPC', VpcId],
    ['Subnet', SubnetId],
    ['NetworkInterface', eni],
  ] as const)
    await client.send(
      new CreateFlowLogsCommand({
        ResourceType,
        ResourceIds: [id],
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::local',
      }),
    );
  await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: eni }));
  assert.deepEqual(await logs(), new Set([VpcId, SubnetId]));
  await client.send(new DeleteSubnetCommand({ SubnetId }));
  assert.deepEqual(await logs(), new Set([VpcId]));
  await client.send(new DeleteVpcCommand({ VpcId }));
  assert.deepEqual(await logs(), new Set());
});

test('a VPC stays while something is in it, and takes with it what it was made with', async () => {
  const { VpcId } = await makeVpc();
  const refused = async (): Promise<void> =>
    assert.rejects(client.send(new DeleteVpcCommand({ VpcId })), {
      name: 'DependencyViolation',
      message: `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    });
  const { SubnetId } = await makeSubnet({ VpcId, CidrBlock: '10.0.0.0/24' });
  await refused();
  await client.send(new DeleteSubnetCommand({ SubnetId }));
  const { GroupId } = await client.send(
    new CreateSecurityGroupCommand({ VpcId, GroupName: 'g', Description: 'a group' }),
  );
  await refused();
  await client.send(new DeleteSecurityGroupCommand({ GroupId }));
  const { NetworkAcl: acl } = await client.send(new CreateNetworkAclCommand({ VpcId }));
  await refused();
  await client.send(new DeleteNetworkAclCommand({ NetworkAclId: acl?.NetworkAclId }));
  ec2.put('InternetGateways', [
    { InternetGatewayId: 'igw-01', Attachments: [{ State: 'available', VpcId }], Tags: [] },
  ]);
  await refused();
  ec2.put('InternetGateways', [{ InternetGatewayId: 'igw-01', Attachments: [], Tags: [] }]);
  const before = factsIn(ec2.path);
  await client.send(new DeleteVpcCommand({ VpcId }));
  const facts = factsIn(ec2.path);
  assert.equal(before.SecurityGroupRules.length - facts.SecurityGroupRules.length, 2);
  for (const kind of ['Vpcs', 'SecurityGroups', 'NetworkAcls', 'RouteTables'] as const)
    assert.equal(before[kind].length - facts[kind].length, 1, kind);
  await assert.rejects(client.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })), {
    name: 'InvalidVpcID.NotFound',
    message: `The vpc ID '${VpcId}' does not exist`,
  });
  assertWhole(facts);
});

test('filters and pages find VPCs and subnets', async () => {
  const made = [];
  for (let i = 0; i < 6; i++) made.push((await makeVpc({ CidrBlock: `172.16.${i}.0/24` })).VpcId);
  const found = async (Name: string, ...Values: string[]): Promise<number | undefined> =>
    (await client.send(new DescribeVpcsCommand({ Filters: [{ Name, Values }] }))).Vpcs?.length;
  assert.equal(await found('cidr', '172.16.*'), 6);
  assert.equal(await found('cidr-block-association.cidr-block', '172.16.3.0/24', '172.16.4.0/24'), 2);
  assert.equal(await found('vpc-id', made[0] ?? ''), 1);
  assert.equal(await found('is-default', 'true'), 0);
  await assert.rejects(found('colour', 'red'), {
    name: 'InvalidParameterValue',
    message: "The filter 'colour' is invalid",
  });
  const pages: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new DescribeVpcsCommand({
        MaxResults: 5,
        ...(token === undefined ? {} : { NextToken: token }),
        Filters: [{ Name: 'cidr', Values: ['172.16.*'] }],
      }),
    );
    pages.push(...(page.Vpcs ?? []).map(({ VpcId = '' }) => VpcId));
    token = page.NextToken;
  } while (token !== undefined);
  assert.deepEqual(new Set(pages), new Set(made));
  assert.equal(pages.length, made.length);
  await assert.rejects(client.send(new DescribeVpcsCommand({ VpcIds: ['vpc-0', 'vpc-1'] })), {
    message: "The vpc IDs 'vpc-0, vpc-1' do not exist",
  });
  await assert.rejects(client.send(new DescribeSubnetsCommand({ SubnetIds: ['vpc-1'] })), {
    name: 'InvalidSubnetID.Malformed',
  });
});

test('a dry run changes nothing', async () => {
  const before = factsIn(ec2.path);
  await assert.rejects(client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', DryRun: true })), {
    name: 'DryRunOperation',
  });
  assert.deepEqual(factsIn(ec2.path), before);
});
