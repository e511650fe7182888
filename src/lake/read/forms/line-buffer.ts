/**
 * Lines on their way to the parser of records.
 *
 * In:    lines, one by one. Out: their bytes.
 * Holds: grows to what is put in between two clearings, and is used again.
 * Fails: never.
 */

const FIRST_BYTES = 65_536;
const LF = 10;
/** No field is empty, so this is no record of any format. */
const NO_RECORD: Uint8Array = Uint8Array.of(32, 32);

/** Grows by itself. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  /** Adds `bytes[from, to)` and a newline. */
  line(bytes: Uint8Array, from = 0, to = bytes.length): void {
    this.part(bytes, from, to);
    this.#room(1);
    this.#bytes[this.#length++] = LF;
  }

  /** Adds `bytes[from, to)`. */
  part(bytes: Uint8Array, from: number, to: number): void {
    this.#room(to - from);
    if (to - from < 64) for (let at = from; at < to; at++) this.#bytes[this.#length++] = bytes[at]!;
    else {
      this.#bytes.set(bytes.subarray(from, to), this.#length);
      this.#length += to - from;
    }
  }

  /** Adds a line that is no record, so that it is counted. */
  broken(): void {
    this.line(NO_RECORD);
  }

  /** A copy of what was added. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const longer = Buffer.allocUnsafe((this.#length + bytes) * 2);
    longer.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = longer;
  }
}
