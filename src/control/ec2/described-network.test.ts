/** What the API describes is a model: verdicts made from its answers are those made from its facts. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as Sdk from '@aws-sdk/client-ec2';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { pretendEc2 } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { assertWhole, factsIn, snapshotOf } from './facts.fixture.ts';

let ec2: Pretended;
let client: Sdk.EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
});
after(() => ec2.close());

/** A network by names instead of numbers, in which order has no part. */
function byNames(snapshot: VpcSnapshot): unknown {
  const rule = (number: number): string => {
    const { id, allow, order, protocol, fromPort, toPort, peer } = snapshot.rules[number]!;
    return JSON.stringify({ id, allow, order, protocol, fromPort, toPort, peer });
  };
  const rules = (numbers: readonly number[]): Set<string> => new Set(numbers.map(rule));
  return {
    interfaces: new Map(
      snapshot.interfaces.map(({ id, addresses, mac, groups, instanceId, vpcId, subnetId, azId }) => [
        id,
        {
          addresses,
          mac,
          groups: groups.map((number) => snapshot.groups[number]?.id),
          instanceId,
          vpcId,
          subnetId,
          azId,
        },
      ]),
    ),
    groups: new Map(snapshot.groups.map(({ id, ingress, egress }) => [id, [rules(ingress), rules(egress)]])),
    acls: new Map(snapshot.acls.map(({ id, ingress, egress }) => [id, [rules(ingress), rules(egress)]])),
    subnets: new Map(
      snapshot.subnets.map(({ id, cidrs, acl, routeTable }) => [
        id,
        { cidrs, acl: snapshot.acls[acl]?.id, table: snapshot.routeTables[routeTable]?.id },
      ]),
    ),
    vpcs: new Map(snapshot.vpcs.map(({ id, cidrs, accountId, region }) => [id, { cidrs, accountId, region }])),
    notUnderstood: snapshot.notUnderstood,
  };
}

test('a model of the answers says what the facts say, and leaves nothing open', async () => {
  const { Vpc: vpc } = await client.send(
    new Sdk.CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
  );
  const VpcId = vpc?.VpcId;
  await client.send(new Sdk.AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: '10.7.0.0/16' }));
  const Ipv6CidrBlock = vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock?.replace('/56', '/64');
  const { Subnet: one } = await client.send(
    new Sdk.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24', Ipv6CidrBlock }),
  );
  const { Subnet: two } = await client.send(new Sdk.CreateSubnetCommand({ VpcId, CidrBlock: '10.7.1.0/24' }));
  const { GroupId } = await client.send(
    new Sdk.CreateSecurityGroupCommand({ VpcId, GroupName: 'web', Description: 'web servers' }),
  );
  await client.send(
    new Sdk.AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        { IpProtocol: 'icmpv6', FromPort: -1, ToPort: -1, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
        { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] },
      ],
    }),
  );
  const { NetworkAcl: acl } = await client.send(new Sdk.CreateNetworkAclCommand({ VpcId }));
  await client.send(
    new Sdk.CreateNetworkAclEntryCommand({
      NetworkAclId: acl?.NetworkAclId,
      RuleNumber: 100,
      Protocol: '17',
      RuleAction: 'allow',
      Egress: true,
      Ipv6CidrBlock: '::/0',
      PortRange: { From: 53, To: 53 },
    }),
  );
  const { NetworkAcls: acls } = await client.send(new Sdk.DescribeNetworkAclsCommand({}));
  const association = acls
    ?.flatMap((each) => each.Associations ?? [])
    .find(({ SubnetId }) => SubnetId === two?.SubnetId);
  await client.send(
    new Sdk.ReplaceNetworkAclAssociationCommand({
      AssociationId: association?.NetworkAclAssociationId,
      NetworkAclId: acl?.NetworkAclId,
    }),
  );
  for (const [SubnetId, Groups] of [
    [one?.SubnetId, [GroupId ?? '']],
    [two?.SubnetId, undefined],
  ] as const)
    await client.send(
      new Sdk.CreateNetworkInterfaceCommand({
        SubnetId,
        ...(Groups === undefined
          ? { SecondaryPrivateIpAddressCount: 2 }
          : { Groups: [...Groups], Ipv6AddressCount: 1 }),
      }),
    );
  const answers = await Promise.all([
    client.send(new Sdk.DescribeVpcsCommand({})),
    client.send(new Sdk.DescribeSubnetsCommand({})),
    client.send(new Sdk.DescribeNetworkInterfacesCommand({})),
    client.send(new Sdk.DescribeSecurityGroupsCommand({})),
    client.send(new Sdk.DescribeSecurityGroupRulesCommand({})),
    client.send(new Sdk.DescribeNetworkAclsCommand({})),
    client.send(new Sdk.DescribeRouteTablesCommand({})),
  ]);
  const parts = answers.map((answer, i) => ({
    name: `answer ${i}`,
    json: JSON.parse(JSON.stringify({ ...answer, $metadata: undefined })) as unknown,
  }));
  const snapshot = compileSnapshot(readModel(parts), { version: 1, atMicros: 0 });
  const facts = factsIn(ec2.path);
  assertWhole(facts);
  assert.deepEqual(byNames(snapshot), byNames(snapshotOf(facts)));
  // Two interfaces were made and never used.
  assert.deepEqual(
    snapshot.notUnderstood.map((line) => line.replace(/^eni-[0-9a-f]+: /, '')),
    Array(2).fill('its status is available, attached to nothing; nothing is said of whether it answers'),
  );
  // Without the rules of their own the groups say the same by their permissions: as many rules, with the same traffic.
  const withoutRules = compileSnapshot(readModel(parts.filter((_, i) => i !== 4)), { version: 1, atMicros: 0 });
  const traffic = ({ groups, rules }: VpcSnapshot): unknown =>
    new Map(
      groups.map(({ id, ingress, egress }) => [
        id,
        new Set([...ingress, ...egress].map((number) => JSON.stringify({ ...rules[number], id: '', number: 0 }))),
      ]),
    );
  assert.deepEqual(traffic(withoutRules), traffic(snapshot));
});

test('a connection that nobody answered within seven days does not hold its VPC', async () => {
  const ids: string[] = [];
  for (const CidrBlock of ['10.0.0.0/24', '10.1.0.0/24'])
    ids.push((await client.send(new Sdk.CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? assert.fail());
  const [VpcId, PeerVpcId] = ids;
  await client.send(new Sdk.CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }));
  await assert.rejects(client.send(new Sdk.DeleteVpcCommand({ VpcId })), { name: 'DependencyViolation' });
  ec2.later(7 * 24 * 3_600_000);
  await client.send(new Sdk.DeleteVpcCommand({ VpcId }));
});
