import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildBucket } from '../../lake/read/build-bucket.ts';
import { ask, askIntoParquet } from '../ask.ts';
import type { Answer, Cell } from '../engine.ts';
import { findSaved } from '../find.ts';
import type { SavedQuery } from '../saved-query.ts';
import { shortName } from '../saved-query.ts';
import { SAVED_QUERIES } from './list.ts';

const RECORDS = join(import.meta.dirname, '../../../test/fixtures/saved-queries');

/** What a script in Python computed from the meaning of each query. */
type Case = {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The one file that is asked; null: all of them. */
  readonly over: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
};
const CASES = JSON.parse(readFileSync(join(RECORDS, 'answers/answers.json'), 'utf8')) as readonly Case[];
const FILES = readdirSync(RECORDS).filter((name) => name.endsWith('.log'));
const HEADERS = new Map(
  FILES.map((name) => [name, readFileSync(join(RECORDS, name), 'utf8').split('\n')[0]!.split(' ')] as const),
);

const text = buildBucket();
const parquet = buildBucket();
const others = buildBucket();
/** Where the records of a file lie as Parquet. */
const asParquet = new Map<string, string>();
before(async () => {
  for (const name of FILES) {
    text.text(readFileSync(join(RECORDS, name), 'utf8').trimEnd().split('\n'));
    const path = join(parquet.directory, await parquet.parquet('SELECT 1 AS nothing'));
    await askIntoParquet(join(RECORDS, name), 'FROM flow_logs', {}, path);
    asParquet.set(name, path);
  }
});
after(() => {
  text.remove();
  parquet.remove();
  others.remove();
});

async function rowsOf(answer: Answer): Promise<readonly (readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return rows;
}

/** The notes that an answer must have: each field of the query that files lack. */
function notesOf({ needsFields, instead = {} }: SavedQuery, files: readonly string[]): readonly object[] {
  return [...needsFields.map((field) => [field, null] as const), ...Object.entries(instead)].flatMap(
    ([field, done]) => {
      const lacking = files.filter((name) => !HEADERS.get(name)!.includes(field)).length;
      return lacking === 0 ? [] : [{ kind: 'field-missing', field, files: lacking, of: files.length, instead: done }];
    },
  );
}

for (const { query, parameters, over, columns, rows } of CASES) {
  const given = Object.entries(parameters).map(([name, value]) => ` ${name}=${value}`);
  test(`${query}${given.join('')} gives what Python gives over ${over ?? 'all files'}, text and Parquet`, async () => {
    const sources = over === null ? [text.directory, parquet.directory] : [join(RECORDS, over), asParquet.get(over)!];
    for (const from of sources) {
      const answer = await ask(from, query, parameters);
      assert.deepEqual(
        answer.columns.map(({ name }) => name),
        columns,
      );
      assert.deepEqual(await rowsOf(answer), rows);
      assert.deepEqual(answer.notes, notesOf(findSaved(query), over === null ? FILES : [over]));
    }
  });
}

test('every query has an answer with rows, asked of all files and, where something can stand in for a field, of one', () => {
  for (const query of SAVED_QUERIES) {
    const cases = CASES.filter((each) => each.query === shortName(query.name));
    assert.ok(
      cases.some(({ over, rows }) => over === null && rows.length > 0),
      query.name,
    );
    if (query.instead === undefined) continue;
    assert.ok(
      cases.some(({ over, rows }) => over !== null && rows.length > 0),
      query.name,
    );
  }
});

for (const query of SAVED_QUERIES) {
  const name = shortName(query.name);
  test(`${name} says which field is missing where no file has it`, async () => {
    const missing = query.needsFields[0]!;
    const from = others.file(`${name}-without.log`, 'version\n2\n');
    const parameters = CASES.find((each) => each.query === name)!.parameters;
    await assert.rejects(ask(from, query.name, parameters), { code: 'FG_QUERY_FIELDS', message: new RegExp(missing) });
  });
}

test('orders rows that are equal but for their names, and keeps to the limit', async () => {
  const lines = Array.from({ length: 300 }, (_, at) => `10.0.${at % 3}.${(at * 7) % 100} 198.51.100.1 1 40`);
  const from = others.file('many.log', ['srcaddr dstaddr packets bytes', ...lines, ''].join('\n'));
  const first = await rowsOf(await ask(from, 'top-talkers'));
  assert.equal(first.length, 50);
  assert.deepEqual(await rowsOf(await ask(from, 'VpcFlowLogsTopTalkers')), first);
  const names = first.slice(1).map((row) => String(row[0]));
  assert.deepEqual(names, [...names].sort());
});
