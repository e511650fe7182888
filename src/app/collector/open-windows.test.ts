import assert from 'node:assert/strict';
import { mkdtempSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BUCKET_CHANGES, OPEN_WINDOWS_PATH } from '../../lake/read/open-windows.ts';
import { serveOpenWindows } from './open-windows.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-windows-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

async function asked(socketPath: string, method = 'GET', path = OPEN_WINDOWS_PATH) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ socketPath, path, method, agent: false }, resolve).on('error', reject).end();
  const answer = await promise;
  let text = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString();
  return { status: answer.statusCode, changes: answer.headers[BUCKET_CHANGES], text };
}

test('gives a look for a GET and only the count for a HEAD, to its own user alone', async () => {
  const path = join(scratch, 'own.sock');
  writeFileSync(path, 'left by a process that died');
  let looks = 0;
  const server = await serveOpenWindows(
    path,
    async () => {
      looks++;
      return { changes: 4, pieces: () => [Buffer.from('a b\n'), Buffer.from('1 2\n')] };
    },
    () => 5,
  );
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(await asked(path), { status: 200, changes: '4', text: 'a b\n1 2\n' });
  assert.deepEqual(await asked(path, 'HEAD'), { status: 200, changes: '5', text: '' });
  assert.equal((await asked(path, 'GET', '/')).status, 404);
  assert.equal((await asked(path, 'POST')).status, 404);
  assert.equal(looks, 1);
  await server.close();
  assert.ok(!existsSync(path));
});

test('a look that cannot be had is an answer too, and one that breaks off is not taken for whole', async () => {
  const path = join(scratch, 'bad.sock');
  let whole = false;
  const server = await serveOpenWindows(
    path,
    async () => {
      if (!whole) throw new Error('the windows are closed');
      return {
        changes: 1,
        *pieces() {
          yield Buffer.from('a b\n');
          throw new Error('broken');
        },
      };
    },
    () => 1,
  );
  assert.equal((await asked(path)).status, 503);
  whole = true;
  await assert.rejects(asked(path), /hang up|aborted/);
  await server.close();
});

test('a reader that does not read, and one that leaves, hold up nobody', async () => {
  const path = join(scratch, 'slow.sock');
  let given = 0;
  const server = await serveOpenWindows(
    path,
    async () => ({
      changes: 1,
      *pieces() {
        for (; given < 1000; given++) yield Buffer.alloc(1 << 20);
      },
    }),
    () => 1,
  );
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
  const slow = request({ socketPath: path, path: OPEN_WINDOWS_PATH, agent: false }, resolve).end();
  await promise;
  assert.equal((await asked(path, 'HEAD')).status, 200);
  assert.ok(given < 100, String(given));
  slow.destroy();
  await server.close();
  assert.ok(given < 100, String(given));
});

test('a path longer than a socket may have is reached all the same', async () => {
  const long = join(mkdtempSync(join(scratch, 'x'.repeat(100))), 'own.sock');
  const server = await serveOpenWindows(
    long,
    async () => ({ changes: 1, pieces: () => [] }),
    () => 1,
  );
  assert.deepEqual(readdirSync(join(long, '..')), ['own.sock']);
  await server.close();
});
