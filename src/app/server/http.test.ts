import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import type { FlowgaugeError } from '../../model/errors.ts';
import { startHttp, textAnswer } from './http.ts';
import type { HttpHandler, HttpLimits, HttpOptions, HttpRequest } from './http.ts';

const HERE: HttpOptions['listen'] = { address: '127.0.0.1', port: 0, tls: null, ownNamesOnly: true };
const ECHO: HttpHandler = async ({ method, url, body }) => textAnswer(200, `${method} ${url} ${body.length}`);

type Setup = { handler?: HttpHandler; limits?: Partial<HttpLimits>; listen?: HttpOptions['listen'] };

async function start(t: TestContext, { handler = ECHO, limits = {}, listen = HERE }: Setup = {}) {
  const failures: FlowgaugeError[] = [];
  const server = await startHttp({ listen, handler, failed: (error) => failures.push(error), limits });
  t.after(() => server.close());
  return { server, failures, port: Number(new URL(server.url).port) };
}

/** Sends bytes, and gives everything that comes until the other side closes. */
async function raw(port: number, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  // A reset is an end like another: what came before it counts.
  socket.on('error', () => {});
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  for (const piece of pieces) socket.write(piece);
  await closed(socket);
  return text;
}

/** Settles when a socket is closed, by an error too. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

const status = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
const GET = 'GET /a HTTP/1.1\r\nHost: localhost\r\n';

test('gives a handler method, path with query as it came, headers and body', async (t) => {
  let seen: HttpRequest | null = null;
  const { server } = await start(t, {
    handler: async (request) => {
      seen = request;
      return { status: 201, headers: { 'x-one': '1' }, body: new Uint8Array([1, 2, 3]) };
    },
  });
  const answer = await fetch(`${server.url}/a%2Fb?Action=X&b=%20`, {
    method: 'POST',
    body: 'k=v',
    headers: { B: '1' },
  });
  assert.deepEqual([answer.status, answer.headers.get('x-one')], [201, '1']);
  assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), new Uint8Array([1, 2, 3]));
  const { method, url, headers, body } = seen!;
  assert.deepEqual(
    [method, url, headers['b'], Buffer.from(body).toString()],
    ['POST', '/a%2Fb?Action=X&b=%20', '1', 'k=v'],
  );
});

test('answers only who names this machine: an address, or localhost', async (t) => {
  const { port } = await start(t);
  const asked = async (host: string): Promise<number> =>
    status(await raw(port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
  for (const host of [
    'localhost',
    'LOCALHOST:8350',
    'localhost.',
    'a.localhost',
    '127.0.0.1:1',
    '[::1]:8350',
    '10.0.0.1',
  ])
    assert.equal(await asked(host), 200, host);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '[evil]', 'a@localhost', '', '1'])
    assert.equal(await asked(host), 421, host);
  assert.equal(status(await raw(port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')), 400, 'no host');
});

test('takes any name where a proxy passes it on', async (t) => {
  const { port } = await start(t, { listen: { ...HERE, ownNamesOnly: false } });
  assert.equal(status(await raw(port, 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n')), 200);
});

test('refuses a body above its bound, told or not, and answers the next', async (t) => {
  const { port, server } = await start(t, { limits: { bodyBytes: 1000 } });
  const post = 'POST / HTTP/1.1\r\nHost: localhost\r\n';
  assert.equal(status(await raw(port, `${post}Content-Length: 1001\r\n\r\n`)), 413);
  const chunk = `${(600).toString(16)}\r\n${'x'.repeat(600)}\r\n`;
  assert.equal(status(await raw(port, `${post}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`)), 413);
  const answer = await fetch(server.url, { method: 'POST', body: 'x'.repeat(1000) });
  assert.equal(await answer.text(), 'POST / 1000\n');
});

test('refuses bodies that together are more than all may be, and forgets those that went', async (t) => {
  const { port, server } = await start(t, { limits: { bodyBytes: 1000, allBodiesBytes: 1500 } });
  const post = `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n`;
  const first = connect(port, '127.0.0.1');
  first.write(post + 'x'.repeat(999));
  await until(async () => status(await raw(port, post + 'x'.repeat(1000))) === 503);
  first.destroy();
  await closed(first);
  await until(async () => (await fetch(server.url, { method: 'POST', body: 'x'.repeat(1000) })).status === 200);
});

test('ends who sends its headers or its body too slowly, and who says nothing', async (t) => {
  const { port, server } = await start(t, { limits: { headersMillis: 60, requestMillis: 120, lookMillis: 20 } });
  assert.equal(status(await raw(port, 'GET /a HTTP/1.1\r\nHost: lo')), 408);
  assert.equal(status(await raw(port, 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab')), 408);
  await raw(port);
  // On a busy machine a good request may be too slow for such bounds as well.
  await until(async () =>
    fetch(server.url).then(
      ({ status: code }) => code === 200,
      () => false,
    ),
  );
});

test('ends who takes nothing of its answer', async (t) => {
  const { port } = await start(t, {
    handler: async () => textAnswer(200, 'x'.repeat(32 << 20)),
    limits: { silentMillis: 100, connections: 1 },
  });
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  socket.on('error', () => {});
  socket.write('GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'connect');
  // There is room for one: a second is answered when the first was ended.
  await until(async () => (await raw(port, `HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)) !== '');
  socket.destroy();
});

test('has no more connections than it may', async (t) => {
  const { port, server } = await start(t, { limits: { connections: 3 } });
  const sockets: Socket[] = [];
  for (let at = 0; at < 3; at++) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.write(`${GET}\r\n`);
    await once(socket, 'data');
  }
  assert.equal(await raw(port, `${GET}\r\n`), '', 'the fourth is closed without an answer');
  for (const socket of sockets) {
    socket.destroy();
    await closed(socket);
  }
  await until(async () =>
    fetch(server.url).then(
      ({ status: code }) => code === 200,
      () => false,
    ),
  );
});

test('no bytes end it', async (t) => {
  const { port, server, failures } = await start(t);
  const junk: readonly (string | Buffer)[] = [
    '\r\n\r\n\r\n',
    '\0\0\0\0',
    Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]),
    'GET\r\n\r\n',
    'GET http://a/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`,
    `${GET}${'A: b\r\n'.repeat(20_000)}\r\n`,
    `${GET}Content-Length: -1\r\n\r\n`,
    `${GET}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    `${GET}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${GET}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `${GET}Expect: something\r\nConnection: close\r\n\r\n`,
    `${GET}Upgrade: websocket\r\nConnection: upgrade, close\r\n\r\n`,
    `GET /%00%ff${String.fromCharCode(0x80)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  ];
  for (const bytes of junk) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.end(bytes);
    await closed(socket);
  }
  assert.equal((await fetch(server.url)).status, 200);
  assert.deepEqual(failures, []);
});

test('an error of a handler is a 500 without its words, told to who runs the server', async (t) => {
  const { server, failures } = await start(t, {
    handler: async () => {
      throw new Error('secret words');
    },
  });
  const answer = await fetch(`${server.url}/a?key=secret`);
  assert.equal(answer.status, 500);
  assert.doesNotMatch(await answer.text(), /secret/);
  assert.deepEqual(
    failures.map(({ code, message }) => [code, message.includes('GET /a could'), message.includes('key=')]),
    [['FG_HTTP_HANDLER', true, false]],
  );
});

test('an answer that takes too long is a 503', async (t) => {
  const { server } = await start(t, { handler: () => new Promise(() => {}), limits: { answerMillis: 30 } });
  assert.equal((await fetch(server.url)).status, 503);
});

test('closing answers what was asked, takes nothing new, and ends', async (t) => {
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const { server, port } = await start(t, {
    handler: async () => {
      asked.resolve();
      await go.promise;
      return textAnswer(200, 'done');
    },
  });
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  const answer = fetch(server.url);
  await asked.promise;
  const before = performance.now();
  const ended = server.close();
  await assert.rejects(fetch(server.url), 'it takes no more');
  go.resolve();
  assert.equal(await (await answer).text(), 'done\n');
  idle.destroy();
  await ended;
  assert.ok(performance.now() - before < 2500, 'a connection that is kept alive is not waited for');
});

test('closing waits no longer than its bound', async (t) => {
  const asked = Promise.withResolvers<void>();
  const { server } = await start(t, {
    handler: () => {
      asked.resolve();
      return new Promise(() => {});
    },
    limits: { closeMillis: 30 },
  });
  const answer = assert.rejects(fetch(server.url));
  await asked.promise;
  await server.close();
  await answer;
});

test('a port that is in use is told with the way out, and so is an address that is not here', async (t) => {
  const { port } = await start(t);
  const again = startHttp({ listen: { ...HERE, port }, handler: ECHO, failed: () => {} });
  await assert.rejects(
    again,
    (error: FlowgaugeError) => error.code === 'FG_PORT_IN_USE' && /--port 0/.test(error.message),
  );
  const elsewhere = { ...HERE, address: '203.0.113.9' };
  await assert.rejects(startHttp({ listen: elsewhere, handler: ECHO, failed: () => {} }), { code: 'FG_LISTEN' });
});

test('answers over TLS with the files that are given, and says which do not fit', async (t) => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-tls-'));
  t.after(() => rmSync(scratch, { recursive: true }));
  const [cert, key] = [join(scratch, 'cert.pem'), join(scratch, 'key.pem')];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const made = spawnSync('openssl', [...args, '-subj', '/CN=localhost', '-keyout', key, '-out', cert]);
  if (made.error !== undefined) return t.skip('openssl is not installed');
  const { server, port } = await start(t, { listen: { ...HERE, tls: { cert, key } } });
  assert.match(server.url, /^https:/);
  const asked = httpsRequest(`${server.url}/a`, { rejectUnauthorized: false }).end();
  const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
  assert.equal(answer.statusCode, 200);
  answer.resume();
  await raw(port, `${GET}\r\n`);
  writeFileSync(key, 'no key');
  const wrong = startHttp({ listen: { ...HERE, tls: { cert, key } }, handler: ECHO, failed: () => {} });
  await assert.rejects(wrong, { code: 'FG_TLS_FILES' });
});

/** Asks again until it holds; the file's time limit ends one that never does. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

/** Numbers without an end; `ended` settles when nobody reads them any more. */
function endless() {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const state = { made: 0 };
  async function* numbers(): AsyncGenerator<string> {
    try {
      for (;;) {
        state.made += 1;
        yield `${'x'.repeat(10_000)}${state.made}\n`;
        await new Promise((next) => setImmediate(next));
      }
    } finally {
      resolve();
    }
  }
  const handler: HttpHandler = async () => ({ status: 200, headers: {}, body: 'begin\n', stream: numbers() });
  return { handler, ended, state };
}

test('an answer that is a stream comes as it is made, whole', async (t) => {
  async function* three(): AsyncGenerator<string> {
    yield 'a';
    yield '';
    yield 'b';
  }
  const { port } = await start(t, {
    handler: async () => ({ status: 200, headers: { 'content-type': 'text/x' }, body: '', stream: three() }),
  });
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  assert.deepEqual([answer.headers.get('content-type'), await answer.text()], ['text/x', 'ab']);
});

test('a stream whose reader goes ends; one whose reader does not read waits', async (t) => {
  const { handler, ended, state } = endless();
  const { port } = await start(t, { handler });
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  // What fits between the two is made, and then no more.
  let before = -1;
  while (state.made !== before) {
    before = state.made;
    for (let round = 0; round < 200; round += 1) await new Promise((next) => setImmediate(next));
  }
  assert.ok(before < 10_000, `${before} pieces were made for nobody`);
  socket.destroy();
  await ended;
});

test('a stream that fails is cut off, and is not taken for whole', async (t) => {
  async function* fails(): AsyncGenerator<string> {
    yield 'a';
    throw new Error('oh');
  }
  const { port, failures } = await start(t, {
    handler: async () => ({ status: 200, headers: {}, body: '', stream: fails() }),
  });
  await assert.rejects(async () => (await fetch(`http://127.0.0.1:${port}/`)).text());
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['FG_HTTP_HANDLER'],
  );
});

test('streams are so many at a time, last so long, and end with the server', async (t) => {
  const { handler, ended } = endless();
  const { server, port } = await start(t, { handler, limits: { streams: 1 } });
  const first = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 503);
  const cut = assert.rejects(first.text());
  await server.close();
  await Promise.all([ended, cut]);
  const short = await start(t, { handler: endless().handler, limits: { streamMillis: 50 } });
  await assert.rejects(async () => (await fetch(`http://127.0.0.1:${short.port}/`)).text());
});

test('a stream that has nothing to say for long is no silent reader', async (t) => {
  async function* slow(): AsyncGenerator<string> {
    yield 'a';
    // Longer than a reader may be silent.
    await wait(300);
    yield 'b';
  }
  const { port } = await start(t, {
    handler: async () => ({ status: 200, headers: {}, body: '', stream: slow() }),
    limits: { silentMillis: 100 },
  });
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'ab');
});

test('a handler learns that whoever asked has gone', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
  const { port } = await start(t, {
    handler: async ({ gone }) => {
      gone!.addEventListener('abort', () => resolve());
      isAsked();
      await promise;
      return textAnswer(200, 'late');
    },
  });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await asked;
  socket.destroy();
  await promise;
});
