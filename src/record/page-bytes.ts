/**
 * Bytes of Parquet pages: texts, presence, numbers.
 *
 * In:    columns of records. Out: their bytes as pages have them, behind what is there already.
 * Holds: numbers and bits of presence are copied as they are.
 * Fails: never; columns of another shape give nonsense.
 *
 * @see Apache Parquet format 2.10: "Plain", "RLE / Bit-Packing Hybrid"
 */
import type { RecordWords } from './columns.ts';
import { putVarint } from './thrift.ts';

/** Bytes that grow. */
export class PageBytes {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(room: number) {
    this.bytes = new Uint8Array(room);
  }

  /** Room for so many more. */
  room(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.bytes.length) return;
    const longer = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    longer.set(this.bytes.subarray(0, this.length));
    this.bytes = longer;
  }

  put(bytes: ArrayLike<number>): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** All that was put; nothing may be put afterwards. */
  all(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }
}

/** Texts, each behind its length; one empty text where there is none. Gives how many. */
export function putWords(out: PageBytes, { starts, bytes }: RecordWords): number {
  const count = Math.max(1, starts.length - 1);
  out.room(bytes.length + count * 4 + 4);
  const into = out.bytes;
  const given = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const view = new DataView(into.buffer);
  let at = out.length;
  for (let word = 0, start = 0; word < count; word++) {
    const end = starts.length > 1 ? starts[word + 1]! : 0;
    view.setUint32(at, end - start, true);
    at += 4;
    // Four bytes at a time, some behind the end, which the next text writes over: half of the time of single ones.
    let place = start;
    if (end + 3 <= bytes.length) {
      for (; place < end; place += 4) view.setUint32(at + place - start, given.getUint32(place, true), true);
    } else for (; place < end; place++) into[at + place - start] = bytes[place]!;
    at += end - start;
    start = end;
  }
  out.length = at;
  return count;
}

/** Which rows have a value: all as a run, or a bit for each as the batch has them. */
export function putPresence(out: PageBytes, rows: number, valid: Uint8Array | null): void {
  const run: number[] = [];
  const bytes = (rows + 7) >> 3;
  if (valid === null) {
    putVarint(run, rows * 2);
    run.push(1);
  } else putVarint(run, bytes * 2 + 1);
  const size = run.length + (valid === null ? 0 : bytes);
  out.put([size & 255, (size >> 8) & 255, (size >> 16) & 255, size >> 24]);
  out.put(run);
  if (valid !== null) out.put(valid.subarray(0, bytes));
}

/** Numbers of present rows, of one or two words each. */
export function putNumbers(
  out: PageBytes,
  rows: number,
  data: Uint8Array<ArrayBuffer>,
  valid: Uint8Array | null,
  words: 1 | 2,
): void {
  if (valid === null) out.put(data);
  else {
    const kept = presentWords(rows, data, valid, words);
    out.put(new Uint8Array(kept.buffer, 0, kept.length * 4));
  }
}

/** Those of present rows, of one or two words each, without the rest. */
export function presentWords(
  rows: number,
  data: Uint8Array<ArrayBuffer>,
  valid: Uint8Array,
  words: 1 | 2,
): Uint32Array<ArrayBuffer> {
  const from = new Uint32Array(data.buffer, data.byteOffset, rows * words);
  const kept = new Uint32Array(rows * words);
  let count = 0;
  for (let row = 0; row < rows;) {
    // Absent rows are few: bytes of eight present ones are copied as a run.
    let end = row;
    while (end + 8 <= rows && valid[end >> 3] === 255) end += 8;
    if (end > row) {
      kept.set(from.subarray(row * words, end * words), count);
      count += (end - row) * words;
      row = end;
    }
    for (end = Math.min(rows, row + 8); row < end; row++) {
      if ((valid[row >> 3]! & (1 << (row & 7))) === 0) continue;
      kept[count++] = from[row * words]!;
      if (words === 2) kept[count++] = from[row * 2 + 1]!;
    }
  }
  return kept.subarray(0, count);
}
