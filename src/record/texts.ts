/**
 * Texts that are copied into many records.
 *
 * In:    a text. Out: its number, and its bytes copied wherever a record needs them.
 * Holds: a text is encoded and kept once, all in one memory, however many records have it.
 * Fails: never, but for memory.
 */
import type { Views } from '../model/linear-memory.ts';
import { PlainMemory } from '../model/linear-memory.ts';
import { SLACK } from './print-loops.ts';

const encoder = new TextEncoder();

/** Encoded texts, each once; a text is named by a number, `start[n]` and `end[n]` are its place in the memory. */
export class Texts {
  memory: Views = new PlainMemory(4096);
  start = new Int32Array(256);
  end = new Int32Array(256);
  #count = 0;
  readonly #numbers = new Map<string, number>();

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
    this.memory.reserve(from + encoded.length + SLACK);
    this.memory.u8.set(encoded, from);
    this.start[number] = from;
    this.end[number] = from + encoded.length;
    this.#numbers.set(text, number);
    return number;
  }

  /** Copies a text to `at`; returns where it ends. */
  copy(out: Uint8Array, at: number, number: number): number {
    const { u8 } = this.memory;
    const end = this.end[number]!;
    for (let i = this.start[number]!; i < end; i++) out[at++] = u8[i]!;
    return at;
  }

  /** Where a text is: sets words `at` and `at + 1` to its begin and length. */
  place(words: Int32Array, at: number, number: number): void {
    words[at] = this.start[number]!;
    words[at + 1] = this.lengthOf(number);
  }

  /** Bytes of a text. */
  lengthOf(number: number): number {
    return this.end[number]! - this.start[number]!;
  }
}

/** The same numbers in an array twice as long; the rest is 0. */
function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length * 2);
  longer.set(array);
  return longer;
}
