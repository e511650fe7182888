import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pcap } from '../decode/build-captures.ts';
import { ethernet, ip4, join, udp } from '../decode/build-frames.ts';
import type { CaptureSource } from '../source.ts';
import { openCaptureFile } from './capture-file.ts';

const directory = mkdtempSync(path(tmpdir(), 'flowgauge-capture-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const PACKETS = 20_000;
const FRAME = ethernet(
  ip4({
    src: '10.0.0.1',
    dst: '10.0.0.2',
    protocol: 17,
    payload: udp({ srcport: 1, dstport: 2, payload: new Uint8Array(30) }),
  }),
);
const CAPTURE = pcap(Array.from({ length: PACKETS }, (_, at) => ({ bytes: FRAME, atMicros: at })));

function file(name: string, bytes: Uint8Array): string {
  const at = path(directory, name);
  writeFileSync(at, bytes);
  return at;
}

/** Reads all; packets must come in the order of their times. */
async function read(source: CaptureSource): Promise<number> {
  let packets = 0;
  for await (const batch of source.batches()) {
    for (let row = 0; row < batch.rows; row += 1) {
      if (batch.atMicros[row] !== packets + row) assert.fail(`packet ${packets + row} is at ${batch.atMicros[row]}`);
    }
    packets += batch.rows;
    const lost = Object.values(source.count.lost).reduce((a, b) => a + b, 0);
    assert.equal(source.count.in, source.count.out + lost);
  }
  return packets;
}

void test('reads a plain file', async () => {
  const source = await openCaptureFile(file('plain.pcap', CAPTURE));
  assert.equal(await read(source), PACKETS);
  assert.deepEqual([source.problem, source.live, source.takeDrops()], [null, false, 0]);
  assert.equal(source.count.out, PACKETS);
});

void test('reads gzip and zstd, of several members and frames too', async () => {
  const halves = [CAPTURE.subarray(0, 700_001), CAPTURE.subarray(700_001)];
  const packed: [string, Uint8Array][] = [
    ['one.gz', gzipSync(CAPTURE)],
    ['two.gz', join(...halves.map((half) => gzipSync(half)))],
    ['padded.gz', join(gzipSync(CAPTURE), new Uint8Array(300_000))],
    ['one.zst', zstdCompressSync(CAPTURE)],
    ['two.zst', join(...halves.map((half) => zstdCompressSync(half)))],
    ['skipped.zst', join(Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3), zstdCompressSync(CAPTURE))],
    [
      'many.zst',
      join(...Array.from({ length: 300 }, (_, at) => zstdCompressSync(CAPTURE.subarray(at * 6000, (at + 1) * 6000)))),
    ],
  ];
  for (const [name, bytes] of packed) {
    const source = await openCaptureFile(file(name, bytes));
    assert.equal(await read(source), PACKETS, name);
    assert.equal(source.problem, null, name);
  }
});

void test('gives what was readable of a packing that ends early or is broken, and says so', async () => {
  for (const [name, whole] of [
    ['short.gz', gzipSync(CAPTURE, { level: 1 })],
    ['short.zst', zstdCompressSync(CAPTURE)],
  ] as const) {
    const source = await openCaptureFile(file(name, whole.subarray(0, whole.length - 20)));
    const packets = await read(source);
    assert.equal(source.problem?.code, 'FG_CAPTURE_PACKING', name);
    assert.match(source.problem.message, new RegExp(`the ${packets} packets before`));
  }
  const noise = Uint8Array.from({ length: 300_000 }, (_, at) => (Math.imul(at, 0x9e3779b1) >>> 13) & 255);
  const varied = pcap(
    Array.from({ length: 3000 }, (_, at) => ({
      bytes: join(FRAME, noise.subarray(at * 100, at * 100 + 100)),
      atMicros: at,
    })),
  );
  const broken = gzipSync(varied).slice();
  broken.fill(0xff, broken.length - 2000, broken.length - 1000);
  const source = await openCaptureFile(file('broken.gz', broken));
  const packets = await read(source);
  assert.ok(packets > 1500, `${packets} of 3000 packets`);
  // What comes out behind a damage may be noise, which the decoder notices before the checksum does.
  assert.match(source.problem?.code ?? '', /^FG_CAPTURE_(PACKING|CORRUPT)$/);
});

void test('names file and place of a truncated capture', async () => {
  const at = file('truncated.pcap', CAPTURE.subarray(0, CAPTURE.length - 10));
  const source = await openCaptureFile(at);
  assert.equal(await read(source), PACKETS - 1);
  assert.equal(
    source.problem?.message,
    `${at} ends inside a packet at byte ${CAPTURE.length - 10}; the ${PACKETS - 1} packets before it were read; capture again or accept the loss`,
  );
});

void test('refuses what cannot be opened, saying why', async () => {
  await assert.rejects(openCaptureFile(path(directory, 'none')), /there is no such file/);
  await assert.rejects(openCaptureFile(directory), /it is a directory/);
});

void test('says what an empty file and a file of something else are', async () => {
  const empty = await openCaptureFile(file('empty', new Uint8Array(0)));
  assert.equal(await read(empty), 0);
  assert.equal(empty.problem?.code, 'FG_CAPTURE_EMPTY');
  const other = await openCaptureFile(file('other', new TextEncoder().encode('#!/bin/sh')));
  assert.equal(await read(other), 0);
  assert.equal(other.problem?.code, 'FG_CAPTURE_UNKNOWN');
  const snoop = await openCaptureFile(
    file('other.snoop', new TextEncoder().encode('snoop\0\0\0\0\0\0\u0002\0\0\0\u0004')),
  );
  assert.equal(await read(snoop), 0);
  assert.match(snoop.problem?.message ?? '', /neither pcap nor pcapng.*`editcap -F pcapng IN OUT`/);
});

void test('ends when its reader does', async () => {
  const source = await openCaptureFile(file('ended.pcap', CAPTURE));
  let batches = 0;
  for await (const batch of source.batches()) {
    batches += batch.rows > 0 ? 1 : 0;
    break;
  }
  assert.equal(batches, 1);
});

void test('reads a FIFO', async () => {
  const fifo = path(directory, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const source = await openCaptureFile(fifo);
  const writer = openSync(fifo, 'w');
  writeSync(writer, CAPTURE.subarray(0, 60_000));
  closeSync(writer);
  const packets = await read(source);
  assert.equal(packets, Math.floor((60_000 - 24) / (16 + FRAME.length)));
});

void test('reads standard input that is a pipe, a file or nothing', () => {
  const script = `
    import { openCaptureFile } from ${JSON.stringify(new URL('capture-file.ts', import.meta.url).href)};
    const source = await openCaptureFile('-');
    let packets = 0;
    for await (const batch of source.batches()) packets += batch.rows;
    console.log(packets, source.problem?.code ?? 'well');`;
  const run = (command: string): string =>
    spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, SCRIPT: script } }).stdout.trim();
  const node = `${process.execPath} --input-type=module -e "$SCRIPT"`;
  const plain = file('stdin.pcap', CAPTURE);
  const packed = file('stdin.pcap.gz', gzipSync(CAPTURE));
  assert.equal(run(`cat ${plain} | ${node}`), `${PACKETS} well`);
  assert.equal(run(`cat ${packed} | ${node}`), `${PACKETS} well`);
  assert.equal(run(`${node} < ${plain}`), `${PACKETS} well`);
  assert.equal(run(`${node} < /dev/null`), '0 FG_CAPTURE_EMPTY');
});
