/**
 * Columns of records, value by value: for code that wants a few of them.
 *
 * In:    a column of `parse.ts`. Out: a function from the row to its value.
 * Holds: an absent value (`-`) is null; 64-bit integers are `bigint`. Loops over millions of rows read `data` themselves.
 * Fails: never; a row behind the last gives anything.
 */
import { textsOf } from './columns.ts';
import type { RecordColumn } from './columns.ts';

export type RecordValue = string | number | bigint | null;

/** The reader of a column. */
export function valuesOf(column: RecordColumn): (row: number) => RecordValue {
  const { valid } = column;
  const read = presentValuesOf(column);
  if (valid === null) return read;
  return (row) => ((valid[row >> 3]! & (1 << (row & 7))) === 0 ? null : read(row));
}

function presentValuesOf({ type, data, dictionary }: RecordColumn): (row: number) => string | number | bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (dictionary !== null) {
    const texts = textsOf(dictionary);
    return (row) => texts[view.getUint32(row * 4, true)]!;
  }
  switch (type) {
    case 'u8':
      return (row) => view.getUint8(row);
    case 'u16':
      return (row) => view.getUint16(row * 2, true);
    case 'i32':
      return (row) => view.getInt32(row * 4, true);
    case 'u32':
      return (row) => view.getUint32(row * 4, true);
    case 'i64':
      return (row) => view.getBigInt64(row * 8, true);
    case 'f64':
      return (row) => view.getFloat64(row * 8, true);
  }
}
