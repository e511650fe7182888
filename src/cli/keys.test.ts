import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

let data: string;
before(() => {
  data = mkdtempSync(join(tmpdir(), 'flowgauge-keys-'));
});
after(() => rmSync(data, { recursive: true }));

type Ended = { readonly code: number; readonly out: string; readonly told: string };
const keys = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const program = join(import.meta.dirname, '../../bin/flowgauge');
    execFile(program, ['keys', ...args, '--data', join(data, 'new')], (error, out, told) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, told });
    });
  });

test('a key is made, listed without its secret, revoked, and its file is nobody else’s', async () => {
  const made = await keys('add', '--account', '111122223333', '--role', 'operate', '--profile', 'team');
  assert.equal(made.code, 0);
  const [, id = '', secret = ''] =
    /^\[team\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\n$/.exec(made.out) ?? [];
  assert.match(id, /^AKIA/);
  assert.match(made.told, /account 111122223333 that may operate/);
  assert.equal(statSync(join(data, 'new', 'state.sqlite')).mode & 0o777, 0o600);

  const temporary = JSON.parse((await keys('add', '--for', '12h', '--json')).out) as Record<string, string>;
  assert.deepEqual(Object.keys(temporary), ['Version', 'AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration']);

  const listed = await keys('list');
  assert.match(listed.out, new RegExp(`${id} +111122223333 +operate +\\S+ +never +good\n`));
  assert.match(listed.out, new RegExp(`${temporary['AccessKeyId']} +111122223333 +read +\\S+ +never +good until `));
  const all = JSON.stringify([listed, await keys('list', '--json')]);
  for (const hidden of [secret, temporary['SecretAccessKey'], temporary['SessionToken']])
    assert.equal(all.includes(String(hidden)), false);

  assert.equal((await keys('revoke', id)).out, `${id} of account 111122223333 is revoked.\n`);
  assert.match((await keys('list')).out, new RegExp(`${id} .* revoked `));
  const again = await keys('revoke', id);
  assert.deepEqual([again.code, /FG_KEY_UNKNOWN/.test(again.told)], [2, true]);
});

test('what is no account, role or time is refused, and no key is made', async () => {
  const before = (await keys('list', '--json')).out;
  for (const [args, words] of [
    [['add', '--account', '42'], /FG_KEY_ACCOUNT/],
    [['add', '--role', 'root'], /Allowed choices are read, operate/],
    [['add', '--for', 'ever'], /FG_PARAMETER_VALUE/],
  ] as const) {
    const { code, told } = await keys(...args);
    assert.equal(code, 2, told);
    assert.match(told, words);
  }
  assert.equal((await keys('list', '--json')).out, before);
});
