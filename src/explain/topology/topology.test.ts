import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TopologyEdge, TopologySums } from '../../api/topology.ts';
import { TOPOLOGY_GROUPINGS, TOPOLOGY_MEASURES, TOPOLOGY_SCOPES } from '../../api/topology.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { BOX_LIMITS } from './boxes.ts';
import { knownNetwork } from './known-network.ts';
import type { KnownNetwork } from './known-network.ts';
import { topologyOf } from './topology.ts';
import type { Topology, TopologyAsked } from './topology.ts';
import type { RecordingInterface, Traffic } from './traffic.ts';
import { EGRESS, emptyTraffic, INGRESS } from './traffic.ts';

const name = (Value: string): object[] => [{ Key: 'Name', Value }];
const eni = (id: string, subnet: string, address: string, ...groups: string[]): object => ({
  NetworkInterfaceId: id,
  VpcId: subnet.startsWith('subnet-far') ? 'vpc-far' : 'vpc-1',
  SubnetId: subnet,
  PrivateIpAddress: address,
  Groups: groups.map((GroupId) => ({ GroupId })),
});

const MODEL = {
  Vpcs: [
    { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', Tags: name('shop') },
    { VpcId: 'vpc-far', CidrBlock: '10.9.0.0/16' },
  ],
  Subnets: [
    { SubnetId: 'subnet-a', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24', AvailabilityZoneId: 'az1', Tags: name('web') },
    { SubnetId: 'subnet-b', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24', AvailabilityZoneId: 'az2' },
    { SubnetId: 'subnet-far', VpcId: 'vpc-far', CidrBlock: '10.9.1.0/24', AvailabilityZoneId: 'az1' },
  ],
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true, RouteTableId: 'rtb-1' }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: 'pcx-1' },
        { DestinationCidrBlock: '10.8.0.0/16', VpcPeeringConnectionId: 'pcx-2' },
        { DestinationCidrBlock: '192.168.0.0/16', GatewayId: 'vgw-1' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
      ],
    },
  ],
  VpcPeeringConnections: [
    {
      VpcPeeringConnectionId: 'pcx-1',
      Status: { Code: 'active' },
      RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
      AccepterVpcInfo: { VpcId: 'vpc-far', CidrBlock: '10.9.0.0/16' },
    },
    {
      VpcPeeringConnectionId: 'pcx-2',
      Status: { Code: 'active' },
      RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
      AccepterVpcInfo: { VpcId: 'vpc-theirs', OwnerId: '999999999999', CidrBlock: '10.8.0.0/16' },
    },
  ],
  SecurityGroups: [
    { GroupId: 'sg-web', VpcId: 'vpc-1', GroupName: 'web servers' },
    { GroupId: 'sg-ops', VpcId: 'vpc-1', GroupName: 'operators' },
  ],
  NetworkInterfaces: [
    eni('eni-a1', 'subnet-a', '10.0.1.5', 'sg-web'),
    eni('eni-a2', 'subnet-a', '10.0.1.6', 'sg-web', 'sg-ops'),
    eni('eni-b1', 'subnet-b', '10.0.2.5', 'sg-ops'),
    eni('eni-far', 'subnet-far', '10.9.1.5'),
  ],
};

function network(model: Readonly<Record<string, readonly object[]>> = MODEL, atMicros = 0): KnownNetwork {
  return knownNetwork(compileSnapshot(readModel([{ name: 'test', json: model }]), { version: 1, atMicros }), model);
}
const KNOWN = network();
const NOTHING = network({});

/** A row of traffic, written out. */
type PairRow = {
  readonly interfaceId: string | null;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly azId: string | null;
  readonly direction: 'ingress' | 'egress' | null;
  readonly src: string;
  readonly dst: string;
  readonly window: number;
  readonly bytes: number;
  readonly packets: number;
  readonly flows: number;
  readonly rejects: number;
};

/** Rows as columns. What the first row of an interface says of its place holds for it. */
function trafficOf(rows: readonly PairRow[]): Traffic {
  const ends = [...new Set(rows.flatMap(({ src, dst }) => [src, dst]))].toSorted();
  const interfaces = new Map<string | null, RecordingInterface>();
  for (const { interfaceId: id, vpcId, subnetId, azId } of rows)
    if (!interfaces.has(id)) interfaces.set(id, { id, vpcId, subnetId, azId, address: ownAddress(id, rows, ends) });
  const traffic = emptyTraffic(rows.length, [...interfaces.values()], ends);
  const ids = [...interfaces.keys()];
  for (const [at, { interfaceId, direction, src, dst, window, bytes, packets, flows, rejects }] of rows.entries()) {
    traffic.at[at] = ids.indexOf(interfaceId);
    traffic.direction[at] = direction === null ? 0 : direction === 'ingress' ? INGRESS : EGRESS;
    traffic.src[at] = ends.indexOf(src);
    traffic.dst[at] = ends.indexOf(dst);
    traffic.window[at] = window;
    traffic.sums.set([bytes, packets, flows, rejects], at * 4);
  }
  return traffic;
}

function ownAddress(id: string | null, rows: readonly PairRow[], ends: readonly string[]): number | null {
  const counts = new Map<string, number>();
  for (const { interfaceId, direction, src, dst, flows } of rows)
    for (const side of direction === 'egress' ? [src] : direction === 'ingress' ? [dst] : [src, dst])
      if (interfaceId === id && !side.startsWith('@')) counts.set(side, (counts.get(side) ?? 0) + flows);
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return most === undefined || id === null ? null : ends.indexOf(most[0]);
}

const row = (more: Partial<PairRow>): PairRow => ({
  interfaceId: 'eni-a1',
  vpcId: null,
  subnetId: null,
  azId: null,
  direction: 'egress',
  src: '10.0.1.5',
  dst: '10.0.2.5',
  window: 0,
  bytes: 100,
  packets: 2,
  flows: 1,
  rejects: 0,
  ...more,
});

const ASKED: TopologyAsked = {
  scope: 'interface',
  grouping: 'subnet',
  focus: null,
  limits: BOX_LIMITS,
  measure: 'bytes',
};
const made = (rows: readonly PairRow[], asked: Partial<TopologyAsked> = {}, known = KNOWN): Topology =>
  topologyOf(trafficOf(rows), () => known, known, { ...ASKED, ...asked });
/** Edges as `a>b bytes there/bytes back`. */
const edges = ({ edges: found }: Topology): string[] =>
  found.map(({ a, b, there, back }) => `${a} ${b} ${there.bytes}/${back.bytes}`).toSorted();
const path = ({ boxes }: Topology, id: string): string[] => {
  const box = boxes.find((one) => one.id === id);
  return box === undefined ? [] : [...(box.parent === null ? [] : path({ boxes } as Topology, box.parent)), box.label];
};
const sum = (found: readonly TopologyEdge[], of: (edge: TopologyEdge) => TopologySums): TopologySums =>
  Object.fromEntries(
    TOPOLOGY_MEASURES.map((measure) => [measure, found.reduce((total, edge) => total + of(edge)[measure], 0)]),
  ) as TopologySums;

test('interfaces lie in subnets, zones and VPCs, with their names, also those without traffic', () => {
  const found = made([row({})]);
  assert.deepEqual(path(found, 'eni-a1'), ['shop', 'az1', 'web', 'eni-a1']);
  assert.deepEqual(path(found, 'eni-far'), ['vpc-far', 'az1', 'subnet-far', 'eni-far']);
  assert.equal(found.boxes.find(({ id }) => id === 'vpc-1')?.interfaces, 3);
  assert.equal(found.network, 'facts');
});

test('what both ends recorded counts once, and what only one of them recorded counts', () => {
  const both = [
    row({}),
    row({ interfaceId: 'eni-b1', direction: 'ingress', bytes: 90 }),
    // The way back, which only the far end has.
    row({ interfaceId: 'eni-b1', src: '10.0.2.5', dst: '10.0.1.5', bytes: 7 }),
  ];
  const found = made(both);
  assert.deepEqual(edges(found), ['eni-a1 eni-b1 100/7']);
  assert.equal(found.edges[0]?.recorded.bytes, 197);
  // In another window the other end has more.
  const later = row({ interfaceId: 'eni-b1', direction: 'ingress', bytes: 50, window: 1 });
  assert.deepEqual(edges(made([...both, later])), ['eni-a1 eni-b1 150/7']);
  assert.deepEqual(
    made([...both, later]).edges[0]?.series.map(([window, bytes]) => [window, bytes]),
    [
      [0, 107],
      [1, 50],
    ],
  );
});

test('what one end accepted and the other rejected is a reject', () => {
  const found = made([row({}), row({ interfaceId: 'eni-b1', direction: 'ingress', rejects: 1 })]);
  assert.equal(found.edges[0]?.there.rejects, 1);
});

test('routes tell what lies outside, and through which gateway', () => {
  const found = made([
    row({ dst: '@internet' }),
    row({ dst: '@service S3' }),
    row({ dst: '192.168.7.7' }),
    row({ dst: '10.9.1.5' }),
    row({ dst: '10.8.3.3' }),
    // Nobody holds it, in the subnet of a peered VPC that is known.
    row({ dst: '10.9.1.99' }),
    row({ dst: '10.0.2.99' }),
    row({ dst: '169.254.169.254' }),
    row({ dst: '@multicast' }),
  ]);
  const kinds = Object.fromEntries(
    found.edges.map(({ a, b, via }) => {
      const other = a === 'eni-a1' ? b : a;
      return [`${found.boxes.find(({ id }) => id === other)?.kind} ${other}`, via.join()];
    }),
  );
  assert.deepEqual(kinds, {
    'internet internet': 'igw-1',
    'aws-service aws-service S3': 'igw-1',
    'on-premises on-premises': 'vgw-1',
    'interface eni-far': '',
    'peering peering pcx-2': 'pcx-2',
    'no-interface no-interface subnet-b': '',
    'no-interface no-interface subnet-far': 'pcx-1',
    'link-local link-local': '',
    'multicast multicast': '',
  });
  assert.deepEqual(path(found, 'no-interface subnet-b'), ['shop', 'az2', 'subnet-b', 'No known interface']);
  assert.deepEqual(found.gateways.find(({ id }) => id === 'vgw-1')?.kind, 'virtual-private-gateway');
});

test('without a direction the interface holds its own address, and without an interface whoever holds one', () => {
  const told = { direction: null } as const;
  const found = made([
    row({ ...told, interfaceId: 'eni-b1', bytes: 5 }),
    row({ ...told, src: '@internet', dst: '10.0.1.5', bytes: 3 }),
    row({ ...told, interfaceId: null, src: '10.0.1.6', dst: '10.0.1.5', bytes: 2 }),
  ]);
  assert.deepEqual(edges(found), ['eni-a1 eni-a2 0/2', 'eni-a1 eni-b1 5/0', 'eni-a1 internet 0/3']);
});

test('an address belongs to whoever held it in that window', () => {
  const before = network({
    ...MODEL,
    NetworkInterfaces: [eni('eni-a1', 'subnet-a', '10.0.1.5'), eni('eni-old', 'subnet-b', '10.0.2.5')],
  });
  const rows = [row({}), row({ window: 1, bytes: 10 })];
  const found = topologyOf(trafficOf(rows), (window) => (window === 0 ? before : KNOWN), KNOWN, ASKED);
  assert.deepEqual(edges(found), ['eni-a1 eni-b1 10/0', 'eni-a1 eni-old 100/0']);
});

test('where no facts are, records tell of interfaces, subnets and addresses', () => {
  const place = { vpcId: 'vpc-9', subnetId: 'subnet-9', azId: 'az9' };
  const found = made(
    [
      row({ ...place, interfaceId: 'eni-x', src: '10.1.0.1', dst: '10.1.0.2' }),
      row({ ...place, interfaceId: 'eni-y', direction: 'ingress', src: '10.1.0.1', dst: '10.1.0.2', bytes: 100 }),
      row({ ...place, interfaceId: 'eni-y', src: '10.1.0.2', dst: '10.7.0.9', bytes: 4 }),
    ],
    {},
    NOTHING,
  );
  assert.deepEqual(edges(found), ['eni-x eni-y 100/0', 'eni-y on-premises private 4/0']);
  assert.deepEqual(path(found, 'eni-x'), ['vpc-9', 'az9', 'subnet-9', 'eni-x']);
  assert.equal(found.network, 'records');
  const mixed = made([row({}), row({ ...place, interfaceId: 'eni-x', src: '10.1.0.1', dst: '@internet' })]);
  assert.equal(mixed.network, 'facts-and-records');
});

test('an interface of several groups is in the box of all of them', () => {
  const found = made([row({ interfaceId: 'eni-a2', src: '10.0.1.6' })], { grouping: 'group' });
  assert.deepEqual(path(found, 'eni-a2'), ['shop', 'operators + web servers', 'eni-a2']);
  assert.deepEqual(edges(made([row({})], { grouping: 'group', scope: 'subnet' })), ['vpc-1 sg-ops vpc-1 sg-web 0/100']);
});

test('the scope says how far boxes are opened, and one box may be opened alone', () => {
  const rows = [row({}), row({ dst: '10.9.1.5', bytes: 1 })];
  assert.deepEqual(edges(made(rows, { scope: 'vpc' })), ['vpc-1 vpc-1 100/0', 'vpc-1 vpc-far 1/0']);
  assert.deepEqual(edges(made(rows, { scope: 'subnet' })), ['subnet-a subnet-b 100/0', 'subnet-a subnet-far 1/0']);
  const focused = made(rows, { scope: 'vpc', focus: 'subnet-a' });
  assert.deepEqual(edges(focused), ['eni-a1 subnet-b 100/0', 'eni-a1 subnet-far 1/0']);
  // Opened by an interface: those beside it are there too.
  assert.deepEqual(edges(made(rows, { scope: 'vpc', focus: 'eni-a2' })), edges(focused));
  assert.ok(focused.boxes.some(({ id }) => id === 'eni-a1') && !focused.boxes.some(({ id }) => id === 'eni-b1'));
});

test('boxes beyond the limit are in one that says how many it stands for and has their sums', () => {
  const many = Array.from({ length: 40 }, (_, i) =>
    eni(`eni-${String(i).padStart(2, '0')}`, 'subnet-a', `10.0.1.${i + 10}`),
  );
  const known = network({ ...MODEL, NetworkInterfaces: many });
  const rows = many.map((_, i) =>
    row({
      interfaceId: `eni-${String(i).padStart(2, '0')}`,
      src: `10.0.1.${i + 10}`,
      dst: '@internet',
      bytes: 100 - i,
    }),
  );
  const found = made(rows, { limits: { ...BOX_LIMITS, interfaces: 10 } }, known);
  const more = found.boxes.find(({ kind }) => kind === 'more');
  assert.deepEqual([more?.label, more?.stands, more?.interfaces], ['and 30 more interfaces', 30, 30]);
  assert.equal(
    more?.sums.bytes,
    rows.slice(10).reduce((total, { bytes }) => total + bytes, 0),
  );
  // One that would stand for one is that one.
  const near = made(rows.slice(0, 40), { limits: { ...BOX_LIMITS, interfaces: 39 } }, known);
  assert.equal(
    near.boxes.some(({ kind }) => kind === 'more'),
    false,
  );
});

const address = fc.oneof(
  fc.constantFrom('10.0.1.5', '10.0.1.6', '10.0.2.5', '10.9.1.5', '@internet', '@service S3', '@multicast'),
  fc
    .tuple(fc.constantFrom('10.0.1.', '10.0.2.', '10.8.0.', '192.168.0.', '172.20.0.'), fc.nat(30))
    .map((p) => p.join('')),
);
const count = fc.nat(1e6);
const anyRow: fc.Arbitrary<PairRow> = fc.record({
  interfaceId: fc.constantFrom(null, 'eni-a1', 'eni-a2', 'eni-b1', 'eni-far', 'eni-x', 'eni-y'),
  vpcId: fc.constantFrom(null, 'vpc-1', 'vpc-9'),
  subnetId: fc.constantFrom(null, 'subnet-a', 'subnet-9'),
  azId: fc.constantFrom(null, 'az1', 'az9'),
  direction: fc.constantFrom(null, 'ingress', 'egress'),
  src: address,
  dst: address,
  window: fc.nat(5),
  bytes: count,
  packets: count,
  flows: count,
  rejects: count,
});

test('whatever is shown, the sums of edges are those of rows, and every end of an edge has its box', () => {
  const few = { vpcs: 1, groups: 2, interfaces: 2, outside: 1, focused: 1 };
  fc.assert(
    fc.property(
      fc.array(anyRow, { maxLength: 60 }),
      fc.constantFrom(KNOWN, NOTHING),
      fc.constantFrom(...TOPOLOGY_SCOPES),
      fc.constantFrom(...TOPOLOGY_GROUPINGS),
      fc.constantFrom(null, 'vpc-1', 'subnet-a', 'eni-a1', 'nothing'),
      fc.constantFrom(BOX_LIMITS, few),
      fc.constantFrom(1, 4, 240),
      (rows, known, scope, grouping, focus, limits, most) => {
        const found = made(rows, { scope, grouping, focus, limits, edges: most }, known);
        const total = sum(rows as unknown as TopologyEdge[], (one) => one as unknown as TopologySums);
        assert.deepEqual(found.total, total);
        assert.deepEqual(
          sum(found.edges, ({ recorded }) => recorded),
          total,
        );
        const boxes = new Map(found.boxes.map((box) => [box.id, box]));
        assert.equal(boxes.size, found.boxes.length);
        for (const { a, b, there, back, recorded, series } of found.edges) {
          assert.ok(boxes.has(a) && boxes.has(b), `${a} ${b}`);
          for (const [i, measure] of TOPOLOGY_MEASURES.entries()) {
            const once = there[measure] + back[measure];
            assert.ok(once <= recorded[measure] && once * 2 >= recorded[measure]);
            assert.equal(
              series.reduce((all, window) => all + (window[i + 1] as number), 0),
              once,
            );
          }
        }
        for (const { parent } of found.boxes) assert.ok(parent === null || boxes.has(parent), String(parent));
        // Interfaces that have no box of their own are counted in one.
        const leaves = found.boxes.filter(({ id }) => !found.boxes.some(({ parent }) => parent === id));
        assert.equal(
          leaves.reduce((all, { interfaces }) => all + interfaces, 0),
          found.interfaces,
        );
      },
    ),
    { numRuns: 300 },
  );
});
