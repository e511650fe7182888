/**
 * A small network, and flows at it, for the tests of records.
 *
 * In:    rows said in words. Out: a snapshot compiled from describe-shaped JSON, and batches of flows as the aggregator
 *        makes them.
 */
import { flowBatchBytes, flowBatchOver } from '../../src/model/batch.ts';
import { createDecisionTable } from '../../src/network/verdict/decisions.ts';
import { parseAddress } from '../../src/network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../src/record/format.ts';
import { createPrinter } from '../../src/record/print.ts';
import { builtInRanges } from '../../src/record/service-names.ts';
import { createTextBlock } from '../../src/record/text-block.ts';
import type { FlowBatch } from '../../src/model/batch.ts';
import type { DecisionTable } from '../../src/network/verdict/decisions.ts';
import type { Decision, FlowLog, VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import type { TextBlock } from '../../src/record/text-block.ts';

const tag = (Key: string, Value: string): object => ({ Key, Value });

const MODEL = {
  Vpcs: [{ VpcId: 'vpc-1', OwnerId: '012345678901', CidrBlock: '10.0.0.0/16' }],
  Subnets: [
    {
      SubnetId: 'subnet-a',
      VpcId: 'vpc-1',
      CidrBlock: '10.0.0.0/24',
      AvailabilityZone: 'us-east-1a',
      AvailabilityZoneId: 'use1-az1',
    },
    {
      SubnetId: 'subnet-b',
      VpcId: 'vpc-1',
      CidrBlock: '10.0.1.0/24',
      AvailabilityZone: 'us-east-1b',
      AvailabilityZoneId: 'use1-az2',
    },
  ],
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true, RouteTableId: 'rtb-1' }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
      ],
    },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-a',
      OwnerId: '012345678901',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-a',
      PrivateIpAddress: '10.0.0.62',
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.0.62', Primary: true },
        { PrivateIpAddress: '10.0.0.63', Primary: false },
      ],
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::62' }],
      Attachment: { InstanceId: 'i-a' },
      Groups: [{ GroupId: 'sg-1' }],
      TagSet: [tag('Name', 'front door'), tag('Empty', '')],
    },
    {
      NetworkInterfaceId: 'eni-b',
      OwnerId: '012345678901',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-b',
      PrivateIpAddress: '10.0.1.5',
      Attachment: { InstanceId: 'i-b' },
      Groups: [{ GroupId: 'sg-1' }],
    },
    {
      NetworkInterfaceId: 'eni-nat',
      OwnerId: '012345678901',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-a',
      InterfaceType: 'nat_gateway',
      RequesterManaged: true,
      PrivateIpAddress: '10.0.0.220',
    },
  ],
  Instances: [
    { InstanceId: 'i-a', InstanceType: 'm5.large', Tags: [tag('Name', 'my-app'), tag('Team', 'Ünï/=:')] },
    { InstanceId: 'i-b', InstanceType: 'm5.large' },
  ],
  AutoScalingGroups: [
    { AutoScalingGroupName: 'asg-1', Instances: [{ InstanceId: 'i-b' }], Tags: [tag('Name', 'fleet')] },
  ],
  SecurityGroups: [{ GroupId: 'sg-1', VpcId: 'vpc-1' }],
  SecurityGroupRules: [
    {
      SecurityGroupRuleId: 'sgr-22',
      GroupId: 'sg-1',
      IsEgress: false,
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIpv4: '0.0.0.0/0',
    },
    { SecurityGroupRuleId: 'sgr-all', GroupId: 'sg-1', IsEgress: false, IpProtocol: '-1', CidrIpv4: '10.0.0.0/16' },
  ],
};

/** The network: `eni-a` (10.0.0.62, .63, 2001:db8::62), `eni-b` (10.0.1.5), `eni-nat` (10.0.0.220). */
export function exampleSnapshot(): VpcSnapshot {
  return compileSnapshot(readModel([{ name: 'example', json: MODEL }]), { version: 1, atMicros: 0 });
}

/** Position of an interface, or of a rule, by its id. */
export function numberOf(list: readonly { readonly id: string }[], id: string): number {
  return list.findIndex((one) => one.id === id);
}

/** A flow log of all interfaces of a snapshot. */
export function exampleFlowLog(snapshot: VpcSnapshot, more: Partial<FlowLog> = {}): FlowLog {
  return {
    id: 'fl-1',
    accountId: '012345678901',
    region: 'us-east-1',
    resourceId: 'vpc-1',
    interfaces: snapshot.interfaces.slice(1).map((one) => one.number),
    tagKeys: [],
    traffic: 'ALL',
    intervalSeconds: 60,
    format: DEFAULT_FORMAT,
    destination: { type: 's3', bucket: 'local', prefix: '', fileFormat: 'plain-text', hive: false, hourly: false },
    tags: {},
    createdSeconds: null,
    ...more,
  };
}

/** A flow in words; what is left out is an accepted TCP packet. */
export type FlowInWords = {
  readonly at: string;
  readonly direction?: 'ingress' | 'egress' | null;
  readonly src?: string;
  readonly dst?: string;
  readonly srcport?: number;
  readonly dstport?: number;
  readonly protocol?: number;
  readonly packets?: number;
  readonly bytes?: number;
  readonly firstMicros?: number;
  readonly lastMicros?: number;
  readonly tcpFlags?: number;
  readonly status?: 'OK' | 'NODATA' | 'SKIPDATA';
  readonly lost?: number;
  readonly joins?: boolean;
  readonly decision?: Partial<Decision>;
};

/** Makes a batch of flows; new decisions enter the table. */
export function batchOf(snapshot: VpcSnapshot, decisions: DecisionTable, flows: readonly FlowInWords[]): FlowBatch {
  const capacity = Math.max(8, Math.ceil(flows.length / 8) * 8);
  const head = { snapshotVersion: 1, windowStartSeconds: 0, intervalSeconds: 60, open: false };
  const batch = flowBatchOver(new ArrayBuffer(flowBatchBytes(capacity)), head, flows.length, capacity);
  for (const [row, flow] of flows.entries()) {
    const isOk = (flow.status ?? 'OK') === 'OK';
    batch.status[row] = isOk ? 0 : flow.status === 'NODATA' ? 1 : 2;
    batch.joins[row] = flow.joins === true ? 1 : 0;
    batch.decision[row] = decisions.numberOf({
      interface: numberOf(snapshot.interfaces, flow.at),
      direction: isOk ? (flow.direction === undefined ? 'ingress' : flow.direction) : null,
      action: isOk ? 'ACCEPT' : null,
      stage: isOk ? 'sg-ingress' : 'not-judged',
      rule: 0,
      rejectReason: null,
      source: 'model',
      ...flow.decision,
    });
    const src = parseAddress(flow.src ?? '192.0.2.1')!;
    const dst = parseAddress(flow.dst ?? '10.0.0.62')!;
    batch.family[row] = src.family;
    batch.src.set(src.words, row * 4);
    batch.dst.set(dst.words, row * 4);
    batch.protocol[row] = flow.protocol ?? 6;
    batch.ports[row] = ((flow.srcport ?? 0) * 65_536 + (flow.dstport ?? 0)) >>> 0;
    batch.packets[row] = isOk ? (flow.packets ?? 1) : 0;
    batch.bytes[row] = isOk ? (flow.bytes ?? 40) : 0;
    batch.lost[row] = flow.lost ?? 0;
    batch.firstMicros[row] = flow.firstMicros ?? 1_700_000_000_000_000;
    batch.lastMicros[row] = flow.lastMicros ?? flow.firstMicros ?? 1_700_000_000_000_000;
    batch.tcpFlags[row] = flow.tcpFlags ?? 0;
  }
  return batch;
}

/** What a block holds, as lines. */
export function linesOf(block: TextBlock): string[] {
  const text = new TextDecoder().decode(block.bytes.subarray(0, block.length));
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Prints flows in a format; `names` are fields, separated by spaces. */
export function printed(
  names: string,
  flows: readonly FlowInWords[],
  flowLog: Partial<FlowLog> = {},
  snapshot: VpcSnapshot = exampleSnapshot(),
): string[] {
  const decisions = createDecisionTable();
  const block = createTextBlock(16);
  const printer = createPrinter({
    format: parseLogFormat(names),
    flowLog: exampleFlowLog(snapshot, flowLog),
    snapshot,
    decisions,
    ranges: builtInRanges(),
    perInterface: false,
  });
  printer.print(batchOf(snapshot, decisions, flows), () => block);
  return linesOf(block);
}
