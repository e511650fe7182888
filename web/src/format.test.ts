import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesText, durationText, manyText } from './format.ts';

test('one is one, whatever is counted', () => {
  assert.equal(manyText(1, 'file'), '1 file');
  assert.equal(manyText(1n, 'entry', 'entries'), '1 entry');
  assert.equal(manyText(0, 'file'), '0 files');
  assert.equal(manyText(1234, 'entry', 'entries'), '1,234 entries');
});

test('a number before a word in the plural goes through what knows one', () => {
  const counted = /countText\([^()]*(?:\([^()]*\))?[^()]*\)\}\s+(?:[a-z]+ )?[a-z]+s\b/gu;
  const found = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/u.test(path) && !path.endsWith('.test.ts'))
    .flatMap((path) =>
      [...readFileSync(join(import.meta.dirname, path), 'utf8').matchAll(counted)].map(([text]) => `${path}: ${text}`),
    );
  assert.deepEqual(found, []);
});

test('what is there is never 0, and a time has two units', () => {
  assert.equal(bytesText(1), '1 B');
  assert.equal(bytesText(1536), '1.5 KiB');
  assert.equal(durationText(3725), '1 h 2 min');
  assert.equal(durationText(0.25), '0.25 s');
});
