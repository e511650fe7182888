/**
 * Columns of records back to text.
 *
 * In:    records as columns. Out: their lines in a text block, fields in the order of the columns.
 * Holds: what the parser made of a line gives the same line again, but for leading zeros of numbers; an absent value is
 *        `-`. Texts are encoded once for each dictionary.
 * Fails: never, but for memory.
 */
import { NUMBER_WIDTH, writeNumber } from './print-number.ts';
import { reserve } from './text-block.ts';
import { Texts } from './texts.ts';
import { textsOf } from './columns.ts';
import type { RecordColumn, RecordColumns } from './columns.ts';
import type { TextBlock } from './text-block.ts';

const SPACE = 32;
const NEWLINE = 10;
const DASH = 45;
/** A sign and the digits of an i64, or of a double. */
const WIDEST_NUMBER = 26;

/** Writes the value of a row; returns where it ends. */
type Writer = { readonly width: number; readonly write: (out: Uint8Array, at: number, row: number) => number };

/** Writes 64 bits in decimal; `high` is signed. */
function writeWords(out: Uint8Array, at: number, low: number, high: number): number {
  if (high < 0) {
    out[at] = DASH;
    const negated = low === 0 ? 0 : 0x1_0000_0000 - low;
    return writeWords(out, at + 1, negated, (low === 0 ? -high : ~high) >>> 0);
  }
  if (high < 0x20_0000) return writeNumber(out, at, high * 0x1_0000_0000 + low);
  // Twice a division by a million, so that nothing is beyond 2^53.
  const million = 1_000_000;
  const rest = (high % million) * 0x1_0000_0000 + low;
  const upper = Math.floor(high / million) * 0x1_0000_0000 + Math.floor(rest / million);
  const end = writeNumber(out, at, upper);
  // The leading 1 keeps the zeros; it is the last digit of `upper`, which is written over it.
  const lastDigit = out[end - 1]!;
  writeNumber(out, end - 1, million + (rest % million));
  out[end - 1] = lastDigit;
  return end + 6;
}

function writeText(out: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
  return at + text.length;
}

function writeSigned(out: Uint8Array, at: number, value: number): number {
  if (value >= 0) return writeNumber(out, at, value);
  out[at] = DASH;
  return writeNumber(out, at + 1, -value);
}

function writerOf(column: RecordColumn): Writer {
  const view = new DataView(column.data.buffer, column.data.byteOffset, column.data.byteLength);
  if (column.dictionary !== null) {
    const texts = new Texts();
    const numbers = textsOf(column.dictionary).map((word) => texts.numberOf(word));
    const width = numbers.reduce((longest, number) => Math.max(longest, texts.lengthOf(number)), 0);
    return { width, write: (out, at, row) => texts.copy(out, at, numbers[view.getUint32(row * 4, true)]!) };
  }
  switch (column.type) {
    case 'u8':
      return { width: 3, write: (out, at, row) => writeNumber(out, at, view.getUint8(row)) };
    case 'u16':
      return { width: 5, write: (out, at, row) => writeNumber(out, at, view.getUint16(row * 2, true)) };
    case 'u32':
      return { width: NUMBER_WIDTH, write: (out, at, row) => writeNumber(out, at, view.getUint32(row * 4, true)) };
    case 'i32':
      return { width: NUMBER_WIDTH, write: (out, at, row) => writeSigned(out, at, view.getInt32(row * 4, true)) };
    case 'i64':
      return {
        width: WIDEST_NUMBER,
        write: (out, at, row) => writeWords(out, at, view.getUint32(row * 8, true), view.getInt32(row * 8 + 4, true)),
      };
    case 'f64':
      return {
        width: WIDEST_NUMBER,
        write: (out, at, row) => writeText(out, at, String(view.getFloat64(row * 8, true))),
      };
  }
}

/** Prints all rows; the header is `headerLine` of the format. */
export function printColumns(records: RecordColumns, block: TextBlock): void {
  const { columns, rows } = records;
  const writers = columns.map(writerOf);
  const room = writers.reduce((sum, writer) => sum + Math.max(1, writer.width) + 1, 0) + WIDEST_NUMBER;
  for (let row = 0; row < rows; row++) {
    const out = reserve(block, room);
    let at = block.length;
    for (const [n, { valid }] of columns.entries()) {
      if (n > 0) out[at++] = SPACE;
      if (valid !== null && (valid[row >> 3]! & (1 << (row & 7))) === 0) out[at++] = DASH;
      else at = writers[n]!.write(out, at, row);
    }
    out[at] = NEWLINE;
    block.length = at + 1;
    block.records++;
  }
}
