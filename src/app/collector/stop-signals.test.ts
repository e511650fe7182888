import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { onStopSignals } from './stop-signals.ts';

function world(): { signals: EventEmitter; said: string[]; at: (millis: number) => void; off: () => void } {
  const signals = new EventEmitter();
  const said: string[] = [];
  let millis = 0;
  const off = onStopSignals(() => said.push('stop'), {
    signals,
    now: () => millis,
    leave: () => void said.push('leave'),
  });
  return { signals, said, off, at: (now) => (millis = now) };
}

test('the first signal asks to stop, a second one leaves', () => {
  const { signals, said, at } = world();
  signals.emit('SIGINT');
  at(2000);
  signals.emit('SIGTERM');
  assert.deepEqual(said, ['stop', 'leave']);
});

test('a signal that comes twice at once is one request', () => {
  const { signals, said, at } = world();
  signals.emit('SIGINT');
  at(3);
  signals.emit('SIGINT');
  assert.deepEqual(said, ['stop']);
});

test('takes its listeners away', () => {
  const { signals, said, off } = world();
  off();
  signals.emit('SIGINT');
  assert.deepEqual(said, []);
});
