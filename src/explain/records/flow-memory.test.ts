import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FlowMemory } from './flow-memory.ts';

const anyRecord = fc.record({
  name: fc.nat(3),
  ends: fc.nat(3),
  port: fc.constantFrom(0, 22, 443, 65535),
  remote: fc.constantFrom(0, 1, 0xffffffff),
  accepted: fc.boolean(),
  start: fc.integer({ min: 1, max: 1000 }),
  cause: fc.integer({ min: 1, max: 5 }),
});

describe('the memory of flows', () => {
  it('keeps of each flow what a list of its records tells', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 200 }), (records) => {
        const memory = new FlowMemory(256);
        for (const { name, ends, port, remote, accepted, start, cause } of records) {
          memory.setKey(name, ends, 4, 6, port);
          memory.key.set([remote, 0, 0, 0], 3);
          if (accepted) memory.accepted(start, start + 5);
          else memory.rejected(start, start + 5, cause, 40000);
        }
        const byKey = Map.groupBy(records, (one) => [one.name, one.ends, one.port, one.remote].join(' '));
        const flows = [...memory.flows()];
        assert.equal(flows.length, byKey.size);
        for (const flow of flows) {
          const own = byKey.get([flow.interface, flow.ends, flow.port, flow.remote[0]].join(' '))!;
          const rejected = own.filter(({ accepted }) => !accepted);
          const starts = (list: typeof own): number[] => list.map(({ start }) => start);
          const accepted = own.filter((one) => one.accepted);
          assert.deepEqual(
            [flow.rejected, flow.firstRejected, flow.lastRejected, flow.firstAccepted, flow.lastAccepted],
            [
              rejected.length,
              rejected.length === 0 ? 0 : Math.min(...starts(rejected)),
              rejected.length === 0 ? 0 : Math.max(...starts(rejected)) + 5,
              accepted.length === 0 ? 0 : Math.min(...starts(accepted)),
              accepted.length === 0 ? 0 : Math.max(...starts(accepted)) + 5,
            ],
          );
          if (rejected.length > 0) {
            const first = rejected.find(({ start }) => start === flow.firstRejected);
            assert.equal(flow.cause, first?.cause);
          }
        }
      }),
    );
  });

  it('is full at its bound, leaves room for flows that were accepted, and counts what found none', () => {
    const memory = new FlowMemory(1 << 13);
    const each = (from: number, count: number, take: () => void): void => {
      for (let i = from; i < from + count; i++) {
        memory.setKey(1, 0, 4, 6, 80);
        memory.key.set([i, 0, 0, 0], 3);
        take();
      }
    };
    each(0, 10_000, () => memory.rejected(1, 2, 1, 1));
    assert.equal([...memory.flows()].length, 4096);
    assert.equal(memory.rejectedWithoutRoom, 10_000 - 4096);
    each(50_000, 3000, () => memory.accepted(1, 2));
    assert.equal([...memory.flows()].length, 6144);
    assert.equal(memory.acceptedWithoutRoom, 3000 - 2048);
    // Those that are there are found nevertheless.
    each(0, 1, () => memory.rejected(5, 9, 1, 1));
    assert.equal([...memory.flows()].find(({ remote }) => remote[0] === 0)?.rejected, 2);
  });
});
