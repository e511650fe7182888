/**
 * Decimal digits as bytes.
 *
 * In:    a whole number below 2^53. Out: its digits in an array, and where they end.
 * Holds: no string is made; four digits at a time come from a table (a division costs more than the look-up).
 * Fails: never; the caller made room (16 bytes are enough).
 */

/** Most digits that a counter exact to 2^53 has. */
export const NUMBER_WIDTH = 16;

/** "0000" to "9999", four bytes each. */
const FOUR_DIGITS = new Uint8Array(40_000);
for (let n = 0; n < 10_000; n++) {
  FOUR_DIGITS[n * 4] = 48 + Math.floor(n / 1000);
  FOUR_DIGITS[n * 4 + 1] = 48 + (Math.floor(n / 100) % 10);
  FOUR_DIGITS[n * 4 + 2] = 48 + (Math.floor(n / 10) % 10);
  FOUR_DIGITS[n * 4 + 3] = 48 + (n % 10);
}

/** Writes exactly four digits of `n` (0 to 9999) at `at`; returns where they end. */
function writeFour(out: Uint8Array, at: number, n: number): number {
  const i = n << 2;
  out[at] = FOUR_DIGITS[i]!;
  out[at + 1] = FOUR_DIGITS[i + 1]!;
  out[at + 2] = FOUR_DIGITS[i + 2]!;
  out[at + 3] = FOUR_DIGITS[i + 3]!;
  return at + 4;
}

/** Writes 0 to 9999 without leading zeros. */
function writeUpToFour(out: Uint8Array, at: number, n: number): number {
  const i = n << 2;
  if (n >= 1000) out[at++] = FOUR_DIGITS[i]!;
  if (n >= 100) out[at++] = FOUR_DIGITS[i + 1]!;
  if (n >= 10) out[at++] = FOUR_DIGITS[i + 2]!;
  out[at] = FOUR_DIGITS[i + 3]!;
  return at + 1;
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

/** All digits but the last four of the second printed last: records of one window share them. */
const cachedDigits = new Uint8Array(NUMBER_WIDTH);
let cachedHigh = -1;
let cachedLength = 0;

/** Writes Unix seconds: as `writeNumber`, faster where consecutive times lie near each other. */
export function writeSeconds(out: Uint8Array, at: number, seconds: number): number {
  if (seconds < 10_000) return writeUpToFour(out, at, seconds);
  const high = Math.floor(seconds / 10_000);
  if (high !== cachedHigh) {
    cachedLength = writeNumber(cachedDigits, 0, high);
    cachedHigh = high;
  }
  for (let i = 0; i < cachedLength; i++) out[at + i] = cachedDigits[i]!;
  return writeFour(out, at + cachedLength, seconds - high * 10_000);
}
