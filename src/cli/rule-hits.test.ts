import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { RuleHitsReport } from '../api/rule-hits.ts';
import { network, OPEN } from '../network/verdict/told-network.ts';
import type { RuleWords } from '../network/verdict/told-network.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-rule-hits-'));
after(() => rmSync(directory, { recursive: true }));

const T = 1_795_435_500;
const LINES = [
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags flow-direction',
  `eni-a 198.51.100.7 10.0.1.5 40000 443 6 3 300 ${T} ${T + 20} ACCEPT 2 ingress`,
  `eni-a 10.0.1.5 198.51.100.7 443 40000 6 2 700 ${T} ${T + 20} ACCEPT 18 egress`,
  `eni-a 198.51.100.9 10.0.1.5 40001 443 6 3 300 ${T + 60} ${T + 80} ACCEPT 2 ingress`,
  `eni-a 10.0.3.9 10.0.1.5 40001 443 6 1 100 ${T + 60} ${T + 80} ACCEPT 2 ingress`,
  `eni-a 10.0.1.5 198.51.100.9 50000 25 6 1 60 ${T} ${T + 20} ACCEPT 2 egress`,
  `eni-a 198.51.100.9 10.0.1.5 40001 23 6 1 60 ${T} ${T + 20} REJECT 2 ingress`,
  `eni-a 198.51.100.9 10.0.1.5 40001 8080 6 1 60 ${T} ${T + 20} REJECT 2 ingress`,
  `eni-x 198.51.100.9 10.0.1.5 40001 443 6 1 60 ${T} ${T + 20} ACCEPT 2 ingress`,
  '',
];
const RULES: RuleWords[] = [
  ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
  ['sgr-own', 'sg-a', 'in', 'tcp', 443, 443, '10.0.0.0/16'],
  ['sgr-ssh', 'sg-a', 'in', 'tcp', 22, 22, '10.0.0.0/16'],
  ['sgr-b', 'sg-b', 'in', 'tcp', 22, 22, '10.0.0.0/16'],
];
const logs = join(directory, 'records.log');
const model = join(directory, 'model.json');
writeFileSync(logs, LINES.join('\n'));
writeFileSync(model, JSON.stringify(network(RULES, [[90, 'in', 'deny', '6', 23, 23, '0.0.0.0/0'], ...OPEN])));

const flowgauge = inOneProcess();
const ASKED = ['rule-hits', '--vpc', model, '--logs', logs];
const ruleHits = (...words: readonly string[]): Promise<Ended> => flowgauge(...ASKED, ...words);

async function report(...words: readonly string[]): Promise<RuleHitsReport> {
  return JSON.parse((await ruleHits('--json', ...words)).out) as RuleHitsReport;
}

describe('rule-hits', () => {
  test('gives each accepted conversation to the rule that decides it, both directions together', async () => {
    const { rules, conversations } = await report('sg-a');
    assert.deepEqual(
      rules.map(({ ruleId, conversations: own, packets, bytes, peers, firstSeconds, lastSeconds }) => [
        ruleId,
        own,
        packets,
        bytes,
        peers,
        firstSeconds,
        lastSeconds,
      ]),
      [
        ['sgr-web', 2, 8, 1300, 2, T, T + 80],
        ['sgr-own', 1, 1, 100, 1, T + 60, T + 80],
        ['sgr-ssh', 0, 0, 0, 0, null, null],
      ],
    );
    assert.deepEqual(conversations, {
      accepted: 5,
      attributed: 3,
      notAdmitted: 1,
      interfaceUnknown: 1,
      byUnknownGroup: 0,
      byRulesThatAreGone: 0,
    });
  });

  test('says which are unused, shadowed, and wider than used', async () => {
    const { rules } = await report('sg-a');
    const [web, own, ssh] = rules;
    assert.deepEqual([web?.unused, own?.unused, ssh?.unused], [false, false, true]);
    assert.deepEqual([web?.shadowedBy, own?.shadowedBy, ssh?.shadowedBy], [null, ['sgr-web'], null]);
    assert.deepEqual(web?.wider, {
      ports: { allowed: 1, used: 1 },
      addresses: { allowed: '4294967296', used: 2, within: ['198.51.100.0/28'] },
      protocols: null,
    });
  });

  test('gives entries of an ACL what they decide, also what they deny', async () => {
    const { rules } = await report('acl-a');
    assert.deepEqual(
      rules
        .filter(({ unused }) => !unused)
        .map(({ ruleId, conversations, peers, packets }) => [ruleId, conversations, peers, packets]),
      [
        ['acl-a/in/90', 1, 1, 1],
        ['acl-a/in/100', 3, 3, 7],
        ['acl-a/out/100', 2, 2, 3],
      ],
    );
  });

  test('prints groups with their rules, in words', async () => {
    const { code, out } = await start('.', ...ASKED, 'sg-a', '--shadowed');
    assert.equal(code, 0);
    assert.match(out, /^5 accepted conversations of 2026-11-23T12:05:00Z to 2026-11-23T12:06:20Z\n/);
    assert.match(
      out,
      /\nsg-a\n {2}sgr-own {2}ingress tcp 443 from 10\.0\.0\.0\/16\n {6}1 conversation, 1 peer, 100 bytes/,
    );
    assert.match(out, /\n {6}shadowed by sgr-web: without it nothing changes\n/);
    assert.doesNotMatch(out, /sgr-web {2}|sgr-ssh/);
  });

  test('names what the model has in place of a group that it has not', async () => {
    const { code, err } = await ruleHits('sg-c');
    assert.equal(code, 2);
    assert.match(err, /no security group and no network ACL "sg-c"; nothing was read; it has sg-[ab], sg-[ab]/);
  });
});
