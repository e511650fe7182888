import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_STEP, formSteps, readText, stepFaults, stepJson } from './draft.ts';

const RULE = { do: 'add-rule', group: 'sg-1', direction: 'ingress', protocol: 'tcp', ports: '443', peer: '10.0.0.0/8' };
const ALL = [
  RULE,
  { do: 'remove-rule', group: 'sg-1', direction: 'egress', protocol: 'all', peer: '0.0.0.0/0' },
  { do: 'remove-rule', rule: 'sgr-1' },
  {
    do: 'add-entry',
    acl: 'acl-1',
    direction: 'ingress',
    number: 90,
    action: 'deny',
    protocol: 'tcp',
    ports: '22',
    cidr: '0.0.0.0/0',
  },
  { do: 'remove-entry', acl: 'acl-1', direction: 'egress', number: 100 },
  { do: 'attach-group', group: 'sg-1', interface: 'eni-1' },
  { do: 'detach-group', group: 'sg-1', interface: 'eni-1' },
];

test('a change goes into the form and comes out the same', () => {
  const steps = formSteps({ changes: ALL });
  assert.deepEqual(steps?.map(stepJson), ALL);
  assert.deepEqual(
    steps?.map(stepFaults),
    ALL.map(() => ({})),
  );
});

test('what the form would lose stays text', () => {
  assert.equal(
    formSteps({ changes: [RULE, { do: 'add-route', table: 'rtb-1', destination: '0.0.0.0/0', target: 'igw-1' }] }),
    null,
  );
  assert.equal(formSteps({ changes: [{ ...RULE, note: 'mine' }] }), null);
  assert.equal(formSteps({ changes: [], comment: '' }), null);
  assert.equal(formSteps({ changes: [] }), null);
  assert.equal(formSteps({ format_version: '1.2', resource_changes: [] }), null);
  assert.equal(formSteps(null), null);
});

test('text that is no change is refused with what would be one', () => {
  assert.match(readText('').fault!, /Paste/);
  assert.match(readText('{').fault!, /^This is not JSON: /);
  assert.match(readText('[1]').fault!, /\{"changes"/);
  assert.deepEqual(readText('{"changes":[]}'), { change: { changes: [] }, fault: null });
});

test('a step that lacks something names the field', () => {
  assert.deepEqual(Object.keys(stepFaults(EMPTY_STEP)), ['of', 'peer']);
  assert.deepEqual(
    Object.keys(stepFaults({ ...EMPTY_STEP, do: 'add-entry', of: 'acl-1', peer: '10.0.0.0/8', number: '40000' })),
    ['number'],
  );
  assert.deepEqual(Object.keys(stepFaults({ ...EMPTY_STEP, do: 'attach-group', of: 'sg-1' })), ['interface']);
});
