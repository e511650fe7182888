/** Changes that open what is closed: as small as can be, before the deny, tried, and honest about what else they open. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explanation } from '../../api/explanation.ts';
import { snapshotOf } from '../../network/verdict/told-packets.ts';
import { createDiagnoser } from './diagnose.ts';
import type { DiagnoseQuestion } from './diagnose.ts';
import { freeNumber } from './needed-change.ts';

type Json = Record<string, unknown>;

const eni = (id: string, address: string, subnet: string, groups: readonly string[], more: Json = {}): Json => ({
  NetworkInterfaceId: id,
  VpcId: 'vpc-a',
  SubnetId: subnet,
  PrivateIpAddress: address,
  PrivateIpAddresses: [{ PrivateIpAddress: address }],
  Groups: groups.map((GroupId) => ({ GroupId })),
  ...more,
});
const group = (id: string, ports: readonly [number, number] | null, cidr = '10.0.0.0/16'): Json => ({
  GroupId: id,
  VpcId: 'vpc-a',
  IpPermissions:
    ports === null ? [] : [{ IpProtocol: 'tcp', FromPort: ports[0], ToPort: ports[1], IpRanges: [{ CidrIp: cidr }] }],
  IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
});
const allowAll = (first: readonly Json[] = []): Json[] => [
  ...first,
  { RuleNumber: 500, Egress: true, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
  { RuleNumber: 500, Egress: false, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
];
const base = (more: Json = {}): Json => ({
  Vpcs: [{ VpcId: 'vpc-a', CidrBlock: '10.0.0.0/16' }],
  Subnets: [
    { SubnetId: 'subnet-1', VpcId: 'vpc-a', CidrBlock: '10.0.1.0/24' },
    { SubnetId: 'subnet-2', VpcId: 'vpc-a', CidrBlock: '10.0.2.0/24' },
  ],
  NetworkInterfaces: [
    eni('eni-a', '10.0.1.10', 'subnet-1', ['sg-a']),
    eni('eni-b', '10.0.2.20', 'subnet-2', ['sg-b', 'sg-all']),
    eni('eni-c', '10.0.2.21', 'subnet-2', ['sg-all']),
    eni('eni-d', '10.0.2.22', 'subnet-2', ['sg-b', 'sg-open']),
  ],
  SecurityGroups: [group('sg-a', null), group('sg-b', null), group('sg-all', [22, 22]), group('sg-open', [0, 65535])],
  NetworkAcls: [{ NetworkAclId: 'acl-a', VpcId: 'vpc-a', IsDefault: true, Entries: allowAll() }],
  ...more,
});

function ask(model: Json, question: Partial<DiagnoseQuestion>): Explanation {
  const whole = { from: 'eni-a', to: 'eni-b', protocol: 6, port: 443, sourcePorts: null, atMicros: 0, ...question };
  return createDiagnoser(snapshotOf(model)).diagnose(whole).explanation;
}

test('a rule goes into the group with the fewest interfaces, and tells at which others it opens something', () => {
  const spread = {
    NetworkInterfaces: [
      eni('eni-a', '10.0.1.10', 'subnet-1', ['sg-a']),
      eni('eni-b', '10.0.2.20', 'subnet-2', ['sg-b', 'sg-all']),
      eni('eni-c', '10.0.2.21', 'subnet-2', ['sg-all', 'sg-b']),
      eni('eni-d', '10.0.2.22', 'subnet-2', ['sg-b', 'sg-open']),
    ],
  };
  const { fixes } = ask(base(spread), {});
  assert.deepEqual(fixes[0]?.change, [
    {
      action: 'AuthorizeSecurityGroupIngress',
      GroupId: 'sg-all',
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.1.10/32' }] }],
    },
  ]);
  assert.deepEqual(fixes[0]?.alsoOpens, ['eni-c']);
  assert.deepEqual(fixes[0]?.opens, [{ addresses: '1', ports: 1, interfaces: 2 }]);
});

test('an interface that lets it in already is not told as one that is opened', () => {
  const more = {
    SecurityGroups: [group('sg-a', null), group('sg-b', null), group('sg-all', null), group('sg-open', [0, 65535])],
  };
  const wide = base(more);
  wide['NetworkInterfaces'] = [
    eni('eni-a', '10.0.1.10', 'subnet-1', ['sg-a']),
    eni('eni-b', '10.0.2.20', 'subnet-2', ['sg-b']),
    eni('eni-d', '10.0.2.22', 'subnet-2', ['sg-b', 'sg-open']),
  ];
  assert.deepEqual(ask(wide, {}).fixes[0]?.alsoOpens, []);
});

test('for all of a block the change names the block, and for its parts says which pass', () => {
  const model = base({
    SecurityGroups: [
      group('sg-a', null),
      group('sg-b', [443, 443], '198.51.100.0/25'),
      group('sg-all', null),
      group('sg-open', null),
    ],
    NetworkInterfaces: [
      eni('eni-b', '10.0.2.20', 'subnet-2', ['sg-b'], {
        PrivateIpAddresses: [{ PrivateIpAddress: '10.0.2.20', Association: { PublicIp: '203.0.113.9' } }],
      }),
    ],
    RouteTables: [
      {
        RouteTableId: 'rtb-a',
        VpcId: 'vpc-a',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-a' }],
      },
    ],
  });
  const said = ask(model, { from: '198.51.100.0/24' });
  assert.equal(said.certainty, 'one-of-several');
  assert.equal(said.outcome, 'blocked');
  assert.deepEqual(
    said.parts.map(({ from, outcome, pairs }) => [from, outcome, pairs]),
    [
      [['198.51.100.0/25'], 'allowed', '128'],
      [['198.51.100.128/25'], 'blocked', '128'],
    ],
  );
  assert.match(said.fixes[0]?.awsCli[0] ?? '', /CidrIp=198\.51\.100\.0\/24/);
  assert.deepEqual(
    ask(model, { from: 'internet', to: '203.0.113.9' })
      .parts.map(({ outcome }) => outcome)
      .toSorted(),
    ['allowed', 'blocked'],
  );
});

test('a block and a subnet are opened as such, interfaces inside them too', () => {
  const peers = ({ fixes }: Explanation): string[] => (fixes[0]?.awsCli ?? []).map((line) => line.split('CidrIp=')[1]!);
  const model = base({ SecurityGroups: ['sg-a', 'sg-b', 'sg-all', 'sg-open'].map((id) => group(id, null)) });
  assert.deepEqual(peers(ask(model, { from: '10.0.1.0/24' })), ["10.0.1.0/24}]'"]);
  assert.deepEqual(peers(ask(model, { from: 'subnet-1' })), ["10.0.1.0/24}]'"]);
  const several = ask(model, { from: 'eni-a', to: '10.0.2.0/24' });
  assert.equal(several.fixes[0]?.change.length, 2, 'each of three interfaces is in one of two groups');
});

test('where only some of the ports of a reply pass it says which, and opens the others alone', () => {
  const model = base({
    SecurityGroups: [group('sg-a', null), group('sg-b', [443, 443]), group('sg-all', null), group('sg-open', null)],
    NetworkAcls: [
      { NetworkAclId: 'acl-a', VpcId: 'vpc-a', IsDefault: true, Entries: allowAll() },
      {
        NetworkAclId: 'acl-b',
        VpcId: 'vpc-a',
        Associations: [{ SubnetId: 'subnet-2' }],
        Entries: allowAll([
          {
            RuleNumber: 10,
            Egress: true,
            Protocol: '6',
            RuleAction: 'deny',
            CidrBlock: '10.0.0.0/16',
            PortRange: { From: 50_000, To: 65_535 },
          },
        ]),
      },
    ],
  });
  const said = ask(model, {});
  const step = said.steps[said.deciding ?? -1];
  assert.equal(said.certainty, 'one-of-several');
  assert.equal(step?.ruleId, 'acl-b/out/10');
  assert.deepEqual(step?.passingPorts, [[1024, 49_999]]);
  assert.match(said.fixes[0]?.awsCli[0] ?? '', /--rule-number 5 .*From=50000,To=60999/);
  assert.deepEqual(said.fixes[0]?.replay, {
    changes: [
      {
        do: 'add-entry',
        acl: 'acl-b',
        direction: 'egress',
        number: 5,
        action: 'allow',
        protocol: 'tcp',
        ports: '50000-60999',
        cidr: '10.0.1.10/32',
      },
    ],
  });
  assert.equal(ask(model, { sourcePorts: [40_000, 40_000] }).outcome, 'allowed');
});

test('all that is in the way is opened at once', () => {
  const model = base({
    SecurityGroups: [
      { ...group('sg-a', null), IpPermissionsEgress: [] },
      group('sg-b', null),
      group('sg-all', null),
      group('sg-open', null),
    ],
    NetworkAcls: [
      { NetworkAclId: 'acl-a', VpcId: 'vpc-a', IsDefault: true, Entries: allowAll() },
      { NetworkAclId: 'acl-b', VpcId: 'vpc-a', Associations: [{ SubnetId: 'subnet-2' }], Entries: [] },
    ],
  });
  const [fix] = ask(model, {}).fixes;
  assert.deepEqual(
    fix?.change.map(({ action }) => action),
    ['AuthorizeSecurityGroupEgress', 'CreateNetworkAclEntry', 'AuthorizeSecurityGroupIngress', 'CreateNetworkAclEntry'],
  );
  assert.equal(fix?.verified, true);
});

test('a number for an entry is before the one that denies, and there is none where all are taken', () => {
  assert.equal(freeNumber([100, 200, 32_767], 200), 150);
  assert.equal(freeNumber([100, 32_767], 100), 50);
  assert.equal(freeNumber([100, 110, 32_767], 32_767), 200);
  assert.equal(freeNumber([32_767], 32_767), 100);
  assert.equal(freeNumber([5, 9, 10, 32_767], 10), 8);
  assert.equal(freeNumber([1, 2, 3, 32_767], 3), null);
  assert.equal(freeNumber([32_766, 32_767], 32_767), 32_765);
});

test('nothing is proposed where no rule number is left, and for an address that nobody holds', () => {
  const deny = { RuleNumber: 1, Egress: false, Protocol: '-1', RuleAction: 'deny', CidrBlock: '0.0.0.0/0' };
  const acl = { NetworkAclId: 'acl-a', VpcId: 'vpc-a', IsDefault: true, Entries: allowAll([deny]) };
  assert.deepEqual(ask(base({ NetworkAcls: [acl] }), {}).fixes, []);
  const nobody = ask(base(), { to: '10.0.2.99' });
  assert.deepEqual([nobody.outcome, nobody.cause, nobody.fixes], ['unanswered', 'no-such-address', []]);
});
