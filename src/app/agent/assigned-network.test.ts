import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostAssignment } from '../../api/agents.ts';
import { createAssignedNetworks } from './assigned-network.ts';

const T = 1_795_435_200_000_000;
const SECOND = 1_000_000;
const eth0 = { name: 'eth0' };

const flowLog = (id: string): HostAssignment['network']['flowLogs'][number]['held'][number] => ({
  account: '111122223333',
  region: 'eu-west-1',
  item: {
    FlowLogId: id,
    ResourceId: 'vpc-1',
    TrafficType: 'ALL',
    LogDestinationType: 's3',
    LogDestination: 'arn:aws:s3:::logs',
    LogFormat: '${srcaddr}',
    MaxAggregationInterval: 60,
  },
});
const eni = (id: string): object => ({ NetworkInterfaceId: id, VpcId: 'vpc-1', SubnetId: 'subnet-1' });

function assignment(
  version: string,
  interfaces: readonly string[],
  flowLogs: HostAssignment['network']['flowLogs'] = [{ fromMicros: 0, held: [flowLog('fl-1')] }],
  sinceMicros = T,
): HostAssignment {
  const model = {
    Vpcs: [{ VpcId: 'vpc-1' }],
    Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }],
    NetworkInterfaces: interfaces.map(eni),
  };
  const devices = [{ device: 'eth0', interfaceId: 'eni-1' }];
  const network = { ownVpcId: 'vpc-0', model, flowLogs };
  return { format: 1, version, sinceMicros, host: 'web-1', devices, network };
}

test('where nothing is assigned there is a network without anything, once', () => {
  const networks = createAssignedNetworks();
  const [first, ...more] = networks.look([eth0], T);
  assert.deepEqual([first?.devices, first?.snapshot.flowLogs, more.length], [[], [], 0]);
  assert.deepEqual(networks.look([eth0], T + SECOND), []);
});

test('interfaces keep their numbers from one assignment to the next, in whatever order a server names them', () => {
  const networks = createAssignedNetworks();
  const numbers = (ids: readonly string[], version: string): unknown =>
    networks
      .assign(assignment(version, ids), [eth0], T + SECOND)
      .at(-1)!
      .snapshot.interfaces.filter(({ number }) => number > 0)
      .map(({ id, number }) => [id, number]);
  assert.deepEqual(numbers(['eni-1', 'eni-2'], 'a'), [
    ['eni-1', 1],
    ['eni-2', 2],
  ]);
  const after = new Map(numbers(['eni-0', 'eni-2', 'eni-1'], 'b') as [string, number][]);
  assert.deepEqual([after.get('eni-1'), after.get('eni-2'), after.get('eni-0')], [1, 2, 3]);
});

test('a flow log that begins at a time to come begins then, without the server, and is of its account', () => {
  const networks = createAssignedNetworks();
  const atMicros = T + 60 * SECOND;
  const stages = [
    { fromMicros: 0, held: [flowLog('fl-1')] },
    { fromMicros: atMicros, held: [flowLog('fl-2')] },
  ];
  networks.assign(assignment('a', ['eni-1'], stages), [eth0], T + SECOND);
  assert.deepEqual(networks.look([eth0], atMicros - 1), []);
  const [then, ...more] = networks.look([eth0], atMicros + 5 * SECOND);
  assert.equal(more.length, 0);
  assert.equal(then!.snapshot.validFromMicros, atMicros);
  assert.deepEqual(
    then!.snapshot.flowLogs.map(({ id, accountId, region }) => [id, accountId, region]),
    [['fl-2', '111122223333', 'eu-west-1']],
  );
  // Started again after that time, from what was kept.
  const again = createAssignedNetworks();
  const [kept] = again.assign(assignment('a', ['eni-1'], stages), [eth0], atMicros + 9 * SECOND);
  assert.deepEqual(
    kept!.snapshot.flowLogs.map(({ id }) => id),
    ['fl-2'],
  );
});

test('a change holds from when it came to be so, and at most two seconds before it is known', () => {
  const networks = createAssignedNetworks();
  const from = (version: string, sinceMicros: number, nowMicros: number): number =>
    networks.assign(assignment(version, ['eni-1'], undefined, sinceMicros), [eth0], nowMicros).at(-1)!.snapshot
      .validFromMicros;
  assert.equal(from('a', T - 3600 * SECOND, T), T, 'the first holds from now on');
  assert.equal(from('b', T + 10 * SECOND, T + 10 * SECOND + 70_000), T + 10 * SECOND);
  assert.equal(from('c', T + 11 * SECOND, T + 3600 * SECOND), T + 3598 * SECOND);
  assert.equal(from('d', T + 9999 * SECOND, T + 3601 * SECOND), T + 3601 * SECOND, 'a clock that is ahead');
  assert.equal(from('e', T, T), T + 3601 * SECOND + 1, 'a clock that went back');
});

test('a device that comes and goes is tied and untied', () => {
  const networks = createAssignedNetworks();
  const devices = (there: readonly { name: string }[], at: number) =>
    networks.look(there, T + at * SECOND).map((one) => one.devices);
  assert.deepEqual(networks.assign(assignment('a', ['eni-1']), [], T).at(-1)!.devices, []);
  assert.deepEqual(devices([eth0, { name: 'eth1' }], 1), [[['eth0', 'eni-1']]]);
  assert.deepEqual(devices([eth0], 2), []);
  assert.deepEqual(devices([], 3), [[]]);
});

test('an assignment that cannot be compiled is not followed, and the one before stays', () => {
  const networks = createAssignedNetworks();
  networks.assign(assignment('a', ['eni-1']), [eth0], T);
  const wrong = assignment('b', ['eni-1']);
  const broken = { ...wrong, network: { ...wrong.network, model: { NetworkInterfaces: [{ NetworkInterfaceId: 7 }] } } };
  assert.throws(() => networks.assign(broken, [eth0], T + SECOND), {
    code: 'FG_MODEL_VALUE',
    message: /the assignment/,
  });
  assert.equal(networks.assignment?.version, 'a');
  assert.deepEqual(networks.look([eth0], T + 2 * SECOND), []);
});
