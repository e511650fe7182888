import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { after, test } from 'node:test';
import { pcap } from '../decode/build-captures.ts';
import { cooked2, ip4, udp } from '../decode/build-frames.ts';
import { listDevices } from '../devices.ts';
import { openPacketStream } from './tcpdump.ts';

const directory = mkdtempSync(path(tmpdir(), 'flowgauge-stream-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const PACKET = ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 17, payload: udp({ srcport: 1, dstport: 2 }) });

function fifo(name: string): string {
  const at = path(directory, name);
  execFileSync('mkfifo', [at]);
  return at;
}

function capture(packets: number, ifindex: number): Uint8Array {
  const bytes = cooked2(PACKET, { ifindex, packetType: 4 });
  return pcap(
    Array.from({ length: packets }, (_, at) => ({ bytes, atMicros: at })),
    { linkType: 276 },
  );
}

void test('gives packets as they come, empty batches while none come, and ends with the stream', async () => {
  const at = fifo('live');
  const source = await openPacketStream(at, 'any');
  const writer = openSync(at, constants.O_WRONLY);
  const bytes = capture(5, 1);
  const seen: number[] = [];
  const half = bytes.length - 40;
  writeSync(writer, bytes.subarray(0, half));
  for await (const batch of source.batches()) {
    seen.push(batch.rows);
    if (batch.rows === 0 && source.count.out === 4) {
      writeSync(writer, bytes.subarray(half));
      closeSync(writer);
    }
  }
  assert.deepEqual(seen, [4, 0, 1]);
  assert.equal(source.problem, null);
  assert.equal(source.live, true);
});

void test('names devices as this host does', async () => {
  const at = fifo('devices');
  const source = await openPacketStream(at, 'any');
  const writer = openSync(at, constants.O_WRONLY);
  const [first] = listDevices();
  writeSync(writer, capture(1, first!.ifindex));
  writeSync(writer, capture(1, 99_999).subarray(24));
  closeSync(writer);
  for await (const batch of source.batches()) assert.ok(batch.rows <= 2);
  assert.deepEqual(
    source.info.devices.map(({ name }) => name),
    [first!.name, 'ifindex99999'],
  );
});

void test('makes full batches of what is at hand, not one of each read', async () => {
  const at = fifo('full');
  const source = await openPacketStream(at, 'any');
  const writer = openSync(at, constants.O_RDWR);
  const bytes = capture(700, 1);
  for (let from = 0; from < bytes.length; from += 1000) writeSync(writer, bytes.subarray(from, from + 1000));
  const seen: number[] = [];
  for await (const batch of source.batches()) {
    if (batch.rows > 0) seen.push(batch.rows);
    if (source.count.out === 700) break;
  }
  closeSync(writer);
  assert.ok(seen.length <= 2, `${seen.length} batches`);
});

void test('says where a stream ended inside a packet, and nothing where none ever began', async () => {
  for (const [name, bytes, code] of [
    ['cut', capture(3, 1).subarray(0, 100), 'FG_CAPTURE_TRUNCATED'],
    ['nothing', new Uint8Array(0), undefined],
  ] as const) {
    const at = fifo(name);
    const source = await openPacketStream(at, 'any');
    const writer = openSync(at, constants.O_WRONLY);
    if (bytes.length > 0) writeSync(writer, bytes);
    closeSync(writer);
    for await (const batch of source.batches()) assert.ok(batch.rows <= 1);
    assert.equal(source.problem?.code, code);
  }
});

void test('tells drops once, past 2^32 too', async () => {
  const drops = new Uint32Array(new SharedArrayBuffer(4));
  const source = await openPacketStream(fifo('drops'), 'any', { drops });
  drops[0] = 0xffff_fff0;
  assert.equal(source.takeDrops(), 0xffff_fff0);
  drops[0] = 0x10;
  assert.equal(source.takeDrops(), 0x20);
  assert.equal(source.takeDrops(), 0);
  for await (const batch of source.batches()) {
    assert.equal(batch.rows, 0);
    break;
  }
});

void test('refuses a FIFO that is not there', async () => {
  await assert.rejects(openPacketStream(path(directory, 'none'), 'any'), /cannot read the capture/);
});
