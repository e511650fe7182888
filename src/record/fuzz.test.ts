import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Random, brokenPromise, nextInput } from '../../test/record/fuzz-lines.ts';

const SEEDS = new URL('../../test/fuzz/seeds/parse/', import.meta.url);

test('inputs that once broke a promise keep it', () => {
  const names = existsSync(SEEDS) ? readdirSync(SEEDS).filter((name) => name.endsWith('.bin')) : [];
  for (const name of names) {
    const bytes = new Uint8Array(readFileSync(new URL(name, SEEDS)));
    for (let seed = 1; seed < 20; seed++) assert.equal(brokenPromise(new Random(seed), bytes), null, name);
  }
});

test('any bytes are read as a plain reading reads them, however they are cut (short form of test/fuzz/parse.ts)', () => {
  const random = new Random(20_261_123);
  for (let n = 0; n < 1500; n++) assert.equal(brokenPromise(random, nextInput(random, [])), null, `input ${n}`);
});
