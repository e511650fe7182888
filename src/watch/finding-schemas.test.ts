/**
 * Findings as ECS and OCSF, held against the schemas of others.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, FindingSubject } from '../api/findings.ts';
import { DETECTIONS } from './detections/list.ts';
import { FINDING_FIELDS, FLOW_FIELDS } from './mappings/ecs-fields.ts';
import { ecsFinding } from './mappings/ecs.ts';
import { ocsfFinding } from './mappings/ocsf.ts';
import { ecsFields, faultsOf, leavesOf, ocsfSchema } from './schemas.fixture.ts';

const NOBODY: FindingSubject = {
  interfaceId: null,
  client: null,
  server: null,
  port: null,
  protocol: null,
  ruleId: null,
};
const WHOLE: FindingSubject = {
  interfaceId: 'eni-0a',
  client: '2001:db8::7',
  server: '10.0.0.5',
  port: 22,
  protocol: 6,
  ruleId: 'sgr-1',
};

/** Findings of every detection, about all that a finding may name, about each of it alone, and about nothing. */
const FINDINGS: readonly Finding[] = DETECTIONS.flatMap(({ name, severity, meaning, technique }) =>
  [
    WHOLE,
    NOBODY,
    ...(Object.keys(WHOLE) as (keyof FindingSubject)[]).flatMap((one) => [
      { ...NOBODY, [one]: WHOLE[one] },
      { ...WHOLE, [one]: null },
    ]),
  ].map((subject, at) => ({
    id: `fnd-${name}-${at}`,
    series: 'ser-1',
    detection: name,
    severity,
    meaning,
    technique,
    subject,
    firstSeconds: 1_795_435_200,
    lastSeconds: 1_795_435_260,
    rows: 1,
    facts: { ports: 120, note: null },
    evidence: { sql: 'SELECT 1', records: [{ srcaddr: '2001:db8::7' }] },
    suppressedUntilSeconds: at % 2 === 0 ? null : 1_795_535_260,
  })),
);

const OURS = /^(?:flowgauge|aws)\./;

test('a finding as ECS has fields of ECS with their types, and what is not ECS below names of its own', () => {
  const fields = ecsFields();
  for (const finding of FINDINGS)
    for (const [name, value] of leavesOf(ecsFinding(finding))) {
      if (OURS.test(name)) continue;
      const type = fields[name];
      assert.ok(type !== undefined, `ECS has no ${name}`);
      if (Array.isArray(value)) assert.match(type, /Array</, name);
      const each: unknown = Array.isArray(value) ? value[0] : value;
      assert.match(type, new RegExp(`\\b${typeof each}\\b`), `${name} is ${typeof each}, not ${type}`);
    }
});

test('fields of the index that bear a name of ECS are there', () => {
  const fields = ecsFields();
  const strangers = [...FLOW_FIELDS, ...FINDING_FIELDS]
    .map(({ name }) => name)
    .filter((name) => !OURS.test(name) && fields[name] === undefined);
  assert.deepEqual(strangers, []);
});

test('a finding as OCSF is a Detection Finding as its schema has it', () => {
  const schema = ocsfSchema('detection-finding');
  const faults = new Set<string>();
  for (const finding of FINDINGS) {
    const event = ocsfFinding(finding) as Record<string, unknown>;
    assert.equal(event['class_uid'], schema.class.uid);
    assert.equal((event['metadata'] as { version: string }).version, schema.version);
    for (const fault of faultsOf(schema, schema.class, event, 'event')) faults.add(fault);
  }
  assert.deepEqual([...faults], []);
});
