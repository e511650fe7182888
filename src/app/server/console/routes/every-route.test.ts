import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { after, test } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import { buildBucket, SLOT_SECONDS as T } from '../../../../lake/read/build-bucket.ts';
import { startConsole } from '../console.fixture.ts';
import type { TestBrowser } from '../console.fixture.ts';
import { CONSOLE_ROUTES } from './list.ts';

const bucket = buildBucket();
bucket.text([
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  `eni-a 10.0.0.1 10.0.0.2 40000 443 6 1 60 ${T} ${T + 9} ACCEPT OK`,
]);
after(() => rmSync(bucket.directory, { recursive: true }));
const now = (): number => (T + 600) * 1000;

const pathOf = (path: string): string => path.replace(':id', 'fl-0nobody');
const CHANGING = CONSOLE_ROUTES.filter(({ method }) => method !== 'GET');

test('a key that may read gets no route that changes something', async (context) => {
  const { browser, addKey } = await startConsole(context, { directory: bucket.directory, now });
  const reader = await browser(addKey('read'));
  const operating = CONSOLE_ROUTES.filter(({ role }) => role === 'operate');
  assert.ok(operating.length >= 6);
  for (const { method, path } of operating) {
    const { status } = await reader.ask(method, pathOf(path), method === 'GET' ? undefined : {});
    assert.equal(status, 403, `${method} ${path}`);
  }
});

test('without the token of the session nothing is asked with a body, and without a session nothing at all', async (context) => {
  const { browser, url } = await startConsole(context, { directory: bucket.directory, now });
  const own = await browser();
  for (const { method, path } of CHANGING)
    assert.equal(
      (await own.ask(method, pathOf(path), {}, { 'x-flowgauge-csrf': '' })).status,
      403,
      `${method} ${path}`,
    );
  for (const { method, path } of CONSOLE_ROUTES) {
    const answer = await fetch(url + pathOf(path), { method, headers: { origin: url } });
    assert.equal(answer.status, 401, `${method} ${path}`);
  }
});

/** What no body of any route is. */
const BODIES: readonly unknown[] = [
  null,
  [],
  'text',
  7,
  { __proto__: null, constructor: { prototype: {} }, toString: 'x' },
  JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`),
  { change: JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`) },
  { from: {}, to: [], group: 5, record: {}, of: null, sql: 1, changes: '', ids: {}, name: {}, format: [], filter: {} },
];

test('a body that is none is refused with its place, and is no fault of ours', async (context) => {
  const { browser } = await startConsole(context, { directory: bucket.directory, now });
  const own = await browser();
  for (const { method, path } of CHANGING.filter((route) => route.method !== 'DELETE'))
    for (const body of BODIES) {
      const { status, json } = await own.ask<ConsoleFailure>(method, pathOf(path), body);
      const what = `${method} ${path} with ${JSON.stringify(body).slice(0, 60)}`;
      assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
      assert.equal(typeof json.error.code, 'string', what);
    }
});

const LONG = 'a'.repeat(8000);
const QUERIES: readonly string[] = [
  'from=0&to=99999999999999999999',
  'from=-1&to=1',
  'last=1e9d',
  `last=6h&filter=${LONG}`,
  'last=6h&filter=%00%ff',
  `last=6h&filter=${encodeURIComponent('srcaddr=<script>alert(1)</script>')}`,
  'last=6h&by=__proto__',
  'last=6h&columns=constructor,"; DROP TABLE flow_logs',
  'last=6h&rows=-5',
  'last=6h&after=NaN.Infinity',
  'last=6h&scope=__proto__&grouping=x&measure=y&focus=%27',
  'at=1e400',
  'field=__proto__&last=6h',
  // A name that only files know may be anything.
  ...['x" FROM flow_logs; --', "x'); DROP VIEW flow_logs; --", '$begin', 'a\r\nset-cookie: b=c'].map((name) => {
    const word = encodeURIComponent(name);
    return `last=6h&field=${word}&others=${word}&by=${word}&columns=${word}&focus=${word}&filter=${encodeURIComponent(`${name}=1`)}`;
  }),
];

test('an address that is mangled, huge or hostile is answered or refused, and is no fault of ours', async (context) => {
  const { browser } = await startConsole(context, { directory: bucket.directory, now });
  const own = await browser();
  const asked = CONSOLE_ROUTES.filter(({ method, path }) => method === 'GET' && !path.startsWith('/api/now'));
  for (const { path } of asked) for (const query of QUERIES) await answered(own, `${pathOf(path)}?${query}`);
});

async function answered(own: TestBrowser, path: string): Promise<void> {
  const { status, headers } = await own.ask('GET', path);
  assert.ok(status < 500, `${path.slice(0, 120)}: ${status}`);
  assert.doesNotMatch(headers.get('content-type') ?? '', /html/u);
}

/** What no id of anything is, as it stands in a path. */
const IDS: readonly string[] = [
  '..%2f..%2f..%2fetc%2fpasswd',
  '..%5c..%5cstate.db',
  '%00',
  'a%0d%0aset-cookie:%20b=c',
  '__proto__',
  encodeURIComponent('<script>alert(1)</script>'),
  LONG,
];

test('an id that climbs, breaks a line or is huge leads to nothing and writes nothing elsewhere', async (context) => {
  const { browser } = await startConsole(context, { directory: bucket.directory, now });
  const own = await browser();
  const found = (): string[] => readdirSync(bucket.directory, { recursive: true, encoding: 'utf8' });
  const before = new Set(found());
  const view = { filter: '', by: [], measure: 'bytes', columns: [] };
  for (const { method, path } of CONSOLE_ROUTES.filter((route) => route.path.endsWith('/:id')))
    for (const id of IDS) {
      const body = method === 'PUT' ? view : method === 'POST' ? {} : undefined;
      const { status, headers } = await own.ask(method, path.replace(':id', id), body);
      const what = `${method} ${path} ${id.slice(0, 40)}`;
      assert.ok(status < 500, `${what}: ${status}`);
      // A view may be called whatever somebody likes.
      if (!path.startsWith('/api/views/')) assert.ok(status >= 400, `${what}: ${status}`);
      assert.equal(headers.get('set-cookie'), null, what);
    }
  const made = found().filter((name) => !before.has(name) && !/^(?:state\.db(?:-\w+)?|views\.json)$/u.test(name));
  assert.deepEqual(made, []);
});
