import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_FORMAT, allFields } from '../record/format.ts';
import type { Cell } from '../query/engine.ts';
import { noteText } from './answer-text.ts';
import type { TextOutput } from './table.ts';
import { printTable } from './table.ts';
import { cutTo, widthOf } from './text-width.ts';

type Given = { readonly [column: string]: string };

/** An answer of these columns (name: type) and rows. */
function answerOf(columns: Given, rows: readonly (readonly Cell[])[]) {
  async function* batches(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
  }
  return { columns: Object.entries(columns).map(([name, type]) => ({ name, type, unit: null })), rows: batches() };
}

function outputOf(columns?: number): TextOutput & { text: string } {
  const output = {
    text: '',
    write(text: string) {
      output.text += text;
      return true;
    },
    once: () => output as unknown as NodeJS.WritableStream,
    ...(columns === undefined ? {} : { columns }),
  };
  return output;
}

async function tableOf(columns: Given, rows: readonly (readonly Cell[])[], width?: number): Promise<string> {
  const output = outputOf(width);
  await printTable(answerOf(columns, rows), output);
  return output.text;
}

test('aligns columns, numbers to the right, and shows NULL as a dash', async () => {
  const rows = [
    ['10.0.1.5', 12_345_678, true],
    ['2001:db8::1', 9_223_372_036_854_775_807n, null],
    [null, null, false],
  ];
  assert.equal(
    await tableOf({ srcaddr: 'VARCHAR', bytes: 'BIGINT', ok: 'BOOLEAN' }, rows),
    [
      'srcaddr                    bytes  ok',
      '-----------  -------------------  -----',
      '10.0.1.5                12345678  true',
      '2001:db8::1  9223372036854775807  -',
      '-                              -  false',
      '',
    ].join('\n'),
  );
});

test('shows the header of an answer without rows', async () => {
  assert.equal(await tableOf({ a: 'VARCHAR' }, []), 'a\n-\n(no rows)\n');
});

test('cuts text, and never a number, to the width of a terminal', async () => {
  const rows = [['arn:aws:ecs:us-east-1:123456789012:cluster/very-long', 1_234_567_890, 'ACCEPT']];
  const text = await tableOf({ arn: 'VARCHAR', bytes: 'BIGINT', action: 'VARCHAR' }, rows, 40);
  const lines = text.trimEnd().split('\n');
  for (const line of lines) assert.ok(line.length <= 40, line);
  assert.equal(lines[2], 'arn:aws:ecs:us-east…  1234567890  ACCEPT');
});

test('cuts nothing where a terminal does not know its width', async () => {
  const rows = [['arn:aws:ecs:us-east-1:123456789012:cluster/very-long']];
  assert.equal(await tableOf({ arn: 'VARCHAR' }, rows, 0), await tableOf({ arn: 'VARCHAR' }, rows));
});

test('keeps within the terminal where nothing more can be cut', async () => {
  const columns = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`number_${at}`, 'BIGINT']));
  const text = await tableOf(columns, [Array.from({ length: 12 }, () => 1_000_000_000)], 50);
  for (const line of text.trimEnd().split('\n')) assert.equal(widthOf(line), 50);
});

test('prints rows beyond those that settled the widths', async () => {
  const rows = Array.from({ length: 1203 }, (_, at) => [`row ${at}`]);
  const lines = (await tableOf({ name: 'VARCHAR' }, [...rows, ['much longer than all of the rows before']])).split(
    '\n',
  );
  assert.equal(lines.length, 1203 + 4);
  assert.equal(lines.at(-2), 'much longer than all of the rows before');
});

test('measures wide letters, marks and emoji, and shows nothing that a terminal would obey', async () => {
  assert.deepEqual(['abc', '日本', 'é', 'e\u0301', '🙂', ''].map(widthOf), [3, 4, 1, 1, 2, 0]);
  assert.deepEqual([cutTo('日本語', 4), cutTo('abc', 3), cutTo('abcd', 3), cutTo('x', 0)], ['日…', 'abc', 'ab…', '']);
  assert.equal(await tableOf({ a: 'VARCHAR' }, [['x\u001b[31m\n\u202ey']]), 'a\n---------\nx·[31m··y\n');
});

test('has a sentence for every note', () => {
  const first = { origin: 'k', line: 7, cause: 'not-a-number', field: 'bytes' } as const;
  assert.equal(
    noteText({ kind: 'bad-lines', file: 'k', count: 1, first }),
    'one line was left out of k: line 7, whose bytes is no number',
  );
  assert.equal(
    noteText({ kind: 'bad-lines', file: 'k', count: 3, first: { ...first, cause: 'field-count', field: null } }),
    '3 lines were left out of k: the first is line 7, which has another number of fields than the header',
  );
  assert.match(
    noteText({ kind: 'stray', file: 'a.txt', files: 2 }),
    /^2 files are no flow log object.* such as a\.txt$/,
  );
  assert.match(
    noteText({ kind: 'no-header', file: 'a.log', files: 3, format: DEFAULT_FORMAT }),
    /^a\.log and 2 more have no header line: read as AWS's default format$/,
  );
  assert.match(
    noteText({ kind: 'no-header', file: 'a.log', files: 1, format: allFields(5, 'alphabetical').text }),
    /^a\.log has no header line: read as account-id action az-id … vpc-id, 29 fields/,
  );
  assert.match(
    noteText({ kind: 'unreadable', file: 'a', why: 'its gzip data is damaged' }),
    /lacks what is there: its gzip/,
  );
  assert.match(
    noteText({ kind: 'unknown-field', file: 'a', field: 'new_thing' }),
    /new_thing, which no version defines/,
  );
  assert.match(
    noteText({ kind: 'bad-values', file: 'a', column: 'bytes', count: 1 }),
    /one value of bytes is no number/,
  );
});
