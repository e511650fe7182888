import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { recordAnswers } from '../storage/state/record-answers.ts';
import { isOwnAccount, openKeys } from '../storage/state/keys.ts';
import { openState } from '../storage/state/state-file.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { addFirstKey, addKey, credentialsText, revokeKey } from './keys.ts';

const NOW = new Date('2026-11-30T02:00:00Z');
const ACCOUNT = '111122223333';
let directory: string;
let state: StateFile;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flowgauge-keys-'));
  state = openState(join(directory, 'state.sqlite'), true);
});
afterEach(() => {
  state.close();
  rmSync(directory, { recursive: true });
});

const FIRST = { account: ACCOUNT, role: 'operate', forSeconds: null } as const;
const audit = (): string => JSON.stringify(state.database.prepare('SELECT * FROM audit').all());

test('the first key may operate, and its file is read by its owner alone', () => {
  const path = join(directory, 'credentials');
  writeFileSync(path, 'left from another time', { mode: 0o644 });
  const key = addFirstKey(state, FIRST, 'eu-west-1', path, NOW);
  assert.equal(key?.role, 'operate');
  assert.equal(readFileSync(path, 'utf8'), `${credentialsText('default', key)}region = eu-west-1\n`);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(openKeys(state).find(key.id), key);
  assert.equal(addFirstKey(state, FIRST, 'eu-west-1', join(directory, 'second'), NOW), null, 'there is one already');
  assert.equal(existsSync(join(directory, 'second')), false);
});

test('where the file cannot be written there is no key', () => {
  assert.throws(() => addFirstKey(state, FIRST, 'eu-west-1', join(directory, 'nowhere', 'credentials'), NOW), {
    code: 'FG_FILE_FAILED',
  });
  assert.deepEqual(openKeys(state).list(), []);
});

test('keys have the forms of AWS, differ, and leave no secret in the audit log', () => {
  const stays = addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, NOW);
  const temporary = addKey(state, { account: ACCOUNT, role: 'operate', forSeconds: 60 }, NOW);
  assert.match(stays.id, /^AKIA[A-Z2-7]{16}$/);
  assert.match(temporary.id, /^ASIA[A-Z2-7]{16}$/);
  assert.equal(stays.secret.length, 40);
  assert.notEqual(stays.secret, temporary.secret);
  assert.equal(temporary.expiresMicros, NOW.getTime() * 1000 + 60_000_000);
  assert.match(
    credentialsText('x', temporary),
    /^\[x\]\naws_access_key_id = ASIA.*\naws_secret.*\naws_session_token = .{160}\n$/,
  );
  assert.match(audit(), new RegExp(`AddKey.*${stays.id}.*AddKey.*${temporary.id}`));
  for (const secret of [stays.secret, temporary.secret, temporary.token ?? ''])
    assert.equal(audit().includes(JSON.stringify(secret).slice(1, -1)), false);
});

test('a revoked key stays in the list and cannot be revoked again', () => {
  const { id } = addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, NOW);
  assert.equal(revokeKey(state, id, NOW).account, ACCOUNT);
  assert.equal(openKeys(state).find(id)?.revokedMicros, NOW.getTime() * 1000);
  assert.match(audit(), /RevokeKey/);
  for (const wrong of [id, 'AKIANOBODY']) assert.throws(() => revokeKey(state, wrong, NOW), { code: 'FG_KEY_UNKNOWN' });
});

test('a key that is kept is asked for again after a change, whoever made it, and one of a taken back change never is', () => {
  const keys = openKeys(state);
  const { id } = addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, NOW);
  const first = keys.find(id, 1);
  assert.equal(keys.find(id, 1), first, 'kept');
  const other = openState(state.path, false);
  revokeKey(other, id, NOW);
  other.close();
  assert.equal(keys.find(id, 1), first, 'the caller has not seen it yet');
  assert.equal(keys.find(id, 2)?.revokedMicros, NOW.getTime() * 1000);
  const second = addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, NOW);
  assert.equal(keys.find(second.id, 2)?.revokedMicros, null);
  revokeKey(state, second.id, NOW);
  assert.equal(keys.find(second.id, 2)?.revokedMicros, NOW.getTime() * 1000, 'of this process');
  let inside = '';
  assert.throws(() =>
    state.transaction(() => {
      inside = addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, NOW).id;
      assert.notEqual(keys.find(inside, 2), null);
      throw new Error('no');
    }),
  );
  assert.equal(keys.find(inside, 2), null);
});

test('an account whose facts were imported can only be read', async () => {
  const vpc = { id: 'vpc-1', content: { VpcId: 'vpc-1' } };
  const answer = { kind: 'Vpcs', account: ACCOUNT, region: 'eu-west-1', atMicros: 1, whole: true, items: [vpc] };
  await recordAnswers(state, [answer], 'a file', 2);
  assert.throws(() => addKey(state, { account: ACCOUNT, role: 'operate', forSeconds: null }, NOW), {
    code: 'FG_ACCOUNT_IMPORTED',
  });
  assert.equal(addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, NOW).role, 'read');
  assert.throws(() => addKey(state, { account: '12', role: 'read', forSeconds: null }, NOW), {
    code: 'FG_KEY_ACCOUNT',
  });
});

test('a key of an agent is of one host, and makes its account no account of ours', () => {
  const key = addKey(state, { account: ACCOUNT, role: 'agent', host: 'web-1', forSeconds: null }, NOW);
  assert.deepEqual(openKeys(state).find(key.id), key);
  assert.deepEqual([key.role, key.host], ['agent', 'web-1']);
  for (const wanted of [
    { role: 'agent', host: undefined },
    { role: 'read', host: 'web-1' },
  ] as const)
    assert.throws(() => addKey(state, { account: ACCOUNT, ...wanted, forSeconds: null }, NOW), {
      code: 'FG_KEY_HOST',
    });
  assert.throws(() => addKey(state, { account: ACCOUNT, role: 'agent', host: '../x', forSeconds: null }, NOW), {
    code: 'FG_HOST_NAME',
  });
  assert.equal(isOwnAccount(state, ACCOUNT), false);
});
