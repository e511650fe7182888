/**
 * A data directory with a network of three tiers and records of it, for tests of the screens that explain.
 *
 * In:    nothing. Out: the directory, and times in it.
 * Holds: at `CHANGED` the rule that let the web tier reach the application at 8080 was taken away; an ACL denies telnet; a
 *        database is scanned. Names and tags are hostile text here and there.
 */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBucket, SLOT_SECONDS } from '../../src/lake/read/build-bucket.ts';
import { recordAnswers } from '../../src/storage/state/record-answers.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';

/** 2026-11-23 12:05 UTC. */
export const BEGIN: number = SLOT_SECONDS;
export const CHANGED: number = BEGIN + 1800;
export const END: number = BEGIN + 3600;
export const NOW_MILLIS: number = (END + 60) * 1000;
/** Of an address: all of it. */
export const RANGE: string = `from=${BEGIN - 300}&to=${END}`;
export const HOSTILE = '<img src=x onerror="document.title=1">';

const ACCOUNT = '210987654321';
const REGION = 'us-east-1';
const VPC = { VpcId: 'vpc-0a1', OwnerId: ACCOUNT };

type Item = Readonly<Record<string, unknown>>;
const name = (value: string): Item => ({ Tags: [{ Key: 'Name', Value: value }] });

const TIERS = [
  { tier: 'web', net: 1, hosts: ['web-1', 'web-2'] },
  { tier: 'app', net: 2, hosts: ['app-1', HOSTILE] },
  { tier: 'db', net: 3, hosts: ['db-1'] },
] as const;

const interfaces = TIERS.flatMap(({ tier, net, hosts }) =>
  hosts.map((host, at) => ({ tier, net, host, id: `${tier}${at + 1}`, address: `10.0.${net}.${10 + at}` })),
);

type Rule = readonly [id: string, group: string, egress: boolean, protocol: string, port: number, peer: string];
const WEB_TO_APP: Rule = ['sgr-0app8080', 'sg-0app', false, 'tcp', 8080, 'sg-0web'];
const RULES: readonly Rule[] = [
  ['sgr-0web443', 'sg-0web', false, 'tcp', 443, '0.0.0.0/0'],
  ['sgr-0webssh', 'sg-0web', false, 'tcp', 22, '192.0.2.0/24'],
  ['sgr-0webout', 'sg-0web', true, '-1', -1, '0.0.0.0/0'],
  ['sgr-0app8081', 'sg-0app', false, 'tcp', 8081, 'sg-0web'],
  ['sgr-0appout', 'sg-0app', true, '-1', -1, '0.0.0.0/0'],
  ['sgr-0db5432', 'sg-0db', false, 'tcp', 5432, '10.0.0.0/8'],
  ['sgr-0db5432b', 'sg-0db', false, 'tcp', 5432, 'sg-0app'],
  ['sgr-0dbout', 'sg-0db', true, '-1', -1, '0.0.0.0/0'],
];

const ruleItem = ([id, group, egress, protocol, port, peer]: Rule): Item => ({
  SecurityGroupRuleId: id,
  GroupId: group,
  IsEgress: egress,
  IpProtocol: protocol,
  FromPort: port,
  ToPort: port,
  ...(peer.startsWith('sg-') ? { ReferencedGroupInfo: { GroupId: peer } } : { CidrIpv4: peer }),
});

const entry = (RuleNumber: number, Egress: boolean, RuleAction: string, port: number | null): Item => ({
  RuleNumber,
  Egress,
  RuleAction,
  Protocol: port === null ? '-1' : '6',
  CidrBlock: '0.0.0.0/0',
  ...(port === null ? {} : { PortRange: { From: port, To: port } }),
});
const OPEN = [entry(100, false, 'allow', null), entry(100, true, 'allow', null)];

/** Kinds with the member that is an item's id. */
function kinds(rules: readonly Rule[]): readonly (readonly [kind: string, id: string, items: readonly Item[]])[] {
  return [
    ['Vpcs', 'VpcId', [{ ...VPC, CidrBlock: '10.0.0.0/16', ...name('shop') }]],
    [
      'Subnets',
      'SubnetId',
      TIERS.map(({ tier, net }) => ({
        SubnetId: `subnet-0${tier}`,
        ...VPC,
        CidrBlock: `10.0.${net}.0/24`,
        AvailabilityZoneId: 'use1-az1',
        ...name(tier),
      })),
    ],
    [
      'InternetGateways',
      'InternetGatewayId',
      [{ InternetGatewayId: 'igw-0a1', Attachments: [{ VpcId: VPC.VpcId, State: 'available' }] }],
    ],
    [
      'RouteTables',
      'RouteTableId',
      [
        {
          RouteTableId: 'rtb-0a1',
          ...VPC,
          Associations: [{ Main: true }],
          Routes: [
            { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
            { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0a1', State: 'active' },
          ],
        },
      ],
    ],
    [
      'NetworkAcls',
      'NetworkAclId',
      [
        {
          NetworkAclId: 'acl-0web',
          ...VPC,
          Entries: [entry(90, false, 'deny', 23), ...OPEN],
          Associations: [{ SubnetId: 'subnet-0web' }],
        },
        { NetworkAclId: 'acl-0def', ...VPC, IsDefault: true, Entries: OPEN },
      ],
    ],
    [
      'SecurityGroups',
      'GroupId',
      TIERS.map(({ tier }) => ({
        GroupId: `sg-0${tier}`,
        ...VPC,
        GroupName: tier,
        Description: tier === 'db' ? `Databases ${HOSTILE}` : `Hosts of the tier ${tier}`,
      })),
    ],
    ['SecurityGroupRules', 'SecurityGroupRuleId', rules.map(ruleItem)],
    [
      'Instances',
      'InstanceId',
      interfaces.map(({ id, host }) => ({ InstanceId: `i-0${id}`, InstanceType: 'm5.large', ...name(host) })),
    ],
    [
      'NetworkInterfaces',
      'NetworkInterfaceId',
      interfaces.map(({ id, tier, address }) => ({
        NetworkInterfaceId: `eni-0${id}`,
        ...VPC,
        SubnetId: `subnet-0${tier}`,
        PrivateIpAddress: address,
        ...(tier === 'web' ? { Association: { PublicIp: `203.0.113.${address.split('.')[3]}` } } : {}),
        Groups: [{ GroupId: `sg-0${tier}` }],
        Attachment: { InstanceId: `i-0${id}` },
      })),
    ],
    [
      'FlowLogs',
      'FlowLogId',
      [{ FlowLogId: 'fl-0a1', ResourceId: VPC.VpcId, TrafficType: 'ALL', LogGroupName: 'flow-logs' }],
    ],
  ];
}

async function tell(directory: string, rules: readonly Rule[], atSeconds: number): Promise<void> {
  const state = openState(statePath(directory), true);
  const answers = kinds(rules).map(([kind, id, items]) => ({
    kind,
    account: ACCOUNT,
    region: REGION,
    atMicros: atSeconds * 1e6,
    whole: true,
    items: items.map((content) => ({ id: String(content[id]), content })),
  }));
  await recordAnswers(state, answers, 'a test', atSeconds * 1e6);
  state.close();
}

type Seen = {
  readonly at: string;
  readonly src: string;
  readonly dst: string;
  readonly action: 'ACCEPT' | 'REJECT';
  readonly time: number;
  readonly way: 'ingress' | 'egress';
  readonly flags?: number;
};

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction';

function line({ at, src, dst, action, time, way, flags = 2 }: Seen): string {
  const [srcaddr, srcport] = src.split(':');
  const [dstaddr, dstport] = dst.split(':');
  return `2 ${ACCOUNT} eni-0${at} ${srcaddr} ${dstaddr} ${srcport} ${dstport} 6 4 640 ${BEGIN + time} ${BEGIN + time + 50} ${action} OK ${flags} ${way}`;
}

/** A connection as two interfaces see it: request and reply at each. */
function talk(from: string, fromEnd: string, to: string, toEnd: string, time: number): Seen[] {
  const seen = (at: string, way: Seen['way'], isReply: boolean): Seen => ({
    at,
    src: isReply ? toEnd : fromEnd,
    dst: isReply ? fromEnd : toEnd,
    action: 'ACCEPT',
    time,
    way,
    flags: isReply ? 18 : 2,
  });
  const here = from === '' ? [] : [seen(from, 'egress', false), seen(from, 'ingress', true)];
  return [...here, seen(to, 'ingress', false), seen(to, 'egress', true)];
}

function records(): readonly Seen[] {
  const all: Seen[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    const time = minute * 60;
    const port = 40_000 + minute;
    for (let client = 1; client <= 3; client += 1)
      all.push(...talk('', `198.51.100.${client}:${port}`, 'web1', '10.0.1.10:443', time));
    if (time < CHANGED - BEGIN) all.push(...talk('web1', `10.0.1.10:${port}`, 'app1', '10.0.2.10:8080', time));
    else {
      all.push({ at: 'web1', src: `10.0.1.10:${port}`, dst: '10.0.2.10:8080', action: 'ACCEPT', time, way: 'egress' });
      all.push({ at: 'app1', src: `10.0.1.10:${port}`, dst: '10.0.2.10:8080', action: 'REJECT', time, way: 'ingress' });
    }
    all.push(...talk('app1', `10.0.2.10:${port}`, 'db1', '10.0.3.10:5432', time));
    all.push({ at: 'web2', src: `198.51.100.66:${port}`, dst: '10.0.1.11:23', action: 'REJECT', time, way: 'ingress' });
    if (minute % 5 === 0)
      for (const scanned of [1433, 3306, 6379, 9200])
        all.push({
          at: 'db1',
          src: `10.0.2.11:${port}`,
          dst: `10.0.3.10:${scanned}`,
          action: 'REJECT',
          time,
          way: 'ingress',
        });
  }
  return all;
}

export type ThreeTiers = { readonly directory: string; remove(): void };

/** Builds it. */
export async function threeTiers(): Promise<ThreeTiers> {
  const bucket = buildBucket();
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-three-tiers-'));
  symlinkSync(bucket.directory, join(directory, 'bucket'));
  bucket.text([HEADER, ...records().map(line)]);
  await tell(directory, [...RULES, WEB_TO_APP], BEGIN - 600);
  await tell(directory, RULES, CHANGED);
  return {
    directory,
    remove() {
      rmSync(directory, { recursive: true });
      bucket.remove();
    },
  };
}
