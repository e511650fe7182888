import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AcceptVpcPeeringConnectionCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeSecurityGroupReferencesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsEgressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client, SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { assertWhole, factsIn, snapshotOf } from '../facts.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
let vpcId: string;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  vpcId = await makeVpc('10.0.0.0/16');
});
after(() => ec2.close());

async function makeVpc(CidrBlock: string, by = client): Promise<string> {
  return (await by.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? assert.fail();
}

let made = 0;
async function makeGroup(VpcId = vpcId, by = client): Promise<string> {
  const input = { VpcId, GroupName: `group ${++made}`, Description: 'a group' };
  return (await by.send(new CreateSecurityGroupCommand(input))).GroupId ?? assert.fail();
}

async function groupOf(id: string): Promise<SecurityGroup> {
  const { SecurityGroups: groups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return groups?.[0] ?? assert.fail();
}

async function rulesOf(id: string): Promise<SecurityGroupRule[]> {
  const { SecurityGroupRules: rules } = await client.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }),
  );
  const text = (one: SecurityGroupRule): string =>
    [one.IsEgress ? 1 : 0, one.IpProtocol, one.CidrIpv4 ?? one.CidrIpv6 ?? one.ReferencedGroupInfo?.GroupId].join(' ');
  return rules?.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)) ?? assert.fail();
}

const HTTPS = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };

test('a group and its rules read back as AWS describes them, as permissions and one by one', async () => {
  const created = await client.send(
    new CreateSecurityGroupCommand({
      VpcId: vpcId,
      GroupName: 'web',
      Description: 'web servers',
      TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'Name', Value: 'web' }] }],
    }),
  );
  const id = created.GroupId ?? '';
  const arn = `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${id}`;
  assert.deepEqual(
    { ...created, $metadata: null },
    { $metadata: null, GroupId: id, Tags: [{ Key: 'Name', Value: 'web' }], SecurityGroupArn: arn },
  );
  const added = await client.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: id,
      IpPermissions: [
        {
          ...HTTPS,
          IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }, { CidrIp: '10.1.2.3/8' }],
          Ipv6Ranges: [{ CidrIpv6: '::/0' }],
          UserIdGroupPairs: [{ GroupId: id, Description: 'own' }],
        },
        { IpProtocol: '1', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        { IpProtocol: '47', FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      ],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'by', Value: 'test' }] }],
    }),
  );
  const rules = added.SecurityGroupRules ?? [];
  assert.equal(added.Return, true);
  const rule = (i: number): object => ({
    SecurityGroupRuleId: rules[i]?.SecurityGroupRuleId,
    GroupId: id,
    GroupOwnerId: ACCOUNT,
    IsEgress: false,
    Tags: [{ Key: 'by', Value: 'test' }],
    SecurityGroupRuleArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group-rule/${rules[i]?.SecurityGroupRuleId}`,
  });
  assert.match(rules[0]?.SecurityGroupRuleId ?? '', /^sgr-[\da-f]{17}$/);
  const expected = [
    { ...rule(0), ...HTTPS, CidrIpv4: '0.0.0.0/0', Description: 'all' },
    { ...rule(1), ...HTTPS, CidrIpv4: '10.0.0.0/8' },
    { ...rule(2), ...HTTPS, CidrIpv6: '::/0' },
    { ...rule(3), ...HTTPS, ReferencedGroupInfo: { GroupId: id, UserId: ACCOUNT }, Description: 'own' },
    { ...rule(4), IpProtocol: 'icmp', FromPort: 8, ToPort: -1, CidrIpv4: '0.0.0.0/0' },
    { ...rule(5), IpProtocol: '47', FromPort: -1, ToPort: -1, CidrIpv4: '0.0.0.0/0' },
  ];
  assert.deepEqual(rules, expected);
  const all = await rulesOf(id);
  const [out] = all.filter(({ IsEgress }) => IsEgress);
  assert.deepEqual([out?.IpProtocol, out?.CidrIpv4], ['-1', '0.0.0.0/0']);
  assert.deepEqual(new Set(all), new Set([...expected, out]));
  const none = { UserIdGroupPairs: [], IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] };
  assert.deepEqual(await groupOf(id), {
    GroupId: id,
    IpPermissionsEgress: [{ ...none, IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    Tags: [{ Key: 'Name', Value: 'web' }],
    VpcId: vpcId,
    SecurityGroupArn: arn,
    OwnerId: ACCOUNT,
    GroupName: 'web',
    Description: 'web servers',
    IpPermissions: [
      { ...none, IpProtocol: '47', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      { ...none, IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      {
        ...HTTPS,
        UserIdGroupPairs: [{ GroupId: id, UserId: ACCOUNT, Description: 'own' }],
        IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }, { CidrIp: '10.0.0.0/8' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        PrefixListIds: [],
      },
    ],
  });
  assertWhole(factsIn(ec2.path));
});

test('rules are taken away as permissions, in the old form or by id; what is not there stops the whole call', async () => {
  const id = await makeGroup();
  const single = { GroupId: id, IpProtocol: 'udp', FromPort: 53, ToPort: 53 };
  const udp = await client.send(new AuthorizeSecurityGroupIngressCommand({ ...single, CidrIp: '10.0.0.0/8' }));
  await client.send(new AuthorizeSecurityGroupIngressCommand({ ...single, CidrIp: '192.168.0.0/16' }));
  await client.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId: id,
      IpPermissions: [{ ...HTTPS, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
    }),
  );
  const texts = async (): Promise<string[]> =>
    (await rulesOf(id)).map(
      (one) => `${one.IsEgress ? 'out' : 'in'} ${one.IpProtocol} ${one.CidrIpv4 ?? one.CidrIpv6}`,
    );
  assert.deepEqual(await texts(), [
    'in udp 10.0.0.0/8',
    'in udp 192.168.0.0/16',
    'out -1 0.0.0.0/0',
    'out tcp 10.0.0.0/8',
  ]);
  const ids = udp.SecurityGroupRules?.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? '') ?? [];
  await assert.rejects(
    client.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: id,
        IpPermissions: [
          {
            IpProtocol: 'udp',
            FromPort: 53,
            ToPort: 53,
            IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '10.0.0.0/9' }],
          },
        ],
      }),
    ),
    { name: 'InvalidPermission.NotFound' },
  );
  assert.equal((await texts()).length, 4);
  // The direction is part of what a rule is.
  await assert.rejects(client.send(new RevokeSecurityGroupEgressCommand({ GroupId: id, SecurityGroupRuleIds: ids })), {
    name: 'InvalidSecurityGroupRuleId.NotFound',
  });
  const revoked = await client.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, SecurityGroupRuleIds: ids }));
  assert.deepEqual(
    { ...revoked, $metadata: null },
    {
      $metadata: null,
      Return: true,
      UnknownIpPermissions: [],
      RevokedSecurityGroupRules: [
        {
          SecurityGroupRuleId: ids[0],
          GroupId: id,
          IsEgress: false,
          IpProtocol: 'udp',
          FromPort: 53,
          ToPort: 53,
          CidrIpv4: '10.0.0.0/8',
        },
      ],
    },
  );
  await client.send(new RevokeSecurityGroupIngressCommand({ ...single, CidrIp: '192.168.0.0/16' }));
  // As Terraform takes away the rule that every new group has.
  await client.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId: id,
      IpPermissions: [{ IpProtocol: '-1', FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  assert.deepEqual(await texts(), ['out tcp 10.0.0.0/8']);
});

test('a rule keeps id and tags when it is modified or described anew', async () => {
  const id = await makeGroup();
  const other = await makeGroup();
  const { SecurityGroupRules: rules } = await client.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: id,
      IpPermissions: [{ ...HTTPS, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'first' }] }],
    }),
  );
  const rule = rules?.[0]?.SecurityGroupRuleId ?? '';
  await client.send(new CreateTagsCommand({ Resources: [rule], Tags: [{ Key: 'k', Value: 'v' }] }));
  await client.send(
    new ModifySecurityGroupRulesCommand({
      GroupId: id,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: rule,
          SecurityGroupRule: {
            IpProtocol: '6',
            FromPort: 80,
            ToPort: 81,
            ReferencedGroupId: other,
            Description: 'then',
          },
        },
      ],
    }),
  );
  const read = async (): Promise<SecurityGroupRule | undefined> =>
    (await client.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [rule] })))
      .SecurityGroupRules?.[0];
  const expected = {
    SecurityGroupRuleId: rule,
    GroupId: id,
    GroupOwnerId: ACCOUNT,
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 81,
    ReferencedGroupInfo: { GroupId: other, UserId: ACCOUNT },
    Description: 'then',
    Tags: [{ Key: 'k', Value: 'v' }],
    SecurityGroupRuleArn: rules?.[0]?.SecurityGroupRuleArn,
  };
  assert.deepEqual(await read(), expected);
  await client.send(
    new UpdateSecurityGroupRuleDescriptionsIngressCommand({
      GroupId: id,
      SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: rule, Description: 'by id' }],
    }),
  );
  assert.deepEqual(await read(), { ...expected, Description: 'by id' });
  await client.send(
    new UpdateSecurityGroupRuleDescriptionsIngressCommand({
      GroupId: id,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 81, UserIdGroupPairs: [{ GroupId: other }] }],
    }),
  );
  const { Description: _, ...without } = expected;
  assert.deepEqual(await read(), without);
  await client.send(
    new UpdateSecurityGroupRuleDescriptionsEgressCommand({
      GroupId: id,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'out' }] }],
    }),
  );
  assert.deepEqual((await groupOf(id)).IpPermissionsEgress?.[0]?.IpRanges, [
    { CidrIp: '0.0.0.0/0', Description: 'out' },
  ]);
});

test('a group stays while an interface or a rule of another group has it; its own rules do not hold it', async () => {
  const id = await makeGroup();
  const other = await makeGroup();
  const inUse = async (): Promise<void> =>
    assert.rejects(client.send(new DeleteSecurityGroupCommand({ GroupId: id })), {
      name: 'DependencyViolation',
      message: `resource ${id} has a dependent object`,
    });
  const permission = [{ ...HTTPS, UserIdGroupPairs: [{ GroupId: id }] }];
  for (const GroupId of [id, other])
    await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: permission }));
  await inUse();
  await client.send(new RevokeSecurityGroupIngressCommand({ GroupId: other, IpPermissions: permission }));
  const { Subnet: subnet } = await client.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.0.9.0/24' }));
  const { NetworkInterface: eni } = await client.send(
    new CreateNetworkInterfaceCommand({ SubnetId: subnet?.SubnetId, Groups: [id] }),
  );
  assert.equal(eni?.Groups?.[0]?.GroupId, id);
  await inUse();
  ec2.put('NetworkInterfaces', [
    {
      ...factsIn(ec2.path).NetworkInterfaces.find((one) => one.NetworkInterfaceId === eni.NetworkInterfaceId),
      Groups: [],
    },
  ]);
  const { Return, GroupId } = await client.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  assert.deepEqual([Return, GroupId], [true, id]);
  assert.deepEqual(await rulesOf(id), []);
  await assert.rejects(groupOf(id), {
    name: 'InvalidGroup.NotFound',
    message: `The security group '${id}' does not exist`,
  });
});

test('a group over a peering connection is named with it, and lets nothing pass when the connection is gone', async () => {
  const other = ec2.client('other');
  const far = await makeVpc('10.50.0.0/16', other);
  const farGroup = await makeGroup(far, other);
  const id = await makeGroup();
  const permission = [{ ...HTTPS, UserIdGroupPairs: [{ GroupId: farGroup, UserId: OTHER_ACCOUNT }] }];
  const authorize = () =>
    client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: permission }));
  await assert.rejects(authorize(), { name: 'InvalidGroup.NotFound' });
  const { VpcPeeringConnection: peering } = await client.send(
    new CreateVpcPeeringConnectionCommand({ VpcId: vpcId, PeerVpcId: far, PeerOwnerId: OTHER_ACCOUNT }),
  );
  const VpcPeeringConnectionId = peering?.VpcPeeringConnectionId ?? '';
  await assert.rejects(authorize(), { name: 'InvalidGroup.NotFound' });
  await other.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  const { SecurityGroupRules: rules } = await authorize();
  const reference = {
    GroupId: farGroup,
    PeeringStatus: 'active',
    UserId: OTHER_ACCOUNT,
    VpcId: far,
    VpcPeeringConnectionId,
  };
  assert.deepEqual(rules?.[0]?.ReferencedGroupInfo, reference);
  const pairs = async (): Promise<unknown> => (await groupOf(id)).IpPermissions?.[0]?.UserIdGroupPairs;
  assert.deepEqual(await pairs(), [reference]);
  const { SecurityGroupReferenceSet: references } = await other.send(
    new DescribeSecurityGroupReferencesCommand({ GroupId: [farGroup] }),
  );
  assert.deepEqual(references, [{ GroupId: farGroup, ReferencingVpcId: vpcId, VpcPeeringConnectionId }]);
  // The far side may delete its group; the rule here stays, and can be taken away.
  await other.send(new DeleteSecurityGroupCommand({ GroupId: farGroup }));
  await other.send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  assert.deepEqual(await pairs(), [{ ...reference, PeeringStatus: 'deleted' }]);
  await client.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: permission }));
  assert.deepEqual((await groupOf(id)).IpPermissions, []);
});

test('rules name prefix lists that are there', async () => {
  const id = await makeGroup();
  const PrefixListIds = [{ PrefixListId: 'pl-0a', Description: 'offices' }];
  const authorize = () =>
    client.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [{ ...HTTPS, PrefixListIds }] }),
    );
  await assert.rejects(authorize(), { name: 'InvalidPrefixListID.NotFound' });
  ec2.put('ManagedPrefixLists', [{ PrefixListId: 'pl-0a', MaxEntries: 5, Entries: [{ Cidr: '192.0.2.0/24' }] }]);
  await authorize();
  assert.deepEqual((await groupOf(id)).IpPermissions?.[0]?.PrefixListIds, PrefixListIds);
  assertWhole(factsIn(ec2.path));
});

test('verdicts follow the rules that are described, not those that were', async () => {
  const id = await makeGroup();
  const ids = (): string[] => {
    const snapshot = snapshotOf(factsIn(ec2.path));
    const group = snapshot.groups.find((one) => one.id === id) ?? assert.fail();
    return [...group.ingress, ...group.egress].map((number) => snapshot.rules[number]?.id ?? '');
  };
  const [out] = await rulesOf(id);
  assert.deepEqual(ids(), [out?.SecurityGroupRuleId]);
  const { SecurityGroupRules: rules } = await client.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId: id, ...HTTPS, CidrIp: '0.0.0.0/0' }),
  );
  assert.deepEqual(ids(), [rules?.[0]?.SecurityGroupRuleId, out?.SecurityGroupRuleId]);
  await client.send(
    new RevokeSecurityGroupEgressCommand({ GroupId: id, SecurityGroupRuleIds: [out?.SecurityGroupRuleId ?? ''] }),
  );
  await client.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, ...HTTPS, CidrIp: '0.0.0.0/0' }));
  assert.deepEqual(ids(), []);
});

test('filters find groups by name, rule and tag', async () => {
  const id = await makeGroup();
  await client.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: id,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 7000, ToPort: 7001, IpRanges: [{ CidrIp: '198.51.100.0/24' }] }],
    }),
  );
  const found = async (Name: string, Value: string): Promise<unknown> =>
    (
      await client.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name, Values: [Value] }] }))
    ).SecurityGroups?.map(({ GroupId }) => GroupId);
  assert.deepEqual(await found('ip-permission.from-port', '7000'), [id]);
  assert.deepEqual(await found('ip-permission.cidr', '198.51.100.*'), [id]);
  assert.deepEqual(await found('egress.ip-permission.from-port', '7000'), []);
  assert.deepEqual(await found('group-name', `group ${made}`), [id]);
  const named = await client.send(new DescribeSecurityGroupsCommand({ GroupNames: [`group ${made}`] }));
  assert.deepEqual(
    named.SecurityGroups?.map(({ GroupId }) => GroupId),
    [id],
  );
  const defaults = await found('group-name', 'default');
  assert.ok(Array.isArray(defaults) && defaults.length === 1);
});
