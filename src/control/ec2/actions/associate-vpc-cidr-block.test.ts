import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AssociateVpcCidrBlockCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { pretendEc2 } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
});
after(() => ec2.close());

/** What leaves by IPv6: of each group by name, and the numbers of the IPv6 entries of each ACL. */
async function ipv6Of(VpcId: string): Promise<{ groups: unknown; acls: unknown }> {
  const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
  const { SecurityGroups: groups = [] } = await client.send(new DescribeSecurityGroupsCommand({ Filters }));
  const { NetworkAcls: acls = [] } = await client.send(new DescribeNetworkAclsCommand({ Filters }));
  return {
    groups: Object.fromEntries(
      groups.map(({ GroupName, IpPermissionsEgress: out }) => [
        GroupName,
        out?.flatMap(({ Ipv6Ranges }) => Ipv6Ranges?.map(({ CidrIpv6 }) => CidrIpv6)),
      ]),
    ),
    acls: Object.fromEntries(
      acls.map(({ IsDefault, Entries }) => [
        IsDefault ? 'default' : 'other',
        Entries?.filter(({ Ipv6CidrBlock }) => Ipv6CidrBlock !== undefined).map(({ Egress, RuleNumber }) =>
          [Egress ? 'out' : 'in', RuleNumber].join(' '),
        ),
      ]),
    ),
  };
}

async function makeVpc(isIpv6: boolean): Promise<string> {
  const { Vpc: vpc } = await client.send(
    new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: isIpv6 }),
  );
  const VpcId = vpc?.VpcId ?? assert.fail();
  await client.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'web', Description: 'web servers' }));
  await client.send(new CreateNetworkAclCommand({ VpcId }));
  return VpcId;
}

const OPEN = {
  groups: { default: ['::/0'], web: ['::/0'] },
  acls: { default: ['out 101', 'out 32768', 'in 101', 'in 32768'], other: ['out 32768', 'in 32768'] },
};

test('a VPC that has IPv6 from the beginning is as one that gets it later', async () => {
  assert.deepEqual(await ipv6Of(await makeVpc(true)), OPEN);
  const later = await makeVpc(false);
  assert.deepEqual(await ipv6Of(later), { groups: { default: [], web: [] }, acls: { default: [], other: [] } });
  await client.send(new AssociateVpcCidrBlockCommand({ VpcId: later, AmazonProvidedIpv6CidrBlock: true }));
  assert.deepEqual(await ipv6Of(later), OPEN);
  // A second block changes nothing of that.
  await client.send(new AssociateVpcCidrBlockCommand({ VpcId: later, AmazonProvidedIpv6CidrBlock: true }));
  assert.deepEqual(await ipv6Of(later), OPEN);
});

test('what was closed by hand is not opened to IPv6', async () => {
  const VpcId = await makeVpc(false);
  const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
  const { SecurityGroups: groups } = await client.send(new DescribeSecurityGroupsCommand({ Filters }));
  await client.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId: groups?.find(({ GroupName }) => GroupName === 'web')?.GroupId,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  const { NetworkAcls: acls } = await client.send(new DescribeNetworkAclsCommand({ Filters }));
  await client.send(
    new CreateNetworkAclEntryCommand({
      NetworkAclId: acls?.find(({ IsDefault }) => IsDefault)?.NetworkAclId,
      RuleNumber: 50,
      Egress: false,
      Protocol: '-1',
      RuleAction: 'deny',
      CidrBlock: '192.0.2.0/24',
    }),
  );
  await client.send(new AssociateVpcCidrBlockCommand({ VpcId, AmazonProvidedIpv6CidrBlock: true }));
  assert.deepEqual(await ipv6Of(VpcId), {
    groups: { default: ['::/0'], web: [] },
    acls: { default: ['out 101', 'out 32768', 'in 32768'], other: ['out 32768', 'in 32768'] },
  });
});
