/**
 * The distinct addresses of one column.
 *
 * In:    bytes in which an address begins; at the end of a batch, the column of numbers read from them. Out: the column
 *        as indexes into the batch's dictionary.
 * Holds: a number stands for exactly the text that it prints to, so text and number name each other; any other text
 *        (IPv6, leading zeros) goes through a `WordList`.
 * Fails: as `WordList`.
 *
 * IPv4 addresses are looked up at the end of a batch in one loop: the look-ups do not wait for each other, so the cache
 * misses of a column of 200,000 addresses overlap, and the table of one batch fits into the cache.
 */
import { WordList } from './word-list.ts';

const SPACE = 32;
const DOT = 46;

/** Texts that are kept for whoever needs them again, whatever column, batch or file. */
const MOST_TEXTS = 1 << 18;
/** Pairs of an address and its place in `texts` + 1, by hash. */
const known = new Int32Array(MOST_TEXTS * 2 * 2);
let texts: string[] = [];

/** Places in a table of `size` (a power of two) pairs. The upper bits of the product: only they know of every octet. */
function placeOf(address: number, size: number): number {
  return (Math.imul(address, 0x9e37_79b1) >>> Math.clz32(size - 1)) * 2;
}

function textOf(address: number): string {
  let place = placeOf(address, MOST_TEXTS * 2);
  while (known[place + 1] !== 0) {
    if (known[place] === address) return texts[known[place + 1]! - 1]!;
    place = (place + 2) & (known.length - 1);
  }
  const text = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
  if (texts.length === MOST_TEXTS) {
    texts = [];
    known.fill(0);
    return text;
  }
  known[place] = address;
  known[place + 1] = texts.push(text);
  return text;
}

/** The addresses of a column. */
export class AddressList {
  /** Texts of the batch, by index; whole after `resolve`. */
  words: string[] = [];
  /** What was read last: an address, or with `isOther` the index of another text (-1: no text). */
  value = 0;
  isOther = false;
  readonly #others = new WordList();
  /** Rows whose value is the index of another text. */
  #otherRows: number[] = [];
  /** Pairs of an address and its index + 1, by hash; of this batch only, so that it stays in the cache. */
  #table = new Int32Array(0);

  /** Begins the dictionary of the next batch. */
  nextBatch(): void {
    this.words = [];
    this.#otherRows = [];
    this.#others.nextBatch();
    this.#table.fill(0);
  }

  /** Reads the address that begins at `at` for a row; returns the position behind the byte that ends it. */
  read(bytes: Uint8Array, at: number, row: number): number {
    let i = at;
    let address = 0;
    let octets = 0;
    let c = 0;
    do {
      let octet = bytes[i++]! - 48;
      if (octet < 0 || octet > 9) return this.#readOther(bytes, at, row);
      c = bytes[i++]!;
      if (c >= 48 && c <= 57) {
        if (octet === 0) return this.#readOther(bytes, at, row);
        octet = octet * 10 + c - 48;
        c = bytes[i++]!;
        if (c >= 48 && c <= 57) {
          octet = octet * 10 + c - 48;
          if (octet > 255) return this.#readOther(bytes, at, row);
          c = bytes[i++]!;
        }
      }
      address = (address << 8) | octet;
      octets++;
    } while (c === DOT && octets < 4);
    if (octets < 4 || c > SPACE) return this.#readOther(bytes, at, row);
    this.value = address;
    this.isOther = false;
    return i;
  }

  #readOther(bytes: Uint8Array, at: number, row: number): number {
    const end = this.#others.readWord(bytes, at);
    this.value = this.#others.index;
    this.isOther = true;
    this.#otherRows.push(row);
    return end;
  }

  /** The row was of a broken line and is written again. */
  forget(row: number): void {
    while (this.#otherRows.at(-1) === row) this.#otherRows.pop();
  }

  /**
   * Makes indexes of what was read for `rows` rows.
   *
   * @param ints   the values of the column from `at` on
   * @param valid  bits of the rows that have a value, from byte `bits` on; null: all have
   */
  resolve(ints: Int32Array, at: number, rows: number, valid: Uint8Array | null, bits: number): void {
    const others = this.#otherRows.map((row) => ints[at + row]!);
    let size = 1024;
    while (size < rows * 2) size *= 2;
    if (this.#table.length < size * 2) this.#table = new Int32Array(size * 2);
    size = this.#table.length / 2;
    const table = this.#table;
    const { words } = this;
    let other = 0;
    for (let row = 0; row < rows; row++) {
      if (valid !== null && (valid[bits + (row >> 3)]! & (1 << (row & 7))) === 0) continue;
      if (other < others.length && this.#otherRows[other] === row) {
        other++;
        continue;
      }
      const address = ints[at + row]!;
      let place = placeOf(address, size);
      while (table[place] !== address && table[place + 1] !== 0) place = (place + 2) & (table.length - 1);
      if (table[place + 1] === 0) {
        table[place] = address;
        table[place + 1] = words.push(textOf(address));
      }
      ints[at + row] = table[place + 1]! - 1;
    }
    for (const [n, row] of this.#otherRows.entries()) ints[at + row] = this.words.length + others[n]!;
    this.words.push(...this.#others.words);
  }
}
