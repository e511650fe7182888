import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Sending, Sent } from './send.ts';
import { Senders } from './senders.ts';

/** A process that sends when it is told to. */
class Slow extends EventEmitter {
  connected = true;
  readonly taken: number[] = [];
  send({ id }: Sending): void {
    this.taken.push(id);
  }
  disconnect(): void {
    this.connected = false;
  }
  finish(id: number): void {
    this.emit('message', { id, answered: true } satisfies Sent);
  }
}

const sending = (id: number): Sending => ({ id, kind: 'tcp', address: '10.0.0.1', port: 80 });
const never = new AbortController().signal;

function setUp() {
  const processes = new Map<string, Slow>();
  const heard: number[] = [];
  const senders = new Senders(
    (host) => {
      const made = new Slow();
      processes.set(host, made);
      return made;
    },
    ({ id }) => heard.push(id),
  );
  return { processes, heard, senders };
}

test('who has sent all waits until each process has, and ends none of them before', async () => {
  const { processes, heard, senders } = setUp();
  for (const id of [0, 1]) senders.send('web', sending(id));
  senders.send('attacker', sending(2));
  const [web, attacker] = [processes.get('web')!, processes.get('attacker')!];
  assert.deepEqual([web.taken, attacker.taken], [[0, 1], [2]]);
  let isSettled = false;
  const settled = senders.settled(never).then(() => (isSettled = true));
  web.finish(1);
  attacker.finish(2);
  await new Promise(setImmediate);
  assert.deepEqual([isSettled, [...senders.unfinished], web.connected], [false, [0], true]);
  web.finish(0);
  await settled;
  assert.deepEqual([heard, [...senders.unfinished]], [[1, 2, 0], []]);
  await senders.settled(never);
  senders.end();
  assert.deepEqual([web.connected, attacker.connected], [false, false]);
});

test('what a process has left open that ended is told as unfinished', async () => {
  const { processes, senders } = setUp();
  senders.send('web', sending(0));
  senders.send('attacker', sending(1));
  const settled = senders.settled(never);
  processes.get('attacker')!.emit('exit');
  processes.get('web')!.finish(0);
  await settled;
  assert.deepEqual([...senders.unfinished], [1]);
});

test('a stop does not wait, and says what is open', async () => {
  const { senders } = setUp();
  senders.send('web', sending(0));
  const stop = new AbortController();
  const settled = senders.settled(stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(settled, /stopped/);
  assert.deepEqual([...senders.unfinished], [0]);
});
