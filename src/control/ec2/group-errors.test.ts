import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type {
  AuthorizeSecurityGroupIngressCommandInput,
  CreateSecurityGroupCommandInput,
  EC2Client,
  IpPermission,
} from '@aws-sdk/client-ec2';
import { pretendEc2 } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { factsIn } from './facts.fixture.ts';
import { GROUP_ERRORS } from './group-errors.ts';
import { refusesAll } from './refusals.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
});
after(() => ec2.close());

test('each row of the table is what a call gets', async () => {
  const makeVpc = async (): Promise<string> =>
    (await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId ?? assert.fail();
  const vpcId = await makeVpc();
  const create = (input: Partial<CreateSecurityGroupCommandInput>) => () =>
    client.send(new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: 'one', Description: 'a group', ...input }));
  const id = (await create({})()).GroupId ?? assert.fail();
  const elsewhere = (await create({ VpcId: await makeVpc() })()).GroupId ?? assert.fail();
  const [defaultGroup = ''] = factsIn(ec2.path)
    .SecurityGroups.filter((one) => one.VpcId === vpcId && one.GroupName === 'default')
    .map(({ GroupId }) => GroupId ?? '');
  const authorize = (input: AuthorizeSecurityGroupIngressCommandInput) => () =>
    client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, ...input }));
  const allow = (...IpPermissions: IpPermission[]) => authorize({ IpPermissions });
  const all = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  const { SecurityGroupRules: rules } = await allow(
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...all, UserIdGroupPairs: [{ GroupId: defaultGroup }] },
    { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, ...all },
    { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
  )();
  const [first] = rules ?? [];
  const held = (await create({ GroupName: 'held' })()).GroupId ?? assert.fail();
  await allow({ IpProtocol: 'udp', FromPort: 1, ToPort: 1, UserIdGroupPairs: [{ GroupId: held }] })();
  const modify = (SecurityGroupRuleId: string, SecurityGroupRule: object) => () =>
    client.send(
      new ModifySecurityGroupRulesCommand({
        GroupId: id,
        SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }],
      }),
    );
  const rule = first?.SecurityGroupRuleId ?? '';
  const tcp = { IpProtocol: 'tcp', ...all };
  const long = 'x'.repeat(256);
  await refusesAll(GROUP_ERRORS, {
    duplicate: [[create({}), 'one', vpcId]],
    reservedName: [[create({ GroupName: 'default' })]],
    idAsName: [[create({ GroupName: 'sg-me' }), 'sg-me']],
    name: [
      [create({ GroupName: 'über' }), 'über'],
      [create({ GroupName: long }), long],
    ],
    description: [
      [create({ GroupName: 'two', Description: 'a "group"' }), 'security group'],
      [allow({ ...tcp, FromPort: 1, ToPort: 1, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: '<' }] }), 'rule'],
    ],
    noVpc: [[() => client.send(new CreateSecurityGroupCommand({ GroupName: 'one', Description: 'a group' }))]],
    noGroup: [
      [() => client.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-0'] })), 'sg-0'],
      [() => client.send(new DescribeSecurityGroupsCommand({ GroupNames: ['nobody'] })), 'nobody'],
      [allow({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0' }] }), 'sg-0'],
      [allow({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupName: 'nobody' }] }), 'nobody'],
      // Two VPCs have a group of that name.
      [() => client.send(new DeleteSecurityGroupCommand({ GroupName: 'one' })), 'one'],
    ],
    otherNetwork: [[allow({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: elsewhere }] })]],
    inUse: [[() => client.send(new DeleteSecurityGroupCommand({ GroupId: held })), held]],
    cannotDelete: [[() => client.send(new DeleteSecurityGroupCommand({ GroupId: defaultGroup })), defaultGroup]],
    ruleExists: [
      [allow({ ...tcp, FromPort: 22, ToPort: 22 }), 'peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW'],
      [
        allow({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: defaultGroup }] }),
        `peer: ${defaultGroup}, TCP, from port: 22, to port: 22, ALLOW`,
      ],
      [
        allow({ IpProtocol: 'icmp', FromPort: 8, ToPort: -1, ...all }),
        'peer: 0.0.0.0/0, ICMP, type: 8, code: ALL, ALLOW',
      ],
      [allow({ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.1.0.0/8' }] }), 'peer: 10.0.0.0/8, ALL, ALLOW'],
      [modify(rule, { IpProtocol: '-1', CidrIpv4: '10.0.0.0/8' }), 'peer: 10.0.0.0/8, ALL, ALLOW'],
    ],
    sameTwice: [
      [allow({ ...tcp, FromPort: 25, ToPort: 25, IpRanges: [{ CidrIp: '10.0.0.0/9' }, { CidrIp: '10.0.0.1/9' }] })],
    ],
    noRule: [
      [
        () =>
          client.send(
            new RevokeSecurityGroupIngressCommand({
              GroupId: id,
              IpProtocol: 'tcp',
              FromPort: 1,
              ToPort: 1,
              CidrIp: '10.0.0.0/8',
            }),
          ),
      ],
    ],
    noRuleId: [
      [modify('sgr-0', { IpProtocol: '-1', CidrIpv4: '10.0.0.0/8' }), 'sgr-0'],
      [
        () => client.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, SecurityGroupRuleIds: ['sgr-0'] })),
        'sgr-0',
      ],
    ],
    tooMany: [
      [
        allow(
          ...Array.from({ length: 4 }, (_, i) => ({
            IpProtocol: 'udp',
            FromPort: i,
            ToPort: i,
            IpRanges: Array.from({ length: 250 }, (__, j) => ({ CidrIp: `10.0.${j}.0/24` })),
          })),
        ),
      ],
    ],
    noPeer: [[allow({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22 })]],
    onePeer: [
      [modify(rule, { IpProtocol: '-1' })],
      [modify(rule, { IpProtocol: '-1', CidrIpv4: '10.0.0.0/8', CidrIpv6: '::/0' })],
    ],
    block: [
      [allow({ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0' }] }), '10.0.0.0'],
      // As AWS's own old form, which is of IPv4 alone.
      [authorize({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '::/0' }), '::/0'],
      [allow({ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '10.0.0.0/8' }] }), '10.0.0.0/8'],
    ],
    protocol: [
      [allow({ IpProtocol: 'tpc', ...all }), 'tpc'],
      [allow({ IpProtocol: '256', ...all }), '256'],
    ],
    noPorts: [[allow(tcp)], [allow({ ...tcp, FromPort: 1 })]],
    portOutOfRange: [
      [allow({ ...tcp, FromPort: -1, ToPort: -1 }), -1],
      [allow({ ...tcp, FromPort: 1, ToPort: 65536 }), 65536],
    ],
    portRange: [[allow({ ...tcp, FromPort: 2, ToPort: 1 }), 2, 1]],
    noIcmp: [[allow({ IpProtocol: 'icmp', ...all })]],
    icmp: [
      [allow({ IpProtocol: 'icmp', FromPort: 256, ToPort: 0, ...all }), 256, 0],
      [allow({ IpProtocol: 'icmpv6', FromPort: -1, ToPort: 0, ...all }), -1, 0],
    ],
    bothForms: [
      [authorize({ IpPermissions: [{ ...tcp, FromPort: 1, ToPort: 1 }], IpProtocol: '-1', CidrIp: '10.0.0.0/8' })],
      [
        () =>
          client.send(
            new RevokeSecurityGroupIngressCommand({
              GroupId: id,
              SecurityGroupRuleIds: [rule],
              IpProtocol: '-1',
              CidrIp: '10.0.0.0/8',
            }),
          ),
      ],
    ],
    namesOfGroup: [[() => client.send(new DeleteSecurityGroupCommand({ GroupId: id, GroupName: 'other' }))]],
  });
  await assert.rejects(authorize({})(), { name: 'MissingParameter' });
});
