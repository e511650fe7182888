import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failure } from '../../model/errors.ts';
import { ecsFinding } from '../mappings/ecs.ts';
import { FINDING_FIELDS, FLOW_FIELDS } from '../mappings/ecs-fields.ts';
import { findingsTemplate, flowsTemplate, putTemplates, retentionPolicy } from './index-template.ts';
import type { SearchServer } from './index-template.ts';
import type { SearchClient } from './opensearch-client.ts';

const signal = new AbortController().signal;

type Mapping = { type?: string; properties?: Record<string, Mapping>; dynamic?: boolean };
type Template = { template: { mappings: { properties: Record<string, Mapping> }; settings: Record<string, unknown> } };

function leaves(properties: Record<string, Mapping>, before = ''): [string, string][] {
  return Object.entries(properties).flatMap(([name, each]) =>
    each.properties === undefined
      ? [[`${before}${name}`, each.type ?? '']]
      : leaves(each.properties, `${before}${name}.`),
  );
}

test('templates have every field with its type, and no field is an object too', () => {
  for (const [template, fields] of [
    [flowsTemplate('opensearch'), FLOW_FIELDS],
    [findingsTemplate(), FINDING_FIELDS],
  ] as const) {
    const found = new Map(leaves((template as Template).template.mappings.properties));
    assert.deepEqual([...found.keys()].sort(), fields.map(({ name }) => name).sort());
    for (const { name, type } of fields) assert.equal(found.get(name), type === 'kept' ? 'object' : type, name);
  }
  const { aws } = (flowsTemplate('opensearch') as Template).template.mappings.properties;
  assert.equal(aws!.properties!['vpcflow']!.dynamic, true);
});

test('a finding has no field that the index does not know', () => {
  const document = ecsFinding({
    id: 'fnd-1',
    series: 'ser-1',
    detection: 'd',
    severity: 'low',
    meaning: 'm',
    technique: 'T1021.004',
    firstSeconds: 1,
    lastSeconds: 2,
    rows: 3,
    facts: { a: 1 },
    subject: { interfaceId: 'eni-1', client: '10.0.0.1', server: '10.0.0.2', port: 22, protocol: 6, ruleId: 'sgr-1' },
    evidence: { sql: 'SELECT 1', records: null },
    suppressedUntilSeconds: 5,
  });
  const known = new Set(FINDING_FIELDS.map(({ name }) => name));
  const names = (value: unknown, name: string): string[] =>
    typeof value !== 'object' || value === null || Array.isArray(value) || known.has(name)
      ? [name]
      : Object.entries(value).flatMap(([key, each]) => names(each, name === '' ? key : `${name}.${key}`));
  for (const name of names(document, '')) assert.ok(known.has(name), name);
});

test('each server gets its own policy, and one that takes none is told', async () => {
  const asked: string[] = [];
  const client = (root: object, policyStatus: number): SearchClient => ({
    name: 'search',
    request(method, path) {
      asked.push(`${method} ${path}`);
      if (path === '/') return Promise.resolve({ status: 200, json: root });
      if (path.includes('policies') && method === 'GET')
        return Promise.resolve({ status: 200, json: { _seq_no: 4, _primary_term: 2 } });
      return Promise.resolve({
        status: path.includes('polic') ? policyStatus : 200,
        json: { error: 'no handler found' },
      });
    },
  });
  assert.deepEqual(
    await putTemplates(client({ version: { distribution: 'opensearch', number: '2.19.6' } }, 400), 30, signal),
    {
      server: 'opensearch',
      version: '2.19.6',
      policy: 'HTTP 400: no handler found',
    },
  );
  assert.ok(asked.includes('PUT /_plugins/_ism/policies/flowgauge-flows?if_seq_no=4&if_primary_term=2'));
  assert.equal((await putTemplates(client({ version: { number: '8.17.0' } }, 200), 30, signal)).policy, null);
  assert.ok(
    asked.indexOf('PUT /_ilm/policy/flowgauge-flows') < asked.lastIndexOf('PUT /_index_template/flowgauge-flows'),
  );
  assert.match(JSON.stringify(retentionPolicy('elasticsearch', 30)), /"min_age":"30d"/);
  assert.equal(
    (flowsTemplate('elasticsearch') as Template).template.settings['index.lifecycle.name'],
    'flowgauge-flows',
  );
  await assert.rejects(
    putTemplates(client({}, 200), 30, signal),
    (error) =>
      error instanceof Error && 'code' in error && error.code === failure('FG_SEARCH_REFUSED', '', '', 0, '').code,
  );
});

type Objects = Readonly<Record<string, Readonly<Record<string, string[]>>>>;
type Schema = { readonly root: string; readonly objects: Objects };

/** What is wrong with a value that should be one of these types, by its path. */
function faultsOf(objects: Objects, value: unknown, types: readonly string[], path: string): string[] {
  const list = types.find((type) => type.endsWith('[]'));
  if (Array.isArray(value))
    return list === undefined
      ? [`${path} is a list`]
      : value.flatMap((each, at) => faultsOf(objects, each, [list.slice(0, -2)], `${path}[${at}]`));
  const fields = types.map((type) => objects[type]).find((known) => known !== undefined);
  if (fields === undefined) {
    if (types.some((type) => type.startsWith('Record<') || type === 'EmptyObject')) return [];
    const wanted = types.some((type) => /^(?:string|Duration|ByteSize)$/u.test(type)) ? 'string' : 'number';
    return typeof value === wanted ? [] : [`${path} is ${typeof value}, not ${types.join(' or ')}`];
  }
  return Object.entries(value as object).flatMap(([name, each]) =>
    fields[name] === undefined ? [`${path} has no ${name}`] : faultsOf(objects, each, fields[name], `${path}.${name}`),
  );
}

test("policies have what the servers' own clients know, and nothing else", () => {
  const path = join(import.meta.dirname, '../../../test/fixtures/schemas/search-policies.json');
  const schemas = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<SearchServer, Schema>>;
  for (const server of ['opensearch', 'elasticsearch'] as const) {
    const { root, objects } = schemas[server];
    assert.deepEqual(faultsOf(objects, retentionPolicy(server, 30).body, [root], server), []);
    assert.notDeepEqual(faultsOf(objects, { policy: { stages: [] } }, [root], server), []);
  }
});
