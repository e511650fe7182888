import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROWS } from './rows/list.ts';

const run = (...words: string[]): { code: number | null; out: string; told: string } => {
  const done = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...words], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, told: done.stderr };
};

test('the rows are told for the asking, and without a name', () => {
  const help = run('--help');
  assert.deepEqual([help.code, help.told], [0, '']);
  for (const name of Object.keys(ROWS)) assert.ok(help.out.split(/\s/).includes(name), name);
  assert.deepEqual(run(), { code: 2, out: '', told: help.out });
});

test('a wrong command line is one line that says what is wrong with it', () => {
  const lines = [
    [['--nope'], '--nope'],
    [['P1', '--input', '-x'], '--input'],
    [['P1', 'toString'], 'no row "toString"'],
    [['P1', '--rounds', '0'], '--rounds is "0"'],
  ] as const;
  for (const [words, said] of lines) {
    const { code, out, told } = run(...words);
    assert.deepEqual([code, out], [2, '']);
    assert.ok(told.includes(said) && told.includes('--help') && /^[^\n]+\n$/.test(told), told);
  }
});
