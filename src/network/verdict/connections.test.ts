import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LinearMemory, loopsOver, PlainMemory } from '../../model/linear-memory.ts';
import { Connections } from './connections.ts';
import { CHAINS, MASK, NEXT, ORIGINS, STRIDE } from './entry-words.ts';
import { hash4, hash6, hashPair } from './conversation-hash.ts';
import { RELINK_LOOPS_CODE } from './relink-loops.generated.ts';
import type { RelinkLoops } from './relink-loops.ts';
import { relinkLoops } from './relink-loops.ts';

const TCP_KEY = 6;
const small = fc.integer({ min: 0, max: 5 });
const at = fc.integer({ min: 1, max: 4 });
const step = fc.record({ six: fc.boolean(), low: small, high: small, ports: small, at, remove: fc.boolean() });

type Key = { readonly six: boolean; readonly low: number; readonly high: number; readonly ports: number };

const pairOf = (low: number, high: number): Uint32Array =>
  Uint32Array.of(0x20010db8, 0, 0, low, 0x20010db8, 0, 0, high);

function headOf(table: Connections, { six, low, high, ports }: Key): number {
  if (!six) return table.find4(hash4(TCP_KEY, low, high, ports), TCP_KEY, low, high, ports);
  const pair = pairOf(low, high);
  const hash = hashPair(pair, 0, pair, 4);
  return table.find6(hash6(TCP_KEY, hash, ports), TCP_KEY, hash, ports, pair, 0, pair, 4);
}

function add(table: Connections, { six, low, high, ports }: Key, interfaceNumber: number): number {
  const head = headOf(table, { six, low, high, ports });
  const k0 = interfaceNumber * 256 + TCP_KEY;
  if (!six) return table.add4(head, hash4(TCP_KEY, low, high, ports), k0, low, high, ports);
  const pair = pairOf(low, high);
  const hash = hashPair(pair, 0, pair, 4);
  return table.add6(head, hash6(TCP_KEY, hash, ports), k0, hash, ports, pair, 0, pair, 4);
}

describe('the table of connections', () => {
  it('has an index that leads to all of it when it has grown, in WebAssembly as it is written', () => {
    const table = new Connections();
    const keys = Array.from({ length: 20_000 }, (_, i): Key => ({
      six: i % 3 === 0,
      low: i,
      high: i * 7,
      ports: i % 5,
    }));
    const entries = keys.map((key, i) => add(table, key, (i % 4) + 1));
    assert.ok(table.capacity > 20_000);
    for (const [i, key] of keys.entries()) assert.equal(headOf(table, key), entries[i]);
    const slots = (table.words[MASK] as number) + 1;
    const [written, module] = [new PlainMemory(slots * 4), new LinearMemory(slots * 4)];
    relinkLoops(table.rows, written).relink();
    (loopsOver(RELINK_LOOPS_CODE, { table: table.rows, index: module }) as RelinkLoops).relink();
    assert.deepEqual(written.i32, module.i32.subarray(0, slots));
    assert.equal(written.i32.filter((word) => word !== 0).length, keys.length);
    assert.equal(table.words[CHAINS], keys.length);
  });

  it('finds at each interface what was added there and not removed, of both families', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = new Connections();
        const wanted = new Map<string, number>();
        for (const { at: one, remove, ...key } of steps) {
          const text = `${one} ${JSON.stringify(key)}`;
          const found = table.entryAt(headOf(table, key), one);
          assert.equal(found, wanted.get(text) ?? 0, text);
          if (found === 0) wanted.set(text, add(table, key, one));
          else if (remove) {
            table.remove(found);
            wanted.delete(text);
          }
          assert.equal(table.size, wanted.size);
        }
      }),
    );
  });

  it('keeps all entries while it grows and while others are removed', () => {
    const table = new Connections();
    const keys: readonly Key[] = Array.from({ length: 80_000 }, (_, i) => ({
      six: i % 2 === 1,
      low: i,
      high: i + 1,
      ports: i,
    }));
    const entries = keys.map((key) => [add(table, key, 1), add(table, key, 2)] as const);
    for (let i = 0; i < keys.length; i += 3) table.remove(entries[i]?.[i % 2] ?? 0);
    for (const [i, key] of keys.entries()) {
      const head = headOf(table, key);
      for (const [side, entry] of (entries[i] ?? []).entries())
        assert.equal(table.entryAt(head, side + 1), i % 3 === 0 && i % 2 === side ? 0 : entry);
    }
  });

  it('forgets where packets go when the entries of a conversation change', () => {
    const key: Key = { six: false, low: 1, high: 2, ports: 3 };
    const table = new Connections();
    const [head, second, third] = [add(table, key, 1), add(table, key, 2), add(table, key, 3)];
    const mark = (...entries: number[]): void => {
      for (const entry of entries) table.words[entry * STRIDE + ORIGINS] = 1;
    };
    const origins = (...entries: number[]): unknown[] => entries.map((entry) => table.words[entry * STRIDE + ORIGINS]);
    mark(head, second);
    table.remove(third);
    assert.deepEqual(origins(head, second), [0, 0]);
    mark(head, second);
    table.remove(head);
    assert.deepEqual(origins(second), [0]);
    assert.equal(headOf(table, key), second);
    assert.equal(table.words[second * STRIDE + NEXT], 0);
  });
});
