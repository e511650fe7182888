/**
 * Records of our own say which rule decided, as the engine knew it when the packets came. Attribution must come to the
 * same without being told.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RuleHitsReport } from '../../src/api/rule-hits.ts';
import { Attribution } from '../../src/explain/records/attribution.ts';
import { timeless } from '../../src/explain/records/model-times.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import { allFields } from '../../src/record/format.ts';
import { createParser } from '../../src/record/parse.ts';

const ROOT = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-own-records-'));
after(() => rmSync(directory, { recursive: true }));
const model = join(directory, 'model.json');

function run(command: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Records of a generated capture with the rules that decided. */
function ownRecords(): string {
  const capture = join(directory, 'a.pcap');
  const generator = join(ROOT, 'bench/generate/capture.ts');
  run(join(ROOT, 'bin/node'), generator, '--packets', '60000', '--out', capture, '--vpc', model);
  const format = `${allFields(8).text} \${x-rule-id} \${x-verdict-stage}`;
  return run(join(ROOT, 'bin/flowgauge'), 'capture', '-r', capture, '--vpc', model, '--format', format);
}

const text = ownRecords();
const TOLD = ['x_rule_id', 'x_verdict_stage', 'reject_reason'];

test('attribution of own records comes to what the engine decided when the packets came', () => {
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
      assert.equal(met.includes(`${decided?.stage} ${decided?.ruleId}`), true, `${met.join()} for ${decided?.ruleId}`);
      if (found.certainty === 'certain') certain++;
      else several++;
    }
  }
  assert.equal(certain > 2000, true, `${certain} certain, ${several} of several`);
  assert.equal(certain > several * 9, true, `${certain} certain, ${several} of several`);
});

test('rule-hits gives each rule the TCP conversations that the engine admitted by it', () => {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = header.split(' ');
  const place = (name: string): number => names.indexOf(name);
  const [protocol, action, stage, rule] = ['protocol', 'action', 'x-verdict-stage', 'x-rule-id'].map(place);
  const [id, src, dst, srcport, dstport] = ['interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport'].map(place);
  const tcp = lines.filter((line) => line.split(' ')[protocol!] === '6');
  const admitted = new Map<string, Set<string>>();
  for (const fields of tcp.map((line) => line.split(' '))) {
    if (fields[action!] !== 'ACCEPT' || !fields[stage!]!.startsWith('sg-')) continue;
    const ends = [`${fields[src!]} ${fields[srcport!]}`, `${fields[dst!]} ${fields[dstport!]}`].toSorted((a, b) =>
      a < b ? -1 : 1,
    );
    const own = admitted.get(fields[rule!]!) ?? new Set();
    admitted.set(fields[rule!]!, own.add(`${fields[id!]} ${ends.join(' ')}`));
  }
  const logs = join(directory, 'tcp.log');
  writeFileSync(logs, [header, ...tcp, ''].join('\n'));
  const words = ['rule-hits', '--vpc', model, '--logs', logs, '--json'];
  const { rules, conversations } = JSON.parse(run(join(ROOT, 'bin/flowgauge'), ...words)) as RuleHitsReport;
  const used = rules.filter(({ of, unused }) => of.startsWith('sg-') && !unused);
  const counts = new Map(used.map((one) => [one.ruleId, one.conversations]));
  assert.deepEqual(counts, new Map([...admitted].map(([ruleId, own]) => [ruleId, own.size] as const)));
  assert.equal(used.length > 100, true, `${used.length} rules were used`);
  assert.equal(conversations.attributed, conversations.accepted);
});
