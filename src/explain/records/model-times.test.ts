import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { network } from '../../network/verdict/told-network.ts';
import type { RuleWords } from '../../network/verdict/told-network.ts';
import { ModelTimes, timesOf } from './model-times.ts';
import { snapshotOf } from './told-records.ts';

const rules = (count: number): RuleWords[] =>
  Array.from({ length: count }, (_, i): RuleWords => [`sgr-${i}`, 'sg-a', 'in', 'tcp', i, i, '10.0.0.0/8']);

describe('the model over time', () => {
  it('has at a time the version that began last, -1 before the first', () => {
    const snapshot = snapshotOf(network([]));
    const times = new ModelTimes(
      [2000, 1000, 3000].map((seconds) => ({ fromMicros: seconds * 1e6, snapshot: () => snapshot })),
    );
    assert.deepEqual(
      [999, 1000, 1999, 2000, 2999, 3000, 9999].map((at) => times.at(at)),
      [-1, 0, 0, 1, 1, 2, 2],
    );
  });

  it('compiles a small version once however often versions take turns, and lets large ones go', () => {
    const turns = (count: number): number => {
      const snapshot = snapshotOf(network(rules(count)));
      let compiled = 0;
      const version = (seconds: number): ConstructorParameters<typeof ModelTimes>[0][number] => ({
        fromMicros: seconds * 1e6,
        snapshot() {
          compiled++;
          return snapshot;
        },
      });
      const times = new ModelTimes(Array.from({ length: 20 }, (_, i) => version(i)));
      for (let round = 0; round < 3; round++) for (let i = 0; i < 20; i++) times.asked(i);
      return compiled;
    };
    assert.equal(turns(10), 20);
    assert.equal(turns(15_000), 60);
  });

  it('of a network without times is one version that holds always', () => {
    const snapshot = snapshotOf(network([]));
    const times = timesOf({
      at: () => snapshot,
      versions: () => [],
      learnedLate: () => [],
      lives: () => [],
      close() {},
    });
    assert.deepEqual([times.count, times.at(-1e9), times.at(1e9)], [1, 0, 0]);
  });
});
