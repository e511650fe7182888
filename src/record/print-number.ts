/**
 * Decimal digits as bytes.
 *
 * In:    whole numbers below 2^53. Out: their digits in an array, and where they end.
 * Holds: no string is made; four digits at a time come from a table (a division costs more than the look-up).
 * Fails: never; the caller made room (16 bytes are enough).
 */
/** Most digits that a counter exact to 2^53 has. */
export const NUMBER_WIDTH = 16;

/**
 * 0 to 9999 as four digits, the first in the lowest byte. The upper half of that byte says how many of them are leading
 * zeros: `textOf` and `zeroBitsOf` take the entry apart.
 */
export const DIGITS: Uint32Array<ArrayBuffer> = new Uint32Array(10_000);
for (let n = 0; n < 10_000; n++) {
  const zeros = n < 10 ? 3 : n < 100 ? 2 : n < 1000 ? 1 : 0;
  const digits = [Math.floor(n / 1000), Math.floor(n / 100) % 10, Math.floor(n / 10) % 10, n % 10] as const;
  DIGITS[n] = digits[0] | (zeros << 4) | (digits[1] << 8) | (digits[2] << 16) | (digits[3] << 24);
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
  const text = textOf(DIGITS[n]!);
  out[at] = text & 255;
  out[at + 1] = (text >>> 8) & 255;
  out[at + 2] = (text >>> 16) & 255;
  out[at + 3] = text >>> 24;
  return at + 4;
}

/** Writes 0 to 9999 without leading zeros. */
function writeUpToFour(out: Uint8Array, at: number, n: number): number {
  const entry = DIGITS[n]!;
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
