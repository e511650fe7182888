import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openCollecting } from './collecting.ts';

const T = 1_795_435_200_000_000;
const SECOND = 1_000_000;

function directory(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'flowgauge-collecting-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('a first start has no gap, nor has one after a stop that was asked for', (t) => {
  const path = directory(t);
  const first = openCollecting(path, T);
  assert.equal(first.gapMicros, null);
  first.end(true, T + SECOND);
  assert.equal(openCollecting(path, T + 9 * SECOND).gapMicros, null);
});

test('one that ended because something else was killed leaves a gap from its end', (t) => {
  const path = directory(t);
  openCollecting(path, T).end(false, T + 7 * SECOND);
  assert.equal(openCollecting(path, T + 9 * SECOND).gapMicros, T + 7 * SECOND);
});

test('one that was killed leaves a gap from the oldest window that may not be in the spool', (t) => {
  const path = directory(t);
  const written = (): unknown =>
    (JSON.parse(readFileSync(join(path, 'collecting.json'), 'utf8')) as { openMicros: number }).openMicros;
  const collecting = openCollecting(path, T + 10 * SECOND);
  const told: unknown[] = [];
  for (let second = 11; second < 70; second++) {
    // The window from 0 to 60 closes at second 62.
    collecting.keep(T / SECOND + (second < 62 ? 10 : 60), T + second * SECOND);
    told.push(written());
  }
  assert.deepEqual([...new Set(told)], [T + 10 * SECOND, T + 60 * SECOND]);
  assert.equal(told.indexOf(T + 60 * SECOND), 68 - 11, 'more than five seconds after it closed');
  assert.equal(openCollecting(path, T + 80 * SECOND).gapMicros, T + 60 * SECOND);
});

test('what is no such file is no gap', (t) => {
  const path = directory(t);
  for (const text of ['', '{', 'null', '{"format":2,"openMicros":1,"hasEnded":false}']) {
    writeFileSync(join(path, 'collecting.json'), text);
    assert.equal(openCollecting(path, T).gapMicros, null, text);
  }
});
