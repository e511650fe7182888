/**
 * Columns of records as the blocks of a table of DuckDB.
 *
 * In:    batches of columns. Out: blocks, and where the values of each row group lie in them.
 * Holds: numbers and bits of presence are copied; a batch's distinct texts are the dictionary of a segment, or of several
 *        where they do not fit into a block. Numbers that are all the same take no room. Numbers may be cut anywhere, so they
 *        fill what texts leave of a block. Row groups are full, but the last: DuckDB would join smaller ones when the
 *        table is changed. Memory is one block, whatever there is to write.
 * Fails: never; whoever gives columns of another shape gets a file that nobody can read. A text has at most the bytes of a
 *        line that the parser reads: one that fits into no block is not split.
 *
 * @see DuckDB 1.5.6, storage version 64: what is there was learned from its source (`src/storage`) and from files of its own
 */
import type { RecordColumn, RecordWords } from './columns.ts';
import { DUCKDB_BLOCKS_CODE } from './duckdb-blocks-code.ts';
import { BLOCK_BYTES, CONSTANT, DICTIONARY, MOST_ROWS, NO_BLOCK, PLAIN } from './duckdb-places.ts';
import type { ColumnType, GroupPlaces, NumberRange, Segment, WordRange } from './duckdb-places.ts';
import { createLoopMemory } from './loop-memory.ts';

/** A column of a batch, or the type of one that has no value in any of its rows. */
export type GivenColumn = RecordColumn | ColumnType;

export type TableBlocks = {
  /** Writes rows. What stands in absent rows is overwritten. */
  add(rows: number, columns: readonly GivenColumn[]): void;
  /** Writes the last block; gives all row groups. Nothing may be added afterwards. */
  end(): GroupPlaces[];
};

type Loops = {
  seal(at: number, end: number): void;
  pack(from: number, rows: number, count: number, width: number, valid: number, first: number, out: number): void;
  range32(from: number, end: number, out: number): void;
  range64(from: number, end: number, out: number): void;
  wordRange(ends: number, count: number, end: number, out: number): void;
};

/** Rows that DuckDB reads at a time: where numbers are cut, it reads twice. */
const VECTOR = 2048;
const CHECKSUM = 8;
const ROOM = BLOCK_BYTES - CHECKSUM;
/** Where loops leave their results, behind what may be read of the block's end. */
const RESULT = BLOCK_BYTES + 64;
/** Where numbers of texts are put before they are packed, and bits of presence. */
const INDEXES = RESULT + 64;
const VALID = INDEXES + MOST_ROWS * 4;
const MEMORY_BYTES = VALID + MOST_ROWS / 8 + 64;
const DICTIONARY_HEADER = 20;
const TEXTS_HEADER = 8;
/** DuckDB keeps the length of a text in a dictionary in 16 bits. */
const LONGEST_WORD = 65_535;

/**
 * Blocks of one thread.
 *
 * @param next  gives the number of a block that nobody has
 * @param put   takes a whole block; its bytes are used again afterwards
 */
export function createTableBlocks(
  next: () => number,
  put: (block: number, bytes: Uint8Array<ArrayBuffer>) => void,
): TableBlocks {
  const { loops, bytes, words } = createLoopMemory<Loops>(DUCKDB_BLOCKS_CODE, MEMORY_BYTES);
  const view = new DataView(bytes.buffer);
  let block = NO_BLOCK;
  /** Behind what is taken, from the block's begin. */
  let end = BLOCK_BYTES;
  /** Numbers of the row group that have no place yet. */
  const waiting: Numbers[] = [];
  const groups: OpenGroup[] = [];

  function finish(): void {
    if (block === NO_BLOCK) return;
    bytes.fill(0, end, BLOCK_BYTES);
    loops.seal(0, BLOCK_BYTES);
    put(block, bytes.subarray(0, BLOCK_BYTES));
    block = NO_BLOCK;
    end = BLOCK_BYTES;
  }

  function begin(): void {
    finish();
    block = next();
    end = CHECKSUM;
  }

  const left = (): number => BLOCK_BYTES - end;

  /** A place for so many bytes, in this block or the next one; nothing is there yet. */
  function place(size: number): number {
    if (size > left()) {
      fill();
      begin();
    }
    const at = end;
    end = (at + size + 7) & ~7;
    return at;
  }

  function segment(
    at: number,
    rows: number,
    how: Segment['how'],
    { lacks, has }: Presence,
    range: Segment['range'],
  ): Segment {
    return { rows, block, offset: at - CHECKSUM, how, lacks, has, range };
  }

  /** Puts numbers into what is left of this block. */
  function fill(): void {
    while (waiting.length > 0) {
      const first = waiting[0]!;
      const fit = Math.floor(left() / first.width);
      const rest = first.rows - first.done;
      const rows = fit >= rest ? rest : fit - (fit % VECTOR);
      if (rows === 0) return;
      putNumbers(first, rows);
      if (first.done === first.rows) waiting.shift();
    }
  }

  function putNumbers(numbers: Numbers, rows: number): void {
    const { data, width, done, presence, segments } = numbers;
    const at = place(rows * width);
    bytes.set(data.subarray(done * width, (done + rows) * width), at);
    loops[width === 8 ? 'range64' : 'range32'](at, at + rows * width, RESULT);
    segments.push(segment(at, rows, PLAIN, presence, numberRange()));
    numbers.done += rows;
  }

  function numberRange(): NumberRange {
    return { least: view.getBigInt64(RESULT, true), most: view.getBigInt64(RESULT + 8, true) };
  }

  function putValid(segments: Segment[], rows: number, valid: Uint8Array | null, presence: Presence): void {
    if (valid === null || !presence.lacks || !presence.has) {
      putConstant(segments, rows, presence, null);
      return;
    }
    const size = Math.ceil(rows / VECTOR) * (VECTOR / 8);
    const at = place(size);
    const used = (rows + 7) >> 3;
    bytes.set(valid.subarray(0, used), at);
    bytes.fill(255, at + used, at + size);
    if ((rows & 7) !== 0) bytes[at + used - 1]! |= 255 << (rows & 7);
    segments.push(segment(at, rows, PLAIN, presence, null));
  }

  /** Texts of rows in [from, to): one segment, or several where they do not fit. */
  function putTexts(segments: Segment[], texts: Texts, from: number, to: number): void {
    const { indexes, longest } = texts;
    const whole = from === 0 && to === indexes.length;
    const used = whole ? { words: texts.words, indexes } : usedOf(texts, from, to);
    const rows = to - from;
    const count = used.words.starts.length - 1;
    const width = widthOf(count);
    const size = DICTIONARY_HEADER + ((rows + 31) >> 5) * 4 * width + (count + 1) * 4 + used.words.starts[count]!;
    if (longest > LONGEST_WORD) putPlainTexts(segments, texts, from, to);
    else if (size <= ROOM) segments.push(putDictionary({ ...texts, ...used }, from, width, size));
    else halve(from, to, (start, stop) => putTexts(segments, texts, start, stop));
  }

  /**
   * A dictionary has its texts from its end backwards, the first one last; ours are copied as they are, so the first of them
   * has the highest number. 0 is the number of no text.
   */
  function putDictionary(texts: Texts, from: number, width: number, size: number): Segment {
    const { indexes, valid, presence } = texts;
    const { starts, bytes: letters } = texts.words;
    const rows = indexes.length;
    const at = place(size);
    const count = starts.length - 1;
    const total = starts[count]!;
    const numbers = at + DICTIONARY_HEADER;
    const ends = numbers + ((rows + 31) >> 5) * 4 * width;
    view.setUint32(at, total, true);
    view.setUint32(at + 4, size, true);
    view.setUint32(at + 8, ends - at, true);
    view.setUint32(at + 12, count + 1, true);
    view.setUint32(at + 16, width, true);
    if (width > 0) {
      // Numbers are in groups of 32; what is behind the last one is 0.
      bytes.fill(0, ends - 4 * width, ends);
      words.set(indexes, INDEXES >> 2);
      if (valid !== null) bytes.set(valid, VALID);
      loops.pack(INDEXES, rows, count, width, valid === null ? 0 : VALID, from, numbers);
    }
    const offsets = ends >> 2;
    words[offsets] = 0;
    for (let number = 1; number <= count; number++) words[offsets + number] = total - starts[count - number]!;
    bytes.set(letters.subarray(0, total), ends + (count + 1) * 4);
    return segment(at, rows, DICTIONARY, presence, count === 0 ? null : wordRange(ends + 4, count, at + size));
  }

  /** Each row's text by itself, the first one last: for texts that no dictionary may have. */
  function putPlainTexts(segments: Segment[], texts: Texts, from: number, to: number): void {
    const { indexes, valid, presence } = texts;
    const { starts, bytes: letters } = texts.words;
    const rows = to - from;
    const sizeOf = (row: number): number => {
      if (valid !== null && (valid[row >> 3]! & (1 << (row & 7))) === 0) return 0;
      return starts[indexes[row]! + 1]! - starts[indexes[row]!]!;
    };
    let total = 0;
    for (let row = from; row < to && total < ROOM; row++) total += sizeOf(row);
    const size = TEXTS_HEADER + rows * 4 + total;
    if (size > ROOM) {
      halve(from, to, (start, stop) => putPlainTexts(segments, texts, start, stop));
      return;
    }
    const at = place(size);
    view.setUint32(at, total, true);
    view.setUint32(at + 4, size, true);
    const ends = at + TEXTS_HEADER;
    let back = 0;
    for (let row = from; row < to; row++) {
      const length = sizeOf(row);
      back += length;
      view.setUint32(ends + (row - from) * 4, back, true);
      if (length > 0) bytes.set(letters.subarray(starts[indexes[row]!], starts[indexes[row]! + 1]), at + size - back);
    }
    segments.push(segment(at, rows, PLAIN, presence, wordRange(ends, rows, at + size)));
  }

  function wordRange(ends: number, count: number, to: number): WordRange {
    loops.wordRange(ends, count, to, RESULT);
    return {
      least: bytes.slice(RESULT, RESULT + 8),
      most: bytes.slice(RESULT + 8, RESULT + 16),
      longest: view.getUint32(RESULT + 16, true),
      isAscii: view.getUint32(RESULT + 20, true) === 0,
    };
  }

  function placeColumn({ values, valid }: OpenColumn, rows: number, column: GivenColumn): void {
    const isType = typeof column === 'string';
    const type = isType ? column : column.dictionary === null ? column.type : 'word';
    const absent = isType ? rows : absentOf(rows, column.valid);
    const presence = { lacks: absent > 0, has: absent < rows };
    if (type === 'word') {
      const texts = isType || !presence.has ? noTexts(rows) : textsOf(rows, column, presence);
      putTexts(values, texts, 0, rows);
    } else if (isType || !presence.has) putConstant(values, rows, presence, null);
    else {
      const numbers = { data: column.data, width: type === 'i64' ? 8 : 4, rows, presence, segments: values } as const;
      if (presence.lacks) overwriteAbsent(numbers, column.valid!);
      if (isConstant(numbers)) {
        bytes.set(numbers.data.subarray(0, numbers.width), RESULT);
        const value = numbers.width === 8 ? view.getBigInt64(RESULT, true) : BigInt(view.getInt32(RESULT, true));
        putConstant(values, rows, presence, { least: value, most: value });
      } else waiting.push({ ...numbers, done: 0 });
    }
    putValid(valid, rows, isType ? null : column.valid, presence);
  }

  /** Puts rows into a row group that has room for them. */
  function addTo(group: OpenGroup, rows: number, columns: readonly GivenColumn[]): void {
    group.columns ??= columns.map(() => ({ values: [], valid: [] }));
    // Numbers first: what they wait for is the room that texts leave.
    for (const texts of [false, true]) {
      for (const [at, column] of columns.entries())
        if (isText(column) === texts) placeColumn(group.columns[at]!, rows, column);
    }
    for (fill(); waiting.length > 0; fill()) begin();
    group.rows += rows;
  }

  return {
    add(rows, columns) {
      for (let from = 0; from < rows;) {
        let group = groups.at(-1);
        // Bits of presence are cut where a byte begins.
        const fit = group === undefined ? 0 : (MOST_ROWS - group.rows) & ~7;
        if (group === undefined || fit === 0) groups.push((group = { rows: 0, columns: null }));
        const to = Math.min(rows, from + (fit === 0 ? MOST_ROWS : fit));
        addTo(group, to - from, from === 0 && to === rows ? columns : columns.map((each) => cut(each, from, to)));
        from = to;
      }
    },
    end() {
      finish();
      return groups.map(({ rows, columns }) => ({ rows, columns: columns ?? [] }));
    },
  };
}

/** Puts rows that all have the same value, or none; they go into the segment before, where that is the same. */
function putConstant(segments: Segment[], rows: number, { lacks, has }: Presence, range: NumberRange | null): void {
  const made = { rows, block: NO_BLOCK, offset: 0, how: CONSTANT, lacks, has, range } as const;
  const last = segments.at(-1);
  const isSame =
    last !== undefined &&
    last.how === CONSTANT &&
    last.lacks === lacks &&
    last.has === has &&
    (last.range as NumberRange | null)?.least === range?.least;
  if (isSame) segments[segments.length - 1] = { ...made, rows: last.rows + rows };
  else segments.push(made);
}

type OpenColumn = { readonly values: Segment[]; readonly valid: Segment[] };
type OpenGroup = { rows: number; columns: readonly OpenColumn[] | null };
/** Whether rows have no value, and whether rows have one. */
type Presence = { readonly lacks: boolean; readonly has: boolean };
type Numbers = {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly width: 4 | 8;
  readonly rows: number;
  readonly presence: Presence;
  done: number;
  readonly segments: Segment[];
};
type Texts = {
  readonly words: RecordWords;
  readonly indexes: Uint32Array;
  readonly valid: Uint8Array | null;
  readonly presence: Presence;
  /** Bytes of the longest text, where that is much. */
  readonly longest: number;
};

const NO_WORDS: RecordWords = { starts: new Uint32Array(1), bytes: new Uint8Array(0) };

function noTexts(rows: number): Texts {
  const presence = { lacks: true, has: false };
  return { words: NO_WORDS, indexes: new Uint32Array(rows), valid: null, presence, longest: 0 };
}

function textsOf(rows: number, { data, valid, dictionary }: RecordColumn, presence: Presence): Texts {
  const words = dictionary ?? NO_WORDS;
  const { starts } = words;
  let longest = 0;
  if (words.bytes.length > LONGEST_WORD) {
    for (let at = 1; at < starts.length; at++) longest = Math.max(longest, starts[at]! - starts[at - 1]!);
  }
  const indexes = new Uint32Array(data.buffer, data.byteOffset, rows);
  return { words, indexes, valid: presence.lacks ? valid : null, presence, longest };
}

function isText(column: GivenColumn): boolean {
  return typeof column === 'string' ? column === 'word' : column.dictionary !== null;
}

/** Rows in [from, to), of which the first stands at the begin of a byte of bits. */
function cut(column: GivenColumn, from: number, to: number): GivenColumn {
  if (typeof column === 'string') return column;
  const width = column.type === 'i64' ? 8 : 4;
  const valid = column.valid === null ? null : column.valid.subarray(from >> 3, (to + 7) >> 3);
  return { ...column, data: column.data.subarray(from * width, to * width), valid };
}

/** Bits that the highest number of a text needs: DuckDB 2 refuses more. */
function widthOf(count: number): number {
  return 32 - Math.clz32(count);
}

/** Only the texts that some rows have. */
function usedOf(
  { words, indexes, valid }: Texts,
  from: number,
  to: number,
): { words: RecordWords; indexes: Uint32Array } {
  const numbers = new Int32Array(words.starts.length - 1).fill(-1);
  const own = new Uint32Array(to - from);
  const order: number[] = [];
  let total = 0;
  for (let row = from; row < to; row++) {
    if (valid !== null && (valid[row >> 3]! & (1 << (row & 7))) === 0) continue;
    const index = indexes[row]!;
    if (numbers[index] === -1) {
      numbers[index] = order.length;
      order.push(index);
      total += words.starts[index + 1]! - words.starts[index]!;
    }
    own[row - from] = numbers[index]!;
  }
  const starts = new Uint32Array(order.length + 1);
  const bytes = new Uint8Array(total);
  for (const [at, index] of order.entries()) {
    const word = words.bytes.subarray(words.starts[index], words.starts[index + 1]);
    bytes.set(word, starts[at]);
    starts[at + 1] = starts[at]! + word.length;
  }
  return { words: { starts, bytes }, indexes: own };
}

function halve(from: number, to: number, each: (from: number, to: number) => void): void {
  const half = (to - from) >> 1;
  const middle = from + (half > VECTOR ? half - (half % VECTOR) : half);
  each(from, middle);
  each(middle, to);
}

function absentOf(rows: number, valid: Uint8Array | null): number {
  if (valid === null) return 0;
  let absent = 0;
  for (let row = 0; row < rows; row++) {
    if ((row & 7) === 0 && valid[row >> 3] === 255) row += 7;
    else if ((valid[row >> 3]! & (1 << (row & 7))) === 0) absent++;
  }
  return absent;
}

/** Gives absent rows the value of a row that has one, so that they widen no bounds. */
function overwriteAbsent({ data, width, rows }: Pick<Numbers, 'data' | 'width' | 'rows'>, valid: Uint8Array): void {
  const values = new Uint32Array(data.buffer, data.byteOffset, (rows * width) >> 2);
  const step = width >> 2;
  const isPresent = (row: number): boolean => (valid[row >> 3]! & (1 << (row & 7))) !== 0;
  let known = 0;
  while (!isPresent(known)) known++;
  for (let row = 0; row < rows; row++) {
    if ((row & 7) === 0 && valid[row >> 3] === 255) row += 7;
    else if (!isPresent(row)) values.copyWithin(row * step, known * step, (known + 1) * step);
  }
}

function isConstant({ data, width, rows }: Pick<Numbers, 'data' | 'width' | 'rows'>): boolean {
  const values = new Uint32Array(data.buffer, data.byteOffset, (rows * width) >> 2);
  const step = width >> 2;
  for (let at = step; at < values.length; at++) if (values[at] !== values[at - step]) return false;
  return true;
}
