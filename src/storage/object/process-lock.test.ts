import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { giveProcessLockBack, takeProcessLock } from './process-lock.ts';

function lockPath(t: { after(done: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'flowgauge-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'lock');
}

test('is taken once, given back, and leaves nothing', (t) => {
  const path = lockPath(t);
  assert.equal(takeProcessLock(path), null);
  assert.equal(takeProcessLock(path), process.pid);
  giveProcessLockBack(path);
  assert.deepEqual(readdirSync(join(path, '..')), []);
  giveProcessLockBack(path);
});

test('is taken over from a process that has died, also when its number is that of another now', (t) => {
  const path = lockPath(t);
  const dead = spawnSync('true').pid;
  for (const words of [
    `${dead} 12345\n`,
    `${dead}`,
    `${process.pid} 1\n`,
    `${process.pid}`,
    '1 1\n',
    '',
    'x',
    '-1',
    '0',
  ]) {
    writeFileSync(path, words);
    assert.equal(takeProcessLock(path), null, words);
    giveProcessLockBack(path);
  }
});

test('of a process that runs names it', async (t) => {
  const path = lockPath(t);
  writeFileSync(path, String(process.ppid));
  assert.equal(takeProcessLock(path), process.ppid);
  giveProcessLockBack(path);
  assert.deepEqual(readdirSync(join(path, '..')), ['lock']);
});

test('one of many processes that take what a dead one left gets it', { timeout: 60_000 }, async (t) => {
  const path = lockPath(t);
  writeFileSync(path, `${spawnSync('true').pid} 12345\n`);
  const program = `import { takeProcessLock } from ${JSON.stringify(join(import.meta.dirname, 'process-lock.ts'))};
    console.log(takeProcessLock(${JSON.stringify(path)}) === null ? 'mine' : 'other');
    process.stdin.resume();`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const said = await Promise.all(
    children.map(async (child) => String(((await once(child.stdout, 'data')) as [Buffer])[0]).trim()),
  );
  for (const child of children) child.stdin.end();
  assert.equal(said.filter((word) => word === 'mine').length, 1);
});
