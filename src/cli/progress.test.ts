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
  assert.equal(texts[0], '\r\u001b[Kreading: 2 of 10 objects, 2.0 MB');
  assert.equal(texts[1], '\r\u001b[Kreading: 4 of 10 objects, 4.0 MB, 16.7 MB/s');
  assert.equal(texts.at(-1), '\r\u001b[K');
});

test('writes nothing where no terminal is', () => {
  assert.deepEqual(written(false), []);
});

test('goes from listing to fetching to reading and not back; the rate is that of the last seconds', () => {
  const texts: string[] = [];
  let clock = 0;
  const output = { isTTY: true, write: (text: string) => texts.push(text.replace('\r\u001b[K', '')) > 0 };
  const progress = createProgress(output, () => clock);
  const show = (stage: 'listing' | 'fetching' | 'reading', files: number, of: number, bytes: number): void => {
    clock += 1000;
    progress.show({ stage, files, of, bytes });
  };
  show('listing', 1, 0, 2e6);
  show('listing', 500, 0, 2e9);
  show('fetching', 1, 500, 1e6);
  show('fetching', 2, 500, 11e6);
  for (let at = 1; at <= 4; at++) show('fetching', 2 + at, 500, 11e6 + at * 2e6);
  show('reading', 1, 500, 5000);
  show('fetching', 500, 500, 2e9);
  show('reading', 2, 500, 8000);
  assert.deepEqual(texts, [
    'listing: 1 object, 2.0 MB',
    'listing: 500 objects, 2.0 GB',
    'fetching: 1 of 500 objects, 1.0 MB',
    'fetching: 2 of 500 objects, 11.0 MB, 10.0 MB/s',
    'fetching: 3 of 500 objects, 13.0 MB, 6.0 MB/s',
    'fetching: 4 of 500 objects, 15.0 MB, 2.0 MB/s',
    'fetching: 5 of 500 objects, 17.0 MB, 2.0 MB/s',
    'fetching: 6 of 500 objects, 19.0 MB, 2.0 MB/s',
    'reading: 1 of 500 objects, 5.0 kB',
    'reading: 2 of 500 objects, 8.0 kB, 1.5 kB/s',
  ]);
});
