import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPacketStream } from './tcpdump.ts';
import { mayCapture, needs } from '../../privileged/may-capture.ts';
import { makeFifo, startCapture } from '../../privileged/start-capture.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-privileged-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const mayNot = (await mayCapture()) ?? false;

/** Sends datagrams to a socket of this process over the loopback device; gives its port. */
async function send(datagrams: number): Promise<number> {
  const socket = createSocket('udp4');
  const received = Promise.withResolvers<void>();
  let left = datagrams;
  socket.on('message', () => {
    left -= 1;
    if (left === 0) received.resolve();
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  const { port } = socket.address();
  for (let i = 0; i < datagrams; i += 1) socket.send('x', port, '127.0.0.1');
  await received.promise;
  socket.close();
  return port;
}

void test('looks at what live capture needs', async () => {
  assert.deepEqual(
    needs.map(({ name }) => name),
    ['tcpdump', 'permission to capture'],
  );
  for (const need of needs) {
    const found = await need.look();
    assert.equal(found.get === null, found.met);
  }
});

void test('gives every packet that was sent before the stop', { skip: mayNot }, async () => {
  const fifo = join(directory, 'packets');
  await makeFifo(fifo);
  assert.equal(statSync(fifo).mode & 0o777, 0o600);
  const running = await startCapture({ devices: 'any', snapLength: 256, fifo });
  const source = await openPacketStream(fifo, 'any', { drops: running.drops });
  const port = await send(200);
  const stopped = running.stop();
  let packets = 0;
  for await (const batch of source.batches()) {
    for (let row = 0; row < batch.rows; row += 1) if ((batch.ports[row]! & 0xffff) === port) packets += 1;
  }
  await stopped;
  assert.equal(await running.exited, null);
  assert.equal(packets, 200);
  assert.deepEqual([source.problem, source.takeDrops()], [null, 0]);
  assert.ok(source.info.devices.some(({ name }) => name === 'lo'));
});

void test('ends at once when asked to, with a reader or without', { skip: mayNot }, async () => {
  const fifo = join(directory, 'at-once');
  await makeFifo(fifo);
  const running = await startCapture({ devices: 'lo', snapLength: 96, fifo });
  const started = performance.now();
  await running.stop({ now: true });
  assert.equal(await running.exited, null);
  assert.ok(performance.now() - started < 1000);
});

void test('says why tcpdump did not begin', { skip: mayNot }, async () => {
  const fifo = join(directory, 'refused');
  await makeFifo(fifo);
  await assert.rejects(
    startCapture({ devices: 'no-such-dev', snapLength: 256, fifo }),
    /this machine has no device "no-such-dev"; nothing was captured; it has .*\blo\b.*; `-i any` takes every device/,
  );
  await assert.rejects(startCapture({ devices: 'lo', snapLength: 256, fifo: join(directory, 'none') }), /ENOENT/);
  execFileSync('touch', [join(directory, 'file')]);
  await assert.rejects(startCapture({ devices: 'lo', snapLength: 256, fifo: join(directory, 'file') }), /is no FIFO/);
  await assert.rejects(makeFifo(join(directory, 'none', 'fifo')), /cannot make the FIFO/);
});
