import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterBy, indexed } from './filters.ts';
import type { FilterTable } from './filters.ts';
import { pageOf } from './pages.ts';

type Thing = { id: string; size?: number; ports?: number[]; main?: boolean; tags: { Key: string; Value: string }[] };
const TABLE: FilterTable<Thing> = {
  id: 'id',
  size: (thing) => thing.size,
  port: (thing) => thing.ports,
  main: (thing) => thing.main,
};
const things: Thing[] = [
  { id: 'a-1', size: 5, ports: [22, 80], main: true, tags: [{ Key: 'Name', Value: 'web*' }] },
  {
    id: 'a-2',
    size: 50,
    tags: [
      { Key: 'Name', Value: 'web1' },
      { Key: 'empty', Value: '' },
    ],
  },
  { id: 'b-1', ports: [], main: false, tags: [] },
];
const wanted = (...filters: { Name?: string; Values?: string[] }[]): string[] =>
  things.filter(filterBy(TABLE, (thing: Thing) => thing.tags, filters)).map(({ id }) => id);

test('values are alternatives, filters must all hold', () => {
  assert.deepEqual(wanted(), ['a-1', 'a-2', 'b-1']);
  assert.deepEqual(wanted({ Name: 'id', Values: ['a-1', 'b-1'] }), ['a-1', 'b-1']);
  assert.deepEqual(wanted({ Name: 'id', Values: ['a-*'] }, { Name: 'size', Values: ['50'] }), ['a-2']);
  assert.deepEqual(wanted({ Name: 'id', Values: ['A-1'] }), []);
  assert.deepEqual(wanted({ Name: 'id', Values: [] }), []);
  assert.deepEqual(wanted({ Name: 'port', Values: ['80'] }), ['a-1']);
  assert.deepEqual(wanted({ Name: 'main', Values: ['false'] }), ['b-1']);
  assert.deepEqual(wanted({ Name: 'size', Values: ['*'] }), ['a-1', 'a-2'], 'what has none fits no value');
});

test('tags are found by key, and by key and value', () => {
  assert.deepEqual(wanted({ Name: 'tag-key', Values: ['emp*'] }), ['a-2']);
  assert.deepEqual(wanted({ Name: 'tag:Name', Values: ['web\\*'] }), ['a-1']);
  assert.deepEqual(wanted({ Name: 'tag:Name', Values: ['web?'] }), ['a-1', 'a-2']);
  assert.deepEqual(wanted({ Name: 'tag:empty', Values: [''] }), ['a-2']);
});

test('a filter that is none is refused, where there is nothing to filter too', () => {
  for (const name of ['nothing', 'toString', '__proto__', 'ID'])
    assert.throws(() => wanted({ Name: name, Values: ['x'] }), {
      code: 'InvalidParameterValue',
      message: `The filter '${name}' is invalid`,
    });
  assert.throws(() => filterBy(TABLE, null, [{ Name: 'tag:x', Values: ['x'] }]), { code: 'InvalidParameterValue' });
  assert.throws(() => wanted({ Values: ['x'] }), { code: 'MissingParameter' });
  assert.throws(() => wanted({ Name: 'id', Values: Array<string>(201).fill('x') }), { code: 'FilterLimitExceeded' });
});

test('pages go on where the last one ended, whatever is made and removed between', () => {
  const ids = Array.from({ length: 23 }, (_, i) => `id-${String(i).padStart(2, '0')}`);
  const page = (items: readonly string[], NextToken?: string) =>
    pageOf('X', items, (id) => id, { MaxResults: 5, ...(NextToken === undefined ? {} : { NextToken }) });
  let items = ids;
  let token: string | undefined;
  const seen: string[] = [];
  do {
    const part = page(items, token);
    seen.push(...part.items);
    token = part.NextToken;
    // What was seen goes, and something comes before it.
    items = ['id-', ...items.filter((id) => id !== part.items.at(-1))];
  } while (token !== undefined);
  assert.deepEqual(seen, ids);
});

test('a page is within its range, and a token is of its action', () => {
  const ask = (MaxResults: number): unknown => pageOf('X', ['a'], (id) => id, { MaxResults });
  for (const wrong of [-1, 0, 4, 1001]) assert.throws(() => ask(wrong), { code: 'InvalidParameterValue' });
  assert.deepEqual(ask(5), { items: ['a'] });
  const { NextToken } = pageOf('X', ['a', 'b', 'c', 'd', 'e', 'f'], (id) => id, { MaxResults: 5 });
  for (const wrong of ['x', '!!', Buffer.from('[]').toString('base64url')])
    assert.throws(() => pageOf('X', ['a'], (id) => id, { NextToken: wrong }), { code: 'InvalidNextToken' });
  assert.throws(() => pageOf('Y', ['a'], (id) => id, { NextToken: NextToken ?? '' }), { code: 'InvalidNextToken' });
});

test('an index serves a filter of a member with plain values', () => {
  const of = (...filters: { Name?: string; Values?: string[] }[]): unknown => indexed(TABLE, filters);
  assert.deepEqual(of({ Name: 'id', Values: ['a-1', 'b-1'] }), { member: 'id', values: ['a-1', 'b-1'] });
  assert.deepEqual(of({ Name: 'size', Values: ['5'] }, { Name: 'id', Values: [] }), { member: 'id', values: [] });
  for (const pattern of ['a*', 'a?', 'a\\*']) assert.equal(of({ Name: 'id', Values: ['a-1', pattern] }), null);
  assert.equal(of({ Name: 'size', Values: ['5'] }), null);
  assert.equal(of({ Values: ['5'] }, { Name: 'toString', Values: ['x'] }), null);
});
