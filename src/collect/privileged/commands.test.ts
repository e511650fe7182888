import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommand } from './commands.ts';

const START = { do: 'start', name: 'packets', devices: 'any', snapLength: 256, fifo: '/run/x/packets' };

void test('takes may, hold, start and stop', () => {
  assert.deepEqual(readCommand(START), START);
  assert.deepEqual(readCommand({ ...START, devices: 'eth0.100', more: 1 }), { ...START, devices: 'eth0.100' });
  assert.deepEqual(readCommand({ ...START, only: [3, 17] }), { ...START, only: [3, 17] });
  assert.deepEqual(readCommand({ ...START, name: 'packets-12' }), { ...START, name: 'packets-12' });
  const name = 'rejects';
  assert.deepEqual(readCommand({ do: 'hold', name, fifo: '/run/x' }), { do: 'hold', name, fifo: '/run/x' });
  assert.deepEqual(readCommand({ do: 'may', more: 1 }), { do: 'may' });
  assert.deepEqual(readCommand({ do: 'stop', name }), { do: 'stop', name, now: false });
  assert.deepEqual(readCommand({ do: 'stop', name, now: true }), { do: 'stop', name, now: true });
});

void test('takes nothing else', () => {
  const refused: unknown[] = [
    null,
    'stop',
    {},
    { do: 'run', program: '/bin/sh' },
    { do: 'start' },
    { do: 'stop' },
    { do: 'hold', name: 'packets' },
    { ...START, name: 'others' },
    { ...START, name: 'packets-0' },
    { ...START, name: 'packets-1 ' },
    { ...START, only: '3' },
    { ...START, only: [0] },
    { ...START, only: ['3 or port 22'] },
    { ...START, only: Array.from({ length: 201 }, () => 1) },
    { ...START, devices: 'eth0', only: [3] },
    { ...START, devices: '-w/etc/passwd' },
    { ...START, devices: 'eth0 -z' },
    { ...START, devices: '../eth0' },
    { ...START, devices: '' },
    { ...START, devices: 'sixteen-letters-' },
    { ...START, snapLength: 1.5 },
    { ...START, snapLength: '256' },
    { ...START, snapLength: 1_000_000 },
    { ...START, fifo: 'packets' },
    { ...START, fifo: '/run/\0' },
  ];
  for (const message of refused) assert.equal(readCommand(message), null, JSON.stringify(message));
});
