import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { callsOf } from './call-ec2.ts';
import { labSnapshot } from './lab-snapshot.ts';
import { makeScenario } from './make-scenario.ts';
import { routerRules } from './plan-rules.ts';
import type { Plan } from './plan.ts';
import { heldDevices, planLab, tiesOf } from './plan.ts';
import { servedOf } from './scenario.ts';
import { SCENARIOS } from './scenarios/list.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-lab-'));
after(() => rmSync(directory, { recursive: true }));

/** The plan of a scenario, after calls that change its network. */
async function planOf(name: string, ...calls: [operation: string, request: object][]): Promise<Plan> {
  const scenario = SCENARIOS.find((one) => one.name === name)!;
  const at = join(mkdtempSync(join(directory, name)), 'lab');
  await makeScenario(at, scenario);
  const state = openState(statePath(at), false);
  const call = callsOf(state, 'test');
  for (const [operation, request] of calls) await call(operation, request);
  const plan = planLab(labSnapshot(openCurrentFacts(state), undefined, Date.now() * 1000), scenario.outside);
  state.close();
  return plan;
}

const addressOf = (plan: Plan, name: string, six = false): string =>
  plan.hosts.find((host) => host.name === name)!.ports[0]!.addresses.find((one) => one.includes(':') === six)!;
const wayOf = ({ routes }: Plan, from: string, to: string): string | null => {
  const found = routes.find((route) => route.from === from && route.to === to);
  return found === undefined ? null : `${found.device}${found.via === null ? '' : ` via ${found.via}`}`;
};

test('is a host for each instance, with the device that its name says', async () => {
  const plan = await planOf('three-tier');
  assert.deepEqual(
    plan.hosts
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, kind, ports }) => [name, kind, ports.map(({ device }) => device).join()]),
    [
      ['i-app', 'instance', 'eni-app'],
      ['i-bastion', 'instance', 'eni-bastion'],
      ['i-db', 'instance', 'eni-db'],
      ['i-dns', 'instance', 'eni-dns'],
      ['i-web', 'instance', 'eni-web'],
      ['internet', 'outside', 'out-internet'],
      ['office', 'outside', 'out-office'],
      ['scanner', 'outside', 'out-scanner'],
    ],
  );
  assert.deepEqual(plan.notes, []);
});

test('reaches from the internet what has a public address and a route to it, and nothing else', async () => {
  const plan = await planOf('three-tier');
  assert.equal(wayOf(plan, 'out-internet', addressOf(plan, 'i-web')), 'eni-web');
  assert.equal(wayOf(plan, 'out-internet', addressOf(plan, 'i-web', true)), 'eni-web');
  assert.equal(wayOf(plan, 'out-internet', addressOf(plan, 'i-db')), null);
  assert.equal(wayOf(plan, 'out-internet', addressOf(plan, 'i-db', true)), null);
  assert.equal(wayOf(plan, 'eni-db', addressOf(plan, 'internet')), null);
  assert.equal(plan.translations.length, 2);
});

test('has no host any more for an instance that was terminated, though its interface keeps its number', async () => {
  const at = join(mkdtempSync(join(directory, 'gone')), 'lab');
  const scenario = SCENARIOS.find(({ name }) => name === 'three-tier')!;
  await makeScenario(at, scenario);
  const state = openState(statePath(at), false);
  const before = labSnapshot(openCurrentFacts(state), undefined, Date.now() * 1000);
  const app = planLab(before, scenario.outside).hosts.find(({ name }) => name === 'i-app')!;
  await callsOf(state, 'test')('TerminateInstances', { InstanceIds: [app.id] });
  const facts = openCurrentFacts(state);
  const after = planLab(labSnapshot(facts, before, Math.max(Date.now() * 1000, facts.lastMicros)), scenario.outside);
  state.close();
  assert.equal(
    after.hosts.some(({ name }) => name === 'i-app'),
    false,
  );
  assert.equal(after.routes.filter(({ from, device }) => [from, device].includes('eni-app')).length, 0);
});

test('goes over a peering connection only where a route says so', async () => {
  const plan = await planOf('two-vpc-peering');
  assert.equal(wayOf(plan, 'eni-till', addressOf(plan, 'i-orphan')), 'eni-orphan');
  assert.equal(wayOf(plan, 'eni-orphan', addressOf(plan, 'i-till')), null);
  assert.equal(wayOf(plan, 'eni-orphan', addressOf(plan, 'i-api')), 'eni-api');
});

test('goes to the internet by the NAT gateway, which goes by itself', async () => {
  const plan = await planOf('nat');
  const nat = addressOf(plan, 'nat');
  assert.equal(wayOf(plan, 'eni-worker', addressOf(plan, 'internet')), `eni-nat via ${nat}`);
  assert.equal(wayOf(plan, 'eni-nat', addressOf(plan, 'internet')), 'out-internet');
  assert.equal(wayOf(plan, 'eni-worker', addressOf(plan, 'internet', true)), null);
  assert.ok(plan.sources.every(({ device }) => device !== 'eni-nat'));
});

test('gives an instance whose name cannot be a device its id', async () => {
  const before = await planOf('nat');
  const worker = before.hosts.find(({ name }) => name === 'i-worker')!.id;
  const plan = await planOf('nat', [
    'CreateTags',
    { Resources: [worker], Tags: [{ Key: 'Name', Value: 'a; reboot' }] },
  ]);
  const { name, ports } = plan.hosts.find(({ id }) => id === worker)!;
  assert.equal(name, worker);
  assert.match(ports[0]!.device, /^eni-[\da-f]{11}$/);
});

test('gives one of two instances its id where their names differ in nothing but a prefix', async () => {
  const before = await planOf('nat');
  const helper = before.hosts.find(({ name }) => name === 'i-helper')!.id;
  const plan = await planOf('nat', ['CreateTags', { Resources: [helper], Tags: [{ Key: 'Name', Value: 'i-worker' }] }]);
  const names = plan.hosts.map(({ name }) => name);
  assert.ok(names.includes('i-worker') && names.includes(helper), names.join(' '));
  const devices = plan.hosts.flatMap(({ ports }) => ports.map(({ device }) => device));
  assert.equal(new Set(devices).size, devices.length, devices.join(' '));
});

test('holds a device until it is judged as its interface, also where another one had its name', async () => {
  const plan = await planOf('nat');
  const before = tiesOf(plan);
  assert.deepEqual([...heldDevices(plan, new Map())].toSorted(), [...before.keys()].toSorted());
  assert.deepEqual([...heldDevices(plan, before)], []);
  assert.deepEqual(
    [...heldDevices(plan, new Map([...before, ['eni-worker', 'eni-0fffffffffffffff']]))],
    ['eni-worker'],
  );
});

test('gives a further interface a device of its own, also where another instance is called so', async () => {
  const at = join(mkdtempSync(join(directory, 'two')), 'lab');
  const scenario = SCENARIOS.find(({ name }) => name === 'nat')!;
  await makeScenario(at, scenario);
  const state = openState(statePath(at), false);
  const call = callsOf(state, 'test');
  const hosts = planLab(labSnapshot(openCurrentFacts(state), undefined, Date.now() * 1000), scenario.outside).hosts;
  const [worker, helper] = ['i-worker', 'i-helper'].map((name) => hosts.find((host) => host.name === name)!);
  const { NetworkInterfaces } = await call<{ NetworkInterfaces: { NetworkInterfaceId: string; SubnetId: string }[] }>(
    'DescribeNetworkInterfaces',
    { NetworkInterfaceIds: [helper!.ports[0]!.interfaceId!] },
  );
  const { NetworkInterface } = await call<{ NetworkInterface: { NetworkInterfaceId: string } }>(
    'CreateNetworkInterface',
    {
      SubnetId: NetworkInterfaces[0]!.SubnetId,
    },
  );
  const { NetworkInterfaceId } = NetworkInterface;
  await call('AttachNetworkInterface', { NetworkInterfaceId, InstanceId: helper!.id, DeviceIndex: 1 });
  await call('CreateTags', { Resources: [worker!.id], Tags: [{ Key: 'Name', Value: 'helper-1' }] });
  const plan = planLab(labSnapshot(openCurrentFacts(state), undefined, Date.now() * 1000), scenario.outside);
  state.close();
  const devices = plan.hosts.flatMap(({ ports }) => ports.map(({ device }) => device));
  assert.ok(devices.includes('eni-helper-1'));
  assert.equal(new Set(devices).size, devices.length, devices.join(' '));
});

test('serves what can be served, and leaves out what a tag has beside it', () => {
  const port = (kind: string, number: number) => ({ kind, port: number });
  assert.deepEqual(servedOf('http/80  ssh/0 tcp/65536 tcp/99999 ftp/21 udp/65535 x'), [
    port('http', 80),
    port('udp', 65_535),
  ]);
});

test('translates public addresses packet by packet, and lets nobody send as another', async () => {
  const plan = await planOf('attack');
  const rules = routerRules(plan, new Set(['eni-db']));
  const [{ public4, private4 }] = plan.translations as [Plan['translations'][number]];
  assert.ok(rules.includes(`${public4} : ${private4}`));
  assert.ok(rules.includes('"eni-web" . 10.0.1.10'));
  assert.match(rules, /set held \{\n +type ifname\n +elements = \{ "eni-db" \}/);
  assert.doesNotMatch(rules, /type nat/, 'what conntrack takes for invalid would not be translated');
});
