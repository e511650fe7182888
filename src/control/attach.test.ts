import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { recordAnswers } from '../storage/state/record-answers.ts';
import { openDevices } from '../storage/state/devices.ts';
import { openState } from '../storage/state/state-file.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { attachDevice, detachDevice } from './attach.ts';
import { ACCOUNT, pretendEc2, REGION } from './ec2/ec2.fixture.ts';
import type { Pretended } from './ec2/ec2.fixture.ts';

const NOW = new Date('2026-11-30T02:00:00Z');
let ec2: Pretended;
let state: StateFile;
beforeEach(async () => {
  ec2 = await pretendEc2();
  ec2.put('NetworkInterfaces', [{ NetworkInterfaceId: 'eni-0a' }, { NetworkInterfaceId: 'eni-0b' }]);
  state = openState(ec2.path, false);
});
afterEach(async () => {
  state.close();
  await ec2.close();
});

const audit = (): unknown[] =>
  state.database
    .prepare("SELECT action, principal, account, region, parameters FROM audit WHERE action LIKE '%Device'")
    .all();
const devices = (): string[] =>
  openDevices(state)
    .list()
    .map(({ device, interfaceId }) => `${device} ${interfaceId}`);

test('an interface is tied to a device and untied, each with an audit row', () => {
  const tied = { host: null, device: 'lo', interfaceId: 'eni-0a', account: ACCOUNT, region: REGION };
  assert.deepEqual(attachDevice(state, 'eni-0a', 'lo', NOW), { ...tied, present: true });
  assert.deepEqual(openDevices(state).list(), [tied]);
  assert.deepEqual(detachDevice(state, 'eni-0a', NOW), tied);
  assert.deepEqual(openDevices(state).list(), []);
  const row = { account: ACCOUNT, region: REGION, parameters: '{"NetworkInterfaceId":"eni-0a","Device":"lo"}' };
  assert.deepEqual(
    audit().map((one) => ({ ...(one as object) })),
    [
      { action: 'AttachDevice', principal: 'flowgauge attach', ...row },
      { action: 'DetachDevice', principal: 'flowgauge detach', ...row },
    ],
  );
});

test('an interface is one device and a device one interface; nothing is written where that is refused', () => {
  attachDevice(state, 'eni-0a', 'lo', NOW);
  assert.throws(() => attachDevice(state, 'eni-0b', 'lo', NOW), { code: 'FG_ATTACH_TAKEN', message: /detach eni-0a/ });
  assert.throws(() => attachDevice(state, 'eni-0a', 'eth7', NOW), { code: 'FG_ATTACH_TAKEN' });
  assert.throws(() => detachDevice(state, 'eni-0b', NOW), { code: 'FG_DETACH_NOTHING' });
  assert.deepEqual(devices(), ['lo eni-0a']);
  assert.equal(audit().length, 1);
});

test('devices of other hosts are theirs: the same name on two hosts is two devices', () => {
  assert.equal(attachDevice(state, 'eni-0a', 'lo', NOW, 'web-1').present, null);
  assert.throws(() => attachDevice(state, 'eni-0b', 'lo', NOW, 'web-1'), {
    code: 'FG_ATTACH_TAKEN',
    message: /lo of web-1/,
  });
  assert.throws(() => attachDevice(state, 'eni-0b', 'lo', NOW, 'web 1'), { code: 'FG_HOST_NAME' });
  attachDevice(state, 'eni-0b', 'lo', NOW);
  assert.deepEqual(
    openDevices(state)
      .list()
      .map(({ host, interfaceId }) => [host, interfaceId]),
    [
      [null, 'eni-0b'],
      ['web-1', 'eni-0a'],
    ],
  );
  assert.equal(detachDevice(state, 'eni-0a', NOW).host, 'web-1');
});

test('what is no interface, is of an imported account, or is no name of a device is refused', async () => {
  const atMicros = NOW.getTime() * 1000;
  const content = { NetworkInterfaceId: 'eni-0f', OwnerId: '999999999999' };
  const items = [{ id: 'eni-0f', content }];
  const answer = { kind: 'NetworkInterfaces', account: '999999999999', region: REGION, atMicros, whole: true, items };
  await recordAnswers(state, [answer], 'a test', atMicros);
  assert.throws(() => attachDevice(state, 'eni-0e', 'lo', NOW), { code: 'FG_ATTACH_INTERFACE' });
  assert.throws(() => attachDevice(state, 'eni-0f', 'lo', NOW), { code: 'FG_ATTACH_ACCOUNT', message: /999999999999/ });
  for (const name of ['', 'a/b', '..', 'a b', 'sixteen-bytes-xx', 'fünfzehnbytes-x', 'e:0'])
    assert.throws(() => attachDevice(state, 'eni-0a', name, NOW), { code: 'FG_DEVICE_NAME' });
});

test('a device that no rule of the kernel could name is refused before anything is changed, with its name and the way out', () => {
  for (const name of ['a"b', 'a\\b', 'a;b', 'a{b', 'a}b', 'eth*', '*'])
    assert.throws(
      () => attachDevice(state, 'eni-0a', name, NOW),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'FG_DEVICE_IN_RULES');
        assert.ok(error.message.includes(name) && error.message.includes('ip link set dev'), error.message);
        return true;
      },
    );
  assert.deepEqual([devices(), audit()], [[], []]);
  // nftables takes these as they are.
  attachDevice(state, 'eni-0a', "a*b'#$", NOW);
  attachDevice(state, 'eni-0b', 'fünf@é', NOW);
  assert.deepEqual(devices().sort(), ["a*b'#$ eni-0a", 'fünf@é eni-0b']);
});

test('a device that is not there is tied all the same, and the interface that went makes room', async () => {
  assert.equal(attachDevice(state, 'eni-0a', 'fgnone0', NOW).present, false);
  ec2.remove('NetworkInterfaces', 'eni-0a');
  assert.deepEqual(devices(), []);
  attachDevice(state, 'eni-0b', 'fgnone0', NOW);
  assert.deepEqual(devices(), ['fgnone0 eni-0b']);
});

test('the command line ties beside a process that has the file open', async () => {
  const run = (...args: string[]): Promise<{ code: number; out: string; told: string }> =>
    new Promise((resolve) => {
      const program = join(import.meta.dirname, '../../bin/flowgauge');
      execFile(program, [...args, '--data', dirname(ec2.path)], (error, out, told) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, told });
      });
    });
  const done = await run('attach', 'eni-0a', 'fgnone0');
  assert.deepEqual([done.code, done.out], [0, `eni-0a of account ${ACCOUNT} in ${REGION} is fgnone0.\n`]);
  assert.match(done.told, /no device fgnone0 now/);
  assert.deepEqual(JSON.parse((await run('attach', '--json')).out), [
    { host: null, device: 'fgnone0', interfaceId: 'eni-0a', account: ACCOUNT, region: REGION },
  ]);
  assert.equal((await run('attach', 'eni-0a')).code, 2);
  const refused = await run('attach', 'eni-0c', 'lo');
  assert.deepEqual([refused.code, refused.told.includes('FG_ATTACH_INTERFACE')], [2, true]);
  assert.equal((await run('detach', 'eni-0a')).out, 'eni-0a is no longer fgnone0.\n');
});
