/**
 * Batches of columns, one behind the other as one.
 *
 * In:    batches of the same shape. Out: one batch that has their rows in their order.
 * Holds: values and absence stay as they are. Dictionaries are put one behind the other: a text that two batches have is in
 *        the joined one twice, for to find it would take longer than to read it twice. Memory is used again.
 * Fails: never; batches of other shapes give nonsense.
 */
import type { RecordColumn } from './columns.ts';

export type JoinedColumns = {
  readonly rows: number;
  /** Bytes of the texts of all columns. */
  readonly textBytes: number;
  /** Bytes of the dictionary of the column that has the largest: its texts, and where each ends. */
  largestDictionary(): number;
  add(rows: number, columns: readonly RecordColumn[]): void;
  /** The columns; valid until the next call. Nothing is there afterwards. */
  take(): readonly RecordColumn[];
};

type Joined = {
  readonly name: string;
  readonly type: RecordColumn['type'];
  readonly width: number;
  data: Uint8Array<ArrayBuffer>;
  /** Bits of the rows that have a value; those behind the rows are ones. */
  valid: Uint8Array<ArrayBuffer>;
  isWhole: boolean;
  /** Of texts; null for numbers. */
  words: { count: number; length: number; starts: Uint32Array<ArrayBuffer>; bytes: Uint8Array<ArrayBuffer> } | null;
};

const WIDTHS = { u8: 1, u16: 2, i32: 4, u32: 4, i64: 8, f64: 8 } as const;

/** Makes a place that is empty. */
export function joinColumns(): JoinedColumns {
  let joined: readonly Joined[] | null = null;
  let rows = 0;
  let textBytes = 0;

  function addValid(column: Joined, valid: Uint8Array | null, count: number): void {
    column.valid = grown(column.valid, (rows + count + 7) >> 3, 255);
    if (valid === null) return;
    for (let row = 0; row < count; row++) {
      if ((valid[row >> 3]! & (1 << (row & 7))) !== 0) continue;
      column.isWhole = false;
      const at = rows + row;
      column.valid[at >> 3]! &= ~(1 << (at & 7));
    }
  }

  function addData(column: Joined, given: RecordColumn, count: number): void {
    const from = rows * column.width;
    column.data = grown(column.data, from + count * column.width, 0);
    if (column.words === null || given.dictionary === null) {
      column.data.set(given.data, from);
      return;
    }
    const { words } = column;
    const into = new Uint32Array(column.data.buffer, from, count);
    const indexes = new Uint32Array(given.data.buffer, given.data.byteOffset, count);
    for (let row = 0; row < count; row++) into[row] = indexes[row]! + words.count;
    const { starts, bytes } = given.dictionary;
    const more = starts.length - 1;
    if (words.starts.length < words.count + more + 1) {
      const longer = new Uint32Array((words.count + more + 1) * 2);
      longer.set(words.starts.subarray(0, words.count + 1));
      words.starts = longer;
    }
    words.bytes = grown(words.bytes, words.length + bytes.length, 0);
    words.bytes.set(bytes, words.length);
    for (let word = 1; word <= more; word++) words.starts[words.count + word] = words.length + starts[word]!;
    words.count += more;
    words.length += bytes.length;
    textBytes += bytes.length;
  }

  return {
    get rows() {
      return rows;
    },
    get textBytes() {
      return textBytes;
    },
    largestDictionary() {
      let largest = 0;
      for (const { words } of joined ?? [])
        if (words !== null) largest = Math.max(largest, words.length + words.count * 4);
      return largest;
    },
    add(count, columns) {
      joined ??= columns.map(({ name, type, dictionary }) => ({
        name,
        type,
        width: WIDTHS[type],
        data: new Uint8Array(0),
        valid: new Uint8Array(0),
        isWhole: true,
        words:
          dictionary === null ? null : { count: 0, length: 0, starts: new Uint32Array(1), bytes: new Uint8Array(0) },
      }));
      for (const [at, column] of joined.entries()) {
        addData(column, columns[at]!, count);
        addValid(column, columns[at]!.valid, count);
      }
      rows += count;
    },
    take() {
      const taken = (joined ?? []).map(({ name, type, width, data, valid, isWhole, words }) => ({
        name,
        type,
        data: data.subarray(0, rows * width),
        valid: isWhole ? null : valid.slice(0, (rows + 7) >> 3),
        dictionary:
          words === null
            ? null
            : { starts: words.starts.subarray(0, words.count + 1), bytes: words.bytes.subarray(0, words.length) },
      }));
      for (const column of joined ?? []) {
        if (!column.isWhole) column.valid.fill(255);
        column.isWhole = true;
        if (column.words !== null) column.words.count = column.words.length = 0;
      }
      rows = 0;
      textBytes = 0;
      return taken;
    },
  };
}

/** The same bytes with room for so many; what is new is `fill`. */
function grown(bytes: Uint8Array<ArrayBuffer>, size: number, fill: number): Uint8Array<ArrayBuffer> {
  if (bytes.length >= size) return bytes;
  // Whole words: views of larger numbers are over it.
  const longer = new Uint8Array(Math.ceil((size * 2) / 8) * 8);
  longer.set(bytes);
  if (fill !== 0) longer.fill(fill, bytes.length);
  return longer;
}
