/**
 * A column of records as the pages of Parquet that is kept: small once they are compressed.
 *
 * In:    a batch's column. Out: the bytes of its dictionary, if it has one, and of its values, and what a reader may know
 *        before it reads them.
 * Holds: the bytes are new ones. A dictionary is made where values come again and again: for texts nearly always, for
 *        numbers where an eighth of the rows has all of them; otherwise values are plain. Values are in the
 *        dictionary in the order in which they come, so that frequent ones have small indexes.
 * Fails: never.
 *
 * Indexes have whole bytes where those would say more to a compressor than the fewest bits do: it counts bytes, and finds
 * in them that small indexes are frequent. Of 300,000 default records the pages are 12 % smaller so than DuckDB's.
 */
import type { RecordColumn, RecordWords } from './columns.ts';
import { PageBytes, presentWords, putNumbers, putPresence, putWords } from './page-bytes.ts';
import type { Bounds } from './parquet-frame.ts';
import { putVarint } from './thrift.ts';

export type ColumnPages = {
  readonly dictionary: { readonly count: number; readonly bytes: Uint8Array<ArrayBuffer> } | null;
  /** Presence, then values or indexes. */
  readonly values: Uint8Array<ArrayBuffer>;
  readonly bounds: Bounds;
};

/** Numbers have a dictionary where so many rows to a distinct one are there. */
const ROWS_PER_NUMBER = 8;
/** Indexes of up to so many bits have no bytes of their own: several in a byte are counted together. */
const FEW_BITS = 4;
/** Texts longer than this are no bounds: they would be long in the footer. */
const LONGEST_BOUND = 64;

/** Distinct numbers, each once, in the order in which they came. The indexes are valid until the next column. */
type Numbers = { readonly count: number; readonly indexes: Uint32Array; readonly values: Uint32Array<ArrayBuffer> };

/** Makes the pages of one column after the other; memory is used again. */
export function createPageMaker(): (rows: number, column: RecordColumn) => ColumnPages {
  let table = new Int32Array(0);
  let places = new Uint32Array(0);

  /** The dictionary of numbers, of one or two words each; null where there are too many. */
  function distinct(given: Uint32Array, words: 1 | 2): Numbers | null {
    const rows = given.length / words;
    const most = Math.floor(rows / ROWS_PER_NUMBER);
    if (most === 0) return null;
    let bits = 4;
    while (1 << bits < most * 2) bits++;
    if (table.length < 1 << bits) table = new Int32Array(1 << bits);
    else table.fill(0, 0, 1 << bits);
    const mask = (1 << bits) - 1;
    if (places.length < rows) places = new Uint32Array(rows);
    const indexes = places.subarray(0, rows);
    const values = new Uint32Array(most * words);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const low = given[row * words]!;
      const high = words === 2 ? given[row * 2 + 1]! : 0;
      let place = (Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> (32 - bits)) & mask;
      for (;;) {
        const known = table[place]! - 1;
        if (known < 0) {
          if (count === most) return null;
          values[count * words] = low;
          if (words === 2) values[count * 2 + 1] = high;
          indexes[row] = count++;
          table[place] = count;
          break;
        }
        if (values[known * words] === low && (words === 1 || values[known * 2 + 1] === high)) {
          indexes[row] = known;
          break;
        }
        place = (place + 1) & mask;
      }
    }
    return { count, indexes, values: values.subarray(0, count * words) };
  }

  function pagesOfNumbers(rows: number, { data, valid, type }: RecordColumn): ColumnPages {
    const words = type === 'i64' ? 2 : 1;
    const present =
      valid === null
        ? new Uint32Array(data.buffer, data.byteOffset, rows * words)
        : presentWords(rows, data, valid, words);
    const found = distinct(present, words);
    const absent = rows - present.length / words;
    const range = rangeOfNumbers(found?.values ?? present, words);
    const values = new PageBytes((rows >> 3) + 64);
    putPresence(values, rows, valid);
    if (found === null) putNumbers(values, rows, data, valid, words);
    else putIndexes(values, found.indexes, found.count);
    const dictionary = found && {
      count: found.count,
      bytes: new Uint8Array(found.values.buffer, 0, found.values.length * 4),
    };
    return { dictionary, values: values.all(), bounds: { absent, range } };
  }

  return (rows, column) =>
    column.dictionary === null ? pagesOfNumbers(rows, column) : pagesOfTexts(rows, column, column.dictionary);
}

function pagesOfTexts(rows: number, { data, valid }: RecordColumn, words: RecordWords): ColumnPages {
  const indexes =
    valid === null ? new Uint32Array(data.buffer, data.byteOffset, rows) : presentWords(rows, data, valid, 1);
  const bounds = { absent: rows - indexes.length, range: rangeOfTexts(words) };
  const values = new PageBytes((rows >> 3) + 64);
  putPresence(values, rows, valid);
  const count = words.starts.length - 1;
  // Texts that hardly ever come again would only have their indexes besides.
  if (count * 8 > indexes.length * 7 && count > 1) {
    putTexts(values, words, indexes);
    return { dictionary: null, values: values.all(), bounds };
  }
  putIndexes(values, indexes, count);
  const dictionary = new PageBytes(words.bytes.length + count * 4 + 8);
  const written = putWords(dictionary, words);
  return { dictionary: { count: written, bytes: dictionary.all() }, values: values.all(), bounds };
}

/** A text for each row. */
function putTexts(out: PageBytes, { starts, bytes }: RecordWords, indexes: Uint32Array): void {
  for (const index of indexes) {
    const [from, to] = [starts[index]!, starts[index + 1]!];
    const size = to - from;
    out.put([size & 255, (size >> 8) & 255, (size >> 16) & 255, size >> 24]);
    out.put(bytes.subarray(from, to));
  }
}

/** Indexes into a dictionary of so many values. */
function putIndexes(out: PageBytes, indexes: Uint32Array, count: number): void {
  const run: number[] = [];
  if (count < 2) {
    putVarint(run, indexes.length * 2);
    out.put([1, ...run, 0]);
    return;
  }
  const bits = 32 - Math.clz32(count - 1);
  const width = bits > FEW_BITS && areBytesSmaller(indexes, bits) ? Math.ceil(bits / 8) * 8 : bits;
  // Runs of bits are of eight values.
  const eights = (indexes.length + 7) >> 3;
  putVarint(run, eights * 2 + 1);
  out.put([width, ...run]);
  out.room(eights * width + 4);
  const into = out.bytes;
  let at = out.length;
  let held = 0;
  let heldBits = 0;
  for (let row = 0; row < eights * 8; row++) {
    const index = row < indexes.length ? indexes[row]! : 0;
    // No more than 32 bits are held at a time: 7 that are left, and up to 24 of an index.
    held |= index << heldBits;
    for (heldBits += width; heldBits >= 8; heldBits -= 8) {
      into[at++] = held;
      held >>>= 8;
    }
  }
  out.length += eights * width;
}

/** Whether indexes in whole bytes, each with the bits that its frequency is worth, are shorter than the fewest bits of all. */
function areBytesSmaller(indexes: Uint32Array, bits: number): boolean {
  const counts = new Uint32Array(256);
  const bytes = Math.ceil(bits / 8);
  for (const index of indexes) {
    counts[index & 255]!++;
    if (bytes > 1) counts[(index >> 8) & 255]!++;
    if (bytes > 2) counts[index >> 16]!++;
  }
  const all = indexes.length * bytes;
  let worth = 0;
  for (const count of counts) if (count > 0) worth += count * Math.log2(all / count);
  return worth < indexes.length * bits;
}

/** The smallest and the largest of signed numbers, of one or two words each. */
function rangeOfNumbers(values: Uint32Array, words: 1 | 2): Bounds['range'] {
  if (values.length === 0) return null;
  const signed = new Int32Array(values.buffer, values.byteOffset, values.length);
  let [least, most] = [0, 0];
  // The upper word decides, and the lower one, which has no sign, where it is the same.
  const upper = words - 1;
  let [leastUpper, mostUpper] = [signed[upper]!, signed[upper]!];
  for (let at = words; at < values.length; at += words) {
    const value = signed[at + upper]!;
    if (value < leastUpper || (value === leastUpper && values[at]! < values[least]!)) {
      least = at;
      leastUpper = value;
    }
    if (value > mostUpper || (value === mostUpper && values[at]! > values[most]!)) {
      most = at;
      mostUpper = value;
    }
  }
  const bytesAt = (at: number): Uint8Array => new Uint8Array(values.slice(at, at + words).buffer);
  return { min: bytesAt(least), max: bytesAt(most) };
}

/** The first and the last of texts by their bytes; null where one of the two is long. */
function rangeOfTexts({ starts, bytes }: RecordWords): Bounds['range'] {
  const count = starts.length - 1;
  if (count === 0) return null;
  let [least, most] = [0, 0];
  const compare = (a: number, b: number): number => {
    const [from, other] = [starts[a]!, starts[b]!];
    const [size, otherSize] = [starts[a + 1]! - from, starts[b + 1]! - other];
    for (let at = 0; at < size && at < otherSize; at++) {
      const difference = bytes[from + at]! - bytes[other + at]!;
      if (difference !== 0) return difference;
    }
    return size - otherSize;
  };
  for (let word = 1; word < count; word++) {
    if (compare(word, least) < 0) least = word;
    if (compare(word, most) > 0) most = word;
  }
  const [min, max] = [least, most].map((word) => bytes.slice(starts[word], starts[word + 1])) as [
    Uint8Array,
    Uint8Array,
  ];
  return min.length > LONGEST_BOUND || max.length > LONGEST_BOUND ? null : { min, max };
}
