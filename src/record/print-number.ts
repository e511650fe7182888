/**
 * Decimal digits as bytes.
 *
 * In:    whole numbers below 2^53. Out: their digits in an array, and where they end.
 * Holds: no string is made; four digits at a time come from a table (a division costs more than the look-up).
 * Fails: never; the caller made room (16 bytes are enough).
 */
import type { Lines } from './lines.ts';

/** Most digits that a counter exact to 2^53 has. */
export const NUMBER_WIDTH = 16;

const SPACE = 32;
const ZERO = 48;
const DASH = 45;

/**
 * 0 to 9999 as four digits, the first in the lowest byte. The upper half of that byte says how many of them are leading
 * zeros: `DIGITS_OF` and `ZEROS_OF` take the entry apart.
 */
const FOUR_DIGITS = new Uint32Array(10_000);
for (let n = 0; n < 10_000; n++) {
  const zeros = n < 10 ? 3 : n < 100 ? 2 : n < 1000 ? 1 : 0;
  const digits = [Math.floor(n / 1000), Math.floor(n / 100) % 10, Math.floor(n / 10) % 10, n % 10] as const;
  FOUR_DIGITS[n] = digits[0] | (zeros << 4) | (digits[1] << 8) | (digits[2] << 16) | (digits[3] << 24);
}

/** The four ASCII digits of an entry. */
function textOf(entry: number): number {
  return (entry & 0x0f0f0f0f) | 0x30303030;
}

/** Bits of the leading zeros of an entry: 0, 8, 16 or 24. */
function zeroBitsOf(entry: number): number {
  return (entry >>> 1) & 24;
}

/** Writes exactly four digits of `n` (0 to 9999) at `at`; returns where they end. */
function writeFour(out: Uint8Array, at: number, n: number): number {
  const text = textOf(FOUR_DIGITS[n]!);
  out[at] = text & 255;
  out[at + 1] = (text >>> 8) & 255;
  out[at + 2] = (text >>> 16) & 255;
  out[at + 3] = text >>> 24;
  return at + 4;
}

/** Writes 0 to 9999 without leading zeros. */
function writeUpToFour(out: Uint8Array, at: number, n: number): number {
  const entry = FOUR_DIGITS[n]!;
  const zeroBits = zeroBitsOf(entry);
  const end = at + 4 - (zeroBits >>> 3);
  for (let text = textOf(entry) >>> zeroBits; at < end; at++, text >>>= 8) out[at] = text & 255;
  return end;
}

/**
 * Writes a number in decimal.
 *
 * @param n  whole, 0 to 2^53
 * @returns  the position behind the last digit
 */
export function writeNumber(out: Uint8Array, at: number, n: number): number {
  if (n < 10_000) return writeUpToFour(out, at, n);
  if (n < 100_000_000) {
    const high = (n / 10_000) | 0;
    return writeFour(out, writeUpToFour(out, at, high), n - high * 10_000);
  }
  const high = Math.floor(n / 100_000_000);
  const low = n - high * 100_000_000;
  const middle = (low / 10_000) | 0;
  return writeFour(out, writeFour(out, writeNumber(out, at, high), middle), low - middle * 10_000);
}

/** Writes a column of ports, protocols or flags. Without a branch: how many digits a port has cannot be foreseen. */
export function writeSmallNumbers(lines: Lines, values: Uint16Array): void {
  const { count, view, bytes, ends } = lines;
  for (let i = 0; i < count; i++) {
    const n = values[i]!;
    let at = ends[i]!;
    const high = (n / 10_000) | 0;
    const entry = FOUR_DIGITS[n - high * 10_000]!;
    // All ones where there is a fifth digit, else 0.
    const five = -high >> 31;
    bytes[at] = ZERO + high;
    at -= five;
    const zeroBits = zeroBitsOf(entry) & ~five;
    view.setUint32(at, textOf(entry) >>> zeroBits, true);
    at += 4 - (zeroBits >>> 3);
    bytes[at] = SPACE;
    ends[i] = at + 1;
  }
}

/** Writes a column of packets or bytes; below 0 is not known and `-`. */
export function writeCounters(lines: Lines, values: Float64Array): void {
  const { count, view, bytes, ends } = lines;
  for (let i = 0; i < count; i++) {
    const n = values[i]!;
    let at = ends[i]!;
    if (n >= 0 && n < 10_000) {
      const entry = FOUR_DIGITS[n | 0]!;
      const zeroBits = zeroBitsOf(entry);
      view.setUint32(at, textOf(entry) >>> zeroBits, true);
      at += 4 - (zeroBits >>> 3);
    } else if (n < 0) bytes[at++] = DASH;
    else at = writeNumber(bytes, at, n);
    bytes[at] = SPACE;
    ends[i] = at + 1;
  }
}

/** All digits but the last four of the second printed last: records of one window share them. */
const shared = new DataView(new ArrayBuffer(NUMBER_WIDTH));
const sharedBytes = new Uint8Array(shared.buffer);
let sharedFrom = 0;
let sharedLength = 0;

/** Writes a column of Unix seconds: as `writeCounters`, faster where the times lie near each other. */
export function writeSeconds(lines: Lines, values: Float64Array): void {
  const { count, view, bytes, ends } = lines;
  let from = sharedFrom;
  let length = sharedLength;
  let digits = shared.getFloat64(0, true);
  for (let i = 0; i < count; i++) {
    const seconds = values[i]!;
    let at = ends[i]!;
    let last = seconds - from;
    // Eight digits are written at once: until the year 33658 no second has more before its last four.
    if (!(last >= 0 && last < 10_000 && from > 0)) {
      if (seconds < 10_000 || seconds >= 1e12) {
        at = writeNumber(bytes, at, seconds);
        bytes[at] = SPACE;
        ends[i] = at + 1;
        continue;
      }
      const high = Math.floor(seconds / 10_000);
      sharedLength = length = writeNumber(sharedBytes, 0, high);
      sharedFrom = from = high * 10_000;
      digits = shared.getFloat64(0, true);
      last = seconds - from;
    }
    view.setFloat64(at, digits, true);
    at += length;
    view.setUint32(at, textOf(FOUR_DIGITS[last | 0]!), true);
    bytes[at + 4] = SPACE;
    ends[i] = at + 5;
  }
}
