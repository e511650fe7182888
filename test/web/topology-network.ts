/**
 * A data directory with a network and an hour of records, for the tests and figures of the topology.
 *
 * In:    how large. Out: a directory; the time of its records.
 * Holds: the same numbers give the same network and records. Half of the interfaces call the others, some call the internet and
 *        S3, and scanners are rejected.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltBucket } from '../../src/lake/read/build-bucket.ts';
import { SLOT_SECONDS as T } from '../../src/lake/read/build-bucket.ts';
import { recordAnswers } from '../../src/storage/state/record-answers.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';

export type NetworkSize = {
  readonly vpcs: number;
  readonly subnets: number;
  readonly interfaces: number;
  readonly records: number;
};

/** Name of the interface whose tag is hostile. */
export const HOSTILE = '<script>alert(1)</script>';
/** Of the records, seconds since 1970: one hour. */
export const RANGE = { from: T - 3600, to: T };

const FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id subnet-id az-id flow-direction pkt-dst-aws-service';

const tag = (Value: string): object[] => [{ Key: 'Name', Value }];
const hex = (kind: string, n: number): string => `${kind}-${n.toString(16).padStart(17, '0')}`;

type Interface = { readonly id: string; readonly vpc: number; readonly subnet: number; readonly address: string };

/** Writes facts and records. */
export async function makeNetwork(bucket: BuiltBucket, size: NetworkSize): Promise<readonly Interface[]> {
  const subnetOf = (n: number): number => n % (size.vpcs * size.subnets);
  const vpcOf = (subnet: number): number => Math.floor(subnet / size.subnets);
  const own = Array.from({ length: size.interfaces }, (_, n): Interface => {
    const subnet = subnetOf(n);
    const at = Math.floor(n / (size.vpcs * size.subnets)) + 10;
    return {
      id: hex('eni', n + 1),
      vpc: vpcOf(subnet),
      subnet,
      address: `10.${vpcOf(subnet)}.${(subnet % size.subnets) * 4 + (at >> 8)}.${at & 255}`,
    };
  });
  await writeFacts(bucket.directory, size, own);
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) bucket.text([FIELDS, ...lines], { slotSeconds: T - 300 });
    lines = [];
  };
  for (let n = 0; n < size.records; n++) {
    lines.push(recordLine(n, own));
    if (lines.length === 200_000) flush();
  }
  flush();
  return own;
}

function recordLine(n: number, own: readonly Interface[]): string {
  // A walk over pairs that is spread, and the same each time; a few have most of it.
  const one = own[n % 3 === 0 ? (n * 31) % Math.ceil(own.length / 8) : (n * 31) % own.length]!;
  const other = own[(n * 17 + 3) % own.length]!;
  const at = RANGE.from + ((n * 37) % 3540);
  const kind = n % 11;
  const place = `${hex('vpc', one.vpc + 1)} ${hex('subnet', one.subnet + 1)} use1-az${(one.subnet % 3) + 1}`;
  const [src, dst, action, direction, service] =
    kind === 0
      ? [`203.0.113.${n % 250}`, one.address, 'REJECT', 'ingress', '-']
      : kind === 1
        ? [one.address, '93.184.215.14', 'ACCEPT', 'egress', '-']
        : kind === 2
          ? [one.address, '52.216.0.9', 'ACCEPT', 'egress', 'S3']
          : kind === 3
            ? [one.address, '192.168.7.9', n % 2 === 0 ? 'ACCEPT' : 'REJECT', 'egress', '-']
            : [one.address, other.address, 'ACCEPT', 'egress', '-'];
  const bytes = 400 + ((n * 7919) % 90_000);
  return `2 123456789012 ${one.id} ${src} ${dst} ${40_000 + (n % 900)} 443 6 ${1 + (n % 40)} ${bytes} ${at} ${at + 50} ${action} OK ${place} ${direction} ${service}`;
}

/** Of two VPCs, by their positions. */
const peering = (one: number, other: number): string => hex('pcx', Math.min(one, other) * 100 + Math.max(one, other));

async function writeFacts(directory: string, size: NetworkSize, own: readonly Interface[]): Promise<void> {
  mkdirSync(join(directory), { recursive: true });
  const state = openState(statePath(directory), true);
  const vpcs = Array.from({ length: size.vpcs }, (_, v) => ({
    VpcId: hex('vpc', v + 1),
    CidrBlock: `10.${v}.0.0/16`,
    Tags: tag(['shop', 'payments', 'data', 'tools'][v % 4]!),
  }));
  const subnets = Array.from({ length: size.vpcs * size.subnets }, (_, s) => ({
    SubnetId: hex('subnet', s + 1),
    VpcId: hex('vpc', Math.floor(s / size.subnets) + 1),
    CidrBlock: `10.${Math.floor(s / size.subnets)}.${(s % size.subnets) * 4}.0/22`,
    AvailabilityZoneId: `use1-az${(s % 3) + 1}`,
    Tags: tag(`${['web', 'app', 'db'][Math.floor((s % size.subnets) / 3) % 3]!}-${(s % 3) + 1}`),
  }));
  const items: Readonly<Record<string, readonly (readonly [id: string, content: object])[]>> = {
    Vpcs: vpcs.map((vpc) => [vpc.VpcId, vpc]),
    Subnets: subnets.map((subnet) => [subnet.SubnetId, subnet]),
    RouteTables: vpcs.map((vpc, v) => [
      hex('rtb', v + 1),
      {
        RouteTableId: hex('rtb', v + 1),
        VpcId: vpc.VpcId,
        Associations: [{ Main: true, RouteTableId: hex('rtb', v + 1) }],
        Routes: [
          { DestinationCidrBlock: vpc.CidrBlock, GatewayId: 'local' },
          ...vpcs
            .filter((one) => one !== vpc)
            .map((one) => ({
              DestinationCidrBlock: one.CidrBlock,
              VpcPeeringConnectionId: peering(vpcs.indexOf(vpc), vpcs.indexOf(one)),
            })),
          { DestinationCidrBlock: '192.168.0.0/16', GatewayId: hex('vgw', 1) },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: hex('igw', v + 1) },
        ],
      },
    ]),
    VpcPeeringConnections: vpcs.flatMap((vpc, v) =>
      vpcs.slice(v + 1).map((one, o): [string, object] => {
        const id = peering(v, v + 1 + o);
        const side = ({ VpcId, CidrBlock }: typeof vpc): object => ({
          VpcId,
          CidrBlock,
          CidrBlockSet: [{ CidrBlock }],
        });
        const Status = { Code: 'active' };
        return [id, { VpcPeeringConnectionId: id, Status, RequesterVpcInfo: side(vpc), AccepterVpcInfo: side(one) }];
      }),
    ),
    SecurityGroups: vpcs.flatMap((vpc, v) =>
      ['front', 'inner'].map((GroupName, g): [string, object] => [
        hex('sg', v * 2 + g + 1),
        { GroupId: hex('sg', v * 2 + g + 1), VpcId: vpc.VpcId, GroupName },
      ]),
    ),
    NetworkInterfaces: own.map(({ id, vpc, subnet, address }, n) => [
      id,
      {
        NetworkInterfaceId: id,
        VpcId: hex('vpc', vpc + 1),
        SubnetId: hex('subnet', subnet + 1),
        PrivateIpAddress: address,
        Groups: [{ GroupId: hex('sg', vpc * 2 + (n % 2) + 1) }],
        TagSet: tag(n === 0 ? HOSTILE : `host-${n}`),
      },
    ]),
  };
  await recordAnswers(
    state,
    Object.entries(items).map(([kind, all]) => ({
      kind,
      account: '210987654321',
      region: 'us-east-1',
      atMicros: (RANGE.from - 3600) * 1e6,
      whole: true,
      items: all.map(([id, content]) => ({ id, content })),
    })),
    'made',
    (RANGE.from - 3600) * 1e6,
  );
  state.close();
}
