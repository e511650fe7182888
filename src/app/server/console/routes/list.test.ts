import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CONSOLE_ROUTES } from './list.ts';

test('every file of routes is in the list, and no two routes are the same', () => {
  const list = readFileSync(join(import.meta.dirname, 'list.ts'), 'utf8');
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !/list|\.test\./.test(name));
  // Files that others here are made with are no files of routes.
  const ofRoutes = files.filter((name) =>
    /\bpath: '\/api\//.test(readFileSync(join(import.meta.dirname, name), 'utf8')),
  );
  assert.deepEqual(
    ofRoutes.filter((name) => !list.includes(`'./${name}'`)),
    [],
  );
  const names = CONSOLE_ROUTES.map(({ method, path }) => `${method} ${path}`);
  assert.equal(new Set(names).size, names.length);
  for (const { path } of CONSOLE_ROUTES) assert.match(path, /^\/api\/[a-z-]+(?:\/[a-z-]+)*(?:\/:id)?$/, path);
});

/** Asked with a body because the question is long; they change nothing. */
const ASKING = [
  '/api/diagnose',
  '/api/format',
  '/api/rejects',
  '/api/replay',
  '/api/rule-hits',
  '/api/sql',
  '/api/sql/exports',
  '/api/suggest',
  '/api/why-no-record',
];

test('only who may operate changes something', () => {
  const open = CONSOLE_ROUTES.filter(({ method, role }) => method !== 'GET' && role === 'read').map(({ path }) => path);
  assert.deepEqual(
    open.filter((path) => !ASKING.includes(path)),
    [],
  );
});
