/**
 * Texts that are copied into many records.
 *
 * In:    a text. Out: its number, and its bytes copied wherever a record needs them.
 * Holds: a text is encoded and kept once, all in one array, however many records have it.
 * Fails: never, but for memory.
 */
import { GROUP_LINES, SLACK, copyWords } from './lines.ts';
import type { Lines } from './lines.ts';

const encoder = new TextEncoder();

/** Encoded texts, each once; a text is named by a number, `start[n]` and `end[n]` are its place in `bytes`. */
export class Texts {
  bytes = new Uint8Array(4096);
  start = new Int32Array(256);
  end = new Int32Array(256);
  #view = new DataView(this.bytes.buffer);
  #count = 0;
  readonly #numbers = new Map<string, number>();
  readonly from = new Int32Array(GROUP_LINES);
  readonly length = new Int32Array(GROUP_LINES);

  /** The number of a text; encodes it at first sight. */
  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const encoded = encoder.encode(text);
    const number = this.#count++;
    const from = number === 0 ? 0 : this.end[number - 1]!;
    if (number === this.start.length) {
      this.start = grown(this.start);
      this.end = grown(this.end);
    }
    if (from + encoded.length + SLACK > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(from + encoded.length + SLACK, this.bytes.length * 2));
      bytes.set(this.bytes);
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    this.bytes.set(encoded, from);
    this.start[number] = from;
    this.end[number] = from + encoded.length;
    this.#numbers.set(text, number);
    return number;
  }

  /** Copies a text to `at`; returns where it ends. */
  copy(out: Uint8Array, at: number, number: number): number {
    const { bytes } = this;
    const end = this.end[number]!;
    for (let i = this.start[number]!; i < end; i++) out[at++] = bytes[i]!;
    return at;
  }

  /** Where a text is, as `write` wants it: sets words `2n` and `2n + 1` of `places`. */
  place(places: Int32Array, n: number, number: number): void {
    places[n * 2] = this.start[number]!;
    places[n * 2 + 1] = this.lengthOf(number);
  }

  /** Writes a text into each line: that at place `keys[i]` of `places` into line `i`. */
  write(lines: Lines, places: Int32Array, keys: Int32Array): void {
    const { count, view, ends } = lines;
    const source = this.#view;
    const { from, length } = this;
    // First all places, then all texts: the processor waits for several words of a table at once, if the loop is short.
    for (let i = 0; i < count; i++) {
      const place = keys[i]! * 2;
      from[i] = places[place]!;
      length[i] = places[place + 1]!;
    }
    for (let i = 0; i < count; i++) {
      const at = ends[i]!;
      const bytes = length[i]!;
      copyWords(view, at, source, from[i]!, bytes);
      ends[i] = at + bytes;
    }
  }

  /** Bytes of a text. */
  lengthOf(number: number): number {
    return this.end[number]! - this.start[number]!;
  }
}

/** The same numbers in an array at least twice as long; the rest is 0. */
export function grown(array: Int32Array<ArrayBuffer>, atLeast: number = 0): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(atLeast, array.length * 2));
  longer.set(array);
  return longer;
}
