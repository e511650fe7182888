/**
 * The network whose records `writeBucket` makes: facts, as an import would have left them.
 *
 * In:    a data directory, how many interfaces, since when. Out: its state file, with two peered VPCs, subnets of 256 interfaces, 20
 *        groups to a subnet, an ACL for each subnet, and flow logs that leave some interfaces out.
 * Holds: the same numbers give the same network. Groups and ACLs let in what `writeBucket` writes as ACCEPT, and nothing that it
 *        writes as REJECT.
 */
import { mkdirSync } from 'node:fs';
import { recordAnswers } from '../../src/storage/state/record-answers.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';

/** To these ports groups let in; ACLs deny `DENIED_PORT`, and nobody lets in `CLOSED_PORTS`. */
export const OPEN_PORTS: readonly number[] = [443, 80, 22, 5432, 53, 8080, 3306, 6379];
export const CLOSED_PORTS: readonly number[] = [23, 3389, 445];
export const DENIED_PORT = 25;

/** Not that of the console's own key: it may not be imported. */
export const ACCOUNT = '210987654321';
const REGION = 'us-east-1';
const GROUPS_IN_SUBNET = 20;
const SERVICES = ['web', 'app', 'db', 'cache', 'jobs', 'mail', 'search', 'auth', 'bill', 'cart'];

type Item = Readonly<Record<string, unknown>>;

const hex = (kind: string, number: number): string => `${kind}-${number.toString(16).padStart(17, '0')}`;
const named = (Value: string): Item[] => [{ Key: 'Name', Value }];

/** Id of an interface by its number from 0. */
export const interfaceId = (number: number): string => hex('eni', number);
/** Its address. */
export const addressOf = (number: number): string => `10.${number >> 12}.${(number >> 4) & 255}.${(number & 15) + 4}`;

/** Of the flow log that delivers. */
export const flowLogId = (number: number): string => hex('fl', number);

/** 256 interfaces each. */
const subnetOf = (number: number): number => number >> 8;
const vpcOf = (subnet: number): number => subnet >> 4;
const serviceOf = (number: number): string => SERVICES[number % SERVICES.length]!;

/** Writes it. */
export async function writeNetwork(directory: string, interfaces: number, sinceSeconds: number): Promise<void> {
  const subnets = Array.from({ length: subnetOf(interfaces - 1) + 1 }, (_, subnet) => subnet);
  const vpcs = [...new Set(subnets.map(vpcOf))];
  const groups = subnets.flatMap((subnet) =>
    Array.from({ length: GROUPS_IN_SUBNET }, (_, at) => ({ number: subnet * GROUPS_IN_SUBNET + at, subnet, at })),
  );
  const kinds: Readonly<Record<string, readonly (readonly [id: string, content: Item])[]>> = {
    Vpcs: vpcs.map((vpc) => {
      const VpcId = hex('vpc', vpc);
      return [VpcId, { VpcId, CidrBlock: `10.${vpc}.0.0/16`, Tags: named(`production-${vpc}`) }];
    }),
    Subnets: subnets.map((subnet) => {
      const SubnetId = hex('subnet', subnet);
      const CidrBlock = `10.${vpcOf(subnet)}.${(subnet & 15) << 4}.0/20`;
      const AvailabilityZoneId = `use1-az${(subnet % 3) + 1}`;
      return [
        SubnetId,
        { SubnetId, VpcId: hex('vpc', vpcOf(subnet)), CidrBlock, AvailabilityZoneId, Tags: named(`private-${subnet}`) },
      ];
    }),
    RouteTables: vpcs.map((vpc) => {
      const RouteTableId = hex('rtb', vpc);
      const peered = vpcs.filter((one) => one !== vpc);
      return [
        RouteTableId,
        {
          RouteTableId,
          VpcId: hex('vpc', vpc),
          Associations: [{ Main: true, RouteTableId }],
          Routes: [
            { DestinationCidrBlock: `10.${vpc}.0.0/16`, GatewayId: 'local' },
            ...peered.map((one) => ({
              DestinationCidrBlock: `10.${one}.0.0/16`,
              VpcPeeringConnectionId: hex('pcx', 0),
            })),
            { DestinationCidrBlock: '0.0.0.0/0', GatewayId: hex('igw', vpc) },
          ],
        },
      ];
    }),
    VpcPeeringConnections: vpcs.length < 2 ? [] : [[hex('pcx', 0), peering()]],
    SecurityGroups: groups.map(({ number, subnet, at }) => {
      const GroupId = hex('sg', number);
      return [
        GroupId,
        {
          GroupId,
          VpcId: hex('vpc', vpcOf(subnet)),
          GroupName: `${serviceOf(at)}-${subnet}-${at}`,
          Description: 'made',
        },
      ];
    }),
    SecurityGroupRules: groups.flatMap(({ number }) => rulesOf(number)),
    NetworkAcls: subnets.map((subnet) => [hex('acl', subnet), aclOf(subnet)]),
    NetworkInterfaces: Array.from({ length: interfaces }, (_, number): [string, Item] => {
      const subnet = subnetOf(number);
      const NetworkInterfaceId = interfaceId(number);
      const own = [number % GROUPS_IN_SUBNET, (number * 7 + 3) % GROUPS_IN_SUBNET];
      return [
        NetworkInterfaceId,
        {
          NetworkInterfaceId,
          VpcId: hex('vpc', vpcOf(subnet)),
          SubnetId: hex('subnet', subnet),
          PrivateIpAddress: addressOf(number),
          PrivateIpAddresses: [{ PrivateIpAddress: addressOf(number), Primary: true }],
          Groups: [...new Set(own)].map((at) => ({ GroupId: hex('sg', subnet * GROUPS_IN_SUBNET + at) })),
          TagSet: named(`${serviceOf(number)}-${number}`),
        },
      ];
    }),
    FlowLogs: [
      flowLog(0, hex('vpc', 0), 'ALL', sinceSeconds),
      // Of the second VPC one subnet in part, the others not at all.
      ...(vpcs.length < 2 ? [] : [flowLog(1, hex('subnet', 16), 'REJECT', sinceSeconds)]),
    ],
  };
  mkdirSync(directory, { recursive: true });
  const state = openState(statePath(directory), true);
  try {
    const atMicros = sinceSeconds * 1e6;
    const answers = Object.entries(kinds).map(([kind, all]) => ({
      kind,
      account: ACCOUNT,
      region: REGION,
      atMicros,
      whole: true,
      items: all.map(([id, content]) => ({ id, content })),
    }));
    await recordAnswers(state, answers, 'made', atMicros);
  } finally {
    state.close();
  }
}

function rulesOf(group: number): [string, Item][] {
  const rule = (at: number, more: Item): [string, Item] => {
    const SecurityGroupRuleId = hex('sgr', group * 16 + at);
    return [SecurityGroupRuleId, { SecurityGroupRuleId, GroupId: hex('sg', group), IsEgress: false, ...more }];
  };
  return [
    ...OPEN_PORTS.map((port, at) =>
      rule(at, { IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIpv4: '0.0.0.0/0' }),
    ),
    rule(8, {
      IpProtocol: 'tcp',
      FromPort: 9100,
      ToPort: 9200,
      ReferencedGroupInfo: { GroupId: hex('sg', group - (group % GROUPS_IN_SUBNET)) },
    }),
    rule(9, { IsEgress: true, IpProtocol: '-1', FromPort: -1, ToPort: -1, CidrIpv4: '0.0.0.0/0' }),
  ];
}

function aclOf(subnet: number): Item {
  const entry = (RuleNumber: number, Egress: boolean, RuleAction: string, port: number | null): Item => ({
    RuleNumber,
    Egress,
    RuleAction,
    CidrBlock: '0.0.0.0/0',
    ...(port === null ? { Protocol: '-1' } : { Protocol: '6', PortRange: { From: port, To: port } }),
  });
  return {
    NetworkAclId: hex('acl', subnet),
    VpcId: hex('vpc', vpcOf(subnet)),
    IsDefault: false,
    Associations: [
      {
        NetworkAclAssociationId: hex('aclassoc', subnet),
        NetworkAclId: hex('acl', subnet),
        SubnetId: hex('subnet', subnet),
      },
    ],
    Entries: [
      entry(90, false, 'deny', DENIED_PORT),
      entry(100, false, 'allow', null),
      entry(32_767, false, 'deny', null),
      entry(100, true, 'allow', null),
      entry(32_767, true, 'deny', null),
    ],
  };
}

function peering(): Item {
  const side = (vpc: number): Item => ({
    VpcId: hex('vpc', vpc),
    CidrBlock: `10.${vpc}.0.0/16`,
    CidrBlockSet: [{ CidrBlock: `10.${vpc}.0.0/16` }],
  });
  return {
    VpcPeeringConnectionId: hex('pcx', 0),
    Status: { Code: 'active' },
    RequesterVpcInfo: side(0),
    AccepterVpcInfo: side(1),
  };
}

function flowLog(number: number, ResourceId: string, TrafficType: string, sinceSeconds: number): [string, Item] {
  const FlowLogId = flowLogId(number);
  return [
    FlowLogId,
    {
      FlowLogId,
      ResourceId,
      TrafficType,
      FlowLogStatus: 'ACTIVE',
      DeliverLogsStatus: 'SUCCESS',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::central-logs',
      CreationTime: new Date(sinceSeconds * 1000).toISOString(),
      MaxAggregationInterval: 600,
      LogFormat:
        '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}',
      Tags: named(`all of ${ResourceId}`),
    },
  ];
}
