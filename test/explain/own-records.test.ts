/**
 * Records of our own say which rule decided, as the engine knew it when the packets came. Attribution must come to the
 * same without being told.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Attribution } from '../../src/explain/records/attribution.ts';
import { timeless } from '../../src/explain/records/model-times.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import { allFields } from '../../src/record/format.ts';
import { createParser } from '../../src/record/parse.ts';

const ROOT = join(import.meta.dirname, '../..');
const TOLD = ['x_rule_id', 'x_verdict_stage', 'reject_reason'];

test('attribution of own records comes to what the engine decided when the packets came', () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-own-records-'));
  try {
    const [capture, model] = [join(directory, 'a.pcap'), join(directory, 'model.json')];
    const run = (command: string, ...words: string[]): string => {
      const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    const generator = join(ROOT, 'bench/generate/capture.ts');
    run(join(ROOT, 'bin/node'), generator, '--packets', '60000', '--out', capture, '--vpc', model);
    const format = `${allFields(8).text} \${x-rule-id} \${x-verdict-stage}`;
    const text = run(join(ROOT, 'bin/flowgauge'), 'capture', '-r', capture, '--vpc', model, '--format', format);

    const json: unknown = JSON.parse(readFileSync(model, 'utf8'));
    const times = timeless(compileSnapshot(readModel([{ name: model, json }]), { version: 1, atMicros: 0 }));
    const [told, untold] = [new Attribution(times), new Attribution(times)];
    const parser = createParser({ format: null, columns: null, origin: 'own records' });
    let [certain, several] = [0, 0];
    for (const batch of [...parser.push(new TextEncoder().encode(text)), ...parser.end()]) {
      told.take(batch);
      untold.take({ rows: batch.rows, columns: batch.columns.filter(({ name }) => !TOLD.includes(name)) });
      for (let row = 0; row < batch.rows; row++) {
        if (told.rowCauses[row] === 0) continue;
        const right = told.causes.list[told.rowCauses[row]!]!;
        const found = untold.causes.list[untold.rowCauses[row]!]!;
        assert.equal(right.why, 'record');
        assert.equal(right.modelSays, null);
        const [decided] = right.met;
        const met = found.met.map(({ stage, ruleId }) => `${stage} ${ruleId}`);
        assert.equal(
          met.includes(`${decided?.stage} ${decided?.ruleId}`),
          true,
          `${met.join()} for ${decided?.ruleId}`,
        );
        if (found.certainty === 'certain') certain++;
        else several++;
      }
    }
    assert.equal(certain > 2000, true, `${certain} certain, ${several} of several`);
    assert.equal(certain > several * 9, true, `${certain} certain, ${several} of several`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
