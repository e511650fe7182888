import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { FlowgaugeError } from '../../model/errors.ts';
import { openStdout } from './stdout.ts';

const MODULE = new URL('./stdout.ts', import.meta.url).href;

/** Runs a script with `output` in a pipe to `reader`; gives what the shell and the script did. */
function piped(script: string, watchFd: string, reader: string) {
  const source = `import { openStdout } from ${JSON.stringify(MODULE)}; const output = openStdout(process.stdout, ${watchFd}); ${script}`;
  const command = `{ "$0" --input-type=module -e "$1"; echo "exit $?" >&2; } | ${reader}`;
  const began = performance.now();
  const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, source], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { stdout, stderr, millis: performance.now() - began };
}

test('ends quietly when the reader goes while there is more to write', () => {
  const script = `const line = Buffer.from('2 record OK\\n'.repeat(1000));
    while (!output.unread.aborted) await output.write(line);
    await output.write(line);
    output.close();`;
  const { stdout, stderr, millis } = piped(script, 'null', 'head -n 2');
  assert.equal(stdout, '2 record OK\n2 record OK\n');
  assert.equal(stderr, 'exit 0\n');
  assert.ok(millis < 10_000, `${millis}`);
});

test('notices that the reader of a live capture has gone while there is nothing to write', () => {
  const script = `await output.write(Buffer.from('header\\n'));
    const wait = setInterval(() => {}, 1000);
    output.unread.addEventListener('abort', () => { clearInterval(wait); output.close(); });`;
  const { stdout, stderr } = piped(script, '1', 'head -n 1');
  assert.equal(stdout, 'header\n');
  assert.equal(stderr, 'exit 0\n');
});

test('leaves no watcher that holds the pipe open', () => {
  const { stdout, stderr } = piped(`await output.write(Buffer.from('all\\n')); output.close();`, '1', 'cat');
  assert.equal(stdout, 'all\n');
  assert.equal(stderr, 'exit 0\n');
});

test('names any other trouble of the stream', async () => {
  const full = new Writable({
    write: (_bytes, _encoding, done) => done(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
  });
  const output = openStdout(full, null);
  await assert.rejects(
    output.write(Buffer.from('x')),
    (error: unknown) => error instanceof FlowgaugeError && error.code === 'FG_DISK_FULL',
  );
});
