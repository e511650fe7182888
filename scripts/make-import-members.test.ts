import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import { KEPT_BECAUSE, KNOWN_MODULE, knownMembersModule, membersPage, statusesOf } from './make-import-members.ts';

const page = readFileSync(join(ROOT, 'docs/import-members.md'), 'utf8');

test('the page says of every member of every answer whether it is used, kept or not understood', () => {
  const made = membersPage(page);
  assert.deepEqual(made.unseen, [], 'new members: run `bin/node scripts/make-import-members.ts`');
  assert.ok(made.page === page, 'run `bin/node scripts/make-import-members.ts`');
  const statuses = statusesOf(page);
  assert.ok(statuses.size > 800);
  assert.equal(statuses.get('SecurityGroupRules[].ReferencedGroupInfo.GroupId'), 'used');
  assert.equal(statuses.get('NetworkAcls[].Entries[].IcmpTypeCode.Type'), 'used');
  assert.equal(statuses.get('Instances[].KernelId'), 'kept');
  assert.equal(statuses.get('NatGateways[].State'), 'used');
  assert.equal(statuses.get('VpcEndpoints[].PolicyDocument'), 'not understood');
});

test('what is said to be kept for a reason is kept', () => {
  const statuses = [...statusesOf(page)];
  for (const begin of Object.keys(KEPT_BECAUSE)) {
    const found = new Set(statuses.filter(([path]) => path.startsWith(begin)).map(([, status]) => status));
    assert.deepEqual([...found], ['kept'], begin);
  }
});

test('the members that a model takes for known are those of the page', () => {
  assert.ok(readFileSync(join(ROOT, KNOWN_MODULE), 'utf8') === knownMembersModule(), 'run the same script');
});

test('a member that the page does not have is told', () => {
  const without = page.replace('| `Instances[].KernelId` | kept |\n', '');
  assert.notEqual(without, page);
  assert.deepEqual(membersPage(without).unseen, ['Instances[].KernelId']);
});
