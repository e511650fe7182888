/**
 * The checksum of two texts, one behind the other, from theirs: so text is summed once for all that it becomes part of.
 *
 * In:    CRC-32s as zlib has them. Out: that of both.
 * Fails: never.
 *
 * A checksum is a remainder of polynomials over bits: what stands behind multiplies what stands before by a power of x.
 */

const POLYNOMIAL = 0xedb88320;
/** The polynomial 1; the highest bit is the lowest power. */
const ONE = 0x80000000;

/** x to the powers 1, 2, 4, 8, …, as remainders. */
const POWERS = new Uint32Array(32);
POWERS[0] = ONE >>> 1;
for (let at = 1; at < POWERS.length; at++) POWERS[at] = times(POWERS[at - 1]!, POWERS[at - 1]!);

/** The remainder of a product; `a` is not 0. */
function times(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/**
 * The checksum of a text and another behind it.
 *
 * @param bytes  how long the second is; less than 2 ** 31
 */
export function crcOfBoth(first: number, second: number, bytes: number): number {
  let power = ONE;
  // Eight bits to a byte: the third power of two is the first that is needed.
  for (let [rest, at] = [bytes, 3]; rest > 0; rest >>>= 1, at = (at + 1) & 31)
    if ((rest & 1) === 1) power = times(POWERS[at]!, power);
  return (times(power, first) ^ second) >>> 0;
}
