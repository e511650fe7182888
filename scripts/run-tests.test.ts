import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';

const HEAD = "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\n";

/** Runs the suite in a small clone that has only these files. */
function runIn(
  files: Readonly<Record<string, string>>,
  suite: string,
  ci: boolean,
  ...words: readonly string[]
): { status: number | null; text: string } {
  const clone = mkdtempSync(join(tmpdir(), 'flowgauge-clone-'));
  try {
    for (const name of ['run-tests.ts', 'files.ts']) cpSync(join(ROOT, 'scripts', name), join(clone, 'scripts', name));
    writeFileSync(join(clone, 'package.json'), '{ "type": "module" }');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), HEAD + text);
    }
    const done = spawnSync(process.execPath, [join(clone, 'scripts/run-tests.ts'), suite, ...words], {
      encoding: 'utf8',
      env: { ...process.env, CI: String(ci), NO_COLOR: '1' },
    });
    return { status: done.status, text: done.stderr + done.stdout };
  } finally {
    rmSync(clone, { recursive: true });
  }
}

test('a failing test, a file that throws and a test in a test make the run fail, each named once', () => {
  const { status, text } = runIn(
    {
      'src/a.test.ts': "test('adds', () => assert.equal(1 + 1, 3)); test('holds', () => {});",
      'src/b.test.ts': "throw new Error('broken file');",
      'src/c.test.ts': "test('outer', async (t) => { await t.test('inner', () => assert.fail('why')); });",
    },
    'unit',
    false,
  );
  assert.equal(status, 1);
  assert.match(text, /== src\/a.test.ts: adds/);
  assert.match(text, /broken file/);
  assert.match(text, /== src\/c.test.ts: inner/);
  assert.match(text, /\n1 passed, 3 failed\n$/);
});

test('a skipped test is told with its reason, and is a failure in CI', () => {
  const files = { 'src/a.test.ts': "test('needs root', { skip: 'no root here' }, () => {}); test('holds', () => {});" };
  const here = runIn(files, 'unit', false);
  assert.equal(here.status, 0);
  assert.match(here.text, /src\/a.test.ts: needs root: no root here/);
  assert.match(here.text, /\n1 passed, 0 failed\n$/);
  assert.equal(runIn(files, 'unit', true).status, 1);
});

test('tests of test/e2e are the kernel suite and nothing else is', () => {
  const files = {
    'src/a.test.ts': "test('one', () => {});",
    'test/e2e/b.test.ts': "test('two', () => {}); test('three', () => {});",
  };
  assert.match(runIn(files, 'unit', true).text, /\n1 passed, 0 failed\n$/);
  assert.match(runIn(files, 'kernel', true).text, /\n2 passed, 0 failed\n$/);
});

test('a suite that does not exist, or has no file, is a wrong command line', () => {
  assert.equal(runIn({}, 'kernel', false).status, 2);
  assert.match(runIn({}, 'kernal', false).text, /"kernal" is no suite; there are unit, kernel/);
});

test('a file that never ends is ended and named, and the others are still run', () => {
  const { status, text } = runIn(
    { 'src/a.test.ts': "test('loops', () => { for (;;); });", 'src/b.test.ts': "test('holds', () => {});" },
    'unit',
    false,
    '--limit=2',
  );
  assert.equal(status, 1);
  assert.match(text, /== src\/a.test.ts: took more than 2 s and was ended/);
  assert.match(text, /\n1 passed, [12] failed\n$/);
});
