import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { listDevices } from './devices.ts';

void test('lists every device that the system gives addresses to, with each of them', () => {
  const devices = listDevices();
  for (const [name, infos] of Object.entries(networkInterfaces())) {
    const device = devices.find((one) => one.name === name.split(':')[0]);
    for (const { address, cidr } of infos ?? []) {
      const found = device?.addresses.find((one) => one.address === address.split('%')[0]);
      assert.equal(found?.prefixLength, Number(cidr!.split('/')[1]), `${name} ${address}`);
    }
  }
});

void test(
  'says which device is the loopback, and orders by kernel index',
  { skip: process.platform !== 'linux' },
  () => {
    const devices = listDevices();
    const lo = devices.find(({ name }) => name === 'lo');
    assert.deepEqual([lo?.loopback, lo?.mac], [true, null]);
    const indexes = devices.map(({ ifindex }) => ifindex);
    assert.deepEqual(
      indexes,
      [...indexes].sort((a, b) => a - b),
    );
    assert.ok(devices.every(({ name, loopback }) => loopback === (name === 'lo')));
  },
);
