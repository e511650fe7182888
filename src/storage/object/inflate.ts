/**
 * Small gzip files unpacked faster than by zlib, in a thread that may be kept waiting.
 *
 * In:    a gzip file in memory. Out: its text; null for whatever is not one whole, right member of plain deflate.
 * Holds: what is given was checked by its length and its CRC-32, which zlib computes, so a fault here can lose time alone.
 *        An inflater keeps its memory for the next file.
 * Fails: with a RangeError where there is no memory left.
 *
 * @see RFC 1951, RFC 1952
 */
import { crc32 } from 'node:zlib';
import { createLoopMemory } from '../../record/loop-memory.ts';
import {
  BLOCK_END,
  DISTANCE_BITS,
  INFLATE_CODE,
  LITERAL,
  LITERAL_BITS,
  NO_CODE,
  OTHER_TABLE,
  PAIR,
  READ_PAST,
  STATE,
  WRITE_PAST,
} from './inflate-code.ts';

type Loops = {
  block(state: number, literals: number, distances: number, fromEnd: number, begin: number, toEnd: number): number;
};

export type Inflater = {
  /** Where the next file is put, `size` bytes. */
  input(size: number): Uint8Array;
  /** Its text, of at most so many bytes and valid until the next `input`; null: not for this inflater. */
  inflate(mostBytes: number): Uint8Array | null;
};

/** As many entries as codes of 288 and 32 symbols with up to 15 bits can need; zlib's program `enough` counts them. */
const MOST_LITERALS = 2_342;
const MOST_DISTANCES = 402;
/** Where the tables and the input stand. */
const LITERALS = 64;
const DISTANCES = LITERALS + 4 * MOST_LITERALS;
const INPUT = DISTANCES + 4 * MOST_DISTANCES;
const TRAILER_BYTES = 8;

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12_289, 16_385, 24_577,
];
/** Two for each doubling, from the fifth on. */
const DISTANCE_EXTRA = DISTANCE_BASE.map((_, at) => Math.max(0, (at >> 1) - 1));
const MOST_BITS = 15;
const LENGTH_CODES = 19;
/** In which order the lengths of the code of lengths stand. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTH_BITS = 7;
/** A length of a code may be told so often at once. */
const MOST_REPEATS = 138;
const END_OF_BLOCK = 256;

/** Entries of the symbols without the bits of their codes; extra bits stand in the lowest byte. */
const LITERAL_ENTRIES = Int32Array.from({ length: 288 }, (_, symbol) => {
  if (symbol < END_OF_BLOCK) return LITERAL | (symbol << 16);
  if (symbol === END_OF_BLOCK) return BLOCK_END;
  const at = symbol - END_OF_BLOCK - 1;
  return at < LENGTH_BASE.length ? (LENGTH_BASE[at]! << 16) | LENGTH_EXTRA[at]! : NO_CODE;
});
const DISTANCE_ENTRIES = Int32Array.from({ length: 32 }, (_, symbol) =>
  symbol < DISTANCE_BASE.length ? (DISTANCE_BASE[symbol]! << 16) | DISTANCE_EXTRA[symbol]! : NO_CODE,
);
const FIXED_LITERALS = Uint8Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);
const FIXED_DISTANCES = new Uint8Array(32).fill(5);

/** Codes stand in the input with their first bit lowest. */
const reversed = new Uint16Array(1 << MOST_BITS);
for (let code = 1; code < reversed.length; code++)
  reversed[code] = (reversed[code >> 1]! >> 1) | ((code & 1) << (MOST_BITS - 1));

/** The entry of a symbol whose code has so many bits. Only that of a base says them apart from the extra ones. */
function entryOf(entry: number, bits: number): number {
  return entry + bits + (entry >= 0 && (entry & OTHER_TABLE) === 0 ? bits << 8 : 0);
}

/** By length of code: how many there are, the next one, and the next place among the sorted symbols. */
const counts = new Uint16Array(MOST_BITS + 2);
const codes = new Uint16Array(MOST_BITS + 2);
const places = new Uint16Array(MOST_BITS + 2);
const sorted = new Uint16Array(288);

/**
 * Makes the table of a code.
 *
 * @param lengths  of the codes of all symbols, bits; 0: the symbol does not occur
 * @param bits     of the index of the first table
 * @returns false where the lengths are no complete code
 */
function makeTable(lengths: Uint8Array, entries: Int32Array, table: Int32Array, bits: number): boolean {
  counts.fill(0);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  codes[1] = 0;
  places[1] = 0;
  let used = 0;
  for (let length = 1; length <= MOST_BITS; length++) {
    used += counts[length]! << (MOST_BITS - length);
    codes[length + 1] = (codes[length]! + counts[length]!) << 1;
    places[length + 1] = places[length]! + counts[length]!;
  }
  // One code of one bit is all that may be incomplete; of none, nothing is asked.
  if (used !== 1 << MOST_BITS) {
    if (used !== 0 && (counts[1] !== 1 || used !== 1 << (MOST_BITS - 1))) return false;
    table.fill(NO_CODE, 0, 1 << bits);
  }
  const size = places[MOST_BITS + 1]!;
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length > 0) sorted[places[length]!++] = symbol;
  }
  let free = 1 << bits;
  let otherBits = 0;
  let otherAt = 0;
  let prefix = -1;
  // In the order of their codes, so that those of one second table follow one another.
  for (let index = 0; index < size; index++) {
    const symbol = sorted[index]!;
    const length = lengths[symbol]!;
    const code = reversed[codes[length]!++]! >> (MOST_BITS - length);
    if (length <= bits) {
      const entry = entryOf(entries[symbol]!, length);
      for (let at = code; at < 1 << bits; at += 1 << length) table[at] = entry;
      continue;
    }
    const own = code & ((1 << bits) - 1);
    if (own !== prefix) {
      prefix = own;
      otherAt = free;
      otherBits = length - bits;
      for (let room = places[length]! - index; room < 1 << otherBits;) {
        otherBits++;
        room = (room << 1) + counts[bits + otherBits]!;
      }
      free += 1 << otherBits;
      table[own] = OTHER_TABLE | (otherAt << 16) | (otherBits << 8) | bits;
    }
    const rest = length - bits;
    const entry = entryOf(entries[symbol]!, rest);
    for (let at = code >> bits; at < 1 << otherBits; at += 1 << rest) table[otherAt + at] = entry;
  }
  return true;
}

/** Where a literal's code is followed by another's within the index, the entry gives both: half of them come in pairs. */
function joinLiterals(table: Int32Array): void {
  for (let at = (1 << LITERAL_BITS) - 1; at >= 0; at--) {
    const first = table[at]!;
    if (first >= 0) continue;
    const bits = first & 0xff;
    const second = table[at >> bits]!;
    // The second has seven bits: text has no more.
    if (second >= 0 || bits + (second & 0xff) > LITERAL_BITS || (second & 0x80_0000) !== 0) continue;
    table[at] = LITERAL | PAIR | ((second & 0x7f_0000) << 8) | (first & 0xff_0000) | (bits + (second & 0xff));
  }
}

/** An inflater with a memory of its own. */
export function createInflater(): Inflater {
  const memory = createLoopMemory<Loops>(INFLATE_CODE, 1 << 20);
  let view = new DataView(memory.bytes.buffer);
  const lengths = new Uint8Array(FIXED_LITERALS.length + FIXED_DISTANCES.length + MOST_REPEATS);
  const lengthTable = new Int32Array(1 << LENGTH_BITS);
  const lengthEntries = Int32Array.from({ length: LENGTH_CODES }, (_, symbol) => symbol << 16);
  let size = 0;
  /** In bits, of the memory. */
  let at = 0;

  function reserve(end: number): void {
    memory.reserve(end);
    view = new DataView(memory.bytes.buffer);
  }

  /** Up to 16 bits. */
  function take(count: number): number {
    const value = (view.getUint32(at >>> 3, true) >>> (at & 7)) & ((1 << count) - 1);
    at += count;
    return value;
  }

  /** Reads the codes of a dynamic block. */
  function readCodes(): boolean {
    const literalCount = take(5) + 257;
    const distanceCount = take(5) + 1;
    const lengthCount = take(4) + 4;
    const own = new Uint8Array(LENGTH_CODES);
    for (let index = 0; index < lengthCount; index++) own[LENGTH_ORDER[index]!] = take(3);
    if (!makeTable(own, lengthEntries, lengthTable, LENGTH_BITS)) return false;
    const total = literalCount + distanceCount;
    for (let index = 0; index < total;) {
      const entry = lengthTable[(view.getUint32(at >>> 3, true) >>> (at & 7)) & ((1 << LENGTH_BITS) - 1)]!;
      if ((entry & OTHER_TABLE) !== 0) return false;
      at += entry & 0xff;
      const symbol = entry >>> 16;
      if (symbol < 16) {
        lengths[index++] = symbol;
        continue;
      }
      if (symbol === 16 && index === 0) return false;
      const value = symbol === 16 ? lengths[index - 1]! : 0;
      const count = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
      lengths.fill(value, index, index + count);
      index += count;
      if (index > total) return false;
    }
    return makeTables(lengths.subarray(0, literalCount), lengths.subarray(literalCount, total));
  }

  function makeTables(ofLiterals: Uint8Array, ofDistances: Uint8Array): boolean {
    const literals = memory.words.subarray(LITERALS / 4, DISTANCES / 4);
    const distances = memory.words.subarray(DISTANCES / 4, INPUT / 4);
    if (ofLiterals[END_OF_BLOCK] === 0) return false;
    if (!makeTable(ofLiterals, LITERAL_ENTRIES, literals, LITERAL_BITS)) return false;
    joinLiterals(literals);
    return makeTable(ofDistances, DISTANCE_ENTRIES, distances, DISTANCE_BITS);
  }

  return {
    input(bytesToCome) {
      size = bytesToCome;
      reserve(INPUT + size + READ_PAST);
      return memory.bytes.subarray(INPUT, INPUT + size);
    },
    inflate(mostBytes) {
      const head = headLength(memory.bytes.subarray(INPUT, INPUT + size));
      if (head === null) return null;
      const fromEnd = INPUT + size - TRAILER_BYTES;
      const told = view.getUint32(fromEnd + 4, true);
      const check = view.getUint32(fromEnd, true);
      const begin = INPUT + size + READ_PAST;
      // No deflate packs better.
      if (told > mostBytes || told > size * 1032) return null;
      reserve(begin + told + WRITE_PAST);
      const { bytes } = memory;
      at = (INPUT + head) * 8;
      let to = begin;
      for (let last = 0; last === 0;) {
        if (at > fromEnd * 8) return null;
        last = take(1);
        const kind = take(2);
        if (kind === 0) {
          const from = (at + 7) >>> 3;
          const count = view.getUint16(from, true);
          if ((count ^ view.getUint16(from + 2, true)) !== 0xffff) return null;
          if (from + 4 + count > fromEnd || to + count > begin + told) return null;
          bytes.copyWithin(to, from + 4, from + 4 + count);
          at = (from + 4 + count) * 8;
          to += count;
          continue;
        }
        if (kind === 3 || !(kind === 1 ? makeTables(FIXED_LITERALS, FIXED_DISTANCES) : readCodes())) return null;
        view.setBigUint64(STATE.bits, BigInt(bytes[at >>> 3]! >>> (at & 7)), true);
        view.setUint32(STATE.left, 8 - (at & 7), true);
        view.setUint32(STATE.from, (at >>> 3) + 1, true);
        view.setUint32(STATE.to, to, true);
        const why = memory.loops.block(0, LITERALS, DISTANCES, fromEnd + 8, begin, begin + told);
        if ((why & NO_CODE) !== BLOCK_END) return null;
        at = view.getUint32(STATE.from, true) * 8 - (view.getUint32(STATE.left, true) & 0xff);
        to = view.getUint32(STATE.to, true);
      }
      if ((at + 7) >>> 3 !== fromEnd || to !== begin + told) return null;
      const text = bytes.subarray(begin, to);
      return crc32(text) === check ? text : null;
    },
  };
}

/** Bytes before the deflate data; null where it is no gzip file that ours are like. */
function headLength(file: Uint8Array): number | null {
  const FIXED = 10;
  const NAME = 8;
  if (file.length < FIXED + TRAILER_BYTES + 2) return null;
  if (file[0] !== 0x1f || file[1] !== 0x8b || file[2] !== 8 || (file[3]! & ~NAME) !== 0) return null;
  if (file[3] === 0) return FIXED;
  const end = file.indexOf(0, FIXED);
  return end < 0 || end + 1 + TRAILER_BYTES > file.length ? null : end + 1;
}
