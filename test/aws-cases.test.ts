/**
 * The worked cases of AWS's documentation, out of packets and a model: byte for byte but for ids.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ethernet, icmp, ip4, tcp } from '../src/collect/capture/decode/build-frames.ts';
import { pcap, pcapng } from '../src/collect/capture/decode/build-captures.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-cases-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const flowgauge = fileURLToPath(new URL('../bin/flowgauge', import.meta.url));

type Sent = { at: number; frame: Uint8Array };
type Spread = { from: number; to: number; packets: number; bytes: number };

/** The lengths of `packets` packets that add up to `bytes`, each at least `least`, and their times from first to last. */
function spread({ from, to, packets, bytes }: Spread, least: number): { at: number; length: number }[] {
  const extra = bytes - packets * least;
  return Array.from({ length: packets }, (_, i) => ({
    at: from + ((to - from) * i) / Math.max(1, packets - 1),
    length: least + Math.floor((extra * (i + 1)) / packets) - Math.floor((extra * i) / packets),
  }));
}

/** One direction of a TCP conversation; `first` are the flags of its first packet, `last` of its last. */
function tcpSide(
  src: string,
  dst: string,
  srcport: number,
  dstport: number,
  of: Spread,
  first: number,
  last = 0x10,
): Sent[] {
  return spread(of, 40).map(({ at, length }, i) => ({
    at,
    frame: ethernet(
      ip4({
        src,
        dst,
        protocol: 6,
        payload: tcp({
          srcport,
          dstport,
          flags: i === 0 ? first : i === of.packets - 1 ? last : 0x10,
          payload: new Uint8Array(length - 40),
        }),
      }),
    ),
  }));
}

function echo(src: string, dst: string, type: 0 | 8, of: Spread): Sent[] {
  return spread(of, 84).map(({ at }, sequence) => ({
    at,
    frame: ethernet(
      ip4({ src, dst, protocol: 1, payload: icmp({ type, id: 7, sequence, payload: new Uint8Array(56) }) }),
    ),
  }));
}

/** A capture that sees the network once. */
function onNetwork(sent: readonly Sent[]): Uint8Array {
  return pcap(sent.map(({ at, frame }) => ({ atMicros: Math.round(at * 1e6), bytes: frame })));
}

/** A capture at one interface, which its name says (rule P4). */
function atDevice(sent: readonly Sent[], name: string): Uint8Array {
  const packets = sent.map(({ at, frame }) => ({ atMicros: Math.round(at * 1e6), bytes: frame }));
  return pcapng(packets, { options: [[2, new TextEncoder().encode(name)]] });
}

/**
 * Records of packets, without the header line.
 *
 * @param device  the interface at which they were captured; null: on the network between all
 */
function records(
  sent: readonly Sent[],
  model: object,
  options: readonly string[],
  device: string | null = null,
): string[] {
  const file = join(scratch, 'case.pcap');
  const vpc = join(scratch, 'case.json');
  const inOrder = sent.toSorted((a, b) => a.at - b.at);
  writeFileSync(file, device === null ? onNetwork(inOrder) : atDevice(inOrder, device));
  writeFileSync(vpc, JSON.stringify(model));
  const { stdout, stderr, status } = spawnSync(flowgauge, ['capture', '-r', file, '--vpc', vpc, ...options], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n').slice(1);
}

/** Header and records of a sample. */
function sample(name: string): { format: string; lines: string[] } {
  const [header, ...lines] = readFileSync(new URL(`fixtures/samples/${name}.log`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return {
    format: header!
      .split(' ')
      .map((field) => `\${${field}}`)
      .join(' '),
    lines,
  };
}

const withoutIds = (line: string): string => line.replaceAll(/\b(eni|vpc|subnet|i)-[0-9a-f]{8,17}\b/g, '$1');
const sameButIds = (actual: readonly string[], expected: readonly string[]): void =>
  assert.deepEqual(actual.map(withoutIds).toSorted(), expected.map(withoutIds).toSorted());

const CIDR = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

function network(options: {
  account?: string;
  cidr: string;
  addresses: readonly string[];
  permissions: readonly object[];
  acl?: readonly object[];
  more?: object;
}): object {
  const owner = options.account ?? '123456789010';
  return {
    Vpcs: [{ VpcId: 'vpc-abcdefab012345678', OwnerId: owner, CidrBlock: options.cidr }],
    Subnets: [{ SubnetId: 'subnet-aaaaaaaa012345678', VpcId: 'vpc-abcdefab012345678', CidrBlock: options.cidr }],
    NetworkInterfaces: options.addresses.map((address, i) => ({
      NetworkInterfaceId: `eni-1235b8ca12345678${i}`,
      OwnerId: owner,
      VpcId: 'vpc-abcdefab012345678',
      SubnetId: 'subnet-aaaaaaaa012345678',
      InterfaceType: 'interface',
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
      Attachment: { InstanceId: 'i-01234567890123456' },
      Groups: [{ GroupId: 'sg-0123456789abcdef0' }],
      ...options.more,
    })),
    SecurityGroups: [
      {
        GroupId: 'sg-0123456789abcdef0',
        VpcId: 'vpc-abcdefab012345678',
        IpPermissions: options.permissions,
        IpPermissionsEgress: [{ IpProtocol: '-1', ...CIDR }],
      },
    ],
    ...(options.acl === undefined
      ? {}
      : {
          NetworkAcls: [
            {
              NetworkAclId: 'acl-0123456789abcdef0',
              VpcId: 'vpc-abcdefab012345678',
              IsDefault: true,
              Associations: [],
              Entries: options.acl,
            },
          ],
        }),
  };
}

test('accepted SSH and rejected RDP are as in the guide', () => {
  const { lines } = sample('aws-docs-default-accept-reject');
  const of = { from: 1418530010, to: 1418530070, packets: 20, bytes: 4249 };
  const actual = records(
    [
      ...tcpSide('172.31.16.139', '172.31.16.21', 20641, 22, of, 2),
      ...tcpSide('172.31.9.69', '172.31.9.12', 49761, 3389, of, 2),
    ],
    network({
      cidr: '172.31.0.0/16',
      addresses: ['172.31.16.21', '172.31.9.12'],
      permissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...CIDR }],
    }),
    ['--interval', '600'],
  );
  sameButIds(actual, lines);
});

test('a ping whose reply the outbound ACL denies is an ACCEPT and a REJECT', () => {
  const { lines } = sample('aws-docs-default-icmp-nacl');
  const allow = { RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' };
  const actual = records(
    [
      ...echo('203.0.113.12', '172.31.16.139', 8, { from: 1432917027, to: 1432917142, packets: 4, bytes: 336 }),
      ...echo('172.31.16.139', '203.0.113.12', 0, { from: 1432917094, to: 1432917142, packets: 4, bytes: 336 }),
    ],
    network({
      cidr: '172.31.0.0/16',
      addresses: ['172.31.16.139'],
      permissions: [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, ...CIDR }],
      acl: [
        { RuleNumber: 100, Egress: false, ...allow },
        {
          RuleNumber: 90,
          Egress: true,
          ...allow,
          RuleAction: 'deny',
          Protocol: '1',
          IcmpTypeCode: { Type: -1, Code: -1 },
        },
        { RuleNumber: 100, Egress: true, ...allow },
      ],
    }),
    ['--interval', '600'],
  );
  sameButIds(actual, lines);
});

test('two connections opened in one window carry SYN and SYN-ACK', () => {
  const { format, lines } = sample('aws-docs-v3-tcp-flags-open');
  const span = { from: 1566848875, to: 1566848933 };
  const client = '52.213.180.42';
  const server = '10.0.0.62';
  const actual = records(
    [
      ...tcpSide(client, server, 43416, 5001, { ...span, packets: 8, bytes: 568 }, 2),
      ...tcpSide(server, client, 5001, 43416, { ...span, packets: 7, bytes: 376 }, 0x12),
      ...tcpSide(client, server, 43418, 5001, { ...span, packets: 70, bytes: 100_701 }, 2),
      ...tcpSide(server, client, 5001, 43418, { ...span, packets: 12, bytes: 632 }, 0x12),
    ],
    network({
      cidr: '10.0.0.0/16',
      addresses: [server],
      permissions: [{ IpProtocol: 'tcp', FromPort: 5001, ToPort: 5001, ...CIDR }],
    }),
    ['--interval', '600', '--format', format],
  );
  sameButIds(actual, lines);
});

test('a short connection carries SYN and FIN one way and SYN-ACK and FIN the other', () => {
  const { format, lines } = sample('aws-docs-v3-tgw-server-eni');
  const span = { from: 1566848875, to: 1566848933 };
  const actual = records(
    [
      ...tcpSide('10.20.33.164', '10.40.2.236', 39812, 80, { ...span, packets: 6, bytes: 600 }, 2, 0x11),
      ...tcpSide('10.40.2.236', '10.20.33.164', 80, 39812, { ...span, packets: 5, bytes: 900 }, 0x12, 0x11),
    ],
    network({
      cidr: '10.40.0.0/16',
      addresses: ['10.40.2.236'],
      permissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...CIDR }],
    }),
    ['--interval', '600', '--format', format],
  );
  sameButIds(actual, lines);
});

test('an answer from S3 names the service of its source', () => {
  const { format, lines } = sample('aws-docs-v5-s3-ingress');
  const span = { from: 1616729292, to: 1616729349 };
  const actual = records(
    [
      ...tcpSide('10.0.0.71', '52.95.128.179', 34210, 80, { ...span, packets: 9, bytes: 900 }, 2, 0x11),
      ...tcpSide('52.95.128.179', '10.0.0.71', 80, 34210, { ...span, packets: 14, bytes: 15_044 }, 0x12, 0x11),
    ],
    network({
      account: '123456789012',
      cidr: '10.0.0.0/16',
      addresses: ['10.0.0.71'],
      permissions: [],
      more: { AvailabilityZone: 'ap-southeast-2c', AvailabilityZoneId: 'apse2-az3' },
    }),
    ['--interval', '600', '--format', format],
  );
  sameButIds(
    actual.filter((line) => line.includes(' ingress ')),
    lines,
  );
});

test('the four legs at a NAT gateway show its own address where it forwards', () => {
  const { format, lines } = sample('aws-docs-v3-nat-gateway-eni');
  const [instance, nat, host] = ['10.0.1.5', '10.0.0.220', '203.0.113.5'];
  const of = { from: 1566848875, to: 1566848875, packets: 1, bytes: 60 };
  const actual = records(
    [
      ...tcpSide(instance, host, 40_000, 443, of, 2),
      ...tcpSide(nat, host, 50_000, 443, of, 2),
      ...tcpSide(host, nat, 443, 50_000, of, 0x12),
      ...tcpSide(host, instance, 443, 40_000, of, 0x12),
    ].map(({ at, frame }, i) => ({ at: at + i / 10, frame: between(frame, i % 2 === 0) })),
    network({
      cidr: '10.0.0.0/16',
      addresses: [nat],
      permissions: [],
      more: {
        InterfaceType: 'nat_gateway',
        SourceDestCheck: false,
        Groups: [],
        Attachment: {},
        RequesterManaged: true,
        MacAddress: NAT_MAC,
      },
    }),
    ['--interval', '600', '--format', format],
    'eni-1235b8ca123456780',
  );
  assert.deepEqual(actual.map(withoutIds), lines.map(withoutIds));
});

const NAT_MAC = '02:00:00:00:00:20';

/** The frame with the NAT gateway's MAC address as receiver or sender. */
function between(frame: Uint8Array, toNat: boolean): Uint8Array {
  const bytes = Uint8Array.from(frame);
  const address = NAT_MAC.split(':').map((part) => parseInt(part, 16));
  bytes.set([2, 0, 0, 0, 0, 1], toNat ? 6 : 0);
  bytes.set(address, toNat ? 0 : 6);
  return bytes;
}

test('NODATA and SKIPDATA lines are as in the guide but for ids and times', () => {
  const { lines } = sample('aws-docs-default-nodata');
  const of = { from: 1431280801, to: 1431280860, packets: 3, bytes: 120 };
  const shape = (line: string): string => withoutIds(line).replaceAll(/\b\d{10}\b/g, 'T');
  const actual = records(
    [
      ...tcpSide('198.51.100.1', '172.31.16.21', 1, 22, of, 2),
      ...tcpSide('198.51.100.1', '172.31.16.21', 2, 22, of, 2),
    ],
    network({ cidr: '172.31.0.0/16', addresses: ['172.31.16.21', '172.31.16.22'], permissions: [] }),
    ['--max-flows', '1'],
  ).filter((line) => !line.endsWith(' OK'));
  const nodata = shape(lines[0]!);
  assert.deepEqual(
    [...new Set(actual.map(shape))].toSorted(),
    [nodata, nodata.replace('NODATA', 'SKIPDATA')].toSorted(),
  );
});
