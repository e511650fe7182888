import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser } from './parse.ts';
import { valuesOf } from './values.ts';

const LINES = `version account-id bytes srcaddr x-odd
2 000000000042 9007199254740993 10.0.0.1 a
2 - - - -
`;

test('values of columns are the text of the line, numbers as numbers and absent ones null', () => {
  const parser = createParser({ format: null, columns: null, origin: 'file' });
  const batches = [...parser.push(new TextEncoder().encode(LINES)), ...parser.end()];
  assert.equal(batches.length, 1);
  const { rows, columns } = batches[0]!;
  const readers = columns.map(valuesOf);
  const found = Array.from({ length: rows }, (_, row) => readers.map((read) => read(row)));
  assert.deepEqual(found, [
    [2, '000000000042', 9_007_199_254_740_993n, '10.0.0.1', 'a'],
    [2, null, null, null, null],
  ]);
});
