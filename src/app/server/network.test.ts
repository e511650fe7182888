import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { HostDevice } from '../../collect/capture/devices.ts';
import { attachDevice } from '../../control/attach.ts';
import { addKey } from '../../control/keys.ts';
import { replaceFlowLog } from '../../control/replace.ts';
import type { DestinationSpec } from '../../network/vpc/snapshot.ts';
import { DEFAULT_FORMAT } from '../../record/format.ts';
import { openAudit } from '../../storage/state/audit.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { lastChange } from '../../storage/state/last-change.ts';
import type { CurrentFacts, Item } from '../../storage/state/current-facts.ts';
import { openState } from '../../storage/state/state-file.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import type { Network } from '../collector/coverage.ts';
import { hostVpcId } from '../collector/host-model.ts';
import type { HostFactsOptions } from './host-facts.ts';
import { makeFirstFlowLog, writeHostFacts } from './host-facts.ts';
import type { NetworkFollower } from './network.ts';
import { followNetwork } from './network.ts';

const [ACCOUNT, OTHER, REGION] = ['111122223333', '444455556666', 'eu-west-1'];
const HOST = 'a'.repeat(32);
const START = 1_795_435_200_000;
const LOCAL: DestinationSpec = {
  type: 's3',
  bucket: 'local',
  prefix: '',
  fileFormat: 'plain-text',
  hive: false,
  hourly: false,
};

let directory: string;
let state: StateFile;
let facts: CurrentFacts;
let millis: number;

const device = (name: string, address: string, ifindex = 2): HostDevice => ({
  name,
  ifindex,
  mac: `02:00:00:00:00:0${ifindex}`,
  addresses: [{ family: 4, address, prefixLength: 24 }],
  bridge: null,
  loopback: false,
});
const ETH0 = device('eth0', '10.0.1.5');
const ETH1 = device('eth1', '10.0.2.5', 3);

function options(accountId = ACCOUNT): HostFactsOptions {
  return { hostId: HOST, accountId, region: REGION, facts, audit: openAudit(state), now: () => new Date(millis) };
}
function follower(accountId = ACCOUNT): NetworkFollower {
  const keep = (devices: readonly HostDevice[]) => writeHostFacts(options(accountId), devices);
  return followNetwork({ state, facts, vpcId: hostVpcId(HOST), keep });
}
/** A look a second later. */
function look(at: NetworkFollower, ...devices: readonly HostDevice[]): readonly Network[] {
  millis += 1000;
  return at.look(devices, millis * 1000);
}
const items = (kind: string, account = ACCOUNT): readonly Item[] => facts.scope(account, REGION).list(kind);
const interfaceAt = (address: string): Item | undefined =>
  items('NetworkInterfaces').find((item) => item['PrivateIpAddress'] === address);
const changes = (): number => Number(state.database.prepare('SELECT count(*) AS n FROM audit').get()?.['n']);
function change(work: (scope: ReturnType<CurrentFacts['scope']>) => void): void {
  millis += 1000;
  facts.change(
    millis * 1000,
    () => work(facts.scope(ACCOUNT, REGION)),
    () => {},
  );
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flowgauge-network-'));
  state = openState(join(directory, 'state.sqlite'), true);
  millis = START;
  for (const account of [ACCOUNT, OTHER])
    addKey(state, { account, role: 'operate', forSeconds: null }, new Date(START));
  facts = openCurrentFacts(state);
});
afterEach(() => {
  state.close();
  rmSync(directory, { recursive: true });
});

test('the devices of a host become facts, and the network of these facts lets all pass', () => {
  const [network, ...more] = look(follower(), ETH0, ETH1);
  assert.equal(more.length, 0);
  const [eni0, eni1] = [interfaceAt('10.0.1.5'), interfaceAt('10.0.2.5')];
  assert.deepEqual(
    [eni0?.['MacAddress'], eni1?.['MacAddress'], items('NetworkInterfaces').length],
    ['02:00:00:00:00:02', '02:00:00:00:00:03', 2],
  );
  assert.deepEqual(network?.devices, [
    ['eth0', eni0?.['NetworkInterfaceId']],
    ['eth1', eni1?.['NetworkInterfaceId']],
  ]);
  const { snapshot } = network;
  assert.deepEqual(snapshot.notUnderstood, []);
  assert.deepEqual(
    snapshot.vpcs
      .slice(1)
      .map(({ id, accountId, region, hidesNeverLogged }) => [id, accountId, region, hidesNeverLogged]),
    [[hostVpcId(HOST), ACCOUNT, REGION, false]],
  );
  const [, group] = snapshot.groups;
  assert.equal(group?.ingress.length, 2);
  assert.deepEqual(
    snapshot.subnets.slice(1).map(({ acl }) => snapshot.acls[acl]?.ingress.map((rule) => snapshot.rules[rule]?.allow)),
    [
      [true, true, false],
      [true, true, false],
    ],
  );
});

test('a restart finds the same host: nothing is written and no id is another', () => {
  const [before] = look(follower(), ETH0);
  makeFirstFlowLog(options(), { format: DEFAULT_FORMAT, destination: LOCAL });
  const [written, flowLogs] = [changes(), items('FlowLogs')];
  facts = openCurrentFacts(state);
  const [again] = look(follower(), ETH0);
  makeFirstFlowLog(options(), { format: DEFAULT_FORMAT, destination: LOCAL });
  assert.equal(changes(), written);
  assert.deepEqual(again?.devices, before?.devices);
  assert.deepEqual(items('FlowLogs'), flowLogs);
  assert.deepEqual(again?.snapshot.flowLogs[0]?.interfaces, [1]);
  assert.equal(again?.snapshot.flowLogs[0]?.accountId, ACCOUNT);
});

test('where nothing has changed there is nothing to tell', () => {
  const at = follower();
  look(at, ETH0);
  assert.deepEqual(look(at, ETH0), []);
});

test('an interface ends with its device, and is as it was when the device is back', () => {
  const at = follower();
  look(at, ETH0, ETH1);
  const eni1 = interfaceAt('10.0.2.5');
  const id = String(eni1?.['NetworkInterfaceId']);
  change((scope) => {
    scope.put('SecurityGroups', 'sg-0b', { GroupId: 'sg-0b', GroupName: 'b', VpcId: eni1!['VpcId'], OwnerId: ACCOUNT });
    scope.put('NetworkInterfaces', id, { ...eni1, Groups: [{ GroupId: 'sg-0b' }], TagSet: [{ Key: 'k', Value: 'v' }] });
  });
  const [changed] = look(at, ETH0, ETH1);
  const number = changed!.snapshot.interfaces.findIndex((one) => one.id === id);
  const [without] = look(at, ETH0);
  assert.deepEqual(without?.devices.length, 1);
  assert.deepEqual(without?.snapshot.interfaces[number]?.addresses, []);
  assert.equal(items('NetworkInterfaces').length, 1);
  const moved = { ...ETH1, addresses: [{ family: 4, address: '10.0.2.9', prefixLength: 24 }] } as const;
  const [back] = look(at, ETH0, moved);
  assert.equal(back?.snapshot.interfaces[number]?.id, id);
  const item = facts.scope(ACCOUNT, REGION).get('NetworkInterfaces', id);
  assert.deepEqual(item?.['Groups'], [{ GroupId: 'sg-0b' }]);
  assert.deepEqual(item?.['TagSet'], [{ Key: 'k', Value: 'v' }]);
  assert.equal(item?.['PrivateIpAddress'], '10.0.2.9');
});

test('what was revoked stays so while devices come and go, and rules keep their numbers', () => {
  const at = follower();
  const [first] = look(at, ETH0);
  const rule = first!.snapshot.rules.findIndex(({ direction, id }) => direction === 'ingress' && id.startsWith('sgr-'));
  const { id } = first!.snapshot.rules[rule]!;
  change((scope) => scope.remove('SecurityGroupRules', id));
  const [revoked] = look(at, ETH0);
  assert.deepEqual(revoked?.snapshot.groups[1]?.ingress.length, 1);
  assert.equal(revoked?.snapshot.rules[rule]?.id, id);
  const [later] = look(at, ETH0, ETH1);
  assert.deepEqual(later?.snapshot.groups[1]?.ingress.length, 1);
});

test('a device that was attached is that interface and none of the host, until it is detached', () => {
  const at = follower();
  const [first] = look(at, ETH0, ETH1);
  change((scope) =>
    scope.put('NetworkInterfaces', 'eni-0a', { NetworkInterfaceId: 'eni-0a', VpcId: 'vpc-0a', SubnetId: 'subnet-0a' }),
  );
  const other = openState(state.path, false);
  attachDevice(other, 'eni-0a', 'eth1', new Date(millis));
  other.close();
  const [attached] = look(at, ETH0, ETH1);
  assert.deepEqual(attached?.devices, [first!.devices[0], ['eth1', 'eni-0a']]);
  assert.ok(lastChange(state) > first!.changedMicros);
  assert.ok(attached.changedMicros >= lastChange(state), 'it has that change');
  assert.equal(items('NetworkInterfaces').length, 2, 'that of eth0 and the one that was attached');
  const [absent] = look(at, ETH0);
  assert.deepEqual(absent?.devices, [first!.devices[0]]);
});

test('the first flow log is made once: deleted it stays so, with other settings it is replaced', () => {
  look(follower(), ETH0);
  const settings = { format: DEFAULT_FORMAT, destination: LOCAL };
  makeFirstFlowLog(options(), settings);
  const id = (): string | undefined => items('FlowLogs')[0]?.['FlowLogId'] as string | undefined;
  const first = id();
  const group: DestinationSpec = { type: 'cloud-watch-logs', logGroup: '/host', roleArn: null };
  makeFirstFlowLog(options(), { ...settings, destination: group });
  assert.equal(items('FlowLogs').length, 1);
  assert.notEqual(id(), first);
  assert.equal(items('FlowLogs')[0]?.['LogGroupName'], '/host');
  change((scope) => scope.remove('FlowLogs', id()!));
  makeFirstFlowLog(options(), settings);
  assert.deepEqual(items('FlowLogs'), []);
});

test('a successor comes with a network of the boundary at which it takes over', () => {
  const at = follower();
  look(at, ETH0);
  makeFirstFlowLog(options(), { format: DEFAULT_FORMAT, destination: LOCAL });
  look(at, ETH0);
  const [old] = items('FlowLogs');
  const other = openState(state.path, false);
  const difference = { logFormat: '${version} ${interface-id}' };
  const { successor, atSeconds } = replaceFlowLog(other, String(old?.['FlowLogId']), difference, new Date(millis));
  other.close();
  const idsOf = (networks: readonly Network[]): unknown[] =>
    networks.map(({ snapshot }) => [snapshot.validFromMicros, snapshot.flowLogs.map((flowLog) => flowLog.id)]);
  const told = look(at, ETH0);
  assert.deepEqual(
    told.map(({ snapshot }) => snapshot.flowLogs.map((flowLog) => flowLog.id)),
    [[old?.['FlowLogId']]],
  );
  millis = atSeconds * 1000 - 1500;
  assert.deepEqual(look(at, ETH0), []);
  assert.deepEqual(idsOf(look(at, ETH0)), [[atSeconds * 1e6, [successor]]]);
});

test('with another account in the settings the host goes there, its flow log too', () => {
  const [before] = look(follower(), ETH0);
  makeFirstFlowLog(options(), { format: DEFAULT_FORMAT, destination: LOCAL });
  const [flowLog] = items('FlowLogs');
  const at = follower(OTHER);
  const [after] = look(at, ETH0);
  assert.deepEqual(after?.devices, before?.devices);
  for (const kind of ['Vpcs', 'NetworkInterfaces', 'SecurityGroupRules', 'FlowLogs', 'NetworkAcls'])
    assert.deepEqual(items(kind), [], kind);
  assert.deepEqual(items('FlowLogs', OTHER), [flowLog]);
  assert.equal(after?.snapshot.flowLogs[0]?.accountId, OTHER);
  assert.equal(after?.snapshot.interfaces[1]?.accountId, OTHER);
  makeFirstFlowLog(options(OTHER), { format: DEFAULT_FORMAT, destination: LOCAL });
  assert.equal(items('FlowLogs', OTHER).length, 1);
});
