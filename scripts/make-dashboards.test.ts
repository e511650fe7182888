import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AGENT_METRICS } from '../src/app/server/agent-metrics.ts';
import { DETECTION_METRICS } from '../src/app/server/detection/metrics.ts';
import { KEEPING_METRICS } from '../src/app/server/keeping/metrics.ts';
import { HOST_METRICS } from '../src/app/server/metrics.ts';
import { PUBLISH_METRICS } from '../src/publish/metrics.ts';
import { METRIC_PANELS } from '../src/watch/dashboards/grafana.ts';
import { FINDING_FIELDS, FLOW_FIELDS } from '../src/watch/mappings/ecs-fields.ts';
import type { IndexField } from '../src/watch/mappings/ecs-fields.ts';
import { WATCH_METRICS } from '../src/watch/metrics.ts';
import { ROOT } from './files.ts';
import { dashboardFiles } from './make-dashboards.ts';

const files = dashboardFiles();
type Json = Record<string, unknown>;
type Saved = {
  id: string;
  type: string;
  attributes: Record<string, string>;
  references: { id: string; name: string; type: string }[];
};
const parsed = (text: string): Json => JSON.parse(text) as Json;
const PRODUCTS = ['opensearch-dashboards.ndjson', 'kibana.ndjson'] as const;
const objectsOf = (name: string): Saved[] =>
  files[name]!.trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Saved);

test('deploy/dashboards/ is made from the boards (else: bin/node scripts/make-dashboards.ts)', () => {
  for (const [name, text] of Object.entries(files))
    assert.equal(readFileSync(join(ROOT, 'deploy/dashboards', name), 'utf8'), text, name);
});

/** Fields that an object names, wherever it does: in aggregations, columns, sorting and its query. */
function fieldsOf({ type, attributes }: Saved): string[] {
  const { searchSourceJSON = '{}' } = (attributes['kibanaSavedObjectMeta'] ?? {}) as { searchSourceJSON?: string };
  const { query } = parsed(searchSourceJSON)['query'] as { query: string };
  const asked = [...query.matchAll(/([\w.@]+) : /g)].map(([, name]) => name!);
  if (type === 'search') {
    const { columns, sort } = attributes as unknown as { columns: string[]; sort: string[][] };
    return [...asked, ...columns, ...sort.map(([name]) => name!)];
  }
  const { aggs } = parsed(attributes['visState']!) as { aggs: { params: { field?: string } }[] };
  return [...asked, ...aggs.flatMap(({ params: { field } }) => field ?? [])];
}

test('every field that a dashboard names is in the template of its index, and can be summed up as it is', () => {
  const known: Readonly<Record<string, readonly IndexField[]>> = {
    'flowgauge-flows-pattern': FLOW_FIELDS,
    'flowgauge-findings-pattern': FINDING_FIELDS,
  };
  let named = 0;
  for (const product of PRODUCTS)
    for (const saved of objectsOf(product)) {
      if (saved.type !== 'visualization' && saved.type !== 'search') continue;
      const fields = known[saved.references[0]!.id]!;
      for (const name of fieldsOf(saved)) {
        named++;
        const field = fields.find((one) => one.name === name);
        assert.ok(field !== undefined, `${product}: ${saved.id} names ${name}, which the template lacks`);
        // Text is not aggregated.
        if (saved.type === 'visualization') assert.notEqual(field.type, 'text', `${saved.id}: ${name}`);
        assert.notEqual(field.type, 'kept', `${saved.id}: ${name}`);
      }
    }
  assert.ok(named > 100, `${named} fields`);
});

test('every object that another one names is there; ids are there once; panels do not overlap', () => {
  for (const product of PRODUCTS) {
    const objects = objectsOf(product);
    const ids = new Set(objects.map(({ id, type }) => `${type} ${id}`));
    assert.equal(ids.size, objects.length);
    for (const { id, references } of objects)
      for (const reference of references)
        assert.ok(ids.has(`${reference.type} ${reference.id}`), `${id} names ${reference.id}`);
    const boards = objects.filter(({ type }) => type === 'dashboard');
    assert.equal(boards.length, 5);
    for (const { id, attributes, references } of boards) {
      const panels = JSON.parse(attributes['panelsJSON']!) as {
        gridData: { x: number; y: number; w: number; h: number };
        panelRefName: string;
      }[];
      assert.deepEqual(
        panels.map(({ panelRefName }) => panelRefName),
        references.map(({ name }) => name),
      );
      const taken = new Set<string>();
      for (const { gridData } of panels)
        for (let x = gridData.x; x < gridData.x + gridData.w; x++)
          for (let y = gridData.y; y < gridData.y + gridData.h; y++) {
            assert.ok(x < 48 && !taken.has(`${x} ${y}`), `${id}: ${x} ${y} is taken`);
            taken.add(`${x} ${y}`);
          }
    }
  }
});

test('every metric and label that the dashboard of Grafana names is there', () => {
  const metrics = new Map<string, readonly string[]>();
  for (const { name, type, labels } of [
    ...HOST_METRICS,
    ...PUBLISH_METRICS,
    ...DETECTION_METRICS,
    ...KEEPING_METRICS,
    ...AGENT_METRICS,
    ...WATCH_METRICS,
  ]) {
    if (type === 'histogram') metrics.set(`${name}_bucket`, [...labels, 'le']);
    else metrics.set(name, labels);
  }
  for (const { title, series } of METRIC_PANELS)
    for (const { expression, legend } of series) {
      const named = [...expression.matchAll(/flowgauge_\w+/g)].map(([name]) => name);
      assert.ok(named.length > 0, title);
      // What Prometheus adds by itself.
      const labels = new Set(['instance', 'job', ...named.flatMap((name) => metrics.get(name) ?? [])]);
      for (const name of named) assert.ok(metrics.has(name), `${title}: ${name}`);
      const asked = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(', '));
      const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      for (const label of [...asked, ...shown]) assert.ok(labels.has(label), `${title}: ${label}`);
    }
  const { panels } = parsed(files['grafana.json']!) as { panels: unknown[] };
  assert.equal(panels.length, METRIC_PANELS.length);
});
