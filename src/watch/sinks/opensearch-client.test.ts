import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { FlowgaugeError } from '../../model/errors.ts';
import { createSearchClient, reasonIn } from './opensearch-client.ts';
import type { SearchOptions } from './opensearch-client.ts';

const signal = new AbortController().signal;
const NONE = { kind: 'none' } as const;

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };
type Reply = (response: ServerResponse, seen: Seen) => void;

const stops: (() => void)[] = [];
after(() => stops.forEach((stop) => stop()));

/** A server that answers in turn; the last answer is given again. */
async function serve(...replies: Reply[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(parts).toString() };
      seen.push(one);
      replies[Math.min(seen.length, replies.length) - 1]!(response, one);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const say =
  (status: number, json: unknown = {}, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(status, headers).end(JSON.stringify(json));

/** A client that does not wait, and what it would have waited. */
function client(options: SearchOptions): { ask: ReturnType<typeof createSearchClient>['request']; pauses: number[] } {
  const pauses: number[] = [];
  const made = createSearchClient({
    chance: () => 1,
    pause: (millis) => {
      pauses.push(millis);
      return Promise.resolve();
    },
    ...options,
  });
  return { ask: (...asked) => made.request(...asked), pauses };
}

const code =
  (wanted: string, words: RegExp = /./) =>
  (error: unknown) =>
    error instanceof FlowgaugeError && error.code === wanted && words.test(error.message);

test('asks with the body of the kind that it is, and gives status and JSON', async () => {
  const { url, seen } = await serve(say(200, { took: 1 }), say(404, { error: 'none' }), (response) =>
    response.end('no JSON'),
  );
  const { ask } = client({ url: `${url}/below/`, login: { kind: 'basic', user: 'admin', password: 'p:ä' } });
  assert.deepEqual(await ask('POST', '/_bulk', Buffer.from('{}\n'), signal), { status: 200, json: { took: 1 } });
  assert.deepEqual(await ask('PUT', '/_index_template/a?create=true', '{}', signal), {
    status: 404,
    json: { error: 'none' },
  });
  assert.deepEqual(await ask('GET', '/', null, signal), { status: 200, json: null });
  assert.deepEqual(
    seen.map((one) => [one.method, one.url, one.headers['content-type']]),
    [
      ['POST', '/below/_bulk', 'application/x-ndjson'],
      ['PUT', '/below/_index_template/a?create=true', 'application/json'],
      ['GET', '/below/', undefined],
    ],
  );
  assert.equal(seen[0]!.headers.authorization, `Basic ${Buffer.from('admin:p:ä').toString('base64')}`);
});

test('waits longer each time while the server has no room, and as long as it asks for', async () => {
  const { url, seen } = await serve(say(429), say(503, {}, { 'retry-after': '7' }), say(502), say(200, { ok: true }));
  const told: number[] = [];
  const { ask, pauses } = client({ url, login: NONE, paused: (status) => told.push(status) });
  assert.deepEqual(await ask('POST', '/_bulk', '{}', signal), { status: 200, json: { ok: true } });
  assert.deepEqual([seen.length, told, pauses], [4, [429, 503, 502], [250, 7000, 1000]]);
});

test('gives up after so many attempts, with what the server said', async () => {
  const { url, seen } = await serve(
    say(429, { error: { type: 'es_rejected_execution_exception', reason: 'queue full' } }),
  );
  const { ask, pauses } = client({ url, login: NONE, attempts: 3 });
  await assert.rejects(
    ask('POST', '/_bulk', '{}', signal),
    code('FG_SEARCH_BUSY', /429: es_rejected_execution_exception: queue full/),
  );
  assert.deepEqual([seen.length, pauses.length], [3, 2]);
});

test('asks again where nobody answers or an answer breaks off, and says so at last', async () => {
  const { url, seen } = await serve((response) => response.destroy(), say(200));
  const { ask } = client({ url, login: NONE });
  assert.equal((await ask('GET', '/', null, signal)).status, 200);
  assert.equal(seen.length, 2);
  const nobody = client({ url: 'http://127.0.0.1:1', login: NONE, attempts: 2 });
  await assert.rejects(nobody.ask('GET', '/', null, signal), code('FG_SEARCH_UNREACHABLE', /127\.0\.0\.1:1/));
});

test('an answer that never comes is given up', async () => {
  const { url } = await serve(() => {}, say(200));
  const { ask } = client({ url, login: NONE, patienceMillis: 50 });
  assert.equal((await ask('GET', '/', null, signal)).status, 200);
});

test('does not try again where it may not, and follows no redirect', async () => {
  const { url, seen } = await serve(
    say(403, { error: { type: 'security_exception', reason: 'no permissions' } }),
    say(301, {}, { location: 'http://127.0.0.1:1/' }),
  );
  const { ask } = client({ url, login: NONE });
  await assert.rejects(ask('POST', '/_bulk', '{}', signal), code('FG_SEARCH_DENIED', /no permissions/));
  assert.equal((await ask('POST', '/_bulk', '{}', signal)).status, 301);
  assert.equal(seen.length, 2);
});

test('ends with the reason of its signal, also while it waits', async () => {
  const { url } = await serve(say(503));
  const stop = new AbortController();
  const stopped = createSearchClient({
    url,
    login: NONE,
    chance: () => 1,
    paused: () => stop.abort(new Error('stopped')),
  });
  await assert.rejects(stopped.request('GET', '/', null, stop.signal), /stopped|aborted/);
});

test('signs each attempt as AWS does', async () => {
  const { url, seen } = await serve(say(503), say(200));
  const keys = () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' });
  const { ask } = client({ url, login: { kind: 'aws', service: 'aoss', region: 'eu-west-1', keys } });
  await ask('POST', '/flowgauge-flows/_bulk?refresh=true', Buffer.from('{}\n'), signal);
  for (const { headers } of seen) {
    assert.match(
      headers.authorization ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/aoss\/aws4_request, SignedHeaders=accept;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, /,
    );
    assert.equal(headers['x-amz-content-sha256'], 'ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356');
  }
});

test('refuses URLs and logins that cannot be right, and shows no password', () => {
  for (const url of ['ftp://host', 'host:9200', 'https://user:hunter2@host', 'https://host/?a=b'])
    assert.throws(
      () => createSearchClient({ url, login: NONE }),
      (error) => code('FG_SEARCH_URL')(error) && !(error as Error).message.includes('hunter2'),
    );
  assert.throws(
    () => createSearchClient({ url: 'https://h', login: { kind: 'basic', user: 'a:b', password: '' } }),
    code('FG_SEARCH_LOGIN'),
  );
  assert.throws(
    () => createSearchClient({ url: 'https://h', login: { kind: 'aws', service: 'es', region: '' } }),
    code('FG_SEARCH_LOGIN'),
  );
});

test('tells why in one line, whatever the answer is', () => {
  assert.equal(reasonIn({ error: { type: 'a', reason: 'b\nc' } }), 'a: b c');
  assert.equal(reasonIn('{"error":"plain"}'), 'plain');
  assert.equal(reasonIn('<html>\n bad gateway'), '<html> bad gateway');
  assert.equal(reasonIn(null), 'it does not say why');
});
