import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchMemory } from '../../../model/batch-memory.ts';
import { pcap } from './build-captures.ts';
import { ethernet, ip4, tcp } from './build-frames.ts';
import { frameLoops } from './frame-loops.ts';
import type { FrameLoops } from './frame-loops.ts';
import { nextFile, Random } from './fuzz-captures.ts';
import type { FrameMemories } from './looped-frames.ts';
import { LoopedFrames } from './looped-frames.ts';
import { readRows, readRowsLooped } from './read-rows.ts';

const ROOM = 20_000;

const asWritten = ({ piece, batch, links }: FrameMemories): FrameLoops => frameLoops(piece, batch, links);

/** Loops that count the rows that they read. */
function counting(loops: FrameLoops, counts: { rows: number }): FrameLoops {
  return {
    read(at, end, row, rows) {
      const to = loops.read(at, end, row, rows);
      counts.rows += to - row;
      return to;
    },
  };
}

void test('reads what is read without loops, in WebAssembly and as written, whatever the frames are', () => {
  const random = new Random(7);
  const counts = { rows: 0 };
  let all = 0;
  for (let round = 0; round < 12; round += 1) {
    const capture = nextFile(random, 1500);
    const plain = readRows(capture);
    const memory = new BatchMemory();
    const written = new LoopedFrames(memory, ROOM, (memories) => counting(asWritten(memories), counts));
    for (const looped of [new LoopedFrames(memory, ROOM), written]) {
      const { rows, decoder } = readRowsLooped(capture, memory, looped);
      assert.deepEqual(rows, plain.rows);
      assert.deepEqual(decoder.count, plain.decoder.count);
      assert.deepEqual(decoder.malformedAt, plain.decoder.malformedAt);
      assert.deepEqual(decoder.info.linkPairs, plain.decoder.info.linkPairs);
    }
    all += plain.rows.length;
  }
  assert.ok(counts.rows > all / 3, `loops read ${counts.rows} of ${all} rows`);
});

void test('leaves a small capture, another byte order and another batch to the rest of the decoder', () => {
  const packet = ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, payload: tcp({ srcport: 1, dstport: 2 }) });
  const frames = Array.from({ length: 400 }, () => ({ bytes: ethernet(packet) }));
  const refuse = (): FrameLoops => assert.fail('loops are made');
  const memory = new BatchMemory();
  for (const capture of [pcap(frames.slice(0, 100)), pcap(frames, { bigEndian: true })]) {
    const { rows } = readRowsLooped(capture, memory, new LoopedFrames(memory, ROOM, refuse));
    assert.deepEqual(rows, readRows(capture).rows);
  }
  const elsewhere = new LoopedFrames(new BatchMemory(), ROOM, refuse);
  assert.equal(readRowsLooped(pcap(frames), memory, elsewhere).rows.length, 400);
});

void test('numbers pairs of addresses as their table grows', () => {
  const packet = ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, payload: tcp({ srcport: 1, dstport: 2 }) });
  const hex = (n: number): string => n.toString(16).padStart(2, '0');
  const frames = Array.from({ length: 6000 }, (_, i) => ({
    bytes: ethernet(packet, { src: `02:00:00:00:${hex((i % 3000) >>> 8)}:${hex((i % 3000) & 255)}` }),
  }));
  const memory = new BatchMemory();
  const { rows, decoder } = readRowsLooped(pcap(frames), memory, new LoopedFrames(memory, 1 << 20));
  assert.equal(decoder.info.linkPairs.length, 3001);
  assert.deepEqual(rows, readRows(pcap(frames)).rows);
});
