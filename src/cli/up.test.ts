import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'flowgauge-up-'));
after(() => rmSync(data, { recursive: true }));

/** `up` with something that stops it at once. */
function up(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, ...environment };
  return spawnSync(program, ['up', '--data', data, ...args], { encoding: 'utf8', env, timeout: 20_000 });
}

/** What it logged: code by code. */
const codes = (stderr: string): unknown[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { code: unknown }).code);

test('what stops it is a line of JSON where that is asked for, with its code, and the exit code stays', () => {
  const { status, stdout, stderr } = up(['--port', '99999', '--log-format', 'json']);
  assert.deepEqual([status, stdout, codes(stderr)], [2, '', ['FG_PORT']]);
  const plain = up(['--port', '99999']);
  assert.equal(plain.status, 2);
  assert.match(plain.stderr, /^flowgauge: "99999" of --port is no port.* \(FG_PORT\)\n$/);
});

test('the environment and the file of settings ask for it too, and the command line has the last word', () => {
  assert.deepEqual(codes(up(['--bind', '0.0.0.0'], { FLOWGAUGE_LOG_FORMAT: 'json' }).stderr), ['FG_BIND_OPEN']);
  writeFileSync(join(data, 'flowgauge.json'), JSON.stringify({ log: { format: 'json' }, server: { bind: '0.0.0.0' } }));
  assert.deepEqual(codes(up([]).stderr), ['FG_BIND_OPEN']);
  assert.match(up(['--log-format', 'text']).stderr, /^flowgauge: /);
  assert.deepEqual(codes(up([], { FLOWGAUGE_BIND: 'nowhere' }).stderr), ['FG_BIND_ADDRESS']);
});
