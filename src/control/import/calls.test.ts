import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KINDS } from '../../network/vpc/kinds.ts';
import { CALLS, HELPING_CALLS, SERVICES } from './calls.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/import.md'), 'utf8');

test('the policy in the docs has the permissions of all calls and no other', () => {
  const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as { Statement: { Action: string[] }[] };
  const needed = [...CALLS, ...HELPING_CALLS]
    .filter(({ service }) => service !== 'sts')
    .map(({ service, action }) => `${service}:${action}`)
    .sort();
  assert.deepEqual(policy.Statement[0]?.Action, needed);
});

test('every call only reads, is of a known service, and gives one kind', () => {
  for (const { action, service } of [...CALLS, ...HELPING_CALLS]) {
    assert.match(action, /^(?:Describe|Get|List)[A-Z]/);
    assert.ok(service in SERVICES);
  }
  const kinds = CALLS.map(({ kind }) => kind);
  assert.equal(new Set(kinds).size, kinds.length);
  for (const kind of kinds) assert.ok(KINDS.has(kind), kind);
});

test('the commands in the docs are those of all calls to EC2', () => {
  const loop = /for what in ([\s\S]*?); do/.exec(page)?.[1]?.replaceAll('\\\n', ' ').trim().split(/\s+/) ?? [];
  const wanted = CALLS.filter(({ service }) => service === 'ec2').map(({ action }) =>
    action
      .replace('Describe', '')
      .replace(/(?!^)[A-Z]/g, '-$&')
      .toLowerCase(),
  );
  assert.deepEqual(loop.toSorted(), wanted.toSorted());
});
