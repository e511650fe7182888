import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { brokenPromise, FrameTwins, nextInput, Random, validCaptures } from './fuzz-captures.ts';
import { readRows } from './read-rows.ts';

const VALID = validCaptures();
const SEEDS = new URL('../../../../test/fuzz/seeds/', import.meta.url);
const QUICK_MILLIS = 3000;

void test('reads every packet of the valid captures', () => {
  for (const capture of VALID) {
    const { rows, decoder } = readRows(capture);
    assert.deepEqual([rows.length, decoder.problem, decoder.count.lost], [decoder.count.in, null, {}]);
    assert.ok(rows.length >= 13);
  }
});

void test('gives the same packets wherever the bytes are cut', () => {
  const whole = VALID.map((capture) => readRows(capture).rows);
  fc.assert(
    fc.property(
      fc.nat(VALID.length - 1),
      fc.array(fc.nat(4000), { maxLength: 40 }),
      fc.integer({ min: 1, max: 20 }),
      (which, anywhere, capacity) => {
        const capture = VALID[which]!;
        const cuts = anywhere.map((cut) => cut % (capture.length + 1)).sort((a, b) => a - b);
        assert.deepEqual(readRows(capture, cuts, capacity).rows, whole[which]);
      },
    ),
    { numRuns: 150 },
  );
});

void test('gives the same packets when each byte comes alone', () => {
  for (const capture of VALID.slice(0, 6)) {
    const everywhere = Array.from({ length: capture.length }, (_, at) => at);
    assert.deepEqual(readRows(capture, everywhere, 2).rows, readRows(capture).rows);
  }
});

void test('keeps its promises on inputs that once broke them', () => {
  for (const name of readdirSync(SEEDS)) {
    if (!name.endsWith('.bin')) continue;
    const input = new Uint8Array(readFileSync(new URL(name, SEEDS)));
    for (let seed = 0; seed < 50; seed += 1) assert.equal(brokenPromise(new Random(seed), input), null, name);
  }
});

void test('keeps its promises on hostile captures', () => {
  const random = new Random(20_261_123);
  const until = performance.now() + QUICK_MILLIS;
  const twins = new FrameTwins();
  let inputs = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 100; i += 1) {
      const input = nextInput(random, VALID);
      const broken = brokenPromise(random, input);
      assert.equal(broken, null, `input ${inputs + i}: ${Buffer.from(input).toString('hex')}`);
      assert.equal(twins.brokenPromise(random), null);
    }
    inputs += 100;
  }
  assert.ok(inputs >= 1000, `${inputs} inputs are too few to mean much`);
});
