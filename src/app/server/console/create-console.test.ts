import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import { object, string } from 'valibot';
import type { ConsoleFailure } from '../../../api/console.ts';
import { CONSOLE_SERVICE, CSRF_HEADER, LOGIN_PATH, LOGOUT_PATH, SESSION_PATH } from '../../../api/console.ts';
import { Sha256 } from '../../../storage/object/sha256.fixture.ts';
import { revokeKey } from '../../../control/keys.ts';
import { failure } from '../../../model/errors.ts';
import { startConsole } from './console.fixture.ts';
import { readBody } from './read-body.ts';
import type { ConsoleRoute } from './route.ts';
import { notFound } from './route.ts';

const ROUTES: readonly ConsoleRoute[] = [
  {
    method: 'GET',
    path: '/api/test/things/:id',
    role: 'read',
    handle: async ({ id, who }) => {
      if (id === 'none') throw notFound('thing "none"');
      if (id === 'ours') throw failure('FG_DECISION_UNKNOWN', 1);
      return { status: 200, json: { id, who, small: 5n, large: 2n ** 60n } };
    },
  },
  {
    method: 'POST',
    path: '/api/test/things',
    role: 'operate',
    handle: async ({ body }) => ({ status: 200, json: readBody(object({ of: object({ name: string() }) }), body) }),
  },
  {
    method: 'GET',
    path: '/api/test/events',
    role: 'read',
    handle: async ({ signal }) => ({
      events: (async function* () {
        for (let at = 0; !signal.aborted; at += 1) {
          yield { event: 'tick', data: `line\n${at}`, id: String(at) };
          await new Promise((resolve) => setImmediate(resolve));
        }
      })(),
    }),
  },
  {
    method: 'GET',
    path: '/api/test/cancelled',
    role: 'read',
    handle: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  },
];
type Failed = ConsoleFailure;

test('a route is reached with a session, and answers JSON with its path and who asks', async (context) => {
  const { browser, key, url } = await startConsole(context, { routes: ROUTES });
  assert.equal((await fetch(`${url}/api/test/things/1`)).status, 401, 'nobody');
  const { ask } = await browser();
  const { status, json } = await ask('GET', '/api/test/things/a%20b');
  const who = { keyId: key.id, account: key.account, role: 'operate' };
  assert.deepEqual([status, json], [200, { id: 'a b', who, small: 5, large: String(2n ** 60n) }]);
});

test('errors are answers with a code and words', async (context) => {
  const { browser } = await startConsole(context, { routes: ROUTES });
  const { ask } = await browser();
  const code = async (method: string, path: string, body?: unknown): Promise<readonly [number, string]> => {
    const { status, json } = await ask<Failed>(method, path, body);
    return [status, json.error.code];
  };
  assert.deepEqual(await code('GET', '/api/test/things/none'), [404, 'NotFound']);
  assert.deepEqual(await code('GET', '/api/test/things/%ff'), [400, 'BadPath']);
  assert.deepEqual(await code('GET', '/api/test/things/ours'), [500, 'FG_DECISION_UNKNOWN']);
  assert.deepEqual(await code('DELETE', '/api/test/things'), [405, 'MethodNotAllowed']);
  const { status, json } = await ask<Failed>('POST', '/api/test/things', { of: { name: 1 } });
  assert.equal(status, 400);
  assert.match(json.error.message, /^"of\.name" of the request's body/);
});

test('what changes something needs the role, the token and the console’s own page', async (context) => {
  const { browser, addKey } = await startConsole(context, { routes: ROUTES });
  const { ask } = await browser();
  const body = { of: { name: 'x' } };
  assert.equal((await ask('POST', '/api/test/things', body)).status, 200);
  assert.equal((await ask('POST', '/api/test/things', body, { [CSRF_HEADER]: 'x' })).status, 403);
  for (const headers of [
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
  ])
    assert.equal((await ask('POST', '/api/test/things', body, headers)).status, 403, JSON.stringify(headers));
  assert.equal((await ask('GET', '/api/test/things/1', undefined, { 'sec-fetch-site': 'same-site' })).status, 403);
  assert.equal((await ask('POST', '/api/test/things', body, { 'content-type': 'text/plain' })).status, 415);
  const reader = await browser(addKey('read'));
  assert.equal((await reader.ask('GET', '/api/test/things/1')).status, 200);
  const { status, json } = await reader.ask<Failed>('POST', '/api/test/things', body);
  assert.deepEqual([status, json.error.code], [403, 'AccessDenied']);
});

test('a session’s token is good for no other session, of the same key neither', async (context) => {
  const { browser, addKey } = await startConsole(context, { routes: ROUTES });
  const [one, other, reader] = await Promise.all([browser(), browser(), browser(addKey('read'))]);
  const body = { of: { name: 'x' } };
  for (const { session } of [other, reader]) {
    const { status, json } = await one.ask<Failed>('POST', '/api/test/things', body, { [CSRF_HEADER]: session.csrf });
    assert.deepEqual([status, json.error.code], [403, 'WrongToken']);
  }
  // A cookie of another session, with the token that belongs to it, has that one's rights and no more.
  const theirs = { cookie: reader.cookie, [CSRF_HEADER]: reader.session.csrf };
  assert.equal((await one.ask('POST', '/api/test/things', body, theirs)).status, 403);
  assert.equal((await one.ask('POST', '/api/test/things', body)).status, 200);
});

test('scripts sign, with a service of their own', async (context) => {
  const { url, key, addKey } = await startConsole(context, { routes: ROUTES });
  const ask = async (by: typeof key, service: string, method: string, path: string, body = ''): Promise<number> => {
    const signer = new SignatureV4({
      credentials: { accessKeyId: by.id, secretAccessKey: by.secret },
      service,
      region: 'us-east-1',
      sha256: Sha256,
    });
    const sent = { host: new URL(url).host, ...(body === '' ? {} : { 'content-type': 'application/json' }) };
    const parts = { method, protocol: 'http:', hostname: '127.0.0.1', path, query: {}, headers: sent, body };
    const { headers } = await signer.sign(parts);
    return (await fetch(url + path, { method, headers, ...(body === '' ? {} : { body }) })).status;
  };
  assert.equal(await ask(key, CONSOLE_SERVICE, 'GET', '/api/test/things/1'), 200);
  assert.equal(await ask(key, 'ec2', 'GET', '/api/test/things/1'), 403);
  const body = JSON.stringify({ of: { name: 'x' } });
  assert.equal(await ask(key, CONSOLE_SERVICE, 'POST', '/api/test/things', body), 200);
  assert.equal(await ask(addKey('read'), CONSOLE_SERVICE, 'POST', '/api/test/things', body), 403);
});

test('a session ends with logging out, with its key, and by itself', async (context) => {
  let now = Date.now();
  const { browser, context: of, key, addKey } = await startConsole(context, { routes: ROUTES, now: () => now });
  const one = await browser();
  assert.equal((await one.ask('GET', SESSION_PATH)).status, 200);
  const out = await one.ask('POST', LOGOUT_PATH);
  assert.deepEqual([out.status, /Max-Age=0/.test(out.headers.get('set-cookie')!)], [204, true]);
  assert.equal((await one.ask('GET', SESSION_PATH)).status, 401);
  const two = await browser(addKey('read'));
  revokeKey(of.control.state, two.session.keyId, new Date(now));
  assert.equal((await two.ask('GET', SESSION_PATH)).status, 401, 'its key was revoked');
  const idle = await browser(key);
  now += 2 * 3_600_000 + 1;
  assert.equal((await idle.ask('GET', SESSION_PATH)).status, 401, 'idle');
  const used = await browser(key);
  for (let hour = 0; hour < 11; hour += 1) {
    now += 3_600_000;
    assert.equal((await used.ask('GET', SESSION_PATH)).status, 200);
  }
  now += 3_600_001;
  assert.equal((await used.ask('GET', SESSION_PATH)).status, 401, 'twelve hours');
});

test('events come as they are made, and end when the key is revoked or the browser leaves', async (context) => {
  const { browser, context: of, addKey } = await startConsole(context, { routes: ROUTES });
  const one = await browser(addKey('read'));
  const answer = await one.open('GET', '/api/test/events');
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  let text = '';
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes('id: 3\n')) revokeKey(of.control.state, one.session.keyId, new Date());
  }
  assert.match(text, /^: ok\n\nevent: tick\nid: 0\ndata: "line\\n0"\n\nevent: tick\nid: 1\n/);
  const two = await browser();
  const leaves = new AbortController();
  const left = await two.open('GET', '/api/test/events', undefined, leaves.signal);
  await left.body!.getReader().read();
  leaves.abort();
});

test('events end when whoever reads them has logged out', async (context) => {
  const { browser } = await startConsole(context, { routes: ROUTES });
  const { open, ask } = await browser();
  const answer = await open('GET', '/api/test/events');
  let text = '';
  let isOut = false;
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    assert.ok(text.length < 200_000, 'it goes on');
    if (isOut || !text.includes('id: 3\n')) continue;
    isOut = true;
    assert.equal((await ask('POST', LOGOUT_PATH)).status, 204);
  }
  assert.ok(isOut);
});

test('a question that is given up, or that the end of the server ends, is no failure of ours', async (context) => {
  // Failures of ours fail the test when the console closes.
  const { browser } = await startConsole(context, { routes: ROUTES });
  const { open, ask } = await browser();
  const over = new AbortController();
  const asked = open('GET', '/api/test/cancelled', undefined, over.signal);
  await ask('GET', '/api/test/things/1');
  over.abort();
  await assert.rejects(asked, { name: 'AbortError' });
  open('GET', '/api/test/cancelled').catch(() => null);
  await ask('GET', '/api/test/things/1');
});

test('a login that fails says nothing of what was wrong', async (context) => {
  const { url, key } = await startConsole(context, { routes: ROUTES });
  const logIn = async (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const answer = await fetch(url + LOGIN_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, ...headers },
      body: JSON.stringify(body),
    });
    return `${answer.status} ${((await answer.json()) as Failed).error.code}`;
  };
  assert.equal(await logIn({ accessKeyId: key.id, secretAccessKey: 'x' }), '401 LoginFailed');
  assert.equal(await logIn({ accessKeyId: 'AKIANOTHERE', secretAccessKey: key.secret }), '401 LoginFailed');
  assert.equal(await logIn({ token: 'x' }), '401 LoginFailed');
  assert.equal(await logIn({ token: 5 }), '400 FG_REQUEST_BODY');
  const good = { accessKeyId: key.id, secretAccessKey: key.secret };
  assert.equal(await logIn(good, { origin: 'http://evil.example' }), '403 WrongOrigin');
});
