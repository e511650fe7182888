import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createPacketBatch } from '../../model/batch.ts';
import type { PacketBatch } from '../../model/batch.ts';
import { PlainMemory } from '../../model/linear-memory.ts';
import type { Views } from '../../model/linear-memory.ts';
import { ANSWERS, Connections, DOUBLES, FLAGS, LAST, STRIDE } from './connections.ts';
import { judgeLoops, MADE, NOWS, ORIGINS_OF } from './judge-loops.ts';
import { GROUP, Keys } from './keys.ts';
import { CLOSING, LIVE, SEEN_HIGH, SEEN_LOW } from './states.ts';
import { Ways } from './ways.ts';

const PROTOCOLS = [1, 6, 17, 58, 132, 47];
const ICMP_TYPES = [0, 3, 8, 11, 13, 14, 15, 16, 128, 129, 1, 40];

/** Packets of few conversations, so that most have been seen before. */
function fillAtRandom(batch: PacketBatch, pick: (most: number) => number): void {
  const words = [0x0a000001, 0x0a000002, 0xc0a80001, 0xffffffff];
  const word = (): number => words[pick(3)]!;
  batch.rows = batch.capacity;
  for (let row = 0; row < batch.rows; row++) {
    const isSix = pick(3) === 0;
    batch.family[row] = isSix ? 6 : 4;
    batch.protocol[row] = PROTOCOLS[pick(PROTOCOLS.length - 1)]!;
    batch.src4[row] = isSix ? 0 : word();
    batch.dst4[row] = isSix ? 0 : word();
    for (let k = 0; k < 4; k++) {
      batch.src6[row * 4 + k] = k === 3 ? word() : 0x20010db8;
      batch.dst6[row * 4 + k] = k === 3 ? word() : 0x20010db8;
    }
    batch.ports[row] = ((pick(1) * 40_000 + 7) * 65_536 + pick(1) * 40_000 + 7) >>> 0;
    batch.icmp[row] = ICMP_TYPES[pick(ICMP_TYPES.length - 1)]! << 8;
    batch.icmpId[row] = pick(1);
    batch.tcpFlags[row] = pick(9) === 0 ? 1 : 16;
    batch.atMicros[row] = pick(1_000_000) * 1000;
  }
}

function copyOf(memory: Views): Views {
  const copy = new PlainMemory(memory.u8.length);
  copy.u8.set(memory.u8);
  return copy;
}

/** A table that knows half of a batch, some of it steady. */
function tableFor(batch: PacketBatch, pick: (most: number) => number): { table: Connections; keys: Keys } {
  const table = new Connections();
  const keys = new Keys(table);
  const ways = new Ways(table, keys.column(ORIGINS_OF));
  keys.load(batch);
  for (let from = 0; from < batch.rows; from += GROUP) {
    const to = Math.min(from + GROUP, batch.rows);
    keys.approach(from, to);
    ways.approach(batch, from, to);
    for (let row = from; row < to; row++) {
      if (pick(1) === 0) continue;
      keys.find(batch, row, row - from);
      for (const at of [3, 4]) {
        if (table.entryAt(keys.head, at) !== 0) continue;
        const entry = keys.add(batch, row, at);
        const flags = LIVE | SEEN_LOW | (pick(4) === 0 ? 0 : SEEN_HIGH) | (pick(6) === 0 ? CLOSING : 0);
        table.words[entry * STRIDE + FLAGS] = table.words[entry * STRIDE + FLAGS]! | flags;
        for (const turned of [0, 1])
          table.words[entry * STRIDE + ANSWERS + turned] = (77 << 2) | 2 | (at === 3 ? 1 : 0);
        table.doubles[entry * DOUBLES + LAST] = pick(1_000_000) * 1000;
      }
      const isAway = pick(2) === 0;
      ways.remember(keys.head, keys.turned, row - from, isAway ? 4 : 3, isAway ? 0 : 4, pick(7) === 0);
    }
  }
  return { table, keys };
}

describe('the loops of judging', () => {
  it('do in WebAssembly what they do as they are written, and what a look-up finds', () => {
    let judged = 0;
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1 << 20)), (stream) => {
        const pick = (most: number): number => (stream.next().value as number) % (most + 1);
        const batch = createPacketBatch(128);
        fillAtRandom(batch, pick);
        const { table, keys } = tableFor(batch, pick);
        const ways = new Ways(table, keys.column(ORIGINS_OF));
        const { inbox, loops } = keys;
        const [rows, plainInbox, slots, six] = [table.rows, inbox, table.slots, table.six].map(copyOf);
        const plain = judgeLoops(rows!, plainInbox!, slots!, six!);
        inbox.i32[MADE] = plainInbox!.i32[MADE] = 0;
        for (let from = 0; from < batch.rows; from += GROUP) {
          const to = from + GROUP;
          keys.approach(from, to);
          plain.approach(from, to, table.mask, table.entryBits);
          ways.approach(batch, from, to);
          for (let i = 0; i < GROUP; i++) {
            const now = pick(1_000_000) * 150_000;
            inbox.f64[NOWS + i] = plainInbox!.f64[NOWS + i] = now;
            plainInbox!.i32[ORIGINS_OF + i] = inbox.i32[ORIGINS_OF + i]!;
            const head = keys.heads[i]!;
            if (head !== 0) assert.equal(keys.find(batch, from + i, i), head);
          }
          for (let row = from; row < to; row++) {
            const stopped = loops.steady(row, to, from);
            assert.equal(plain.steady(row, to, from), stopped);
            judged += stopped - row;
            row = stopped;
          }
          assert.deepEqual(plainInbox!.u8, inbox.u8);
          assert.deepEqual(rows!.u8, table.rows.u8);
        }
      }),
      { numRuns: 40 },
    );
    assert.ok(judged > 100, `only ${judged} packets were steady`);
  });
});
