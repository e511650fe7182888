/**
 * What Terraform's provider for AWS does for each resource, call by call in its order: create, read until it is there, read again
 * for a plan, change, destroy, read until it is gone.
 *
 * @see terraform-provider-aws, internal/service/ec2, read November 2024 for VPCs; the others as its documentation tells
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as Sdk from '@aws-sdk/client-ec2';
import { pretendEc2 } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { assertWhole, factsIn } from './facts.fixture.ts';

let ec2: Pretended;
let client: Sdk.EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
});
after(() => ec2.close());

const gone = (call: Promise<unknown>, name: string): Promise<void> => assert.rejects(call, { name });
const filter = (Name: string, ...Values: string[]): Sdk.Filter => ({ Name, Values });

async function applyVpc(): Promise<string> {
  const { Vpc: made } = await client.send(
    new Sdk.CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      InstanceTenancy: 'default',
      AmazonProvidedIpv6CidrBlock: false,
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'main' }] }],
    }),
  );
  const VpcId = made?.VpcId ?? assert.fail();
  await client.send(new Sdk.ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
  await planVpc(VpcId);
  return VpcId;
}

/** What a plan reads of a VPC; all of it is asked by filter and must be one thing. */
async function planVpc(VpcId: string): Promise<void> {
  const { Vpcs: vpcs } = await client.send(new Sdk.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  assert.deepEqual([vpcs?.length, vpcs?.[0]?.State], [1, 'available']);
  for (const Attribute of ['enableDnsHostnames', 'enableDnsSupport', 'enableNetworkAddressUsageMetrics'] as const) {
    const told = await client.send(new Sdk.DescribeVpcAttributeCommand({ VpcId, Attribute }));
    const value = told.EnableDnsHostnames ?? told.EnableDnsSupport ?? told.EnableNetworkAddressUsageMetrics;
    assert.equal(value?.Value, Attribute !== 'enableNetworkAddressUsageMetrics');
  }
  const inVpc = filter('vpc-id', VpcId);
  const acls = await client.send(new Sdk.DescribeNetworkAclsCommand({ Filters: [filter('default', 'true'), inVpc] }));
  const tables = await client.send(
    new Sdk.DescribeRouteTablesCommand({ Filters: [filter('association.main', 'true'), inVpc] }),
  );
  const groups = await client.send(
    new Sdk.DescribeSecurityGroupsCommand({ Filters: [filter('group-name', 'default'), inVpc] }),
  );
  assert.deepEqual([acls.NetworkAcls?.length, tables.RouteTables?.length, groups.SecurityGroups?.length], [1, 1, 1]);
}

async function applySubnet(VpcId: string, CidrBlock: string): Promise<string> {
  const { Subnet: made } = await client.send(
    new Sdk.CreateSubnetCommand({ VpcId, CidrBlock, TagSpecifications: [{ ResourceType: 'subnet', Tags: [] }] }),
  );
  const SubnetId = made?.SubnetId ?? assert.fail();
  const { Subnets: subnets } = await client.send(new Sdk.DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
  assert.equal(subnets?.[0]?.State, 'available');
  await client.send(new Sdk.ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
  const { Subnets: read } = await client.send(new Sdk.DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
  assert.equal(read?.[0]?.MapPublicIpOnLaunch, true);
  return SubnetId;
}

/** A group is made with the rule that lets all out; the provider takes it away, for IPv6 too. */
async function applyGroup(VpcId: string): Promise<string> {
  const { GroupId } = await client.send(
    new Sdk.CreateSecurityGroupCommand({
      VpcId,
      GroupName: 'terraform-2026113002',
      Description: 'Managed by Terraform',
      TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'Name', Value: 'web' }] }],
    }),
  );
  const groupId = GroupId ?? assert.fail();
  await client.send(new Sdk.DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
  const all = { FromPort: 0, ToPort: 0, IpProtocol: '-1' };
  await client.send(
    new Sdk.RevokeSecurityGroupEgressCommand({
      GroupId,
      IpPermissions: [{ ...all, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  await gone(
    client.send(
      new Sdk.RevokeSecurityGroupEgressCommand({
        GroupId,
        IpPermissions: [{ ...all, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
      }),
    ),
    'InvalidPermission.NotFound',
  );
  await client.send(
    new Sdk.AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        {
          FromPort: 443,
          ToPort: 443,
          IpProtocol: 'tcp',
          IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8' }],
        },
        { ...all, UserIdGroupPairs: [{ GroupId }] },
      ],
    }),
  );
  const egress = [{ ...all, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await client.send(new Sdk.AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress }));
  const { SecurityGroups: read } = await client.send(new Sdk.DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
  assert.deepEqual(
    read?.[0]?.IpPermissions?.map(({ IpProtocol, FromPort, IpRanges, UserIdGroupPairs }) => [
      IpProtocol,
      FromPort,
      IpRanges?.length,
      UserIdGroupPairs?.[0]?.GroupId,
    ]),
    [
      ['-1', undefined, 0, groupId],
      ['tcp', 443, 2, undefined],
    ],
  );
  return groupId;
}

async function destroyGroup(GroupId: string): Promise<void> {
  // The provider looks for interfaces that Lambda left behind.
  await client.send(
    new Sdk.DescribeNetworkInterfacesCommand({
      Filters: [filter('group-id', GroupId), filter('description', 'AWS Lambda VPC ENI*')],
    }),
  );
  await client.send(new Sdk.DeleteSecurityGroupCommand({ GroupId }));
  await gone(client.send(new Sdk.DescribeSecurityGroupsCommand({ GroupIds: [GroupId] })), 'InvalidGroup.NotFound');
}

async function destroySubnet(SubnetId: string): Promise<void> {
  await client.send(new Sdk.DescribeNetworkInterfacesCommand({ Filters: [filter('subnet-id', SubnetId)] }));
  await client.send(new Sdk.DeleteSubnetCommand({ SubnetId }));
  await gone(client.send(new Sdk.DescribeSubnetsCommand({ SubnetIds: [SubnetId] })), 'InvalidSubnetID.NotFound');
}

async function destroyVpc(VpcId: string): Promise<void> {
  await client.send(new Sdk.DeleteVpcCommand({ VpcId }));
  await gone(client.send(new Sdk.DescribeVpcsCommand({ VpcIds: [VpcId] })), 'InvalidVpcID.NotFound');
  await gone(client.send(new Sdk.DeleteVpcCommand({ VpcId })), 'InvalidVpcID.NotFound');
}

test('aws_vpc, aws_subnet: apply, a second plan that reads the same, destroy', async () => {
  const vpcId = await applyVpc();
  const subnetId = await applySubnet(vpcId, '10.0.1.0/24');
  await planVpc(vpcId);
  await gone(client.send(new Sdk.DeleteVpcCommand({ VpcId: vpcId })), 'DependencyViolation');
  await destroySubnet(subnetId);
  await destroyVpc(vpcId);
});

test('aws_vpc with an IPv6 block: it is associated at once, and subnets take parts of it', async () => {
  const { Vpc: made } = await client.send(
    new Sdk.CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      InstanceTenancy: 'default',
      AmazonProvidedIpv6CidrBlock: true,
    }),
  );
  const VpcId = made?.VpcId ?? assert.fail();
  const { Vpcs: vpcs } = await client.send(new Sdk.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  const block = vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0];
  assert.equal(block?.Ipv6CidrBlockState?.State, 'associated');
  const Ipv6CidrBlock = block.Ipv6CidrBlock?.replace('/56', '/64');
  const { Subnet: subnet } = await client.send(
    new Sdk.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24', Ipv6CidrBlock }),
  );
  const SubnetId = subnet?.SubnetId ?? assert.fail();
  await client.send(new Sdk.ModifySubnetAttributeCommand({ SubnetId, AssignIpv6AddressOnCreation: { Value: true } }));
  const { Subnets: read } = await client.send(new Sdk.DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
  assert.equal(read?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlockState?.State, 'associated');
  await destroySubnet(SubnetId);
  await destroyVpc(VpcId);
});

test('aws_security_group, aws_security_group_rule and aws_vpc_security_group_ingress_rule', async () => {
  const vpcId = await applyVpc();
  const GroupId = await applyGroup(vpcId);
  // aws_security_group_rule: added and looked for in the group.
  const rule = {
    FromPort: 53,
    ToPort: 53,
    IpProtocol: 'udp',
    IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'dns' }],
  };
  await client.send(new Sdk.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  await gone(
    client.send(new Sdk.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] })),
    'InvalidPermission.Duplicate',
  );
  const { SecurityGroups: groups } = await client.send(new Sdk.DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  const found = groups?.[0]?.IpPermissions?.find(({ IpProtocol }) => IpProtocol === 'udp');
  assert.deepEqual(found?.IpRanges, rule.IpRanges);
  await client.send(new Sdk.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  // aws_vpc_security_group_ingress_rule: by the id of the rule.
  const { SecurityGroupRules: made } = await client.send(
    new Sdk.AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [rule],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'Name', Value: 'dns' }] }],
    }),
  );
  const SecurityGroupRuleIds = [made?.[0]?.SecurityGroupRuleId ?? assert.fail()];
  const read = () => client.send(new Sdk.DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds }));
  assert.deepEqual((await read()).SecurityGroupRules, made);
  await client.send(
    new Sdk.ModifySecurityGroupRulesCommand({
      GroupId,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: SecurityGroupRuleIds[0],
          SecurityGroupRule: {
            CidrIpv4: '10.0.0.0/8',
            FromPort: 53,
            ToPort: 54,
            IpProtocol: 'udp',
            Description: 'dns',
          },
        },
      ],
    }),
  );
  assert.deepEqual((await read()).SecurityGroupRules, [{ ...made?.[0], ToPort: 54 }]);
  await client.send(new Sdk.RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
  await gone(read(), 'InvalidSecurityGroupRuleId.NotFound');
  assertWhole(factsIn(ec2.path));
  await destroyGroup(GroupId);
  await destroyVpc(vpcId);
});

test('aws_network_acl, aws_network_acl_rule and aws_network_acl_association', async () => {
  const VpcId = await applyVpc();
  const subnetId = await applySubnet(VpcId, '10.0.1.0/24');
  const { NetworkAcl: made } = await client.send(
    new Sdk.CreateNetworkAclCommand({ VpcId, ClientToken: 'terraform-1', TagSpecifications: [] }),
  );
  const NetworkAclId = made?.NetworkAclId ?? assert.fail();
  const entry = { NetworkAclId, RuleNumber: 100, Egress: false, CidrBlock: '0.0.0.0/0', Protocol: '6' };
  await client.send(
    new Sdk.CreateNetworkAclEntryCommand({ ...entry, RuleAction: 'allow', PortRange: { From: 443, To: 443 } }),
  );
  await client.send(
    new Sdk.CreateNetworkAclEntryCommand({ ...entry, Protocol: '-1', Egress: true, RuleAction: 'allow' }),
  );
  const association = async (): Promise<Sdk.NetworkAclAssociation> => {
    const { NetworkAcls: acls } = await client.send(
      new Sdk.DescribeNetworkAclsCommand({ Filters: [filter('association.subnet-id', subnetId)] }),
    );
    return acls?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnetId) ?? assert.fail();
  };
  const before = await association();
  const { NewAssociationId } = await client.send(
    new Sdk.ReplaceNetworkAclAssociationCommand({ AssociationId: before.NetworkAclAssociationId, NetworkAclId }),
  );
  assert.deepEqual(await association(), {
    NetworkAclAssociationId: NewAssociationId,
    NetworkAclId,
    SubnetId: subnetId,
  });
  const { NetworkAcls: read } = await client.send(
    new Sdk.DescribeNetworkAclsCommand({ NetworkAclIds: [NetworkAclId] }),
  );
  // The provider leaves the last entries out, and cannot take them away.
  assert.deepEqual(
    read?.[0]?.Entries?.filter(({ RuleNumber }) => RuleNumber !== 32767).map(({ Egress, Protocol }) => [
      Egress,
      Protocol,
    ]),
    [
      [true, '-1'],
      [false, '6'],
    ],
  );
  await client.send(
    new Sdk.ReplaceNetworkAclEntryCommand({ ...entry, RuleAction: 'deny', PortRange: { From: 443, To: 443 } }),
  );
  await client.send(new Sdk.DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber: 100, Egress: false }));
  await client.send(new Sdk.DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber: 100, Egress: true }));
  // Destroying gives the subnets back to the default ACL.
  const { NetworkAcls: defaults } = await client.send(
    new Sdk.DescribeNetworkAclsCommand({ Filters: [filter('default', 'true'), filter('vpc-id', VpcId)] }),
  );
  await client.send(
    new Sdk.ReplaceNetworkAclAssociationCommand({
      AssociationId: NewAssociationId,
      NetworkAclId: defaults?.[0]?.NetworkAclId,
    }),
  );
  await client.send(new Sdk.DeleteNetworkAclCommand({ NetworkAclId }));
  await gone(
    client.send(new Sdk.DescribeNetworkAclsCommand({ NetworkAclIds: [NetworkAclId] })),
    'InvalidNetworkAclID.NotFound',
  );
  await destroySubnet(subnetId);
  await destroyVpc(VpcId);
});

test('aws_network_interface with chosen addresses and groups, changed and attached', async () => {
  const vpcId = await applyVpc();
  const SubnetId = await applySubnet(vpcId, '10.0.1.0/24');
  const groupId = await applyGroup(vpcId);
  const { NetworkInterface: made } = await client.send(
    new Sdk.CreateNetworkInterfaceCommand({
      SubnetId,
      ClientToken: 'terraform-2',
      Description: 'db',
      Groups: [groupId],
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.1.10', Primary: true },
        { PrivateIpAddress: '10.0.1.11', Primary: false },
      ],
      TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'Name', Value: 'db' }] }],
    }),
  );
  const NetworkInterfaceId = made?.NetworkInterfaceId ?? assert.fail();
  const read = async (): Promise<Sdk.NetworkInterface> => {
    const answer = await client.send(
      new Sdk.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] }),
    );
    return answer.NetworkInterfaces?.[0] ?? assert.fail();
  };
  assert.equal((await read()).Status, 'available');
  await client.send(
    new Sdk.UnassignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses: ['10.0.1.11'] }),
  );
  await client.send(new Sdk.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses: ['10.0.1.12'] }));
  await client.send(
    new Sdk.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: false } }),
  );
  await client.send(
    new Sdk.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Description: { Value: 'database' } }),
  );
  const changed = await read();
  assert.deepEqual(
    [changed.Description, changed.SourceDestCheck, changed.PrivateIpAddresses?.map((one) => one.PrivateIpAddress)],
    ['database', false, ['10.0.1.10', '10.0.1.12']],
  );
  const { Instances: instances } = await client.send(
    new Sdk.RunInstancesCommand({ SubnetId, ImageId: 'ami-0a', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  const InstanceId = instances?.[0]?.InstanceId ?? assert.fail();
  const { AttachmentId } = await client.send(
    new Sdk.AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }),
  );
  assert.equal((await read()).Attachment?.Status, 'attached');
  const { Reservations: reservations } = await client.send(
    new Sdk.DescribeInstancesCommand({ InstanceIds: [InstanceId] }),
  );
  assert.equal(reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.length, 2);
  await gone(client.send(new Sdk.DeleteSecurityGroupCommand({ GroupId: groupId })), 'DependencyViolation');
  await client.send(new Sdk.DetachNetworkInterfaceCommand({ AttachmentId, Force: true }));
  await client.send(new Sdk.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  await gone(read(), 'InvalidNetworkInterfaceID.NotFound');
  await client.send(new Sdk.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  await destroyGroup(groupId);
  await destroySubnet(SubnetId);
  await destroyVpc(vpcId);
});

test('aws_flow_log: nothing is left when its VPC is destroyed after it', async () => {
  const vpcId = await applyVpc();
  const { FlowLogIds, Unsuccessful } = await client.send(
    new Sdk.CreateFlowLogsCommand({
      ClientToken: 'terraform-3',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local',
      ResourceIds: [vpcId],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
    }),
  );
  assert.deepEqual(Unsuccessful, []);
  const { FlowLogs: read } = await client.send(new Sdk.DescribeFlowLogsCommand({ FlowLogIds }));
  assert.equal(read?.[0]?.ResourceId, vpcId);
  await client.send(new Sdk.DeleteFlowLogsCommand({ FlowLogIds }));
  await destroyVpc(vpcId);
  const left = factsIn(ec2.path);
  for (const kind of [
    'Vpcs',
    'Subnets',
    'NetworkInterfaces',
    'SecurityGroups',
    'SecurityGroupRules',
    'NetworkAcls',
    'RouteTables',
    'FlowLogs',
  ] as const)
    assert.deepEqual(left[kind], [], kind);
});
