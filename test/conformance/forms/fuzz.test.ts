import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../../record/fuzz-lines.ts';
import { brokenPromise, nextFile } from './fuzz-forms.ts';

const SEEDS = new URL('../../fuzz/seeds/forms/', import.meta.url);

test('files that once broke a promise keep it', async () => {
  const names = existsSync(SEEDS) ? readdirSync(SEEDS).filter((name) => name.endsWith('.bin')) : [];
  for (const name of names) {
    const bytes = new Uint8Array(readFileSync(new URL(name, SEEDS)));
    for (let seed = 1; seed <= 20; seed++) assert.equal(await brokenPromise(new Random(seed), bytes), null, name);
  }
});

test('no bytes make what tells forms throw, hang or grow (short form of test/fuzz/forms.ts)', async () => {
  const random = new Random(20_261_124);
  for (let input = 0; input < 300; input++) {
    const bytes = nextFile(random, []);
    assert.equal(
      await brokenPromise(random, bytes),
      null,
      `input ${input}: ${JSON.stringify(Buffer.from(bytes).toString('latin1').slice(0, 500))}`,
    );
  }
});
