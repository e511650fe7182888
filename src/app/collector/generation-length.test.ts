import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFlowRows } from '../../collect/kernel/flow-rows.ts';
import { GenerationLength } from './generation-length.ts';

/** What somebody sends: flows of which each is counted in every generation in which it has a packet. */
type Traffic = {
  /** Flows that send a packet each second. */
  readonly lasting?: number;
  /** Flows a second that send one packet. */
  readonly fresh?: number;
};

/** Generations of a traffic, as long as they are told to be. */
class Kernel {
  readonly length: GenerationLength;
  /** Counters that each flow takes. */
  readonly #each: number;
  #atMicros = 1e15;
  #number = 0;

  constructor(mostSeconds = 10, each = 1) {
    this.length = new GenerationLength(mostSeconds);
    this.#each = each;
  }

  /** Ends a generation of such a length; counters that it had. */
  turn({ lasting = 0, fresh = 0 }: Traffic, seconds: number = this.length.seconds): number {
    const fromMicros = this.#atMicros;
    const news = Math.round(fresh * seconds);
    const rows = createFlowRows(lasting + news + 1);
    const add = (port: number, offsetMicros: number): void => {
      rows.ports[rows.rows] = port;
      rows.firstMicros[rows.rows++] = fromMicros + offsetMicros;
    };
    for (let n = 0; n < lasting; n++) add(n, (n / lasting) * Math.min(1, seconds) * 1e6);
    for (let n = 0; n < news; n++) add(1e9 + this.#number++, (n / fresh) * 1e6);
    this.#atMicros += seconds * 1e6;
    const counters = rows.rows * this.#each;
    this.length.take({ rows, counters }, { fromMicros, toMicros: this.#atMicros }, rows.rows);
    return counters;
  }
}

test('few flows have the longest generations', () => {
  const kernel = new Kernel();
  for (const fresh of [0, 10, 2000, 8000]) kernel.turn({ fresh });
  assert.equal(kernel.length.seconds, 10);
});

test('many new flows have generations as short as keeps them in the room that there is', () => {
  for (const [fresh, each, seconds] of [
    [15_000, 1, 5],
    [40_000, 1, 2],
    [40_000, 1.5, 1],
    [300_000, 1, 1],
  ] as const) {
    const kernel = new Kernel(10, each);
    kernel.turn({ fresh }, 10);
    assert.equal(kernel.length.seconds, seconds, `${fresh} a second`);
    // And stay so.
    for (let n = 0; n < 5; n++) kernel.turn({ fresh });
    assert.equal(kernel.length.seconds, seconds, `${fresh} a second`);
  }
});

test('lengths are parts of the longest, so that windows end with generations', () => {
  for (const [most, seconds] of [
    [6, 2],
    [5, 1],
    [4, 2],
    [3, 1],
    [1, 1],
  ] as const) {
    const kernel = new Kernel(most);
    kernel.turn({ fresh: 40_000 });
    assert.equal(kernel.length.seconds, seconds, `of ${most}`);
  }
});

test('when new flows become few generations are long again', () => {
  const kernel = new Kernel();
  kernel.turn({ fresh: 40_000 });
  kernel.turn({ fresh: 40_000 });
  assert.equal(kernel.length.seconds, 2);
  kernel.turn({ fresh: 4000 });
  assert.equal(kernel.length.seconds, 10);
});

test('many flows that go on are counted once in a generation: a shorter one is not worth its reading', () => {
  const kernel = new Kernel();
  for (let n = 0; n < 3; n++) kernel.turn({ lasting: 120_000 });
  assert.equal(kernel.length.seconds, 10);
});

test('after a burst, flows that go on are known from the generation before, and it is long again', () => {
  const kernel = new Kernel();
  kernel.turn({ lasting: 60_000, fresh: 60_000 });
  assert.equal(kernel.length.seconds, 1);
  kernel.turn({ lasting: 60_000 });
  kernel.turn({ lasting: 60_000 });
  assert.equal(kernel.length.seconds, 10);
});

test('what a change or a question cuts off says nothing', () => {
  const kernel = new Kernel();
  kernel.turn({ lasting: 60_000 }, 0.1);
  assert.equal(kernel.length.seconds, 10);
});

test('a burst at the end of a generation shortens the next', () => {
  const length = new GenerationLength(10);
  const rows = createFlowRows(200_000);
  for (; rows.rows < 200_000; rows.rows++) rows.firstMicros[rows.rows] = 8e6 + rows.rows * 10;
  length.take({ rows, counters: 200_000 }, { fromMicros: 0, toMicros: 1e7 }, 200_000);
  assert.equal(length.seconds, 5);
});

test('a generation may be full when far more packets came than before', () => {
  const kernel = new Kernel();
  const { length } = kernel;
  assert.deepEqual([length.isFull(45_000, 1e6), length.isFull(45_001, 1e6)], [false, true]);
  // 100,000 packets/s of few flows.
  length.take({ rows: createFlowRows(1), counters: 1 }, { fromMicros: 0, toMicros: 1e7 }, 1e6);
  assert.deepEqual([length.isFull(390_000, 2e6), length.isFull(410_000, 2e6)], [false, true]);
});
