import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openKeys } from '../../storage/state/keys.ts';
import { recordAnswers } from '../../storage/state/record-answers.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import type { Control } from './control.ts';
import { openControl } from './control.ts';
import { viewDeliveries } from './deliveries.ts';

const [ACCOUNT, OTHER, REGION] = ['111122223333', '444455556666', 'eu-west-1'];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flowgauge-control-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (accountId: string): Control =>
  openControl({
    directory,
    accountId,
    region: REGION,
    deliveries: viewDeliveries(directory, { aws: {}, writing: {} }, () => null),
    failed: () => {},
  });

test('the first start makes a key that the tools find with its region, later ones none', () => {
  const control = open(ACCOUNT);
  const text = readFileSync(control.credentials, 'utf8');
  assert.match(
    text,
    /^\[default\]\naws_access_key_id = AKIA\w{16}\naws_secret_access_key = \S{40}\nregion = eu-west-1\n$/,
  );
  assert.equal(statSync(control.credentials).mode & 0o777, 0o600);
  assert.equal(control.facts.isOwn(ACCOUNT), true);
  control.close();
  const again = open(ACCOUNT);
  assert.equal(openKeys(again.state).list().length, 1);
  assert.equal(readFileSync(again.credentials, 'utf8'), text);
  again.close();
});

test('another account in the settings is kept here too', () => {
  open(ACCOUNT).close();
  const control = open(OTHER);
  assert.equal(control.facts.isOwn(OTHER), true);
  assert.equal(control.facts.isOwn(ACCOUNT), true);
  control.close();
});

test('an account that was imported is not made the own one, and no key is left', async () => {
  const state = openState(statePath(directory), true);
  const items = [{ id: 'vpc-0a', content: { VpcId: 'vpc-0a', OwnerId: ACCOUNT } }];
  const answer = { kind: 'Vpcs', account: ACCOUNT, region: REGION, atMicros: 1, whole: true, items };
  await recordAnswers(state, [answer], 'a file', 2);
  state.close();
  assert.throws(() => open(ACCOUNT), { code: 'FG_ACCOUNT_IMPORTED' });
  const after = openState(statePath(directory), false);
  assert.deepEqual(openKeys(after).list(), []);
  after.close();
});
