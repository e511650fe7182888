import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeConsolePlace } from '../app/server/console/console-place.ts';
import { addKey, revokeKey } from '../control/keys.ts';
import { sha256 } from '../storage/object/sigv4.ts';
import { giveProcessLockBack, takeProcessLock } from '../storage/object/process-lock.ts';
import { openConsoleLogins } from '../storage/state/console-logins.ts';
import { openState, statePath } from '../storage/state/state-file.ts';

const program = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));

test('a link of a running `up` logs in once, with the rights of a key', (t) => {
  const data = mkdtempSync(join(tmpdir(), 'flowgauge-link-'));
  t.after(() => rmSync(data, { recursive: true }));
  const link = (...words: string[]) =>
    spawnSync(program, ['console', '--data', data, ...words], { encoding: 'utf8', timeout: 20_000 });
  assert.match(link().stderr, /no `flowgauge up` serves a console for .*FG_CONSOLE_NOT_RUNNING/);
  mkdirSync(join(data, 'run'));
  mkdirSync(join(data, 'demo'));
  assert.equal(takeProcessLock(join(data, 'lock')), null);
  writeConsolePlace(join(data, 'run'), { url: 'http://127.0.0.1:1/console/', state: 'demo' });
  const state = openState(statePath(join(data, 'demo')), true);
  t.after(() => state.close());
  assert.match(link().stderr, /FG_CONSOLE_NO_KEY/);
  const make = (role: 'read' | 'operate') =>
    addKey(state, { account: '123456789012', role, forSeconds: null }, new Date());
  const [reader, operator] = [make('read'), make('operate')];
  const keyOf = (url: string): string | null => {
    const [, token = ''] = /^http:\/\/127\.0\.0\.1:1\/console\/#token=([\w-]{43})\n$/.exec(url) ?? [];
    return openConsoleLogins(state).take(sha256(token), Date.now() * 1000);
  };
  const { stdout, stderr } = link();
  assert.deepEqual([keyOf(stdout), keyOf(stdout)], [operator.id, null]);
  assert.match(stderr, /may operate/);
  assert.equal(keyOf(link('--key', reader.id).stdout), reader.id);
  revokeKey(state, operator.id, new Date());
  assert.match(link('--key', operator.id).stderr, /FG_KEY_UNKNOWN/);
  assert.equal(keyOf(link().stdout), reader.id);
  const late = link().stdout;
  const [, token = ''] = /token=([\w-]+)/.exec(late)!;
  assert.equal(openConsoleLogins(state).take(sha256(token), (Date.now() + 3_600_001) * 1000), null, 'after an hour');
  giveProcessLockBack(join(data, 'lock'));
  assert.match(link().stderr, /FG_CONSOLE_NOT_RUNNING/, 'what a dead process left');
});
