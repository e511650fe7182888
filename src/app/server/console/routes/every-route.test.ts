import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
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
