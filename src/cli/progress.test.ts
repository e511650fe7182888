import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from './progress.ts';

/** What is written while ten files of 1 MB are read, 60 ms each. */
function written(isTTY: boolean): readonly string[] {
  const texts: string[] = [];
  let clock = 0;
  const output = { isTTY, write: (text: string) => texts.push(text) > 0 };
  const progress = createProgress(output, () => clock);
  for (let files = 1; files <= 10; files++) {
    clock += 60;
    progress.show({ files, of: 10, bytes: files * 1e6 });
  }
  progress.end();
  return texts;
}

test('shows how far reading is, ten times a second at most, and wipes it at the end', () => {
  const texts = written(true);
  assert.equal(texts.length, 6);
  assert.equal(texts[0], '\r\u001b[Kreading: 2 of 10 files, 2.0 MB');
  assert.equal(texts.at(-1), '\r\u001b[K');
});

test('writes nothing where no terminal is', () => {
  assert.deepEqual(written(false), []);
});
