import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { askTrino, cellOf } from './trino-client.ts';
import type { TrinoServer } from './trino-client.ts';

type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
type Reply = (asked: Asked, answer: ServerResponse, origin: string) => void;

/** A server that says what a test wants, one reply for each request; more than there are replies is a failure. */
async function pretend(context: TestContext, replies: Reply[]) {
  const asked: Asked[] = [];
  const pauses: number[] = [];
  let origin = '';
  const server = createServer((request, answer) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, path: url, headers, body });
      if (method === 'DELETE') answer.writeHead(204).end();
      else (replies.shift() ?? ((_, late) => late.writeHead(410).end()))(asked.at(-1)!, answer, origin);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const trino: TrinoServer = {
    url: origin,
    user: 'ann',
    password: null,
    pause: async (millis) => void pauses.push(millis),
  };
  return { trino, asked, pauses, origin };
}

const json =
  (page: object | ((origin: string) => object), status = 200): Reply =>
  (_, answer, origin) => {
    answer.writeHead(status, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(typeof page === 'function' ? page(origin) : page));
  };
const raw =
  (text: string, status = 200, headers: Record<string, string> = {}): Reply =>
  (_, answer) =>
    answer.writeHead(status, headers).end(text);
const page = (more: object, next: string | null = null): Reply =>
  json((origin) => ({ id: 'q1', stats: {}, ...more, ...(next === null ? {} : { nextUri: `${origin}${next}` }) }));
const COLUMNS = [
  { name: 'bytes', type: 'bigint' },
  { name: 'at', type: 'timestamp(3)' },
];
const never = new AbortController().signal;

async function rowsOf(trino: TrinoServer, signal = never): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const some of (await askTrino(trino, 'SELECT 1', signal)).pages) rows.push(...some);
  return rows;
}

test('posts the statement, follows the pages, keeps whole numbers exact', async (context) => {
  const { trino, asked } = await pretend(context, [
    page({}, '/v1/queued/1'),
    page({ columns: COLUMNS }, '/v1/x/2'),
    raw(''), // replaced below
  ]);
  const {
    trino: other,
    asked: theirs,
    origin,
  } = await pretend(context, [
    page({}, '/v1/queued/1'),
    page({ columns: COLUMNS, data: [[1, '2026-11-22 15:00:00.000']] }, '/v1/x/2'),
    raw(
      `{"id":"q1","columns":${JSON.stringify(COLUMNS)},"data":[[9007199254740993,null]],"stats":{"physicalInputBytes":77}}`,
    ),
  ]);
  const answer = await askTrino({ ...other, session: { query_max_run_time: '5m', x: 'a,b=c' } }, 'SELECT 1', never);
  const rows: unknown[] = [];
  for await (const some of answer.pages) rows.push(...some);
  assert.deepEqual(rows, [
    [1, '2026-11-22T15:00:00Z'],
    [9007199254740993n, null],
  ]);
  assert.equal(answer.stats().physicalInputBytes, 77);
  assert.deepEqual(
    theirs.map(({ method, path }) => `${method} ${path}`),
    ['POST /v1/statement', 'GET /v1/queued/1', 'GET /v1/x/2'],
  );
  assert.equal(theirs[0]!.body, 'SELECT 1');
  assert.equal(theirs[0]!.headers['x-trino-user'], 'ann');
  assert.equal(theirs[0]!.headers['x-trino-session'], 'query_max_run_time=5m,x=a%2Cb%3Dc');
  assert.equal(theirs[0]!.headers.authorization, undefined);
  assert.ok(origin.startsWith('http://127.0.0.1'));
  await assert.rejects(rowsOf(trino), { code: 'FG_ENGINE_ANSWER', message: /no JSON/ });
  assert.equal(asked.at(-1)!.method, 'DELETE', 'what began is cancelled');
});

test('asks again with growing pauses while the server is busy, as long as it says, and gives up', async (context) => {
  const busy = await pretend(context, [
    raw('', 503),
    raw('', 429, { 'retry-after': '3' }),
    page({}, '/v1/a'),
    raw('', 502),
    raw('', 504),
    page({ columns: COLUMNS, data: [] }),
  ]);
  assert.deepEqual(await rowsOf(busy.trino), []);
  assert.deepEqual(busy.pauses.slice(0, 2), [100, 3000]);
  assert.equal(busy.asked.filter(({ method }) => method === 'POST').length, 3);
  const gone = await pretend(
    context,
    Array.from({ length: 40 }, () => raw('', 503)),
  );
  await assert.rejects(rowsOf(gone.trino), { code: 'FG_ENGINE_UNREACHABLE', message: /HTTP 503, 30 times/ });
  assert.equal(Math.max(...gone.pauses), 5000);
});

test('a page that breaks off is fetched again; a statement is not posted twice', async (context) => {
  const cut: Reply = (_, answer) => answer.socket?.destroy();
  const { trino } = await pretend(context, [page({}, '/v1/a'), cut, page({ columns: COLUMNS, data: [[5, null]] })]);
  assert.deepEqual(await rowsOf(trino), [[5, null]]);
  const lost = await pretend(context, [cut, page({ columns: COLUMNS })]);
  await assert.rejects(rowsOf(lost.trino), { code: 'FG_ENGINE_UNREACHABLE' });
  assert.equal(lost.asked.length, 1);
});

test('what is wrong with an answer is said, and the password goes to no other server', async (context) => {
  const row = { columns: COLUMNS, data: [[1]] };
  for (const [replies, message] of [
    [[raw('<html>')], /no JSON/],
    [[raw('null')], /no object/],
    [[raw('{}')], /without the id/],
    [[json({ id: 'q1', nextUri: 5 })], /no address/],
    [[json({ id: 'q1', nextUri: 'https://evil.example/v1/x' })], /next page is at https:\/\/evil.example/],
    [[page({}, '/a'), json((at) => ({ id: 'q1', nextUri: at.replace('127.0.0.1', 'localhost') }))], /next page is at/],
    [[json({ id: 'q1', columns: [{ nothing: 1 }] })], /columns without names/],
    [[json({ id: 'q1', columns: COLUMNS, data: [7] })], /rows that are no lists/],
    [[page(row)], /a row of 1 values under 2 columns/],
    [[page({}, '/a'), json({ id: 'q2', columns: COLUMNS })], /another query/],
    [[page({})], /without columns/],
    [[raw('', 302, { location: 'http://127.0.0.1:1/' })], /HTTP 302/],
    [[raw('', 404)], /HTTP 404/],
  ] as const) {
    const { trino, asked } = await pretend(context, [...replies]);
    await assert.rejects(rowsOf({ ...trino, password: 'secret' }), { code: 'FG_ENGINE_ANSWER', message });
    assert.equal(asked[0]!.headers.authorization, `Basic ${Buffer.from('ann:secret').toString('base64')}`);
  }
  const refused = await pretend(context, [raw('', 401)]);
  await assert.rejects(rowsOf(refused.trino), { code: 'FG_ENGINE_REFUSED', message: /HTTP 401/ });
});

test('no password goes over a line that others read, and an address is one of a server', async () => {
  const server = { url: 'http://trino.example', user: 'ann', password: 'secret' };
  await assert.rejects(rowsOf(server), { code: 'FG_ENGINE_CLEAR' });
  await assert.rejects(rowsOf({ ...server, url: 'http://127.0.0.1.example' }), { code: 'FG_ENGINE_CLEAR' });
  for (const url of ['trino', 'ftp://trino', 'https://trino/ui', 'https://a:b@trino'])
    await assert.rejects(rowsOf({ ...server, url }), { code: 'FG_ENGINE_VALUE' }, url);
});

test('an error of the query is told by whose it is', async (context) => {
  const wrong = (errorName: string, errorType: string): Reply =>
    page({ error: { message: "line 3:9: Column 'x' cannot be resolved", errorName, errorType } });
  for (const [name, type, code] of [
    ['COLUMN_NOT_FOUND', 'USER_ERROR', 'FG_ENGINE_SQL'],
    ['EXCEEDED_LOCAL_MEMORY_LIMIT', 'INSUFFICIENT_RESOURCES', 'FG_ENGINE_FAILED'],
    ['USER_CANCELED', 'USER_ERROR', 'FG_ENGINE_CANCELLED'],
  ] as const) {
    const { trino } = await pretend(context, [page({}, '/v1/a'), wrong(name, type)]);
    await assert.rejects(rowsOf(trino), { code });
  }
});

test('the signal, and leaving early, cancel the query at the server', async (context) => {
  const held: Reply = () => {};
  const stop = new AbortController();
  const first = await pretend(context, [
    page({ columns: COLUMNS, data: [[1, null]] }, '/v1/a'),
    (...given) => (held(...given), stop.abort()),
  ]);
  await assert.rejects(rowsOf(first.trino, stop.signal), { name: 'AbortError' });
  assert.deepEqual(first.asked.slice(1).map(({ method, path }) => `${method} ${path}`).sort(), ['DELETE /v1/a', 'GET /v1/a']); // prettier-ignore

  const second = await pretend(context, [page({ columns: COLUMNS, data: [[1, null]] }, '/v1/a')]);
  for await (const _ of (await askTrino(second.trino, 'SELECT 1', never)).pages) break;
  assert.equal(second.asked.at(-1)!.method, 'DELETE');

  const third = await pretend(context, [page({ columns: COLUMNS, data: [[1, null]] }, '/v1/a')]);
  const unread = await askTrino(third.trino, 'SELECT 1', never);
  await unread.close();
  await unread.close();
  assert.equal(third.asked.filter(({ method }) => method === 'DELETE').length, 1);
});

test('values are as those of the engine here', () => {
  assert.equal(cellOf('2026-11-22 15:00:00.120000', 'timestamp(6)'), '2026-11-22T15:00:00.12Z');
  assert.equal(cellOf('2026-11-22 15:00:00.000 UTC', 'timestamp(3) with time zone'), '2026-11-22T15:00:00Z');
  assert.equal(cellOf('2026-11-22 15:00:00', 'timestamp(0)'), '2026-11-22T15:00:00Z');
  assert.equal(cellOf('12', 'decimal(38,0)'), 12);
  assert.equal(cellOf('99999999999999999999', 'decimal(38, 0)'), 99999999999999999999n);
  assert.equal(cellOf('1.50', 'decimal(10,2)'), '1.50');
  assert.equal(cellOf([1, { a: null }], 'array(x)'), '[1,{"a":null}]');
  assert.equal(cellOf('10', 'varchar'), '10');
});
