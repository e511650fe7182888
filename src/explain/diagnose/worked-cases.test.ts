/**
 * The worked cases of docs/diagnose/: each is asked with its model and records, and must be explained as was written down.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Cause, Certainty, Change, Explanation, NearMiss, Outcome } from '../../api/explanation.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { DiagnoseQuestion } from './diagnose.ts';
import { createDiagnoser } from './diagnose.ts';
import { withEvidence } from './evidence.ts';

type Expected = {
  readonly question: { readonly from: string; readonly to: string; readonly port?: number; readonly protocol?: 'udp' };
  readonly outcome: Outcome;
  readonly certainty: Certainty;
  readonly cause: Cause;
  readonly deciding: { readonly nearMisses: readonly NearMiss[] };
  readonly fix: readonly Change[];
  readonly evidence: { readonly agree: number; readonly disagree: number };
};

const CASES = fileURLToPath(new URL('../../../docs/diagnose/', import.meta.url));
const names = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function read(name: string, file: string): unknown {
  return JSON.parse(readFileSync(join(CASES, name, file), 'utf8'));
}

async function explain(name: string, { from, to, port, protocol }: Expected['question']): Promise<Explanation> {
  const model = readModel([{ name: 'model.json', json: read(name, 'model.json') }]);
  const diagnoser = createDiagnoser(compileSnapshot(model, { version: 1, atMicros: 0 }));
  const question: DiagnoseQuestion = {
    from,
    to,
    port: port ?? null,
    protocol: protocol === 'udp' ? 17 : 6,
    sourcePorts: null,
    atMicros: 0,
  };
  return withEvidence(diagnoser, question, diagnoser.diagnose(question), join(CASES, name, 'records.txt'), {});
}

test('there are the thirteen cases that were asked for', () => {
  assert.deepEqual(names.toSorted(), [
    'asymmetric-route',
    'block-public-access',
    'closed-connection',
    'dns-never-logged',
    'group-rule-missing',
    'ipv6-rule-missing',
    'nat-path',
    'nobody-listens',
    'outbound-acl-blocks-reply',
    'peer-vpc-of-another-account',
    'peering-route-missing',
    'prefix-list',
    'wrong-source-group',
  ]);
});

for (const name of names)
  test(`explains ${name} as it was written down before`, async () => {
    const { meaning: _, question, ...expected } = read(name, 'expected.json') as Expected & { meaning: string };
    const { steps, deciding, outcome, certainty, cause, fixes, evidence } = await explain(name, question);
    assert.notEqual(outcome, 'unknown');
    const { leg, stage, interfaceId, ruleId, nearMisses } = steps[deciding ?? -1] ?? {};
    assert.deepEqual(
      {
        outcome,
        certainty,
        cause,
        deciding: { leg, stage, interfaceId, ruleId, nearMisses },
        fix: fixes[0]?.change ?? [],
        evidence: { agree: evidence[0]?.agree, disagree: evidence[0]?.disagree },
      },
      expected,
    );
    // What another account must do cannot be tried here; everything else was.
    for (const { verified, change } of fixes) assert.equal(verified, !change.some((one) => 'OwnerId' in one));
  });
