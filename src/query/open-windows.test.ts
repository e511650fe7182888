import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { ask } from './ask.ts';
import type { Answer, Cell } from './engine.ts';
import { buildBucket } from '../lake/read/build-bucket.ts';
import type { BuiltBucket } from '../lake/read/build-bucket.ts';
import { BUCKET_CHANGES, OPEN_WINDOWS_SOCKET, socketPath } from '../lake/read/open-windows.ts';

const HEADER = 'version srcaddr packets start end log-status';
const line = (packets: number, start = 1_795_435_500): string => `2 10.0.0.1 ${packets} ${start} ${start + 9} OK`;
const built: BuiltBucket[] = [];
const servers: Server[] = [];
after(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  for (const bucket of built) bucket.remove();
});

/** A data directory with one object, and what answers on its socket. */
async function dataDirectory(
  listener: RequestListener | null,
  below = '',
): Promise<{ path: string; bucket: BuiltBucket }> {
  const bucket = buildBucket();
  built.push(bucket);
  const path = join(bucket.directory, below);
  bucket.text([HEADER, line(1), line(2)], { prefix: join(below, 'bucket') });
  if (listener !== null) {
    const socket = join(path, OPEN_WINDOWS_SOCKET);
    mkdirSync(dirname(socket), { recursive: true });
    const server = createServer(listener);
    servers.push(server);
    const reached = socketPath(socket)!;
    server.listen(reached.path);
    await once(server, 'listening');
    reached.close();
  }
  return { path, bucket };
}

/** Answers as `up` does; `changes` is asked with each request. */
function asUp(text: () => string, changes: () => number): RequestListener {
  return (asked, answer) => {
    const count = changes();
    const body = asked.method === 'HEAD' ? '' : text();
    answer.writeHead(200, { [BUCKET_CHANGES]: count }).end(body);
  };
}

async function rowsOf(answer: Answer): Promise<readonly (readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return rows;
}

const OPEN = 'SELECT packets, x_open FROM flow_logs ORDER BY packets';

test('records of open windows are rows of their own, and marked', async () => {
  for (const below of ['', `${'a-long-name/'.repeat(12)}data`]) {
    const { path } = await dataDirectory(
      asUp(
        () => `${HEADER}\n${line(7)}\n${line(8)}\n`,
        () => 3,
      ),
      below,
    );
    const answer = await ask(path, OPEN);
    const rows = await rowsOf(answer);
    assert.deepEqual(rows, [
      [1, false],
      [2, false],
      [7, true],
      [8, true],
    ]);
    assert.deepEqual(answer.notes, []);
    const left = await ask(path, OPEN, {}, { source: { open: false } });
    assert.deepEqual(await rowsOf(left), rows.slice(0, 2));
    const all = await ask(path, 'FROM flow_logs', {}, { range: { startSeconds: 0, endSeconds: 10 } });
    assert.deepEqual(
      all.columns.map(({ name }) => name),
      ['version', 'srcaddr', 'packets', 'start', 'end', 'log_status', 'start_time', 'end_time', 'x_open'],
    );
    await all.close();
  }
});

test('where no up runs, nothing changes but that x_open is false', async () => {
  const { path, bucket } = await dataDirectory(null);
  assert.deepEqual(await rowsOf(await ask(path, OPEN)), [
    [1, false],
    [2, false],
  ]);
  // What is no data directory has no such column.
  await assert.rejects(ask(join(bucket.directory, 'bucket'), OPEN), { code: 'FG_QUERY_SQL' });
});

test('a window that closes while objects are listed is in one of the two, never in both', async () => {
  let asked = 0;
  const changes = (): number => (asked++ === 0 ? 1 : 2);
  let bucket: BuiltBucket | null = null;
  const text = (): string => {
    if (bucket === null) return `${HEADER}\n`;
    const closing = bucket;
    bucket = null;
    // It closes right after it was looked at, and is an object before the objects are listed.
    closing.text([HEADER, line(7)], { prefix: 'bucket' });
    return `${HEADER}\n${line(7)}\n`;
  };
  const made = await dataDirectory(asUp(text, changes));
  bucket = made.bucket;
  const answer = await ask(made.path, OPEN);
  assert.deepEqual(await rowsOf(answer), [
    [1, false],
    [2, false],
    [7, false],
  ]);
  assert.deepEqual(answer.notes, []);
  assert.equal(asked, 4);
});

test('what keeps it from asking is said', async () => {
  let changes = 0;
  const restless = await dataDirectory(
    asUp(
      () => `${HEADER}\n${line(7)}\n`,
      () => changes++,
    ),
  );
  const first = await ask(restless.path, OPEN);
  assert.equal((await rowsOf(first)).length, 2);
  assert.match(JSON.stringify(first.notes), /"open-windows".*closed each time/);
  const broken = await dataDirectory((_, answer) => answer.writeHead(503).end());
  const second = await ask(broken.path, OPEN);
  assert.equal((await rowsOf(second)).length, 2);
  assert.deepEqual(second.notes, [{ kind: 'open-windows', why: '`up` did not give them (HTTP 503)' }]);
  const cut = await dataDirectory((asked) => asked.socket.destroy());
  assert.match(JSON.stringify((await ask(cut.path, OPEN)).notes), /socket hang up/);
});

test('Ctrl-C does not wait for an up that does not answer', async () => {
  const stop = new AbortController();
  const { path } = await dataDirectory(() => stop.abort());
  await assert.rejects(ask(path, OPEN, {}, { signal: stop.signal }), { name: 'AbortError' });
});
