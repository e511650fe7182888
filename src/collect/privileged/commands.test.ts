import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommand } from './commands.ts';

const START = { do: 'start', devices: 'any', snapLength: 256, fifo: '/run/x/packets' };

void test('takes may, start, flush and stop', () => {
  assert.deepEqual(readCommand(START), START);
  assert.deepEqual(readCommand({ ...START, devices: 'eth0.100', more: 1 }), { ...START, devices: 'eth0.100' });
  assert.deepEqual(readCommand({ do: 'flush' }), { do: 'flush' });
  assert.deepEqual(readCommand({ do: 'may', more: 1 }), { do: 'may' });
  assert.deepEqual(readCommand({ do: 'stop' }), { do: 'stop', now: false });
  assert.deepEqual(readCommand({ do: 'stop', now: true }), { do: 'stop', now: true });
});

void test('takes nothing else', () => {
  const refused: unknown[] = [
    null,
    'stop',
    {},
    { do: 'run', program: '/bin/sh' },
    { do: 'start' },
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
