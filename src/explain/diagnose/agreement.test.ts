/**
 * What is diagnosed of a conversation is what records say of its packets, in networks made by chance; and what is proposed
 * opens it and holds nothing that could be left out.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Change, Permission } from '../../api/explanation.ts';
import type { Told } from '../../network/verdict/told-packets.ts';
import { createScene, snapshotOf } from '../../network/verdict/told-packets.ts';
import type { DiagnoseQuestion } from './diagnose.ts';
import { createDiagnoser } from './diagnose.ts';
import { interfaceAt } from './world.ts';

const PORTS = [22, 443, 40_000];
const BLOCKS = ['0.0.0.0/0', '10.0.0.0/16', '10.0.1.0/24', '10.0.2.20/32', '198.51.100.0/24'];
const SIX = ['::/0', '2001:db8:0:1::/64', '2001:db8:f::7/128'];
const GROUPS = ['sg-a', 'sg-b', 'sg-c'];
/** Above all of `PORTS`: what comes from it is no reply that could be picked up (rule V7). */
const FIRST = 50_000;

const range = fc.constantFrom([22, 22], [443, 443], [0, 65_535], [1024, 65_535]);
const traffic = fc.oneof(
  fc.record({ IpProtocol: fc.constantFrom('tcp', 'udp'), ports: range }),
  fc.record({ IpProtocol: fc.constant('icmp'), ports: fc.constantFrom([8, 0], [8, -1], [-1, -1], [0, 0]) }),
  fc.record({ IpProtocol: fc.constant('-1'), ports: fc.constant([-1, -1]) }),
);
const peer = fc.oneof(
  fc.constantFrom(...BLOCKS).map((CidrIpv4) => ({ CidrIpv4 })),
  fc.constantFrom(...SIX).map((CidrIpv6) => ({ CidrIpv6 })),
  fc.constantFrom(...GROUPS).map((GroupId) => ({ ReferencedGroupInfo: { GroupId } })),
  fc.constant({ PrefixListId: 'pl-a' }),
);
const groupRule = fc.record({ group: fc.constantFrom(...GROUPS), IsEgress: fc.boolean(), traffic, peer });
const entry = fc.record({
  Egress: fc.boolean(),
  RuleAction: fc.constantFrom('allow', 'deny'),
  Protocol: fc.constantFrom('6', '17', '-1'),
  block: fc.constantFrom(...BLOCKS, ...SIX),
  ports: range,
});
const network = fc.record({
  rules: fc.array(groupRule, { minLength: 6, maxLength: 14 }),
  acls: fc.tuple(fc.array(entry, { maxLength: 4 }), fc.array(entry, { maxLength: 4 })),
  groups: fc.tuple(...[0, 1, 2].map(() => fc.subarray(GROUPS, { minLength: 1 }))),
});
const asked = fc.record({
  ends: fc.constantFrom(
    ['10.0.1.10', '10.0.2.20'],
    ['10.0.1.10', '10.0.1.30'],
    ['198.51.100.7', '10.0.2.20'],
    ['10.0.2.20', '198.51.100.7'],
    ['2001:db8:0:1::10', '2001:db8:0:2::20'],
    ['2001:db8:f::7', '2001:db8:0:2::20'],
  ),
  protocol: fc.constantFrom(6, 17, 1),
  port: fc.constantFrom(...PORTS),
});

type Network = typeof network extends fc.Arbitrary<infer T> ? T : never;

const HELD = [
  ['eni-a', '1', '10'],
  ['eni-b', '2', '20'],
  ['eni-c', '1', '30'],
] as const;

function modelOf({ rules, acls, groups }: Network): object {
  return {
    Vpcs: [
      {
        VpcId: 'vpc-a',
        CidrBlock: '10.0.0.0/16',
        Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/56' }],
      },
    ],
    Subnets: ['1', '2'].map((n) => ({
      SubnetId: `subnet-${n}`,
      VpcId: 'vpc-a',
      CidrBlock: `10.0.${n}.0/24`,
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: `2001:db8:0:${n}::/64` }],
    })),
    NetworkInterfaces: HELD.map(([NetworkInterfaceId, n, last], i) => ({
      NetworkInterfaceId,
      VpcId: 'vpc-a',
      SubnetId: `subnet-${n}`,
      PrivateIpAddress: `10.0.${n}.${last}`,
      PrivateIpAddresses: [{ PrivateIpAddress: `10.0.${n}.${last}`, Association: { PublicIp: `203.0.113.${last}` } }],
      Ipv6Addresses: [{ Ipv6Address: `2001:db8:0:${n}::${last}` }],
      Groups: groups[i]!.map((GroupId) => ({ GroupId })),
    })),
    SecurityGroups: GROUPS.map((GroupId) => ({ GroupId, VpcId: 'vpc-a' })),
    SecurityGroupRules: rules.map(({ group, IsEgress, traffic: { IpProtocol, ports }, peer: of }, i) => ({
      SecurityGroupRuleId: `sgr-${i}`,
      GroupId: group,
      IsEgress,
      IpProtocol,
      FromPort: ports[0],
      ToPort: ports[1],
      ...of,
    })),
    NetworkAcls: acls.map((entries, n) => ({
      NetworkAclId: `acl-${n + 1}`,
      VpcId: 'vpc-a',
      Associations: [{ SubnetId: `subnet-${n + 1}` }],
      Entries: [
        ...entries.map(({ block, ports, ...one }, i) => ({
          ...one,
          RuleNumber: 10 * (i + 1),
          ...(block.includes(':') ? { Ipv6CidrBlock: block } : { CidrBlock: block }),
          ...(one.Protocol === '-1' ? {} : { PortRange: { From: ports[0], To: ports[1] } }),
        })),
        ...[true, false].flatMap((Egress) => [
          { RuleNumber: 100, Egress, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
          { RuleNumber: 101, Egress, RuleAction: 'allow', Protocol: '-1', Ipv6CidrBlock: '::/0' },
        ]),
      ],
    })),
    RouteTables: [
      {
        RouteTableId: 'rtb-a',
        VpcId: 'vpc-a',
        Associations: [{ Main: true }],
        Routes: [
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-a' },
          { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-a' },
        ],
      },
    ],
    ManagedPrefixLists: [{ PrefixListId: 'pl-a', Entries: [{ Cidr: '10.0.2.0/24' }, { Cidr: '2001:db8:f::/48' }] }],
  };
}

/** The request and its reply as packets. */
function packetsOf(from: string, to: string, protocol: number, port: number): [Told, Told] {
  const at = (text: string, own: number): string => (text.includes(':') ? `[${text}]:${own}` : `${text}:${own}`);
  if (protocol === 1)
    return [
      { src: from, dst: to, icmp: [8, 0], icmpId: 1 },
      { at: 0.1, src: to, dst: from, icmp: [0, 0], icmpId: 1 },
    ];
  const [one, other] = [at(from, FIRST), at(to, port)];
  if (protocol === 17)
    return [
      { src: one, dst: other },
      { at: 0.1, src: other, dst: one },
    ];
  return [
    { src: one, dst: other, tcp: 'S' },
    { at: 0.1, src: other, dst: one, tcp: 'SA' },
  ];
}

type Described = { SecurityGroupRules: object[]; NetworkAcls: { NetworkAclId: string; Entries: object[] }[] };

/** The model after an account made the changes, as EC2 would describe it. */
function changedModel(model: object, changes: readonly Change[]): object {
  const copy = structuredClone(model) as Described;
  for (const change of changes)
    if (change.action === 'CreateNetworkAclEntry') {
      const { action: _, NetworkAclId, ...entry } = change;
      copy.NetworkAcls.find((acl) => acl.NetworkAclId === NetworkAclId)!.Entries.push(entry);
    } else if ('IpPermissions' in change) {
      const [{ IpRanges, Ipv6Ranges, UserIdGroupPairs, ...traffic }] = change.IpPermissions as [Permission];
      copy.SecurityGroupRules.push({
        SecurityGroupRuleId: `sgr-new-${copy.SecurityGroupRules.length}`,
        GroupId: change.GroupId,
        IsEgress: change.action === 'AuthorizeSecurityGroupEgress',
        ...traffic,
        ...(IpRanges ? { CidrIpv4: IpRanges[0]!.CidrIp } : {}),
        ...(Ipv6Ranges ? { CidrIpv6: Ipv6Ranges[0]!.CidrIpv6 } : {}),
        ...(UserIdGroupPairs ? { ReferencedGroupInfo: { GroupId: UserIdGroupPairs[0]!.GroupId } } : {}),
      });
    }
  return copy;
}

test('each interface is said to pass or reject a request and its reply as packets are judged there', () => {
  let [allowed, seen, opened] = [0, 0, 0];
  fc.assert(
    fc.property(network, asked, (made, { ends: [from = '', to = ''], protocol, port }) => {
      if (protocol === 1 && from.includes(':')) return;
      const model = modelOf(made);
      const scene = createScene(model);
      const lines = packetsOf(from, to, protocol, port).map((packet) => scene.see(packet));
      const diagnoser = createDiagnoser(snapshotOf(model));
      const question: DiagnoseQuestion = {
        from,
        to,
        protocol,
        port: protocol === 1 ? null : port,
        sourcePorts: [FIRST, FIRST],
        atMicros: 0,
      };
      const { explanation, visits } = diagnoser.diagnose(question);
      for (const [i, leg] of (['request', 'reply'] as const).entries()) {
        // Where the request was rejected no reply would be sent; here it was sent all the same.
        if (leg === 'reply' && visits.some((one) => one.leg === 'request' && !one.passes)) break;
        const said = visits
          .filter((one) => one.leg === leg && one.isReached)
          .map(({ at, direction, passes }) => {
            const { id } = interfaceAt(diagnoser.world, at);
            return `${id} ${direction} ${passes ? 'ACCEPT' : 'REJECT'}`;
          });
        const recorded = lines[i]!.map((line) => line.split(' ').slice(0, 3).join(' '));
        assert.deepEqual(said, recorded, `${leg} ${from} ${to}`);
        seen += recorded.length;
      }
      const isPassed = visits.every(({ passes }) => passes);
      assert.equal(explanation.outcome === 'allowed', isPassed && explanation.steps.every(({ pass }) => pass));
      if (isPassed) allowed++;
      for (const { verified, change } of explanation.fixes) {
        assert.ok(verified);
        if (!change.every(({ action }) => /^(Authorize|CreateNetworkAcl)/.test(action))) continue;
        const after = (some: readonly Change[]): string => {
          const again = createDiagnoser(snapshotOf(changedModel(model, some)));
          return again.diagnose(question).explanation.outcome;
        };
        assert.equal(after(change), 'allowed', 'described again with the change');
        for (const one of change)
          assert.notEqual(after(change.filter((other) => other !== one)), 'allowed', 'less is too little');
        opened++;
      }
      if (explanation.outcome === 'blocked') assert.equal(explanation.fixes.length, 1, 'rules can always be opened');
    }),
    { numRuns: 160, seed: 4 },
  );
  assert.ok(allowed >= 16, `of 160 only ${allowed} are allowed`);
  assert.ok(opened > 50, `only ${opened} were opened`);
  assert.ok(seen > 160, `only ${seen} observations`);
});
