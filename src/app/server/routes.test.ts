import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Health } from '../../api/health.ts';
import type { HttpHandler, HttpRequest } from './http.ts';
import { textAnswer } from './http.ts';
import { routesOf } from './routes.ts';
import type { Routes } from './routes.ts';

const ok: Health = { status: 'ok', reasons: [] };
const api: HttpHandler = async ({ url }) => textAnswer(299, url);
const agents: HttpHandler = async () => textAnswer(298, 'agents');
const console: Routes['console'] = async ({ url }) => (url.startsWith('/console/') ? textAnswer(297, url) : null);
const routes = (health = ok, given: HttpHandler | null = api): HttpHandler =>
  routesOf({ health: () => health, metrics: () => 'a 1\n', api: given, agents, console });
const asked = (url: string, method = 'GET'): HttpRequest => ({ method, url, headers: {}, body: new Uint8Array() });

test('health is JSON, 200 where all is well and 503 else', async () => {
  const found = await routes()(asked('/health?x=1'));
  assert.deepEqual([found.status, JSON.parse(String(found.body))], [200, ok]);
  for (const status of ['degraded', 'starting'] as const)
    assert.equal((await routes({ status, reasons: [] })(asked('/health'))).status, 503);
});

test('the API has what is posted to the root, and what asks it for an action', async () => {
  assert.equal((await routes()(asked('/', 'POST'))).status, 299);
  assert.equal((await routes()(asked('/?Version=1&Action=DescribeVpcs'))).body, '/?Version=1&Action=DescribeVpcs\n');
  assert.equal((await routes()(asked('/'))).status, 404);
  assert.equal((await routes()(asked('/health', 'POST'))).status, 405);
  assert.equal((await routes(ok, null)(asked('/', 'POST'))).status, 404, 'where none is served');
});

test('agents have two paths of their own, with any method', async () => {
  for (const path of ['/api/agents/assignment', '/api/agents/report'])
    assert.equal((await routes()(asked(path, 'POST'))).status, 298, path);
  assert.equal((await routes()(asked('/api/agents/'))).status, 404);
});

test('the console has the paths that it answers', async () => {
  assert.equal((await routes()(asked('/console/rules'))).status, 297);
  assert.equal((await routes()(asked('/api/nothing'))).status, 404);
});

test('what is no path is not found, and reading is the only method', async () => {
  for (const url of ['/nothing', '/health/', '//health', '/__proto__', '/toString', '/%2e%2e/health'])
    assert.equal((await routes()(asked(url))).status, 404, url);
  assert.equal((await routes()(asked('/metrics', 'HEAD'))).status, 200);
  const refused = await routes()(asked('/metrics', 'DELETE'));
  assert.deepEqual([refused.status, refused.headers['allow']], [405, 'GET, HEAD']);
});
