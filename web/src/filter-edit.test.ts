import assert from 'node:assert/strict';
import { test } from 'node:test';
import { only, without } from './filter-edit.ts';

test('only this takes the place of what was asked of the field', () => {
  assert.equal(only('', 'action', 'REJECT'), 'action=REJECT');
  assert.equal(only('action=ACCEPT,dstport=22', 'action', 'REJECT'), 'dstport=22,action=REJECT');
  assert.equal(only('dstport!=22', 'dstport', 443), 'dstport!=22,dstport=443');
  assert.equal(only('', 'x-rule-id', null), 'x-rule-id=-');
  assert.equal(only('', 'instance-tag', 'a,b'), 'instance-tag="a,b"');
});

test('without this adds to what is left out', () => {
  assert.equal(without('dstport!=22,action=REJECT', 'dstport', 443), 'dstport!=22|443,action=REJECT');
  assert.equal(without('dstport!=22', 'dstport', 22), 'dstport!=22');
});

test('what only files name can be clicked, what cannot be read stays', () => {
  assert.equal(only('new-thing=a', 'other-thing', 'b'), 'new-thing=a,other-thing=b');
  assert.equal(only('dstport=', 'action', 'REJECT'), 'dstport=');
});
