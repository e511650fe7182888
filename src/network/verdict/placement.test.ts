import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceDevice, SourceInfo } from '../../model/batch.ts';
import { CUT_BEFORE_PORTS } from '../../model/batch.ts';
import { createScene } from './told-packets.ts';
import type { Scene, Told } from './told-packets.ts';

const MAC_A = '0a:00:00:00:00:0a';
const MAC_B = '0a:00:00:00:00:0b';
const MAC_N = '0a:00:00:00:00:0c';

/** eni-a and eni-b without groups, and a NAT instance eni-n in a subnet of its own; no ACL: all passes. */
const MODEL = {
  Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
  Subnets: [
    { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' },
    { SubnetId: 'subnet-2', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24' },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-a',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.1.5',
      MacAddress: MAC_A,
      Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.64/28' }],
    },
    {
      NetworkInterfaceId: 'eni-b',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.1.6',
      MacAddress: MAC_B,
    },
    {
      NetworkInterfaceId: 'eni-n',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-2',
      PrivateIpAddress: '10.0.2.7',
      MacAddress: MAC_N,
      SourceDestCheck: false,
    },
  ],
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-1' }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NetworkInterfaceId: 'eni-n' }],
    },
  ],
};

const source = (devices: Partial<SourceDevice>[], links: [string, string][] = []): SourceInfo => ({
  name: 'test',
  snapLength: 96,
  devices: devices.map((device) => ({ name: 'eth0', ifindex: 1, mac: null, addresses: [], linkType: 1, ...device })),
  linkPairs: [{ src: '', dst: '' }, ...links.map(([src, dst]) => ({ src, dst }))],
});

/** Interface and direction of each observation. */
const where = (scene: Scene, ...packets: Told[]): string =>
  scene
    .see(...packets)
    .map((line) => line.split(' ').slice(0, 2).join(' '))
    .join(', ');

describe('P4: a capture with devices', () => {
  it('ties a live device by MAC, by address, or as told', () => {
    const packet = { src: '198.51.100.1:1', dst: '10.0.1.5:2', side: 'received' } as const;
    const tied = (device: Partial<SourceDevice>, options = {}): string =>
      where(createScene(MODEL, { live: true, ...options }, source([device])), packet);
    assert.equal(tied({ mac: MAC_A }), 'eni-a ingress');
    assert.equal(tied({ addresses: ['fe80::1%eth0', '10.0.1.5'] }), 'eni-a ingress');
    assert.equal(tied({}, { named: new Map([['eth0', 'eni-n']]) }), 'eni-n ingress');
  });

  it('ties a pcapng interface only by the id as its name, its MAC, or as told', () => {
    const packet = { src: '10.0.1.5:1', dst: '198.51.100.1:2', side: 'received' } as const;
    const tied = (device: Partial<SourceDevice>): string => where(createScene(MODEL, {}, source([device])), packet);
    assert.equal(tied({ name: 'eni-n' }), 'eni-n ingress');
    assert.equal(tied({ mac: MAC_N }), 'eni-n ingress');
    assert.equal(tied({ addresses: ['10.0.2.7'] }), 'eni-a egress, eni-n ingress');
  });

  it('counts frames of other devices as foreign as soon as one is tied', () => {
    const scene = createScene(MODEL, {}, source([{ name: 'eni-a' }, { name: 'lo' }]));
    assert.equal(where(scene, { src: '10.0.1.5:1', dst: '10.0.1.6:2', device: 1 }), '');
    assert.deepEqual(scene.judge.count, { in: 1, out: 0, held: 0, lost: { foreign: 1 }, notes: {} });
  });

  it("takes the side the other way round where the device is the far end of the interface's wire", () => {
    const [a, ...others] = MODEL.NetworkInterfaces;
    const far = { ...a, TagSet: [{ Key: 'flowgauge:device', Value: 'far-end' }] };
    const scene = createScene({ ...MODEL, NetworkInterfaces: [far, ...others] }, {}, source([{ name: 'eni-a' }]));
    const [mine, other] = ['10.0.1.5:1', '198.51.100.1:2'];
    assert.equal(where(scene, { src: mine, dst: other, side: 'received' }), 'eni-a egress');
    assert.equal(where(scene, { src: other, dst: mine, side: 'sent' }), 'eni-a ingress');
  });

  it('takes the direction from the side, own addresses, own MACs, in this order', () => {
    const scene = createScene(
      MODEL,
      {},
      source(
        [{ name: 'eni-n' }],
        [
          [MAC_N, MAC_B],
          [MAC_B, MAC_N],
        ],
      ),
    );
    const [mine, other, third] = ['10.0.2.7:1', '198.51.100.1:2', '203.0.113.1:3'];
    assert.equal(where(scene, { src: mine, dst: other, side: 'received' }), 'eni-n ingress');
    assert.equal(where(scene, { src: mine, dst: other }), 'eni-n egress');
    assert.equal(where(scene, { src: other, dst: mine }), 'eni-n ingress');
    assert.equal(where(scene, { src: other, dst: third, link: 1 }), 'eni-n egress');
    assert.equal(where(scene, { src: other, dst: third, link: 2 }), 'eni-n ingress');
    assert.equal(where(scene, { src: other, dst: third }), '');
    assert.equal(scene.judge.count.lost['no-direction'], 1);
  });

  it('counts what fails the source/destination check, multicast that comes in too', () => {
    const scene = createScene(MODEL, {}, source([{ name: 'eni-a' }]));
    assert.equal(where(scene, { src: '10.0.9.9:1', dst: '10.0.1.6:2', side: 'sent' }), '');
    assert.equal(where(scene, { src: '10.0.1.6:1', dst: '10.0.9.9:2', side: 'received' }), '');
    assert.equal(where(scene, { src: '10.0.1.6:5353', dst: '224.0.0.251:5353', side: 'received' }), '');
    assert.equal(scene.judge.count.lost['not-own-source'], 3);
    assert.equal(where(scene, { src: '10.0.1.70:1', dst: '10.0.9.9:2', side: 'sent' }), 'eni-a egress');
  });

  it('refuses an interface that the model does not have', () => {
    assert.throws(() => createScene(MODEL, { named: new Map([['eth0', 'eni-x']]) }, source([{}])).see(), {
      code: 'FG_OPTION_NOT_IN_MODEL',
    });
  });
});

describe('P5: a capture without devices', () => {
  it('sees egress at the holder of the source, then ingress at the holder of the destination', () => {
    const scene = createScene(MODEL);
    assert.equal(where(scene, { src: '10.0.1.5:1', dst: '10.0.1.6:2' }), 'eni-a egress, eni-b ingress');
    assert.equal(where(scene, { src: '10.0.1.65:1', dst: '10.0.1.6:2' }), 'eni-a egress, eni-b ingress');
    assert.equal(where(scene, { src: '198.51.100.1:1', dst: '10.0.1.6:2' }), 'eni-b ingress');
  });

  it('takes the next hop of the sender as receiver where nobody holds the destination', () => {
    assert.equal(
      where(createScene(MODEL), { src: '10.0.1.5:1', dst: '198.51.100.1:2' }),
      'eni-a egress, eni-n ingress',
    );
    assert.equal(where(createScene(MODEL), { src: '10.0.1.5:1', dst: '10.0.1.99:2' }), 'eni-a egress');
    assert.equal(where(createScene(MODEL), { src: '10.0.1.5:1', dst: '224.0.0.251:2' }), 'eni-a egress');
  });

  it('keeps the egress observation of a packet whose receiver checks destinations, and counts the other', () => {
    const checks = MODEL.NetworkInterfaces.map((one) => ({ ...one, SourceDestCheck: true }));
    const scene = createScene({ ...MODEL, NetworkInterfaces: checks });
    assert.equal(where(scene, { src: '10.0.1.5:1', dst: '198.51.100.1:2' }), 'eni-a egress');
    assert.deepEqual(scene.judge.observations, { in: 2, out: 1, held: 0, lost: { 'not-own-source': 1 }, notes: {} });
    assert.equal(scene.judge.count.out, 1);
  });

  it('knows a sender by its MAC, and counts it as not-own-source where it checks', () => {
    const scene = createScene(
      MODEL,
      {},
      source(
        [],
        [
          [MAC_N, MAC_A],
          [MAC_B, MAC_A],
        ],
      ),
    );
    assert.equal(where(scene, { src: '198.51.100.1:1', dst: '10.0.1.5:2', link: 1 }), 'eni-n egress, eni-a ingress');
    assert.equal(where(scene, { src: '198.51.100.1:1', dst: '10.0.1.5:2', link: 2 }), '');
    assert.deepEqual(scene.judge.count.lost, { 'not-own-source': 1 });
  });

  it('counts packets that touch no interface as foreign before all else', () => {
    const scene = createScene(MODEL);
    assert.equal(where(scene, { src: '192.168.0.1:68', dst: '192.168.0.2:67' }), '');
    assert.deepEqual(scene.judge.count.lost, { foreign: 1 });
  });

  const twice = {
    Vpcs: [...MODEL.Vpcs, { VpcId: 'vpc-2', CidrBlock: '10.0.0.0/16' }],
    NetworkInterfaces: [
      ...MODEL.NetworkInterfaces,
      { NetworkInterfaceId: 'eni-x', VpcId: 'vpc-2', PrivateIpAddress: '10.0.1.5', MacAddress: '0a:00:00:00:00:1a' },
      { NetworkInterfaceId: 'eni-y', VpcId: 'vpc-2', PrivateIpAddress: '10.0.1.6' },
    ],
  };
  const shared = { src: '10.0.1.5:1', dst: '10.0.1.6:2' } as const;

  it('lets MAC, then VLAN, then the VPC of the sender decide between two holders', () => {
    const scene = createScene(
      { ...MODEL, ...twice },
      { vlans: new Map([[12, 'vpc-2']]) },
      source(
        [],
        [
          ['0a:00:00:00:00:1a', ''],
          [MAC_A, ''],
          [MAC_A, MAC_B],
        ],
      ),
    );
    assert.equal(where(scene, { ...shared, link: 1 }), 'eni-x egress, eni-y ingress');
    assert.equal(where(scene, { ...shared, link: 2 }), 'eni-a egress, eni-b ingress');
    assert.equal(where(scene, { ...shared, vlan: 12 }), 'eni-x egress, eni-y ingress');
    assert.equal(where(scene, { ...shared, link: 3, vlan: 12 }), 'eni-a egress, eni-b ingress');
  });

  it('stops and names both where nothing decides', () => {
    assert.throws(
      () => createScene({ ...MODEL, ...twice }).see(shared),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'FG_ADDRESS_SHARED');
        assert.match(error.message, /^10\.0\.1\.5 is held by eni-a and by eni-x/);
        return true;
      },
    );
  });
});

describe('P6: what is never logged', () => {
  const kindOf = (packet: Told, json: object = MODEL): string => {
    const scene = createScene(json);
    scene.see(packet);
    return Object.keys(scene.judge.count.lost).join();
  };
  it('is told by protocol, or by the address on either side whatever the ports', () => {
    const a = '10.0.1.5';
    assert.equal(kindOf({ src: `${a}:68`, dst: '10.0.1.6:67' }), 'never-logged/dhcp');
    assert.equal(kindOf({ src: `${a}:68`, dst: '10.0.1.6:67', flags: CUT_BEFORE_PORTS }), '');
    assert.equal(kindOf({ src: `${a}:9`, dst: '10.0.0.2:9', tcp: 'S' }), 'never-logged/dns');
    assert.equal(kindOf({ src: '169.254.169.253:53', dst: `${a}:9` }), 'never-logged/dns');
    assert.equal(kindOf({ src: `${a}:9`, dst: '169.254.169.254:80', tcp: 'S' }), 'never-logged/metadata');
    assert.equal(kindOf({ src: `${a}:9`, dst: '169.254.169.123:123' }), 'never-logged/time');
    assert.equal(kindOf({ src: `${a}:9`, dst: '169.254.169.250:1688', tcp: 'S' }), 'never-logged/licence');
    assert.equal(kindOf({ src: a, dst: '10.0.1.1', icmp: [8, 0] }), 'never-logged/router');
    assert.equal(kindOf({ src: a, dst: '10.0.2.1', icmp: [8, 0] }), '');
  });

  it('includes neighbour discovery, MLD and the services of IPv6', () => {
    const six = {
      NetworkInterfaces: [
        { NetworkInterfaceId: 'eni-6', VpcId: 'vpc-1', Ipv6Addresses: [{ Ipv6Address: '2001:db8::5' }] },
      ],
    };
    const json = { ...MODEL, ...six };
    const a = '2001:db8::5';
    assert.equal(kindOf({ src: a, dst: 'ff02::1', icmp: [135, 0] }, json), 'never-logged/nd');
    assert.equal(kindOf({ src: a, dst: 'ff02::16', icmp: [143, 0] }, json), 'never-logged/mld');
    assert.equal(kindOf({ src: `[${a}]:546`, dst: '[ff02::1:2]:547' }, json), 'never-logged/dhcp');
    assert.equal(kindOf({ src: `[${a}]:9`, dst: '[fd00:ec2::253]:53' }, json), 'never-logged/dns');
    assert.equal(kindOf({ src: `[${a}]:9`, dst: '[fd00:ec2::254]:80', tcp: 'S' }, json), 'never-logged/metadata');
    assert.equal(kindOf({ src: `[${a}]:9`, dst: '[fd00:ec2::123]:123' }, json), 'never-logged/time');
  });

  it('includes traffic between an endpoint and a Network Load Balancer', () => {
    const interfaces = [
      { ...MODEL.NetworkInterfaces[0], InterfaceType: 'vpc_endpoint' },
      { ...MODEL.NetworkInterfaces[1], InterfaceType: 'network_load_balancer' },
    ];
    assert.equal(
      kindOf({ src: '10.0.1.6:1', dst: '10.0.1.5:443', tcp: 'S' }, { ...MODEL, NetworkInterfaces: interfaces }),
      'never-logged/endpoint-nlb',
    );
  });

  it('is DHCP, ND and MLD alone in the own model of the host', () => {
    const scene = createScene(MODEL, { hidesNeverLogged: false });
    assert.equal(where(scene, { src: '10.0.1.5:9', dst: '169.254.169.254:80', tcp: 'S' }), 'eni-a egress');
    assert.equal(where(scene, { src: '10.0.1.5:68', dst: '10.0.1.1:67' }), '');
    assert.deepEqual(scene.judge.count.lost, { 'never-logged/dhcp': 1 });
  });
});
