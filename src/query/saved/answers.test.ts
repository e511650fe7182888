import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildBucket } from '../../lake/read/build-bucket.ts';
import { columnName } from '../../record/fields/list.ts';
import { ask, askIntoParquet } from '../ask.ts';
import type { Answer, Cell } from '../engine.ts';
import type { SavedQuery } from '../saved-query.ts';
import { shortName } from '../saved-query.ts';
import { SAVED_QUERIES } from './list.ts';

const bucket = buildBucket();
after(() => bucket.remove());

async function rowsOf(answer: Answer): Promise<readonly (readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return rows;
}

/** The fixture's records as a text file whose format has what the query needs, and what the records have besides. */
function textOf({ fixture, needsFields }: SavedQuery): string {
  const columns = [...new Set([...needsFields.map(columnName), ...fixture.records.flatMap(Object.keys)])];
  const lines = fixture.records.map((record) => columns.map((name) => record[name] ?? '-').join(' '));
  return [columns.map((name) => name.replaceAll('_', '-')).join(' '), ...lines, ''].join('\n');
}

for (const query of SAVED_QUERIES) {
  const name = shortName(query.name);
  test(`${name} gives its fixture's answer, over text and over Parquet`, async () => {
    const { fixture } = query;
    const text = bucket.file(`${name}.log`, textOf(query));
    const parquet = bucket.file(`${name}.parquet`, '');
    await askIntoParquet(text, 'FROM flow_logs', {}, parquet);
    for (const from of [text, parquet]) {
      const answer = await ask(from, name, fixture.parameters);
      assert.deepEqual(
        answer.columns.map((column) => column.name),
        fixture.columns,
      );
      assert.deepEqual(await rowsOf(answer), fixture.answer);
      assert.deepEqual(answer.notes, []);
    }
  });

  test(`${name} says which field is missing where no file has it`, async () => {
    const missing = query.needsFields[0]!;
    const from = bucket.file(`${name}-without.log`, 'version log-status\n2 NODATA\n');
    const parameters = query.fixture.parameters;
    await assert.rejects(ask(from, query.name, parameters), { code: 'FG_QUERY_FIELDS', message: new RegExp(missing) });
  });
}

test('orders rows that are equal but for their names, and keeps to the limit', async () => {
  const lines = Array.from({ length: 300 }, (_, at) => `10.0.${at % 3}.${(at * 7) % 100} 198.51.100.1 1 40`);
  const from = bucket.file('many.log', ['srcaddr dstaddr packets bytes', ...lines, ''].join('\n'));
  const first = await rowsOf(await ask(from, 'top-talkers'));
  assert.equal(first.length, 50);
  assert.deepEqual(await rowsOf(await ask(from, 'VpcFlowLogsTopTalkers')), first);
  const others = first.slice(1).map((row) => String(row[0]));
  assert.deepEqual(others, [...others].sort());
});
