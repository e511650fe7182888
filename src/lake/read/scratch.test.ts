import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lookForLeft } from './scratch.ts';

test('what a killed program left is taken away a day later, and nothing of anybody else', () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-left-'));
  const { pid: dead } = spawnSync('true');
  const left = `flowgauge-query-${dead}-0123abcd`;
  const others = [`flowgauge-query-${process.pid}-0123abcd`, `flowgauge-query-${dead}-mine`, 'flowgauge-query'];
  try {
    for (const name of [left, ...others]) {
      mkdirSync(join(directory, name, 'rows'), { recursive: true });
      writeFileSync(join(directory, name, 'rows', 'a.parquet'), '');
    }
    lookForLeft(directory, Date.now() + 3_600_000);
    assert.deepEqual(readdirSync(directory).sort(), [left, ...others].sort());
    // Of another user, where this one may give things away.
    const foreign = `flowgauge-query-${dead}-89abcdef`;
    if (process.getuid?.() === 0) {
      mkdirSync(join(directory, foreign));
      chownSync(join(directory, foreign), 65_534, 65_534);
      others.push(foreign);
    }
    lookForLeft(directory, Date.now() + 90_000_000);
    assert.deepEqual(readdirSync(directory).sort(), others.toSorted());
    // One that stopped meanwhile waits until it is looked for again, for that takes time.
    mkdirSync(join(directory, left));
    lookForLeft(directory, Date.now() + 90_000_000 + 3_500_000);
    assert.deepEqual(readdirSync(directory).sort(), [left, ...others].sort());
    lookForLeft(directory, Date.now() + 90_000_000 + 3_700_000);
    assert.deepEqual(readdirSync(directory).sort(), others.toSorted());
    lookForLeft(join(directory, 'not there'), Date.now());
  } finally {
    rmSync(directory, { recursive: true });
  }
});
