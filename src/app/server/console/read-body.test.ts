import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonBody } from './read-body.ts';

const read = (text: string, type = 'application/json'): unknown =>
  jsonBody({ method: 'POST', url: '/', headers: { 'content-type': type }, body: new TextEncoder().encode(text) });
const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);

test('a body is JSON that says so; none is null', () => {
  assert.deepEqual(read('{"a": [1, "ü"]}', 'application/json; charset=utf-8'), { a: [1, 'ü'] });
  assert.equal(read(''), null);
  assert.throws(() => read('{}', 'text/plain'), { status: 415 });
  for (const text of ['{', 'nothing', '{"a": }', '"\\']) assert.throws(() => read(text), { status: 400 }, text);
});

test('what nests too deep is refused before anybody goes down there', () => {
  const refused = { code: 'FG_REQUEST_BODY', message: /nests deeper than 200/ };
  assert.ok(Array.isArray(read(nested(200))));
  assert.throws(() => read(nested(201)), refused);
  assert.throws(() => read(nested(1_000_000)), refused);
  assert.throws(() => read(`{"change": ${nested(300, '{"a":[', ']}')}}`), refused);
  // So many beside each other, or in a text, are not deep.
  assert.ok(Array.isArray(read(`[${Array.from({ length: 1000 }, () => '[]').join()}]`)));
  const text = `${'['.repeat(500)}\\" {{{{ \\\\`;
  assert.deepEqual(read(JSON.stringify({ text })), { text });
});
