import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { directoryIn, findLab, inLab, keeperCommand, onHost, runningLabs } from './sandbox.ts';

test('the directory stands among the words of the first process', () => {
  assert.equal(directoryIn(keeperCommand('/data/a lab')), '/data/a lab');
  assert.equal(directoryIn(['node', 'x']), null);
});

test('whoever is in a lab enters no namespace but that of a host', () => {
  const own = { directory: '/data/a lab', pid: 1 };
  assert.deepEqual(inLab(own, ['ip', 'link']), ['ip', 'link']);
  assert.deepEqual(onHost(own, 'i-web', ['true']), ['ip', 'netns', 'exec', 'i-web', 'true']);
  assert.equal(inLab({ ...own, pid: process.pid }, ['ip', 'link'])[0], 'nsenter');
});

test('takes no process for a lab that only has its words', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', 'flowgauge-lab:/nowhere/at-all']);
  await once(child, 'spawn');
  assert.equal(findLab('/nowhere/at-all'), null);
  assert.ok(runningLabs().every(({ pid }) => pid !== child.pid));
  child.kill();
  await once(child, 'exit');
});
