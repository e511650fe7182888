import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { FieldValue, RecordsPage } from '../../api/explore.ts';
import { LINES, NARROW, RANGE, WIDE, buildPlace } from './build-place.ts';
import { heldFieldsAt, valuesOfField } from './fields.ts';
import { recordsPage } from './records.ts';
import { filterFrom } from './where.ts';

const cache = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
const built = await buildPlace(cache);
after(() => {
  built.remove();
  rmSync(cache, { recursive: true, force: true });
});
const signal = new AbortController().signal;
const ALL = { startSeconds: RANGE.startSeconds - 1800, endSeconds: RANGE.endSeconds };
const COLUMNS = ['start', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'packets', 'bytes'];

/** All pages. */
async function pagesOf(rows: number, where = ''): Promise<RecordsPage[]> {
  const pages: RecordsPage[] = [];
  let after: string | null = null;
  do {
    const wanted = { range: ALL, filter: filterFrom(where), columns: COLUMNS, rows, after };
    const page: RecordsPage = await recordsPage(built.place, wanted, signal);
    pages.push(page);
    after = page.next;
  } while (after !== null);
  return pages;
}

const rowsOf = (pages: readonly RecordsPage[]): readonly (readonly FieldValue[])[] => pages.flatMap(({ rows }) => rows);

test('each record is on one page, equal ones too, and the newest come first', async () => {
  const whole = rowsOf(await pagesOf(10_000));
  assert.equal(whole.length, LINES.narrow.length + LINES.wide.length + 100);
  const starts = whole.map(([start]) => Number(start));
  assert.deepEqual(
    starts,
    starts.toSorted((a, b) => b - a),
  );
  for (const rows of [7, 50]) {
    const pages = await pagesOf(rows, rows === 7 ? 'start>=1795438000' : '');
    assert.ok(pages.slice(0, -1).every((page) => page.rows.length === rows));
    const wanted = rows === 7 ? whole.filter(([start]) => Number(start) >= 1_795_438_000) : whole;
    assert.deepEqual(rowsOf(pages), wanted);
  }
});

test('pages of fewer rows than a second has records get past it', async () => {
  const [start] = rowsOf(await pagesOf(10_000, 'interface-id=eni-2,packets=200'))[0]!;
  const pages = await pagesOf(2, `start=${start}`);
  assert.ok(pages.length >= 3);
  const rows = rowsOf(pages);
  assert.equal(rows.filter(([, id, , , , , packets]) => id === 'eni-2' && packets === 200).length, 6);
  assert.deepEqual(rows, rowsOf(await pagesOf(1000, `start=${start}`)));
});

test('a page names its columns and the formats of the lines, and what objects lack', async () => {
  const page = await recordsPage(
    built.place,
    { range: ALL, filter: [], columns: ['srcaddr', 'tcp-flags', 'vpc-id', 'service-port'], rows: 3, after: null },
    signal,
  );
  assert.deepEqual(page.columns, ['srcaddr', 'tcp-flags', 'vpc-id', 'service-port', 'x-open']);
  assert.deepEqual(page.formats.map((names) => names.join(' ')).toSorted(), [NARROW, WIDE].toSorted());
  assert.ok(page.rows.every((row) => row[2] === null && row[4] === false));
  const missing = page.notes.flatMap((note) => (note.kind === 'field-missing' ? [`${note.field} ${note.files}`] : []));
  assert.deepEqual(missing.toSorted(), ['tcp-flags 4', 'vpc-id 7']);
});

test('a place between pages that was never given is refused', async () => {
  const wanted = { range: ALL, filter: [], columns: COLUMNS, rows: 3 };
  for (const after of ['', '5', '5.', "5.1' OR", '-5.1'])
    await assert.rejects(recordsPage(built.place, { ...wanted, after }, signal), { code: 'FG_PAGE_VALUE' });
});

test('fields are told with how many objects hold them', async () => {
  const { files, fields } = await heldFieldsAt(built.place, ALL, signal);
  assert.equal(files, 7);
  const held = (name: string): number | undefined => fields.find((field) => field.name === name)?.files;
  assert.deepEqual(
    ['srcaddr', 'tcp-flags', 'vpc-id', 'service-port', 'peer', 'interface-id'].map(held),
    [7, 3, 0, 7, 7, 4],
  );
  assert.equal(fields.find(({ name }) => name === 'dstport')?.names['443'], 'https');
});

test('values begin with what was typed, the most frequent first, narrowed by other conditions', async () => {
  const values = async (field: string, begin: string, where = '', most = 3) =>
    valuesOfField(built.place, { range: ALL, filter: filterFrom(where), field, begin, most }, signal);
  const ports = await values('dstport', '4');
  assert.ok(
    ports.more && ports.values.length === 3 && ports.values.every(({ value }) => String(value).startsWith('4')),
  );
  assert.deepEqual(
    (await values('action', 'rej')).values.map(({ value }) => value),
    ['REJECT'],
  );
  assert.deepEqual(await values('action', 'rej', 'flow-direction!=-'), { field: 'action', values: [], more: false });
  assert.ok((await values('addr', '203.0.113.', '', 50)).values.length === 7);
  assert.ok((await values('instance-tag', '', '', 50)).values.every(({ value }) => value !== null));
});

test('what was not read yet is read by one of the questions that come together', async () => {
  const own = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
  const { place, remove } = await buildPlace(own);
  const wanted = { range: ALL, filter: [], columns: COLUMNS, rows: 3, after: null };
  const bytes = async (): Promise<number> => (await recordsPage(place, wanted, signal)).read.bytes;
  const [first, second] = await Promise.all([bytes(), bytes()]);
  const again = await bytes();
  remove();
  rmSync(own, { recursive: true });
  assert.equal(second, again);
  assert.notEqual(first, again);
});

test('few questions run at one time, and one that was given up while it waited never runs', async () => {
  const begun: number[] = [];
  const free = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const stops = free.map(() => new AbortController());
  const runs = free.map(({ promise }, at) =>
    built.place.inTurn(stops[at]!.signal, async () => {
      begun.push(at);
      await promise;
    }),
  );
  const ends = Promise.allSettled(runs);
  await Promise.resolve();
  assert.deepEqual(begun, [0, 1]);
  stops[2]!.abort();
  await assert.rejects(runs[2]!, { name: 'AbortError' });
  free[0]!.resolve();
  await runs[0];
  await new Promise(setImmediate);
  assert.deepEqual(begun, [0, 1, 3]);
  for (const { resolve } of free) resolve();
  assert.deepEqual(
    (await ends).map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  );
});

test('a question that is given up ends', async () => {
  const stop = new AbortController();
  const wanted = { range: ALL, filter: [], columns: COLUMNS, rows: 3, after: null };
  const asked = recordsPage(built.place, wanted, stop.signal);
  stop.abort(new Error('gone'));
  await assert.rejects(asked, /gone/u);
});
