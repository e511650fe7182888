import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { WAYS, brokenPromise } from '../../test/record/fuzz-check.ts';
import { Random, nextBatch } from '../../test/record/fuzz-lines.ts';

const SEEDS = new URL('../../test/fuzz/seeds/parse/', import.meta.url);

test('inputs that once broke a promise keep it', () => {
  const names = existsSync(SEEDS) ? readdirSync(SEEDS).filter((name) => name.endsWith('.bin')) : [];
  for (const name of names) {
    const bytes = new Uint8Array(readFileSync(new URL(name, SEEDS)));
    // The last number of a name is the way in which it was read when it broke.
    const own = Number(/-(\d+)\.bin$/.exec(name)?.[1] ?? 0);
    for (const way of [own, ...Array.from({ length: WAYS }, (_, n) => n + 1)]) {
      assert.equal(brokenPromise(bytes, way), null, `${name}, read in way ${way}`);
    }
  }
});

test('any lines are read as a plain reading reads them, however they are cut (short form of test/fuzz/parse.ts)', () => {
  const random = new Random(20_261_123);
  for (let inputs = 0; inputs < 100_000;) {
    const batch = nextBatch(random, []);
    const way = random.next(1_000_000_000);
    assert.equal(brokenPromise(batch.bytes, way), null, `input ${inputs}, read in way ${way}`);
    inputs += batch.inputs;
  }
});
