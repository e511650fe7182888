import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOST, inA, network, OPEN, seen } from './told-network.ts';
import type { RuleWords } from './told-network.ts';
import { createScene } from './told-packets.ts';

describe('V1: groups and ACLs', () => {
  it('asks egress groups, egress ACL, ingress ACL, ingress groups, in this order', () => {
    const rules: RuleWords[] = [
      ['sgr-1', 'sg-a', 'out', 'tcp', 80, 90, '10.0.0.0/16'],
      ['sgr-2', 'sg-b', 'in', 'tcp', 80, 80, '10.0.0.0/16'],
    ];
    const scene = createScene(network(rules, [[10, 'out', 'deny', '6', 81, 81, '10.0.0.0/8'], ...OPEN], {}));
    const to = (port: number): string => seen(scene, { src: '10.0.1.5:40000', dst: `10.0.2.5:${port}`, tcp: 'S' });
    assert.equal(to(79), 'eni-a egress REJECT sg-egress -');
    assert.equal(to(81), 'eni-a egress REJECT nacl-egress acl-a/out/10');
    assert.equal(to(82), 'eni-a egress ACCEPT sg-egress sgr-1, eni-b ingress REJECT sg-ingress -');
    assert.equal(to(80), 'eni-a egress ACCEPT sg-egress sgr-1, eni-b ingress ACCEPT sg-ingress sgr-2');
  });

  it('names the last entry of an ACL when no entry matches', () => {
    const scene = createScene(
      network([['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0']], [[50, 'in', 'allow', '6', 80, 80, '0.0.0.0/0']]),
    );
    assert.equal(seen(scene, inA(0, 22)), 'eni-a ingress REJECT nacl-ingress acl-a/in/*');
    assert.equal(seen(scene, inA(0, 80)), 'eni-a ingress REJECT sg-ingress -');
  });

  it('does not ask the ACL between two addresses of one subnet', () => {
    const scene = createScene(network([['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0']], []));
    assert.equal(
      seen(scene, { src: '10.0.1.6:40000', dst: '10.0.1.5:22', tcp: 'S' }),
      'eni-a2 egress ACCEPT not-judged -, eni-a ingress ACCEPT sg-ingress sgr-1',
    );
  });

  it('judges an interface without groups by ACLs alone, packet by packet', () => {
    const scene = createScene(network([], [[10, 'out', 'deny', '6', 40000, 40000, '0.0.0.0/0'], ...OPEN]));
    assert.equal(
      seen(scene, { src: `${HOST}:40000`, dst: '10.0.1.6:22', tcp: 'S' }),
      'eni-a2 ingress ACCEPT nacl-ingress acl-a/in/100',
    );
    assert.equal(
      seen(scene, { src: '10.0.1.6:22', dst: `${HOST}:40000`, tcp: 'SA' }),
      'eni-a2 egress REJECT nacl-egress acl-a/out/10',
    );
  });

  it('admits by address, prefix list and group, by ICMP type and code', () => {
    const rules: RuleWords[] = [
      ['sgr-1', 'sg-b', 'in', 'tcp', 22, 22, 'sg-a'],
      ['sgr-2', 'sg-b', 'in', 'udp', 53, 53, 'pl-1'],
      ['sgr-3', 'sg-b', 'in', 'icmp', 8, -1, '198.51.100.0/24'],
      ['sgr-4', 'sg-a', 'out', '-1', -1, -1, '0.0.0.0/0'],
    ];
    const lists = {
      ManagedPrefixLists: [
        { PrefixListId: 'pl-1', Entries: [{ Cidr: '203.0.113.0/24' }, { Cidr: '198.51.100.0/25' }] },
      ],
    };
    const scene = createScene(network(rules, OPEN, lists));
    assert.match(
      seen(scene, { src: '10.0.1.5:1', dst: '10.0.2.5:22', tcp: 'S' }),
      /eni-b ingress ACCEPT sg-ingress sgr-1$/,
    );
    assert.match(
      seen(scene, { src: '10.0.1.6:1', dst: '10.0.2.5:22', tcp: 'S' }),
      /eni-b ingress REJECT sg-ingress -$/,
    );
    assert.equal(seen(scene, { src: '198.51.100.9:1', dst: '10.0.2.5:53' }), 'eni-b ingress ACCEPT sg-ingress sgr-2');
    assert.equal(seen(scene, { src: '198.51.100.200:1', dst: '10.0.2.5:53' }), 'eni-b ingress REJECT sg-ingress -');
    assert.equal(
      seen(scene, { src: HOST, dst: '10.0.2.5', icmp: [8, 0], icmpId: 7 }),
      'eni-b ingress ACCEPT sg-ingress sgr-3',
    );
    assert.equal(
      seen(scene, { src: HOST, dst: '10.0.2.5', icmp: [13, 0], icmpId: 8 }),
      'eni-b ingress REJECT sg-ingress -',
    );
  });

  it('lets a group that is named and not given admit all, after the rules of those that are given', () => {
    const json = network([['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0']]);
    const interfaces = [
      {
        NetworkInterfaceId: 'eni-a',
        VpcId: 'vpc-1',
        SubnetId: 'subnet-a',
        PrivateIpAddress: '10.0.1.5',
        Groups: [{ GroupId: 'sg-x' }, { GroupId: 'sg-a' }],
      },
    ];
    const scene = createScene({ ...json, NetworkInterfaces: interfaces });
    assert.equal(seen(scene, inA(0, 22)), 'eni-a ingress ACCEPT sg-ingress sgr-1');
    assert.equal(seen(scene, inA(0, 23)), 'eni-a ingress ACCEPT not-judged -');
  });

  it('stops internet traffic where public access is blocked, and nothing else', () => {
    const routes = {
      RouteTables: [
        {
          RouteTableId: 'rtb-1',
          VpcId: 'vpc-1',
          Associations: [{ Main: true }],
          Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
        },
      ],
    };
    const block = { VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-bidirectional' } };
    const exclusion = {
      VpcBlockPublicAccessExclusions: [
        {
          ExclusionId: 'x-1',
          ResourceArn: 'arn:aws:ec2:us-east-1:1:subnet/subnet-b',
          InternetGatewayExclusionMode: 'allow-bidirectional',
          State: 'create-complete',
        },
      ],
    };
    const rules: RuleWords[] = [
      ['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0'],
      ['sgr-2', 'sg-b', 'in', 'tcp', 22, 22, '0.0.0.0/0'],
    ];
    const scene = createScene(network(rules, OPEN, { ...routes, ...block, ...exclusion }));
    assert.equal(seen(scene, inA(0, 22)), 'eni-a ingress REJECT not-judged - BPA');
    assert.equal(seen(scene, { src: HOST, dst: '10.0.2.5:22', tcp: 'S' }), 'eni-b ingress ACCEPT sg-ingress sgr-2');
    assert.match(
      seen(scene, { src: '10.0.1.6:9', dst: '10.0.1.5:22', tcp: 'S' }),
      /eni-a ingress ACCEPT sg-ingress sgr-1$/,
    );
  });
});

describe('V2: the deciding rule', () => {
  const decider = (...rules: RuleWords[]): string =>
    seen(createScene(network(rules)), inA(0, 22))
      .split(' ')
      .at(-1) ?? '';
  it('is that with the longest prefix, then the fewest ports, then the lowest id', () => {
    assert.equal(
      decider(
        ['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0'],
        ['sgr-2', 'sg-a', 'in', '-1', -1, -1, '198.51.0.0/16'],
      ),
      'sgr-2',
    );
    assert.equal(
      decider(['sgr-1', 'sg-a', 'in', 'tcp', 20, 30, '0.0.0.0/0'], ['sgr-2', 'sg-a', 'in', 'tcp', 22, 25, '0.0.0.0/0']),
      'sgr-2',
    );
    assert.equal(
      decider(
        ['sgr-9', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0'],
        ['sgr-10', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0'],
      ),
      'sgr-10',
    );
  });
  it('has an id made from the permission where the model has none', () => {
    const json = network([]);
    const groups = [
      {
        GroupId: 'sg-a',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      },
    ];
    assert.equal(
      seen(createScene({ ...json, SecurityGroups: groups }), inA(0, 22)),
      'eni-a ingress ACCEPT sg-ingress sg-a/in/tcp/22-22/0.0.0.0/0',
    );
  });
});
