import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { contains, formatAddress, formatCidr, parseAddress, parseCidr } from './addresses.ts';
import { Holders } from './holders.ts';
import { LongestPrefix } from './longest-prefix.ts';
import { compileSnapshot, readModel } from './model.ts';
import type { Paths } from './path.ts';
import { createPaths } from './path.ts';
import type { Address, Cidr, VpcSnapshot } from './snapshot.ts';

const word = fc.oneof(
  fc.constantFrom(0, 1, 0x0a000000, 0x0a000001, 0x80000000, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const address = fc.oneof(
  word.map((w0): Address => ({ family: 4, words: [w0] })),
  fc.tuple(word, word, word, word).map((words): Address => ({ family: 6, words })),
);
const block = fc.tuple(address, fc.integer({ min: 0, max: 128 })).map(([{ family, words }, bits]): Cidr => {
  const cidr = parseCidr(`${formatAddress({ family, words })}/${family === 4 ? bits % 33 : bits}`);
  assert.ok(cidr);
  return cidr;
});

describe('addresses', () => {
  it('are the same words after they were printed', () => {
    fc.assert(fc.property(address, (one) => assert.deepEqual(parseAddress(formatAddress(one)), one)));
  });
  it('are printed as RFC 5952 wants them', () => {
    for (const text of ['::', '::1', '2001:db8::1', '2001:db8:0:1:1:1:1:1', '1:0:0:2::3', 'fe80::', '0:1::'])
      assert.equal(formatAddress(parseAddress(text) ?? assert.fail(text)), text);
    assert.deepEqual(parseAddress('::ffff:10.0.0.1')?.words, [0, 0, 0xffff, 0x0a000001]);
  });
  it('are refused when they are none', () => {
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.256',
      '01.2.3.4',
      '1:2',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7:8:9',
      'g::',
      '1.2.3.4:5',
      'fe80::1%eth0',
    ])
      assert.equal(parseAddress(text), null, text);
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/-1'])
      assert.equal(parseCidr(text), null, text);
  });
  it('lose their host bits in a block', () => {
    assert.equal(formatCidr(parseCidr('10.1.2.3/8') ?? assert.fail()), '10.0.0.0/8');
  });
});

describe('the longest prefix', () => {
  it('is that which a scan over all blocks finds, and so are the ones around it', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 40 }), fc.array(address, { maxLength: 10 }), (blocks, others) => {
        for (const family of [4, 6] as const) {
          const table = new LongestPrefix(family, blocks);
          const ends = blocks.filter((one) => one.family === family);
          for (const one of [...others, ...ends].filter((each) => each.family === family)) {
            const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = one.words;
            const holding = ends.filter((each) => contains(each, one)).sort((a, b) => b.bits - a.bits);
            const wanted = [
              ...new Map(
                holding.map((each) => [
                  formatCidr(each),
                  blocks.findIndex((first) => formatCidr(first) === formatCidr(each)) + 1,
                ]),
              ).values(),
            ];
            const found: number[] = [];
            for (let number = table.find(w0, w1, w2, w3); number !== 0; number = table.parents[number] ?? 0)
              found.push(number);
            assert.deepEqual(found, wanted);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

const NETWORK = {
  Vpcs: [
    { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
    { VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16' },
  ],
  Subnets: [
    { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24', AvailabilityZoneId: 'use1-az1' },
    { SubnetId: 'subnet-2', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24', AvailabilityZoneId: 'use1-az2' },
  ],
  NetworkInterfaces: [
    { NetworkInterfaceId: 'eni-a', VpcId: 'vpc-1', SubnetId: 'subnet-1', PrivateIpAddress: '10.0.1.5' },
    {
      NetworkInterfaceId: 'eni-old',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.1.6',
      TagSet: [{ Key: 'flowgauge:hypervisor', Value: 'xen' }],
    },
    {
      NetworkInterfaceId: 'eni-nat',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-2',
      PrivateIpAddress: '10.0.2.9',
      InterfaceType: 'nat_gateway',
    },
    {
      NetworkInterfaceId: 'eni-t1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.1.20',
      InterfaceType: 'transit_gateway',
    },
    {
      NetworkInterfaceId: 'eni-t2',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-2',
      PrivateIpAddress: '10.0.2.20',
      InterfaceType: 'transit_gateway',
    },
    { NetworkInterfaceId: 'eni-p', VpcId: 'vpc-2', PrivateIpAddress: '10.2.0.5' },
  ],
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
        { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' },
        { DestinationCidrBlock: '203.0.113.0/24', NatGatewayId: 'nat-1' },
        { DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: 'pcx-1' },
        { DestinationCidrBlock: '10.3.0.0/16', VpcPeeringConnectionId: 'pcx-2' },
        { DestinationCidrBlock: '10.4.0.0/16', TransitGatewayId: 'tgw-1' },
        { DestinationCidrBlock: '10.5.0.0/16', GatewayId: 'vgw-1' },
        { DestinationCidrBlock: '10.6.0.0/16', LocalGatewayId: 'lgw-1' },
        { DestinationCidrBlock: '10.7.0.0/16', NatGatewayId: 'nat-1', State: 'blackhole' },
        { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1' },
        { DestinationCidrBlock: '10.0.1.99/32', NetworkInterfaceId: 'eni-old' },
      ],
    },
  ],
  NatGateways: [{ NatGatewayId: 'nat-1', NatGatewayAddresses: [{ NetworkInterfaceId: 'eni-nat' }] }],
  TransitGatewayVpcAttachments: [
    { TransitGatewayAttachmentId: 'tgw-attach-1', TransitGatewayId: 'tgw-1', VpcId: 'vpc-1' },
  ],
  VpcPeeringConnections: [
    {
      VpcPeeringConnectionId: 'pcx-1',
      RequesterVpcInfo: { VpcId: 'vpc-1', Region: 'us-east-1' },
      AccepterVpcInfo: { VpcId: 'vpc-2', Region: 'us-east-1' },
    },
    {
      VpcPeeringConnectionId: 'pcx-2',
      RequesterVpcInfo: { VpcId: 'vpc-1', Region: 'us-east-1' },
      AccepterVpcInfo: { VpcId: 'vpc-9', Region: 'eu-west-1' },
    },
  ],
  ManagedPrefixLists: [{ PrefixListId: 'pl-1', Entries: [{ Cidr: '52.216.0.0/15' }] }],
};

describe('paths', () => {
  const snapshot: VpcSnapshot = compileSnapshot(readModel([{ name: 'model.json', json: NETWORK }]), {
    version: 1,
    atMicros: 0,
  });
  const paths: Paths = createPaths(snapshot);
  const numberOf = (id: string): number => snapshot.interfaces.findIndex((one) => one.id === id);
  const ask = (id: string, text: string): string => {
    const to = parseAddress(text) ?? assert.fail(text);
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = to.words;
    const packed = paths.look(numberOf(id), to.family, w0, w1, w2, w3);
    return `${packed % 16} ${snapshot.interfaces[Math.floor(packed / 16)]?.id}`;
  };
  it('have the code of the route with the longest prefix, and the interface that is next', () => {
    assert.equal(ask('eni-a', '10.0.1.6'), '1 eni-old');
    assert.equal(ask('eni-a', '10.0.1.99'), '1 eni-old');
    assert.equal(ask('eni-a', '10.0.1.100'), '1 ');
    assert.equal(ask('eni-a', '203.0.113.7'), '1 eni-nat');
    assert.equal(ask('eni-a', '10.2.0.5'), '4 eni-p');
    assert.equal(ask('eni-a', '10.3.0.5'), '5 ');
    assert.equal(ask('eni-a', '10.5.0.5'), '3 ');
    assert.equal(ask('eni-a', '10.6.0.5'), '6 ');
    assert.equal(ask('eni-a', '10.7.0.5'), '0 ');
    assert.equal(ask('eni-a', '2001:db8::1'), '8 ');
  });
  it('tell internet gateway and gateway endpoint apart on Nitro alone', () => {
    assert.equal(ask('eni-a', '198.51.100.7'), '8 ');
    assert.equal(ask('eni-a', '52.217.1.1'), '7 ');
    assert.equal(ask('eni-old', '198.51.100.7'), '2 ');
    assert.equal(ask('eni-old', '52.217.1.1'), '2 ');
  });
  it('meet the transit gateway in the zone of the sender', () => {
    assert.equal(ask('eni-a', '10.4.0.5'), '1 eni-t1');
    assert.equal(ask('eni-nat', '10.4.0.5'), '1 eni-t2');
  });
  it('do not exist for multicast, broadcast and link-local addresses', () => {
    for (const text of ['224.0.0.251', '255.255.255.255', '169.254.169.254', 'ff02::1', 'fe80::1'])
      assert.equal(ask('eni-a', text), '0 ');
  });
  it('name the sender of what comes in: in the VPC, behind a peering connection, else none', () => {
    const sender = (text: string): string | undefined =>
      snapshot.interfaces[paths.sender(numberOf('eni-a'), 4, parseAddress(text)?.words[0] ?? 0, 0, 0, 0)]?.id;
    assert.equal(sender('10.0.2.9'), 'eni-nat');
    assert.equal(sender('10.2.0.5'), 'eni-p');
    assert.equal(sender('203.0.113.7'), '');
  });
});

describe('holders', () => {
  it('of an address are all interfaces that list it or a prefix around it, by number', () => {
    const interfaces = [
      {
        NetworkInterfaceId: 'eni-1',
        VpcId: 'vpc-1',
        PrivateIpAddress: '10.0.0.4',
        Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.0/28' }],
      },
      {
        NetworkInterfaceId: 'eni-2',
        VpcId: 'vpc-2',
        PrivateIpAddress: '10.0.0.4',
        Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8::/80' }],
      },
    ];
    const holders = new Holders(
      compileSnapshot(readModel([{ name: 'm', json: { NetworkInterfaces: interfaces } }]), { version: 1, atMicros: 0 }),
    );
    const first = holders.find4(0x0a000004);
    assert.deepEqual([holders.interfaceOf[first], holders.interfaceOf[holders.next[first] ?? 0]], [1, 2]);
    assert.equal(holders.interfaceOf[holders.find4(0x0a00010f)], 1);
    assert.equal(holders.find4(0x0a000110), 0);
    assert.equal(holders.interfaceOf[holders.find6(0x20010db8, 0, 0x50000, 6)], 0);
    assert.equal(holders.interfaceOf[holders.find6(0x20010db8, 0, 0, 6)], 2);
    assert.equal(holders.inVpc(2, 4, 0x0a000004, 0, 0, 0), 2);
  });
});
