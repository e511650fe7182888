import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSnapshot, readModel } from '../network/vpc/model.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { absentFields } from './absent-fields.ts';
import { DEFAULT_FORMAT } from './format.ts';
import { builtInRanges } from './service-names.ts';

const VPC = { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId: '123456789012' };
const SUBNET = { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24', AvailabilityZoneId: 'use1-az1' };
const INTERFACE = {
  NetworkInterfaceId: 'eni-1',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  OwnerId: '123456789012',
  PrivateIpAddress: '10.0.1.10',
  TagSet: [{ Key: 'team', Value: 'net' }],
};

/** Names of the fields that this model cannot fill, with a flow log that chose these tag keys. */
function absent(model: object, interfaceTagKeys: readonly string[] = []): string[] {
  const snapshot = compileSnapshot(readModel([{ name: 'model', json: model }]), { version: 1, atMicros: 0 });
  const flowLog: FlowLog = {
    id: 'fl-1',
    accountId: '123456789012',
    region: 'us-east-1',
    resourceId: 'vpc-1',
    interfaces: [1],
    tagKeys: interfaceTagKeys.length === 0 ? [] : [{ kind: 'network-interface', keys: interfaceTagKeys }],
    traffic: 'ALL',
    intervalSeconds: 60,
    format: DEFAULT_FORMAT,
    destination: { type: 's3', bucket: 'local', prefix: '', fileFormat: 'plain-text', hive: false, hourly: false },
    tags: {},
    createdSeconds: null,
  };
  return absentFields([{ snapshot, flowLog, ranges: builtInRanges(), version: 2 }]).map(({ name }) => name);
}

test('what every packet has is never absent, what no interface of the model has always is', () => {
  const names = absent({ Vpcs: [VPC], Subnets: [SUBNET], NetworkInterfaces: [INTERFACE] });
  for (const name of [
    'srcaddr',
    'bytes',
    'action',
    'type',
    'vpc-id',
    'az-id',
    'pkt-src-aws-service',
    'next-hop-vpc-id',
  ])
    assert.ok(!names.includes(name), name);
  for (const name of ['instance-id', 'ecs-task-id', 'reject-reason', 'x-rule-id', 'tgw-id'])
    assert.ok(names.includes(name), name);
});

test('a tag field is filled when its key was chosen and an interface has the tag', () => {
  const model = { NetworkInterfaces: [INTERFACE] };
  assert.ok(absent(model).includes('interface-tag'));
  assert.ok(!absent(model, ['team']).includes('interface-tag'));
  assert.ok(absent(model, ['team']).includes('interface-tag-2'));
});

test('a VPC with its local route fills traffic-path, groups fill the rule', () => {
  assert.ok(
    absent({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.1.10' }] }).includes(
      'traffic-path',
    ),
  );
  const names = absent({
    Vpcs: [VPC],
    Subnets: [SUBNET],
    NetworkInterfaces: [{ ...INTERFACE, Groups: [{ GroupId: 'sg-1' }] }],
    SecurityGroups: [
      {
        GroupId: 'sg-1',
        VpcId: 'vpc-1',
        IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      },
    ],
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }],
      },
    ],
  });
  assert.ok(!names.includes('traffic-path'));
  assert.ok(!names.includes('x-rule-id'));
});
