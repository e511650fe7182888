import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { network } from '../network/verdict/told-network.ts';
import type { EntryWords, RuleWords } from '../network/verdict/told-network.ts';
import { before, conversation } from './told-conversations.ts';
import { detectIn, historyOf } from './told-records.fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-rule-use-'));
after(() => rmSync(directory, { recursive: true }));

const RULES: readonly RuleWords[] = [
  ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
  ['sgr-other', 'sg-a', 'in', 'tcp', 8080, 8080, '0.0.0.0/0'],
];
const WEB: readonly EntryWords[] = [
  [100, 'in', 'allow', '6', 443, 443, '0.0.0.0/0'],
  [100, 'out', 'allow', '-1', -1, -1, '0.0.0.0/0'],
];
const OTHER: EntryWords = [110, 'in', 'allow', '6', 8080, 8080, '0.0.0.0/0'];
const at = (port: number, seconds: number) =>
  conversation({ client: '198.51.100.7', server: '10.0.1.5', port, at: seconds });

test('an entry of an ACL that was added, and lets in what its groups admit, is a rule that began to admit', async () => {
  const history = historyOf([
    [-7200, network(RULES, WEB)],
    [0, network(RULES, [...WEB, OTHER])],
  ]);
  const found = async (port: number): Promise<(string | null)[]> => {
    const records = [...at(443, -600), ...at(port, 600)];
    const { findings } = await detectIn(directory, records, 'four', { only: ['new-rule-admits'], network: history });
    return findings.map(({ subject }) => subject.ruleId);
  };
  assert.deepEqual(await found(8080), ['acl-a/in/110']);
  assert.deepEqual(await found(443), []);
  // Groups refuse it: that it is a record at all has another reason.
  assert.deepEqual(await found(9090), []);
});

test('an entry that let nobody in for days is told when it does, beside the rule of the group', async () => {
  const history = historyOf([[-900_000, network(RULES, [...WEB, OTHER])]]);
  const records = [...before({ client: '198.51.100.7', server: '10.0.1.5', port: 443 }), ...at(8080, 600)];
  const { findings } = await detectIn(directory, records, 'four', { only: ['rule-first-use'], network: history });
  assert.deepEqual(new Set(findings.map(({ subject }) => subject.ruleId)), new Set(['acl-a/in/110', 'sgr-other']));
});
