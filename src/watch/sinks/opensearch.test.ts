import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowgaugeError } from '../../model/errors.ts';
import { searchSink } from './opensearch.ts';
import type { SearchAnswer, SearchClient } from './opensearch-client.ts';
import type { DocumentBatch } from '../mappings/documents.ts';

const signal = new AbortController().signal;

/** Documents `id-0` … */
function batchOf(count: number, sinceSeconds: number | null = null): DocumentBatch {
  const parts = Array.from({ length: count }, (_, n) => `{"create":{"_id":"id-${n}"}}\n{"n":${n}}\n`);
  const starts = new Int32Array(count);
  for (let n = 1; n < count; n++) starts[n] = starts[n - 1]! + parts[n - 1]!.length;
  return { count, starts, lines: new Uint8Array(Buffer.from(parts.join(''))), sinceSeconds };
}

/** A server that answers with these statuses in turn, for the ids that it was sent. */
function server(answer: (ids: readonly string[], path: string, body: string) => SearchAnswer): {
  client: SearchClient;
  sent: string[][];
} {
  const sent: string[][] = [];
  const client: SearchClient = {
    name: 'search',
    request(_, path, body) {
      const text = body === null ? '' : Buffer.from(body as Uint8Array).toString();
      const ids = [...text.matchAll(/"_id":"([^"]+)"/gu)].map(([, id]) => id!);
      if (path.includes('flowgauge-flows/_bulk')) sent.push(ids);
      return Promise.resolve(answer(ids, path, text));
    },
  };
  return { client, sent };
}

const items = (statuses: readonly number[], index = 'flowgauge-flows'): SearchAnswer => ({
  status: 200,
  json: {
    items: statuses.map((status) => ({
      create: { status, _index: index, ...(status < 300 ? {} : { error: { type: 't', reason: `r${status}` } }) },
    })),
  },
});
const noPause = { pause: () => Promise.resolve() };

test('tells new documents, those that were there, and those that are refused', async () => {
  const { client } = server(() => items([201, 409, 400, 201]));
  const answer = await searchSink({ client, ...noPause }).write(batchOf(4), signal);
  assert.deepEqual(answer, { created: 2, existing: 1, refused: [{ position: 2, reason: 't: r400' }] });
});

test('what has no room is sent again, alone, and in the end given up', async () => {
  let round = 0;
  const { client, sent } = server((ids) => items(ids.map((id) => (round++ < 4 && id !== 'id-1' ? 429 : 201))));
  const paused: number[] = [];
  const answer = await searchSink({ client, ...noPause, paused: (status) => paused.push(status) }).write(
    batchOf(3),
    signal,
  );
  assert.deepEqual(
    [answer.created, sent, paused],
    [3, [['id-0', 'id-1', 'id-2'], ['id-0', 'id-2'], ['id-0']], [429, 429]],
  );
  const full = server((ids) => items(ids.map(() => 503)));
  await assert.rejects(
    searchSink({ client: full.client, ...noPause }).write(batchOf(2), signal),
    (error) => error instanceof FlowgaugeError && error.code === 'FG_SEARCH_BUSY',
  );
});

test('a request that is too large is halved, and a document that is, refused at its place', async () => {
  const { client, sent } = server((ids) =>
    ids.includes('id-2') || ids.length > 2 ? { status: 413, json: null } : items(ids.map(() => 201)),
  );
  const answer = await searchSink({ client, ...noPause }).write(batchOf(5), signal);
  assert.deepEqual(answer, {
    created: 4,
    existing: 0,
    refused: [{ position: 2, reason: 'the document is larger than the server takes' }],
  });
  assert.ok(sent.some((ids) => ids.join() === 'id-3,id-4'));
});

test('an answer that is none of a bulk request is an error', async () => {
  for (const answer of [
    { status: 400, json: { error: 'bad' } },
    { status: 200, json: {} },
    { status: 200, json: { items: [{}] } },
    { status: 301, json: null },
  ]) {
    const { client } = server(() => answer);
    await assert.rejects(
      searchSink({ client, ...noPause }).write(batchOf(1), signal),
      (error) => error instanceof FlowgaugeError && error.code === 'FG_SEARCH_REFUSED',
    );
  }
});

test('a copy in a later index is no reason to remove one: whoever wrote it removes it', async () => {
  const { client } = server((_, path) => {
    const index = (seconds: number): object => ({ settings: { index: { creation_date: String(seconds * 1000) } } });
    if (path.includes('_settings'))
      return { status: 200, json: { '.ds-1': index(1000), '.ds-2': index(9000), '.ds-3': index(9001) } };
    if (path.includes('_search'))
      return { status: 200, json: { hits: { hits: ['.ds-2', '.ds-3'].map((_index) => ({ _id: 'id-0', _index })) } } };
    assert.ok(!path.startsWith('/_bulk'), path);
    return path.includes('flowgauge-flows/_bulk') ? items([201], '.ds-2') : { status: 200, json: {} };
  });
  assert.equal((await searchSink({ client, ...noPause }).write(batchOf(1, 8000), signal)).created, 1);
});

test('a copy that may not be removed is told', async () => {
  const { client } = server((_, path) => {
    const index = (seconds: number): object => ({ settings: { index: { creation_date: String(seconds * 1000) } } });
    if (path.includes('_settings')) return { status: 200, json: { '.ds-1': index(1000), '.ds-2': index(9000) } };
    if (path.includes('_search'))
      return { status: 200, json: { hits: { hits: ['.ds-1', '.ds-2'].map((_index) => ({ _id: 'id-0', _index })) } } };
    if (path.includes('flowgauge-flows/_bulk')) return items([201], '.ds-2');
    const error = { type: 'security_exception', reason: 'no permissions for delete' };
    return { status: 200, json: path.startsWith('/_bulk') ? { items: [{ delete: { status: 403, error } }] } : {} };
  });
  await assert.rejects(
    searchSink({ client, ...noPause }).write(batchOf(1, 8000), signal),
    /refused to remove a copy \(HTTP 403: security_exception: no permissions for delete\)/,
  );
});

test('where a rollover comes between two attempts both indexes are looked at', async () => {
  const deleted: string[] = [];
  let attempt = 0;
  const { client } = server((_, path, body) => {
    if (path.includes('_settings')) {
      const index = (seconds: number): object => ({ settings: { index: { creation_date: String(seconds * 1000) } } });
      return { status: 200, json: { '.ds-1': index(1000), '.ds-2': index(9000), '.ds-3': index(9001) } };
    }
    if (path.includes('_search')) {
      const hits = ['.ds-1', '.ds-2'].map((_index) => ({ _id: 'id-0', _index }));
      const others = ['.ds-1', '.ds-3'].map((_index) => ({ _id: 'id-1', _index }));
      return { status: 200, json: { hits: { hits: [...hits, ...others] } } };
    }
    if (path.startsWith('/_bulk')) deleted.push(body.trim());
    if (!path.includes('flowgauge-flows/_bulk')) return { status: 200, json: {} };
    return attempt++ === 0 ? items([201, 429], '.ds-2') : items([201], '.ds-3');
  });
  const answer = await searchSink({ client, ...noPause }).write(batchOf(2, 8000), signal);
  assert.deepEqual(answer, { created: 0, existing: 2, refused: [] });
  assert.deepEqual(deleted, [
    '{"delete":{"_index":".ds-2","_id":"id-0"}}',
    '{"delete":{"_index":".ds-3","_id":"id-1"}}',
  ]);
});

test('copies in a later backing index are removed where the object is older than the index', async () => {
  const asked: string[] = [];
  const { client } = server((ids, path, body) => {
    asked.push(path.split('?')[0]!);
    if (path.includes('_settings'))
      return {
        status: 200,
        json: {
          '.ds-1': { settings: { index: { creation_date: '1000000' } } },
          '.ds-2': { settings: { index: { creation_date: '9000000' } } },
        },
      };
    if (path.includes('_search'))
      return {
        status: 200,
        json: {
          hits: {
            hits: [
              { _id: 'id-0', _index: '.ds-1' },
              { _id: 'id-0', _index: '.ds-2' },
              { _id: 'id-1', _index: '.ds-2' },
            ],
          },
        },
      };
    if (path.startsWith('/_bulk')) assert.equal(body, '{"delete":{"_index":".ds-2","_id":"id-0"}}\n');
    return path.includes('flowgauge-flows/_bulk')
      ? items(
          ids.map(() => 201),
          '.ds-2',
        )
      : { status: 200, json: {} };
  });
  const sink = searchSink({ client, ...noPause });
  assert.deepEqual(await sink.write(batchOf(2, 8000), signal), { created: 1, existing: 1, refused: [] });
  asked.length = 0;
  // One that came long after the rollover cannot be there before.
  assert.equal((await sink.write(batchOf(2, 9100), signal)).created, 2);
  assert.deepEqual(asked, ['/flowgauge-flows/_bulk']);
});
