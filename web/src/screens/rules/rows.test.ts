import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkAnswer, NetworkRule } from '../../../../src/api/network.ts';
import type { RuleHits, RuleHitsReport } from '../../../../src/api/rule-hits.ts';
import { rowsOf, shownRows } from './rows.ts';

const rule = (id: string, number: number | null, says: string): NetworkRule => ({
  id,
  direction: 'ingress',
  allow: true,
  number,
  protocol: 'tcp',
  ports: null,
  peer: '10.0.0.0/8',
  says,
});
const NETWORK = {
  groups: [
    { id: 'sg-1', name: 'Web', rules: [rule('sgr-1', null, 'ingress tcp 443'), rule('sgr-2', null, 'ingress tcp 22')] },
  ],
  acls: [{ id: 'acl-1', name: null, rules: [rule('acl-1/in/*', 32_767, 'deny ingress all')] }],
} as unknown as NetworkAnswer;
const hits = (of: string, ruleId: string): RuleHits =>
  ({ of, ruleId, unused: true, shadowedBy: null, wider: null }) as RuleHits;
const REPORT = { rules: [hits('sg-1', 'sgr-1'), hits('acl-1', 'acl-1/in/*')] } as unknown as RuleHitsReport;

test('a rule of which nothing is known is not unused; nor is the last entry of an ACL', () => {
  assert.deepEqual(
    rowsOf(NETWORK, REPORT).map(({ key, marks }) => [key, marks]),
    [
      ['sg-1 sgr-1', ['unused']],
      ['sg-1 sgr-2', []],
      ['acl-1 acl-1/in/*', []],
    ],
  );
  assert.ok(rowsOf(NETWORK, null).every((row) => row.hits === null && row.marks.length === 0));
});

test('rules are found by all words in any order, and by mark', () => {
  const found = (find: string, mark: 'all' | 'unused' = 'all'): string[] =>
    shownRows(rowsOf(NETWORK, REPORT), mark, find).map((row) => row.rule.id);
  assert.deepEqual(found('22 WEB'), ['sgr-2']);
  assert.deepEqual(found(' deny '), ['acl-1/in/*']);
  assert.deepEqual(found('', 'unused'), ['sgr-1']);
  assert.deepEqual(found('nothing'), []);
});
