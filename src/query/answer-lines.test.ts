import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLines, jsonLines } from './answer-lines.ts';
import type { Cell } from './engine.ts';

/** An answer of these columns (name and type) and rows, two in a batch. */
function answerOf(columns: readonly (readonly [string, string])[], rows: readonly (readonly Cell[])[]) {
  async function* batches(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
  }
  return { columns: columns.map(([name, type]) => ({ name, type, unit: null })), rows: batches() };
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

test('writes CSV as RFC 4180 has it', async () => {
  const text = await textOf(
    csvLines(
      answerOf(
        [
          ['the "name"', 'VARCHAR'],
          ['b', 'VARCHAR'],
          ['c', 'BIGINT'],
          ['d', 'VARCHAR'],
        ],
        [
          ['a,b', 'say "x"', null, ''],
          ['line\nbreak', 'plain', 9_007_199_254_740_993n, ' '],
          ['more', 'x', 1, null],
        ],
      ),
    ),
  );
  assert.equal(
    text,
    '"the ""name""",b,c,d\r\n"a,b","say ""x""",,""\r\n"line\nbreak",plain,9007199254740993, \r\nmore,x,1,\r\n',
  );
});

test('writes JSON lines with every digit, and every column under a name of its own', async () => {
  const columns = [
    ['bytes', 'HUGEINT'],
    ['half', 'DECIMAL(18,1)'],
    ['text', 'VARCHAR'],
    ['text', 'VARCHAR'],
  ] as const;
  const text = await textOf(jsonLines(answerOf(columns, [[9_223_372_036_854_775_808n, '0.5', 'a"b\n', null]])));
  assert.equal(text, '{"bytes":9223372036854775808,"half":0.5,"text":"a\\"b\\n","text_1":null}\n');
});
