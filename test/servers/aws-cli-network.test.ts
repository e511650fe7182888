/** Whole documents that aws-cli prints of VPCs, subnets, groups, ACLs and interfaces. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { awsEc2, NO_AWS_CLI } from '../../src/control/ec2/aws-cli.fixture.ts';
import { defaultDhcpOptionsId } from '../../src/control/ec2/dhcp-options.ts';
import { ACCOUNT, KEY_IDS, pretendEc2, REGION } from '../../src/control/ec2/ec2.fixture.ts';
import type { Pretended } from '../../src/control/ec2/ec2.fixture.ts';
import { factsIn } from '../../src/control/ec2/facts.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
});
after(() => ec2.close());

/** Members that older versions of aws-cli do not know. */
const NEWER = new Set([
  'SecurityGroupArn',
  'SecurityGroupRuleArn',
  'IsPrimaryIpv6',
  'Ipv6AddressAttribute',
  'IpSource',
]);

function known(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(known);
  if (typeof json !== 'object' || json === null) return json;
  const isInterface = 'NetworkInterfaceId' in json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([name]) => !NEWER.has(name) && !(isInterface && name === 'AvailabilityZoneId'))
      .map(([name, value]) => [name, known(value)]),
  );
}

/** What a call prints; its first word has blanks between its words. */
async function aws(words: string, ...more: readonly string[]): Promise<unknown> {
  const { code, json, problem } = await awsEc2(ec2, [...words.split(' '), ...more]);
  assert.equal(code, 0, problem);
  return known(json);
}

const tagged = (type: string): string[] => ['--tag-specifications', `ResourceType=${type},Tags=[{Key=Name,Value=a}]`];
const TAGS = [{ Key: 'Name', Value: 'a' }];
const NONE = { UserIdGroupPairs: [], IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] };

test('aws-cli prints what AWS would', { skip: NO_AWS_CLI }, async () => {
  const made = await aws('create-vpc --cidr-block 10.0.0.0/16', ...tagged('vpc'));
  const [fact] = factsIn(ec2.path).Vpcs;
  const VpcId = fact?.VpcId ?? '';
  const AssociationId = fact?.CidrBlockAssociationSet?.[0]?.AssociationId;
  const vpc = {
    CidrBlock: '10.0.0.0/16',
    DhcpOptionsId: defaultDhcpOptionsId(ACCOUNT, REGION),
    State: 'available',
    VpcId,
    OwnerId: ACCOUNT,
    InstanceTenancy: 'default',
    Ipv6CidrBlockAssociationSet: [],
    CidrBlockAssociationSet: [{ AssociationId, CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } }],
    IsDefault: false,
    Tags: TAGS,
  };
  assert.deepEqual(made, { Vpc: { ...vpc, State: 'pending' } });
  assert.deepEqual(await aws('describe-vpcs --filters Name=tag:Name,Values=a'), { Vpcs: [vpc] });
  assert.deepEqual(await aws(`describe-vpc-attribute --attribute enableDnsSupport --vpc-id ${VpcId}`), {
    VpcId,
    EnableDnsSupport: { Value: true },
  });
  assert.equal(await aws(`modify-vpc-attribute --enable-dns-hostnames --vpc-id ${VpcId}`), null);

  const subnet = await aws(`create-subnet --vpc-id ${VpcId} --cidr-block 10.0.1.0/24`, ...tagged('subnet'));
  const SubnetId = factsIn(ec2.path).Subnets[0]?.SubnetId ?? '';
  const expectedSubnet = {
    AvailabilityZone: `${REGION}a`,
    AvailabilityZoneId: 'euw1-az1',
    AvailableIpAddressCount: 251,
    CidrBlock: '10.0.1.0/24',
    DefaultForAz: false,
    MapPublicIpOnLaunch: false,
    MapCustomerOwnedIpOnLaunch: false,
    State: 'available',
    SubnetId,
    VpcId,
    OwnerId: ACCOUNT,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Tags: TAGS,
    SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/${SubnetId}`,
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
  };
  assert.deepEqual(subnet, { Subnet: expectedSubnet });

  const group = await aws(`create-security-group --vpc-id ${VpcId} --group-name web --description`, 'web servers');
  const GroupId = factsIn(ec2.path).SecurityGroups.find(({ GroupName }) => GroupName === 'web')?.GroupId ?? '';
  assert.deepEqual(group, { GroupId, Tags: [] });
  const rule = await aws(
    `authorize-security-group-ingress --group-id ${GroupId} --protocol tcp --port 443 --cidr 10.0.0.0/8`,
  );
  const SecurityGroupRuleId = factsIn(ec2.path).SecurityGroupRules.find(
    ({ CidrIpv4 }) => CidrIpv4 === '10.0.0.0/8',
  )?.SecurityGroupRuleId;
  const expectedRule = {
    SecurityGroupRuleId,
    GroupId,
    GroupOwnerId: ACCOUNT,
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    CidrIpv4: '10.0.0.0/8',
    Tags: [],
  };
  assert.deepEqual(rule, { Return: true, SecurityGroupRules: [expectedRule] });
  assert.deepEqual(await aws(`describe-security-group-rules --security-group-rule-ids ${SecurityGroupRuleId}`), {
    SecurityGroupRules: [expectedRule],
  });
  assert.deepEqual(await aws(`describe-security-groups --group-ids ${GroupId}`), {
    SecurityGroups: [
      {
        Description: 'web servers',
        GroupName: 'web',
        IpPermissions: [
          { ...NONE, FromPort: 443, IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0/8' }], ToPort: 443 },
        ],
        OwnerId: ACCOUNT,
        GroupId,
        IpPermissionsEgress: [{ ...NONE, IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        Tags: [],
        VpcId,
      },
    ],
  });

  const [acl] = factsIn(ec2.path).NetworkAcls;
  const entry = { CidrBlock: '0.0.0.0/0', Protocol: '-1' };
  assert.equal(
    await aws(
      `create-network-acl-entry --network-acl-id ${acl?.NetworkAclId} --ingress --rule-number 50 --protocol tcp`,
      ...'--port-range From=22,To=23 --cidr-block 192.0.2.0/24 --rule-action deny'.split(' '),
    ),
    null,
  );
  assert.deepEqual(await aws(`describe-network-acls --filters Name=vpc-id,Values=${VpcId}`), {
    NetworkAcls: [
      {
        Associations: [
          {
            NetworkAclAssociationId: acl?.Associations?.[0]?.NetworkAclAssociationId,
            NetworkAclId: acl?.NetworkAclId,
            SubnetId,
          },
        ],
        Entries: [
          { ...entry, Egress: true, RuleAction: 'allow', RuleNumber: 100 },
          { ...entry, Egress: true, RuleAction: 'deny', RuleNumber: 32767 },
          {
            CidrBlock: '192.0.2.0/24',
            Egress: false,
            PortRange: { From: 22, To: 23 },
            Protocol: '6',
            RuleAction: 'deny',
            RuleNumber: 50,
          },
          { ...entry, Egress: false, RuleAction: 'allow', RuleNumber: 100 },
          { ...entry, Egress: false, RuleAction: 'deny', RuleNumber: 32767 },
        ],
        IsDefault: true,
        NetworkAclId: acl?.NetworkAclId,
        Tags: [],
        VpcId,
        OwnerId: ACCOUNT,
      },
    ],
  });

  await aws(`create-network-interface --subnet-id ${SubnetId} --groups ${GroupId} --description eth`);
  const [eni] = factsIn(ec2.path).NetworkInterfaces;
  const PrivateDnsName = `ip-10-0-1-4.${REGION}.compute.internal`;
  assert.deepEqual(await aws(`describe-network-interfaces --network-interface-ids ${eni?.NetworkInterfaceId}`), {
    NetworkInterfaces: [
      {
        AvailabilityZone: `${REGION}a`,
        Description: 'eth',
        Groups: [{ GroupName: 'web', GroupId }],
        InterfaceType: 'interface',
        Ipv6Addresses: [],
        MacAddress: eni?.MacAddress,
        NetworkInterfaceId: eni?.NetworkInterfaceId,
        OwnerId: ACCOUNT,
        PrivateDnsName,
        PrivateIpAddress: '10.0.1.4',
        PrivateIpAddresses: [{ Primary: true, PrivateDnsName, PrivateIpAddress: '10.0.1.4' }],
        RequesterId: KEY_IDS.operate,
        RequesterManaged: false,
        SourceDestCheck: true,
        Status: 'available',
        SubnetId,
        TagSet: [],
        VpcId,
      },
    ],
  });
  assert.deepEqual(await aws('describe-subnets'), {
    Subnets: [{ ...expectedSubnet, AvailableIpAddressCount: 250 }],
  });
  const refused = await awsEc2(ec2, ['delete-vpc', '--vpc-id', VpcId]);
  assert.deepEqual(
    [refused.code, refused.problem],
    [
      254,
      `An error occurred (DependencyViolation) when calling the DeleteVpc operation: The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    ],
  );
});
