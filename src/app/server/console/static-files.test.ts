import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import type { HttpAnswer } from '../http.ts';
import { createStaticFiles } from './static-files.ts';

function build(t: TestContext): (url: string, headers?: Readonly<Record<string, string>>) => Promise<HttpAnswer> {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-static-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const dist = join(directory, 'dist');
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(directory, 'secret.txt'), 'secret');
  writeFileSync(join(dist, 'index.html'), '<!doctype html>');
  writeFileSync(join(dist, 'icon.svg'), '<svg/>');
  writeFileSync(join(dist, 'assets', 'a-1234.js'), 'let a');
  writeFileSync(join(dist, 'assets', 'a-1234.js.br'), brotliCompressSync('let a'));
  const files = createStaticFiles(dist);
  return (url, headers = {}) => files({ method: 'GET', url, headers, body: new Uint8Array() });
}

const textOf = ({ body }: HttpAnswer): string => Buffer.from(body as Uint8Array).toString();

test('files come with their type, packed where the browser takes that; those named after their bytes stay', async (t) => {
  const get = build(t);
  const plain = await get('/console/assets/a-1234.js');
  assert.deepEqual([plain.status, textOf(plain)], [200, 'let a']);
  assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.match(plain.headers['cache-control']!, /immutable/);
  const packed = await get('/console/assets/a-1234.js', { 'accept-encoding': 'gzip, deflate, br' });
  assert.deepEqual([packed.headers['content-encoding'], packed.body], ['br', brotliCompressSync('let a')]);
  assert.equal((await get('/console/icon.svg')).headers['content-type'], 'image/svg+xml');
  assert.equal((await get('/console/assets/b.js')).status, 404);
});

test('every other path is the page, which may load and run nothing but the console’s own', async (t) => {
  const get = build(t);
  for (const url of ['/console/', '/console/rules?v=1', '/console/flow-logs/fl-0a']) {
    const page = await get(url);
    assert.deepEqual([page.status, textOf(page)], [200, '<!doctype html>'], url);
    const policy = page.headers['content-security-policy']!;
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
      assert.ok(policy.split('; ').includes(part), part);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(page.headers['referrer-policy'], 'no-referrer');
    assert.equal(page.headers['cache-control'], undefined, 'the server says no-store');
  }
  const { status, headers } = await get('/console?a=1');
  assert.deepEqual([status, headers['location']], [308, '/console/?a=1']);
});

test('no path leads out of the folder', async (t) => {
  const get = build(t);
  for (const path of [
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '....//secret.txt',
    'assets/../../secret.txt',
    'assets/..%2f..%2fsecret.txt',
    'assets/%2e%2e/index.html',
    '..\\secret.txt',
    '/etc/passwd',
    '//etc/passwd',
    'index.html%00.js',
    '__proto__',
    'assets/a-1234.js/',
    'assets/a-1234.js.br.br',
  ]) {
    const answer = await get(`/console/${path}`);
    assert.ok(answer.status === 404 || textOf(answer) === '<!doctype html>', path);
  }
});

test('reading is the only method, and where nothing was built that is said', async () => {
  const none = createStaticFiles('/nowhere');
  const ask = (method: string): Promise<HttpAnswer> =>
    none({ method, url: '/console/', headers: {}, body: new Uint8Array() });
  assert.equal((await ask('POST')).status, 405);
  const { status, body } = await ask('GET');
  assert.deepEqual([status, /npm run build:web/.test(String(body))], [503, true]);
});

test('what is built while the server runs is there without another start', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-static-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const files = createStaticFiles(join(directory, 'dist'));
  const ask = (): Promise<HttpAnswer> =>
    files({ method: 'GET', url: '/console/', headers: {}, body: new Uint8Array() });
  assert.equal((await ask()).status, 503);
  mkdirSync(join(directory, 'dist'));
  writeFileSync(join(directory, 'dist', 'index.html'), '<!doctype html>');
  assert.equal(textOf(await ask()), '<!doctype html>');
});
