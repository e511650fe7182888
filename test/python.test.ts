/** What is Python runs here too: the unit tests of the independent reading in test/oracle/, and the answers to saved queries. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const FOLDER = join(import.meta.dirname, 'oracle');
const here = spawnSync('python3', ['--version']).status === 0;

test('the unit tests of the independent reading hold', { skip: here ? false : 'python3 is not installed' }, () => {
  const files = readdirSync(FOLDER).filter((name) => /^(test_.*|.*_test)\.py$/.test(name));
  assert.notEqual(files.length, 0, 'test/oracle has no unit tests');
  const run = ['-m', 'unittest', '-q', ...files.map((name) => name.replace(/\.py$/, ''))];
  const done = spawnSync('python3', run, {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  assert.equal(done.status, 0, done.stderr);
  if (process.env['CI'] === 'true') assert.doesNotMatch(done.stderr, /skipped=/, 'CI skips nothing');
});

test(
  'the answers to saved queries are those that the script gives',
  { skip: here ? false : 'python3 is not installed' },
  () => {
    const done = spawnSync('python3', ['answers.py', '--check'], {
      cwd: join(import.meta.dirname, 'fixtures', 'saved-queries', 'answers'),
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    assert.equal(done.status, 0, done.stderr);
  },
);
