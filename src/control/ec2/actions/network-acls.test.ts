import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkAclCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  ReplaceNetworkAclAssociationCommand,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import type { CreateNetworkAclEntryCommandInput, EC2Client, NetworkAcl } from '@aws-sdk/client-ec2';
import { ACL_ERRORS } from '../acl-errors.ts';
import { ACCOUNT, pretendEc2 } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { assertWhole, factsIn, snapshotOf } from '../facts.fixture.ts';
import { refusesAll } from '../refusals.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
let vpcId: string;
let subnetId: string;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  vpcId = (await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId ?? '';
  const subnet = await client.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.0.0.0/24' }));
  subnetId = subnet.Subnet?.SubnetId ?? '';
});
after(() => ec2.close());

async function makeAcl(): Promise<string> {
  return (await client.send(new CreateNetworkAclCommand({ VpcId: vpcId }))).NetworkAcl?.NetworkAclId ?? assert.fail();
}

async function aclOf(id: string): Promise<NetworkAcl> {
  const { NetworkAcls: acls } = await client.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }));
  return acls?.[0] ?? assert.fail();
}

/** The ACL that the subnet has, and the id of its association. */
async function associationOf(id: string): Promise<{ acl: string; association: string }> {
  const { NetworkAcls: acls } = await client.send(
    new DescribeNetworkAclsCommand({ Filters: [{ Name: 'association.subnet-id', Values: [id] }] }),
  );
  assert.equal(acls?.length, 1);
  const found = acls[0]?.Associations?.find(({ SubnetId }) => SubnetId === id);
  return { acl: acls[0]?.NetworkAclId ?? '', association: found?.NetworkAclAssociationId ?? '' };
}

const SSH = {
  RuleNumber: 200,
  Protocol: '6',
  RuleAction: 'allow',
  Egress: false,
  CidrBlock: '10.1.2.3/8',
  PortRange: { From: 22, To: 22 },
} as const;

test('an ACL reads back as AWS describes it, its entries in the order of evaluation', async () => {
  const { NetworkAcl: made, ClientToken } = await client.send(
    new CreateNetworkAclCommand({
      VpcId: vpcId,
      ClientToken: 'once',
      TagSpecifications: [{ ResourceType: 'network-acl', Tags: [{ Key: 'Name', Value: 'a' }] }],
    }),
  );
  assert.equal(ClientToken, 'once');
  const NetworkAclId = made?.NetworkAclId ?? '';
  assert.match(NetworkAclId, /^acl-[\da-f]{17}$/);
  const last = { CidrBlock: '0.0.0.0/0', Protocol: '-1', RuleAction: 'deny', RuleNumber: 32767 };
  const expected = {
    Associations: [],
    Entries: [
      { ...last, Egress: true },
      { ...last, Egress: false },
    ],
    IsDefault: false,
    NetworkAclId,
    Tags: [{ Key: 'Name', Value: 'a' }],
    VpcId: vpcId,
    OwnerId: ACCOUNT,
  };
  assert.deepEqual(made, expected);
  const add = (input: Partial<CreateNetworkAclEntryCommandInput>) =>
    client.send(new CreateNetworkAclEntryCommand({ ...SSH, NetworkAclId, ...input }));
  await add({});
  await add({ RuleNumber: 100, Protocol: 'icmp', IcmpTypeCode: { Type: 8, Code: -1 } });
  await add({ Egress: true, Protocol: '-1', RuleAction: 'deny' });
  const ssh = { ...SSH, CidrBlock: '10.0.0.0/8' };
  const icmp = {
    CidrBlock: '10.0.0.0/8',
    Egress: false,
    IcmpTypeCode: { Code: -1, Type: 8 },
    Protocol: '1',
    RuleAction: 'allow',
    RuleNumber: 100,
  };
  const out = { CidrBlock: '10.0.0.0/8', Egress: true, Protocol: '-1', RuleAction: 'deny', RuleNumber: 200 };
  const Entries = [out, { ...last, Egress: true }, icmp, ssh, { ...last, Egress: false }];
  assert.deepEqual(await aclOf(NetworkAclId), { ...expected, Entries });
  await client.send(
    new ReplaceNetworkAclEntryCommand({ ...SSH, NetworkAclId, RuleAction: 'deny', PortRange: { From: 22, To: 23 } }),
  );
  await client.send(new DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber: 200, Egress: true }));
  assert.deepEqual((await aclOf(NetworkAclId)).Entries, [
    { ...last, Egress: true },
    icmp,
    { ...ssh, RuleAction: 'deny', PortRange: { From: 22, To: 23 } },
    { ...last, Egress: false },
  ]);
  const found = await client.send(
    new DescribeNetworkAclsCommand({ Filters: [{ Name: 'entry.port-range.to', Values: ['23'] }] }),
  );
  assert.deepEqual(
    found.NetworkAcls?.map((one) => one.NetworkAclId),
    [NetworkAclId],
  );
  assertWhole(factsIn(ec2.path));
});

test('a subnet has exactly one ACL, whichever it is given', async () => {
  const { acl: first, association } = await associationOf(subnetId);
  assert.equal((await aclOf(first)).IsDefault, true);
  const id = await makeAcl();
  const { NewAssociationId } = await client.send(
    new ReplaceNetworkAclAssociationCommand({ AssociationId: association, NetworkAclId: id }),
  );
  assert.match(NewAssociationId ?? '', /^aclassoc-[\da-f]{17}$/);
  assert.deepEqual(await associationOf(subnetId), { acl: id, association: NewAssociationId });
  const again = await client.send(
    new ReplaceNetworkAclAssociationCommand({ AssociationId: NewAssociationId, NetworkAclId: id }),
  );
  assert.deepEqual(await associationOf(subnetId), { acl: id, association: again.NewAssociationId });
  assert.equal((await aclOf(id)).Associations?.length, 1);
  // Verdicts take the ACL that is described.
  const snapshot = snapshotOf(factsIn(ec2.path));
  const subnet = snapshot.subnets.find((one) => one.id === subnetId);
  assert.equal(snapshot.acls[subnet?.acl ?? 0]?.id, id);
  await assert.rejects(client.send(new DeleteNetworkAclCommand({ NetworkAclId: id })), { name: 'DependencyViolation' });
  await client.send(
    new ReplaceNetworkAclAssociationCommand({ AssociationId: again.NewAssociationId, NetworkAclId: first }),
  );
  await client.send(new DeleteNetworkAclCommand({ NetworkAclId: id }));
  await assert.rejects(aclOf(id), {
    name: 'InvalidNetworkAclID.NotFound',
    message: `The networkAcl ID '${id}' does not exist`,
  });
});

test('each row of the table is what a call gets', async () => {
  const id = await makeAcl();
  const { acl: first, association } = await associationOf(subnetId);
  const create = (input: Partial<CreateNetworkAclEntryCommandInput>) => () =>
    client.send(new CreateNetworkAclEntryCommand({ ...SSH, NetworkAclId: id, ...input }));
  const remove = (RuleNumber: number) => () =>
    client.send(new DeleteNetworkAclEntryCommand({ NetworkAclId: id, RuleNumber, Egress: false }));
  await create({})();
  const full = await makeAcl();
  for (let i = 1; i <= 40; i++) await create({ NetworkAclId: full, RuleNumber: i })();
  const other = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const otherAcl = (await client.send(new CreateNetworkAclCommand({ VpcId: other.Vpc?.VpcId }))).NetworkAcl;
  const replace = (AssociationId: string, NetworkAclId: string) => () =>
    client.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
  // Before, for it is another ACL of the subnet that is refused in the end.
  await replace(association, id)();
  const now = await associationOf(subnetId);
  await refusesAll(ACL_ERRORS, {
    entryExists: [[create({}), 200]],
    noEntry: [
      [remove(300), 300],
      [remove(32767), 32767],
      [() => client.send(new ReplaceNetworkAclEntryCommand({ ...SSH, NetworkAclId: id, RuleNumber: 7 })), 7],
    ],
    tooManyEntries: [[create({ NetworkAclId: full }), 40]],
    entryNumber: [
      [create({ RuleNumber: 0 }), 0],
      [create({ RuleNumber: 32767 }), 32767],
    ],
    oneBlock: [[create({ Ipv6CidrBlock: '::/0' })]],
    ipv6WithoutBlock: [
      [
        () => {
          const { CidrBlock: _, ...rest } = SSH;
          return client.send(new CreateNetworkAclEntryCommand({ ...rest, NetworkAclId: id, Ipv6CidrBlock: '::/0' }));
        },
        vpcId,
      ],
    ],
    protocol: [
      [create({ Protocol: 'tpc' }), 'tpc'],
      [create({ Protocol: '256' }), '256'],
    ],
    ports: [
      [create({ RuleNumber: 9, PortRange: { From: 1 } }), 'Both ends must be given.'],
      [create({ RuleNumber: 9, PortRange: { From: 2, To: 1 } }), '2 to 1 is no range of ports.'],
      [create({ RuleNumber: 9, PortRange: { From: 0, To: 65536 } }), '0 to 65536 is no range of ports.'],
    ],
    icmp: [
      [create({ RuleNumber: 9, Protocol: '1' })],
      [create({ RuleNumber: 9, Protocol: '1', IcmpTypeCode: { Type: 256, Code: 0 } })],
    ],
    defaultAcl: [[() => client.send(new DeleteNetworkAclCommand({ NetworkAclId: first })), first]],
    dependency: [[() => client.send(new DeleteNetworkAclCommand({ NetworkAclId: id })), id]],
    noAssociation: [[replace('aclassoc-0', id), 'aclassoc-0']],
    otherVpc: [[replace(now.association, otherAcl?.NetworkAclId ?? ''), otherAcl?.NetworkAclId, subnetId]],
  });
  await assert.rejects(create({ RuleAction: 'drop' as 'deny' })(), { name: 'InvalidParameterValue' });
});
