import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ATHENA, DUCKDB, TRINO } from '../../query/dialect.ts';
import { ALL_FIELDS, heldFields } from '../../query/held-fields.ts';
import { readParameter } from '../../query/parameter.ts';
import { parametersOf } from '../choose.ts';
import { detectIn, historyOf, loadCases } from '../told-records.fixture.ts';
import type { Cases } from '../told-records.fixture.ts';
import { DETECTIONS } from './list.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-detections-'));
after(() => rmSync(directory, { recursive: true }));

for (const told of ['four', 'six', 'default format'] as const)
  describe(`with ${told === 'four' ? 'IPv4' : told === 'six' ? 'IPv6' : 'the default format'}`, () => {
    let cases: Cases | null = null;
    before(async () => {
      const records = DETECTIONS.flatMap(({ name, fires, stays }) => [
        [`${name}/fires`, fires] as const,
        [`${name}/stays`, stays] as const,
      ]);
      cases = await loadCases(directory, new Map(records), told);
    });
    after(() => cases?.close());

    for (const detection of DETECTIONS)
      it(`${detection.name} fires on its records and is silent on the others`, async () => {
        const { name, fires, stays } = detection;
        if ('query' in detection) {
          assert.ok((await cases!.found(`${name}/fires`, detection)).length > 0, 'it does not fire');
          assert.deepEqual(await cases!.found(`${name}/stays`, detection), []);
          return;
        }
        const options = { only: [name], network: historyOf(detection.network) };
        const { findings, notAsked } = await detectIn(directory, fires, told, options);
        assert.deepEqual(notAsked, []);
        assert.ok(findings.length > 0, 'it does not fire');
        assert.deepEqual((await detectIn(directory, stays, told, options)).findings, []);
      });
  });

it('lists every file of the folder, by its name', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((file) => file !== 'list.ts' && !file.endsWith('.test.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(
    DETECTIONS.map(({ name }) => name),
    files.sort(),
  );
  assert.ok(DETECTIONS.length >= 30);
});

it('says of each what it means, what else it may be, and what it takes', () => {
  for (const { meaning, falsePositives, technique, subject, ...detection } of DETECTIONS) {
    assert.match(meaning, /^[A-Z][^\n]*\.$/, detection.name);
    assert.match(falsePositives, /^[A-Z][^\n]*\.$/, detection.name);
    if (technique !== null) assert.match(technique, /^T\d{4}(?:\.\d{3})?$/, detection.name);
    assert.ok(subject.length > 0, detection.name);
  }
  for (const detection of DETECTIONS)
    for (const [name, parameter] of Object.entries(parametersOf(detection)))
      readParameter(name, parameter, parameter.default ?? '');
});

it('asks in SQL that other engines read too, with every parameter that it takes and no other', () => {
  const only =
    /::|\/\/|\$|\b(list_\w+|string_split|array_to_string|make_timestamp|epoch_us|cidr_contains|is_(private|public)|median|\w+_name\(|(start|end)_time (AS|<|>|,)|FILTER \(|QUALIFY|EXCLUDE|GROUP BY ALL|COLUMNS)\b/;
  for (const detection of DETECTIONS) {
    if (!('query' in detection)) continue;
    const used = new Set([...detection.query.body(DUCKDB).matchAll(/\$([a-z]+)\b/g)].map((match) => match[1]));
    assert.deepEqual(used, new Set(Object.keys(detection.query.parameters)), detection.name);
    for (const dialect of [ATHENA, TRINO])
      for (const held of [ALL_FIELDS, heldFields({ files: 2, holding: () => 1 })]) {
        const sql = detection.query.sql(dialect, held);
        const plain = sql.replaceAll(/'[^']*'/g, "''").replaceAll(/\$[a-z]+\b/g, '?');
        assert.doesNotMatch(plain, only, detection.name);
        assert.equal(sql.split('(').length, sql.split(')').length, detection.name);
      }
  }
});
