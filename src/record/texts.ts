/**
 * Texts that are copied into many records.
 *
 * In:    a text. Out: its number, and its bytes copied wherever a record needs them.
 * Holds: a text is encoded and kept once, all in one array, however many decisions or interfaces have it.
 * Fails: never, but for memory.
 */
const encoder = new TextEncoder();

/** Encoded texts, each once; a text is named by a number, `start[n]` and `end[n]` are its place in `bytes`. */
export class Texts {
  bytes = new Uint8Array(4096);
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
    if (from + encoded.length > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(from + encoded.length, this.bytes.length * 2));
      bytes.set(this.bytes);
      this.bytes = bytes;
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
