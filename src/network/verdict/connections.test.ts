import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Connections } from './connections.ts';

const small = fc.integer({ min: 0, max: 5 });
const step = fc.record({ six: fc.boolean(), low: small, high: small, ports: small, remove: fc.boolean() });

const pairOf = (low: number, high: number): Uint32Array =>
  Uint32Array.of(0x20010db8, 0, 0, low, 0x20010db8, 0, 0, high);

describe('the table of connections', () => {
  it('finds what was added and not removed, of both families', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = new Connections();
        const wanted = new Map<string, number>();
        for (const { six, low, high, ports, remove } of steps) {
          const key = `${six} ${low} ${high} ${ports}`;
          const pair = pairOf(low, high);
          const found = six ? table.find6(262, pair, ports) : table.find4(262, low, high, ports);
          assert.equal(found, wanted.get(key) ?? 0, key);
          if (found === 0) wanted.set(key, six ? table.add6(262, pair, ports) : table.add4(262, low, high, ports));
          else if (remove) {
            table.remove(found);
            wanted.delete(key);
          }
          assert.equal(table.size, wanted.size);
        }
      }),
    );
  });

  it('keeps all entries while it grows and while others are removed', () => {
    const table = new Connections();
    const entries: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      const pair = pairOf(i, i + 1);
      if (i % 2 === 0) {
        table.find4(262, i, i + 1, i);
        entries.push(table.add4(262, i, i + 1, i));
      } else {
        table.find6(262, pair, i);
        entries.push(table.add6(262, pair, i));
      }
    }
    for (let i = 0; i < 20_000; i += 3) table.remove(entries[i] ?? 0);
    for (let i = 0; i < 20_000; i++) {
      const found = i % 2 === 0 ? table.find4(262, i, i + 1, i) : table.find6(262, pairOf(i, i + 1), i);
      assert.equal(found, i % 3 === 0 ? 0 : entries[i]);
    }
  });
});
