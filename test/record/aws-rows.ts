/**
 * The rows from which `src/record/aws-ranges.generated.ts` was made, so that tests can look a name up the plain way.
 *
 * In:    rows. Out: their compact form in `aws-rows.generated.ts`, and back.
 */
import { ROWS, ROWS_NAMES } from './aws-rows.generated.ts';
import type { RangeRow } from '../../src/record/aws-ranges.ts';

/**
 * Rows in their compact form: for each a byte of family (bit 7: IPv6) and name, a byte of prefix bits, and as many bytes
 * of the address as the prefix touches.
 */
function unpackRows(packed: Uint8Array, names: readonly string[]): RangeRow[] {
  const rows: RangeRow[] = [];
  for (let at = 0; at < packed.length;) {
    const family = packed[at]! & 0x80 ? 6 : 4;
    const service = names[packed[at]! & 0x7f]!;
    const bits = packed[at + 1]!;
    at += 2;
    const words = family === 4 ? [0] : [0, 0, 0, 0];
    const count = (bits + 7) >> 3;
    for (let i = 0; i < count; i++) words[i >> 2] = words[i >> 2]! + packed[at++]! * 2 ** (24 - (i & 3) * 8);
    rows.push({ family, words, bits, service });
  }
  return rows;
}

/** The compact form of rows; `names` at most 128. */
export function packRows(rows: readonly RangeRow[], names: readonly string[]): Uint8Array {
  const bytes: number[] = [];
  for (const { family, words, bits, service } of rows) {
    bytes.push((family === 6 ? 0x80 : 0) | names.indexOf(service), bits);
    for (let i = 0; i < Math.ceil(bits / 8); i++) bytes.push((words[i >> 2]! >>> (24 - (i & 3) * 8)) & 255);
  }
  return Uint8Array.from(bytes);
}

/** The rows that the built-in list was made from. */
export function builtInRows(): RangeRow[] {
  return unpackRows(Buffer.from(ROWS, 'base64'), ROWS_NAMES.split(' '));
}
