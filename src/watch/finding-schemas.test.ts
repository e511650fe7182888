/**
 * Findings as ECS and OCSF, held against the schemas of others.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding, FindingSubject } from '../api/findings.ts';
import { DETECTIONS } from './detections/list.ts';
import { FINDING_FIELDS, FLOW_FIELDS } from './mappings/ecs-fields.ts';
import { ecsFinding } from './mappings/ecs.ts';
import { ocsfFinding } from './mappings/ocsf.ts';

const SCHEMAS = join(import.meta.dirname, '../../test/fixtures/schemas');
const read = (name: string): unknown => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'));

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

/** Leaves of a document by their names with dots. */
function leavesOf(value: unknown, path = ''): readonly (readonly [name: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, each]) => leavesOf(each, path === '' ? name : `${path}.${name}`));
}

const OURS = /^(?:flowgauge|aws)\./;

test('a finding as ECS has fields of ECS with their types, and what is not ECS below names of its own', () => {
  const fields = read('ecs-8.11-fields.json') as Record<string, string>;
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
  const fields = read('ecs-8.11-fields.json') as Record<string, string>;
  const strangers = [...FLOW_FIELDS, ...FINDING_FIELDS]
    .map(({ name }) => name)
    .filter((name) => !OURS.test(name) && fields[name] === undefined);
  assert.deepEqual(strangers, []);
});

type Attribute = {
  readonly type: string;
  readonly requirement: string;
  readonly is_array?: true;
  readonly object_type?: string;
  readonly enum?: readonly string[];
};
type Part = {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: { readonly at_least_one?: readonly string[] };
};
type Schema = {
  readonly version: string;
  readonly class: Part & { readonly uid: number };
  readonly objects: Readonly<Record<string, Part>>;
};

const TYPES: Readonly<Record<string, string>> = {
  string_t: 'string',
  integer_t: 'number',
  long_t: 'number',
  timestamp_t: 'number',
  port_t: 'number',
  ip_t: 'string',
};

/** What is wrong with a value of a part of the schema, by its path. */
function faultsOf(schema: Schema, part: Part, value: Readonly<Record<string, unknown>>, path: string): string[] {
  const faults: string[] = [];
  for (const [name, { requirement }] of Object.entries(part.attributes))
    if (requirement === 'required' && value[name] === undefined) faults.push(`${path}.${name} is required`);
  const oneOf = part.constraints?.at_least_one ?? [];
  if (oneOf.length > 0 && !oneOf.some((name) => value[name] !== undefined))
    faults.push(`${path} has none of ${oneOf.join(', ')}`);
  for (const [name, given] of Object.entries(value)) {
    const at = `${path}.${name}`;
    const attribute = part.attributes[name];
    if (attribute === undefined) {
      faults.push(`${at} is not in the schema`);
      continue;
    }
    if (Array.isArray(given) !== (attribute.is_array === true)) faults.push(`${at} is a list or should be one`);
    for (const each of Array.isArray(given) ? (given as unknown[]) : [given]) {
      if (attribute.enum !== undefined && !attribute.enum.includes(String(each)))
        faults.push(`${at} is ${String(each)}, which has no meaning`);
      const inner = attribute.object_type === undefined ? undefined : schema.objects[attribute.object_type];
      if (inner !== undefined) faults.push(...faultsOf(schema, inner, each as Record<string, unknown>, at));
      const type = TYPES[attribute.type];
      if (type !== undefined && typeof each !== type) faults.push(`${at} is ${typeof each}, not ${type}`);
    }
  }
  return faults;
}

test('a finding as OCSF is a Detection Finding as its schema has it', () => {
  const schema = read('ocsf-1.3.0-detection-finding.json') as Schema;
  const faults = new Set<string>();
  for (const finding of FINDINGS) {
    const event = ocsfFinding(finding) as Record<string, unknown>;
    assert.equal(event['class_uid'], schema.class.uid);
    assert.equal((event['metadata'] as { version: string }).version, schema.version);
    for (const fault of faultsOf(schema, schema.class, event, 'event')) faults.add(fault);
  }
  assert.deepEqual([...faults], []);
});
