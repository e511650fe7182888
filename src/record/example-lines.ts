/**
 * What records of a format look like.
 *
 * In:    a log format for writing. Out: three lines of it: an accepted request, a rejected one, a window without traffic.
 * Holds: they come from the printer (rule D1), for a network that is made up here; ids and addresses are those of AWS's
 *        documentation. Each field is told where a record of its kind can tell it.
 */
import { flowBatchBytes, flowBatchOver, STATUS_NODATA } from '../model/batch.ts';
import { createDecisionTable } from '../network/verdict/decisions.ts';
import { parseAddress } from '../network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../network/vpc/model.ts';
import type { Decision, FlowLog, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { LogFormat } from './format.ts';
import { createPrinter } from './print.ts';
import { builtInRanges } from './service-names.ts';
import { createTextBlock } from './text-block.ts';

const ACCOUNT = '123456789010';
const CLUSTER = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/shop`;
const NETWORK = {
  Vpcs: [{ VpcId: 'vpc-abcdefab012345678', OwnerId: ACCOUNT, CidrBlock: '172.31.0.0/16' }],
  Subnets: [
    {
      SubnetId: 'subnet-aaaaaaaa012345678',
      VpcId: 'vpc-abcdefab012345678',
      CidrBlock: '172.31.16.0/20',
      AvailabilityZone: 'us-east-1a',
      AvailabilityZoneId: 'use1-az1',
    },
  ],
  RouteTables: [
    {
      RouteTableId: 'rtb-0123456789abcdef0',
      VpcId: 'vpc-abcdefab012345678',
      Associations: [{ Main: true, RouteTableId: 'rtb-0123456789abcdef0' }],
      Routes: [
        { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0123456789abcdef0' },
      ],
    },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1235b8ca123456789',
      OwnerId: ACCOUNT,
      VpcId: 'vpc-abcdefab012345678',
      SubnetId: 'subnet-aaaaaaaa012345678',
      PrivateIpAddress: '172.31.16.21',
      Attachment: { InstanceId: 'i-01234567890123456' },
      TagSet: [{ Key: 'Name', Value: 'web' }],
    },
    {
      NetworkInterfaceId: 'eni-2235b8ca123456789',
      OwnerId: ACCOUNT,
      VpcId: 'vpc-abcdefab012345678',
      SubnetId: 'subnet-aaaaaaaa012345678',
      PrivateIpAddress: '172.31.16.139',
    },
  ],
  Instances: [{ InstanceId: 'i-01234567890123456', InstanceType: 'm5.large', Tags: [{ Key: 'Name', Value: 'web' }] }],
  EcsTasks: [
    {
      taskArn: `arn:aws:ecs:us-east-1:${ACCOUNT}:task/shop/0123456789abcdef`,
      clusterArn: CLUSTER,
      taskDefinitionArn: `arn:aws:ecs:us-east-1:${ACCOUNT}:task-definition/web:7`,
      group: 'service:web',
      containers: [{ runtimeId: '0123456789abcdef-111' }],
      attachments: [
        {
          type: 'ElasticNetworkInterface',
          details: [{ name: 'networkInterfaceId', value: 'eni-1235b8ca123456789' }],
        },
      ],
    },
  ],
};

/** 2024-12-14 04:06:00 UTC: a window of 60 s begins there. */
const AT_MICROS = 1_734_149_160_000_000;
const OWN = 'eni-1235b8ca123456789';
const ACCEPTED: Omit<Decision, 'interface'> = {
  direction: 'ingress',
  action: 'ACCEPT',
  stage: 'sg-ingress',
  rule: 0,
  rejectReason: null,
  source: 'model',
};

type Flow = {
  readonly from: string;
  readonly ports: readonly [from: number, to: number];
  readonly packets: number;
  readonly bytes: number;
  readonly tcpFlags: number;
  readonly decision: Omit<Decision, 'interface'>;
};
const FLOWS: readonly Flow[] = [
  {
    from: '172.31.16.139',
    ports: [20_641, 443],
    packets: 20,
    bytes: 4249,
    tcpFlags: 3,
    decision: ACCEPTED,
  },
  {
    from: '203.0.113.12',
    ports: [49_761, 3389],
    packets: 1,
    bytes: 60,
    tcpFlags: 2,
    decision: { ...ACCEPTED, action: 'REJECT' },
  },
];

let made: VpcSnapshot | null = null;

/** The lines, without newlines. */
export function exampleLines(format: LogFormat): string[] {
  const snapshot = (made ??= compileSnapshot(readModel([{ name: 'the example', json: NETWORK }]), {
    version: 1,
    atMicros: 0,
  }));
  const at = snapshot.interfaces.findIndex(({ id }) => id === OWN);
  const decisions = createDecisionTable();
  const capacity = 8;
  const head = { snapshotVersion: 1, windowStartSeconds: AT_MICROS / 1e6, intervalSeconds: 60, open: false };
  const batch = flowBatchOver(new ArrayBuffer(flowBatchBytes(capacity)), head, FLOWS.length + 1, capacity);
  const to = parseAddress('172.31.16.21')!;
  for (const [row, flow] of FLOWS.entries()) {
    const from = parseAddress(flow.from)!;
    batch.decision[row] = decisions.numberOf({ ...flow.decision, interface: at });
    batch.family[row] = 4;
    batch.src.set(from.words, row * 4);
    batch.dst.set(to.words, row * 4);
    batch.protocol[row] = 6;
    batch.ports[row] = (flow.ports[0] * 65_536 + flow.ports[1]) >>> 0;
    batch.packets[row] = flow.packets;
    batch.bytes[row] = flow.bytes;
    batch.tcpFlags[row] = flow.tcpFlags;
    batch.firstMicros[row] = AT_MICROS;
    batch.lastMicros[row] = AT_MICROS + (flow.packets > 1 ? 57_000_000 : 0);
  }
  const last = FLOWS.length;
  batch.status[last] = STATUS_NODATA;
  batch.decision[last] = decisions.numberOf({
    ...ACCEPTED,
    interface: at,
    direction: null,
    action: null,
    stage: 'not-judged',
  });
  batch.firstMicros[last] = AT_MICROS;
  batch.lastMicros[last] = AT_MICROS + 59_000_000;
  const block = createTextBlock(4096);
  const flowLog: FlowLog = {
    id: 'fl-0123456789abcdef0',
    accountId: ACCOUNT,
    region: 'us-east-1',
    resourceId: 'vpc-abcdefab012345678',
    interfaces: [at],
    tagKeys: [
      { kind: 'instance', keys: ['Name'] },
      { kind: 'network-interface', keys: ['Name'] },
    ],
    traffic: 'ALL',
    intervalSeconds: 60,
    format: format.text,
    destination: { type: 's3', bucket: 'local', prefix: '', fileFormat: 'plain-text', hive: false, hourly: false },
    tags: {},
    createdSeconds: null,
  };
  createPrinter({ format, flowLog, snapshot, decisions, ranges: builtInRanges(), perInterface: false }).print(
    batch,
    () => block,
  );
  return new TextDecoder().decode(block.bytes.subarray(0, block.length)).split('\n').slice(0, -1);
}
