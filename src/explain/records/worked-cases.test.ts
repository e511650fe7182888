/**
 * The worked cases of docs/diagnose/: their rejected records come to the step that decides.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { NearMiss } from '../../api/explanation.ts';
import { createParser } from '../../record/parse.ts';
import { Attribution } from './attribution.ts';
import { timeless } from './model-times.ts';
import { reportOf } from './report.ts';
import { snapshotOf } from './told-records.ts';

type Expected = {
  readonly cause: string;
  readonly fix?: readonly { readonly action: string }[];
  readonly deciding: {
    readonly stage: string;
    readonly interfaceId: string;
    readonly ruleId?: string | null;
    readonly nearMisses?: readonly NearMiss[];
  };
};

const CASES = fileURLToPath(new URL('../../../docs/diagnose/', import.meta.url));
let withRejects = 0;

for (const { name } of readdirSync(CASES, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
  test(`${name}: rejected records come to the step that decides`, (t) => {
    const read = (file: string): string => readFileSync(join(CASES, name, file), 'utf8');
    const times = timeless(snapshotOf(JSON.parse(read('model.json')) as object));
    const attribution = new Attribution(times);
    const parser = createParser({ format: null, columns: null, origin: name });
    for (const batch of [...parser.push(new TextEncoder().encode(read('records.txt'))), ...parser.end()])
      attribution.take(batch);
    const { causes } = reportOf(attribution, times, { explained: 1 });
    if (causes.length === 0) {
      t.diagnostic('no record of it was rejected');
      return;
    }
    withRejects++;
    const { deciding, cause: word, fix = [] } = JSON.parse(read('expected.json')) as Expected;
    const [cause, ...others] = causes;
    const [met] = cause!.met;
    const stage = met?.rejectReason === 'BPA' ? 'block-public-access' : met?.stage;
    assert.deepEqual(others, []);
    assert.deepEqual([cause?.certainty, stage, cause?.interfaceId], ['certain', deciding.stage, deciding.interfaceId]);
    assert.equal(met?.ruleId === 'default-deny' ? null : (met?.ruleId ?? null), deciding.ruleId ?? null);
    assert.deepEqual(cause?.nearMisses, deciding.nearMisses ?? []);
    const explanation = cause.explanation!;
    const step = explanation.steps[explanation.deciding ?? -1];
    assert.deepEqual([explanation.outcome, explanation.cause], ['blocked', word]);
    assert.deepEqual([step?.stage, step?.interfaceId, step?.pass], [deciding.stage, deciding.interfaceId, false]);
    assert.deepEqual(
      explanation.fixes.flatMap(({ change }) => change.map(({ action }) => action)),
      fix.map(({ action }) => action),
    );
    assert.deepEqual([explanation.evidence[0]?.agree, explanation.evidence[0]?.disagree], [cause.records, 0]);
  });

test('some of the cases have rejected records', () => {
  assert.equal(withRejects >= 7, true, String(withRejects));
});
