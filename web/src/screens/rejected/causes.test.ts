import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFilter } from '../../../../src/api/filter.ts';
import type { Met, RejectCause } from '../../../../src/api/rejects.ts';
import { keyOf, namedGroups, shownCauses } from './causes.ts';
import { recordsOf } from './records-of.ts';

const MET: Met = {
  interfaceId: 'eni-1',
  direction: 'ingress',
  stage: 'sg-ingress',
  ruleId: 'default-deny',
  rejectReason: null,
};
const CAUSE = {
  interfaceId: 'eni-1',
  direction: 'ingress',
  met: [MET],
  why: 'rules',
  groups: ['sg-1'],
  interfaces: 1,
  topInterfaces: [{ value: 'eni-1', records: 5 }],
  peers: 1,
  topPeers: [{ value: '10.0.0.1', records: 5 }],
  ports: 1,
  topPorts: [{ value: '443/6', records: 5 }],
  records: 5,
  example: { direction: 'ingress' },
} as unknown as RejectCause;
const ACL = { ...CAUSE, met: [{ ...MET, stage: 'nacl-ingress', ruleId: 'acl-1/in/90' }], groups: null } as RejectCause;

test('the key of a cause stays when counts change, and differs between causes', () => {
  assert.equal(keyOf(CAUSE), keyOf({ ...CAUSE, records: 9, peers: 4 }));
  assert.notEqual(keyOf(CAUSE), keyOf(ACL));
  assert.notEqual(keyOf(CAUSE), keyOf({ ...CAUSE, groups: ['sg-2'] }));
});

test('causes are chosen by kind, and by the group or ACL that has to do with them', () => {
  assert.deepEqual(shownCauses([CAUSE, ACL], null, ''), [CAUSE, ACL]);
  assert.deepEqual(shownCauses([CAUSE, ACL], 'acl', ''), [ACL]);
  assert.deepEqual(shownCauses([CAUSE, ACL], null, 'sg-1'), [CAUSE]);
  assert.deepEqual(shownCauses([CAUSE, ACL], null, 'acl-1'), [ACL]);
  assert.deepEqual(shownCauses([CAUSE, ACL], 'group', 'acl-1'), []);
  assert.deepEqual(namedGroups(CAUSE, new Map([['sg-1', 'web']])), ['web (sg-1)']);
});

test('the link to records leaves none of the cause out', () => {
  const filterOf = (cause: RejectCause): unknown => {
    const { filter } = readFilter(recordsOf(cause)![1]['filter']!);
    return filter!.map(({ field, values }) => [field, ...values]);
  };
  assert.deepEqual(filterOf(CAUSE), [
    ['action', 'REJECT'],
    ['interface-id', 'eni-1'],
    ['flow-direction', 'ingress'],
    ['addr', '10.0.0.1'],
    ['port', '443'],
  ]);
  const many = { ...CAUSE, peers: 9, ports: 9, example: { direction: null } } as unknown as RejectCause;
  assert.deepEqual(
    filterOf(many),
    [
      ['action', 'REJECT'],
      ['interface-id', 'eni-1'],
    ],
    'what is not all of them is not a condition',
  );
  const nowhere = { ...many, interfaceId: null, interfaces: 9 } as RejectCause;
  assert.equal(recordsOf(nowhere), null);
});

test('names of records are values of the filter, whatever they are', () => {
  const hostile = { ...CAUSE, interfaceId: 'eni-1",action=ACCEPT|x' } as RejectCause;
  const { filter } = readFilter(recordsOf(hostile)![1]['filter']!);
  assert.deepEqual(filter![1], { field: 'interface-id', operator: '=', values: ['eni-1",action=ACCEPT|x'] });
});
