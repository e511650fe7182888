import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textsOf, wordsOf } from './columns.ts';
import type { RecordColumn } from './columns.ts';
import { joinColumns } from './join-columns.ts';

type Value = string | bigint | null;

function columnOf(type: 'i32' | 'i64' | 'word', values: readonly Value[]): RecordColumn {
  const valid = new Uint8Array((values.length + 7) >> 3).fill(255);
  for (const [at, value] of values.entries()) if (value === null) valid[at >> 3]! &= ~(1 << (at & 7));
  const isWhole = !values.includes(null);
  const common = { name: type, valid: isWhole ? null : valid };
  if (type === 'word') {
    const texts = [...new Set(values.filter((value) => value !== null))].map(String);
    const data = new Uint32Array(values.map((value) => Math.max(0, texts.indexOf(String(value)))));
    return { ...common, type: 'u32', data: new Uint8Array(data.buffer), dictionary: wordsOf(texts) };
  }
  const numbers = values.map((value) => BigInt(value ?? 77n));
  const { buffer } = type === 'i64' ? new BigInt64Array(numbers) : new Int32Array(numbers.map(Number));
  return { ...common, type, data: new Uint8Array(buffer), dictionary: null };
}

function valuesOf({ type, data, valid, dictionary }: RecordColumn, rows: number): Value[] {
  const bytes = data.slice();
  const numbers =
    type === 'i64'
      ? [...new BigInt64Array(bytes.buffer)]
      : [...(type === 'i32' ? new Int32Array(bytes.buffer) : new Uint32Array(bytes.buffer))].map(BigInt);
  assert.equal(numbers.length, rows);
  const texts = dictionary === null ? null : textsOf(dictionary);
  return numbers.map((number, at) => {
    if (valid !== null && (valid[at >> 3]! & (1 << (at & 7))) === 0) return null;
    return texts === null ? number : texts[Number(number)]!;
  });
}

const absent = fc.constant(null);
const rowOf = fc.tuple(
  fc.oneof({ weight: 3, arbitrary: fc.integer().map(BigInt) }, { weight: 1, arbitrary: absent }),
  fc.oneof({ weight: 3, arbitrary: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }) }, absent),
  fc.oneof({ weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 5 }) }, absent),
);
const TYPES = ['i32', 'i64', 'word'] as const;

test('rows, absence and texts of batches are those of the joined one, again and again', () => {
  const joined = joinColumns();
  fc.assert(
    fc.property(fc.array(fc.array(rowOf, { minLength: 1, maxLength: 40 }), { maxLength: 6 }), (batches) => {
      for (const batch of batches) {
        const columns = TYPES.map((type, at) =>
          columnOf(
            type,
            batch.map((row) => row[at]!),
          ),
        );
        joined.add(batch.length, columns);
        // The caller uses its memory again.
        for (const { data, dictionary } of columns) {
          data.fill(9);
          dictionary?.bytes.fill(9);
        }
      }
      const rows = batches.flat();
      assert.equal(joined.rows, rows.length);
      for (const [at, column] of joined.take().entries()) {
        assert.deepEqual(
          valuesOf(column, rows.length),
          rows.map((row) => row[at]!),
          TYPES[at],
        );
      }
      assert.equal(joined.rows + joined.textBytes, 0);
    }),
  );
});

test('bytes of texts are counted, and nothing is there before the first batch', () => {
  const joined = joinColumns();
  assert.deepEqual(joined.take(), []);
  joined.add(3, [columnOf('word', ['ab', 'c', 'ab'])]);
  joined.add(2, [columnOf('word', ['é', null])]);
  assert.equal(joined.textBytes, 5);
  assert.equal(joined.take()[0]!.valid !== null, true);
  joined.add(1, [columnOf('word', ['x'])]);
  assert.equal(joined.take()[0]!.valid, null);
});
