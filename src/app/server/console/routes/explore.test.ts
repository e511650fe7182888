/**
 * Routes of *Explore*, over HTTP.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type { Explored, HeldFieldsAnswer, RecordsPage, ValuesAnswer } from '../../../../api/explore.ts';
import type { ViewsAnswer } from '../../../../api/views.ts';
import { RANGE, buildPlace } from '../../../../query/explore/build-place.ts';
import { startConsole } from '../console.fixture.ts';

const built = await buildPlace();
after(() => built.remove());
const { startSeconds, endSeconds } = RANGE;
const TIME = `from=${startSeconds}&to=${endSeconds}`;

test('graph, table, records, fields and values are asked over HTTP, and what was read is kept in the data directory', async (test) => {
  const { browser } = await startConsole(test, { directory: built.directory });
  const { ask } = await browser();
  const explored = await ask<Explored>(
    'GET',
    `/api/explore?${TIME}&by=action,srcaddr&measure=flows&top=3&before=1&filter=protocol%3D6`,
  );
  assert.equal(explored.status, 200, explored.text);
  const { groups, other, total, sql, range } = explored.json;
  assert.equal(groups.length, 3);
  assert.equal(
    [...groups, other!].reduce((sum, { amounts }) => sum + amounts.flows, 0),
    total.flows,
  );
  assert.deepEqual(range, { fromSeconds: startSeconds, toSeconds: endSeconds });
  assert.match(sql, /^WITH seen AS/u);
  const page = await ask<RecordsPage>('GET', `/api/records?${TIME}&rows=5`);
  assert.equal(page.json.rows.length, 5);
  const next = await ask<RecordsPage>('GET', `/api/records?${TIME}&rows=5&after=${page.json.next}`);
  assert.ok(Number(next.json.rows[0]![0]) <= Number(page.json.rows[4]![0]));
  const held = await ask<HeldFieldsAnswer>('GET', `/api/held-fields?${TIME}`);
  assert.ok(held.json.files > 0 && held.json.fields.some(({ name, files }) => name === 'tcp-flags' && files > 0));
  const values = await ask<ValuesAnswer>('GET', `/api/values?${TIME}&field=action&begin=r`);
  assert.deepEqual(
    values.json.values.map(({ value }) => value),
    ['REJECT'],
  );
  assert.ok(existsSync(join(built.directory, 'cache', 'packs')));
});

test('what cannot be asked is refused by its name', async (test) => {
  const { browser } = await startConsole(test, { directory: built.directory });
  const { ask } = await browser();
  const refused = async (path: string): Promise<string> => {
    const { status, json } = await ask<ConsoleFailure>('GET', path);
    assert.equal(status, 400, path);
    return `${json.error.code}: ${json.error.message}`;
  };
  assert.match(await refused(`/api/explore?${TIME}&filter=dstprot%3D22`), /^FG_FILTER_FIELD: .*"dstprot"/u);
  assert.match(await refused(`/api/explore?${TIME}&measure=beers`), /^FG_REQUEST_QUERY: .*"measure".*bytes, packets/u);
  assert.match(await refused(`/api/explore?${TIME}&top=0`), /^FG_REQUEST_QUERY: .*"top"/u);
  assert.match(await refused(`/api/explore?${TIME}&by=port`), /^FG_EXPLORE_DIMENSIONS/u);
  assert.match(await refused('/api/explore?last=1y'), /^FG_REQUEST_QUERY/u);
  assert.match(await refused(`/api/records?${TIME}&columns=a%22b`), /^FG_REQUEST_QUERY: .*columns/u);
  assert.match(await refused(`/api/records?${TIME}&after=x`), /^FG_PAGE_VALUE/u);
  assert.match(await refused(`/api/values?${TIME}&field=nothing`), /^FG_REQUEST_QUERY: .*"field"/u);
  assert.match(await refused('/api/explore?from=1000&to=2000'), /^FG_TIME_EMPTY/u);
});

test('views are saved under a name by who may operate, and read by all', async (test) => {
  const { browser, addKey } = await startConsole(test);
  const { ask } = await browser();
  const view = { filter: 'action=REJECT', by: ['srcaddr'], measure: 'flows', columns: [] };
  assert.deepEqual((await ask<ViewsAnswer>('GET', '/api/views')).json, { views: [] });
  assert.equal((await ask('PUT', '/api/views/b', view)).status, 200);
  assert.equal((await ask('PUT', `/api/views/${encodeURIComponent('a <b> & "c"')}`, view)).status, 200);
  const again = await ask<ViewsAnswer>('PUT', '/api/views/b', { ...view, by: [] });
  assert.deepEqual(
    again.json.views.map(({ name, by }) => [name, by]),
    [
      ['a <b> & "c"', ['srcaddr']],
      ['b', []],
    ],
  );
  const reader = await browser(addKey('read'));
  assert.equal((await reader.ask<ViewsAnswer>('GET', '/api/views')).json.views.length, 2);
  assert.equal((await reader.ask('PUT', '/api/views/c', view)).status, 403);
  assert.equal((await reader.ask('DELETE', '/api/views/b')).status, 403);
  const wrong = await ask<ConsoleFailure>('PUT', '/api/views/c', { ...view, by: 'srcaddr' });
  assert.deepEqual([wrong.status, wrong.json.error.code], [400, 'FG_REQUEST_BODY']);
  assert.match(wrong.json.error.message, /by/u);
  assert.equal((await ask('DELETE', '/api/views/nothing')).status, 404);
  assert.deepEqual(
    (await ask<ViewsAnswer>('DELETE', '/api/views/b')).json.views.map(({ name }) => name),
    ['a <b> & "c"'],
  );
});
