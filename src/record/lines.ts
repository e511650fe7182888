/**
 * A group of lines being printed, one field of all of them after the other.
 *
 * In:    the columns of a group, field by field. Out: the lines one after the other in text blocks.
 * Holds: every line has room of the same width, so each field is a small loop of its own over the lines, which the
 *        processor runs ahead in; a record at a time took four times as long. Writers put a space behind each field; the
 *        last one becomes the newline. Nothing but text is ever in `bytes`.
 * Fails: never, but for memory.
 */
import { reserve } from './text-block.ts';
import type { TextBlock } from './text-block.ts';

/** Most lines of a group: what is in print stays in the first-level cache. */
export const GROUP_LINES = 64;

/** Writers may write this far behind a line's end: whole words are written, whatever the text's length. */
export const SLACK = 32;
const NEWLINE = 10;

export class Lines {
  count = 0;
  /** All lines: line `i` begins at `i * width`. `view` is over the same bytes. */
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  /** Where each line ends so far. */
  readonly ends = new Int32Array(GROUP_LINES);
  #width = 0;

  /** Begins `count` empty lines of at most `width` bytes. */
  begin(count: number, width: number): void {
    if (width + SLACK > this.#width) {
      this.#width = Math.ceil((width + SLACK) / 8) * 8;
      this.bytes = new Uint8Array(this.#width * GROUP_LINES);
      this.view = new DataView(this.bytes.buffer);
    }
    this.count = count;
    for (let i = 0; i < count; i++) this.ends[i] = i * this.#width;
  }

  /** Adds lines `[from, to)` to a block. */
  give(from: number, to: number, block: TextBlock): void {
    const { ends, view } = this;
    const width = this.#width;
    const out = reserve(block, (to - from) * width);
    const outView = new DataView(out.buffer, out.byteOffset, out.byteLength);
    let at = block.length;
    for (let i = from; i < to; i++) {
      const begin = i * width;
      const length = ends[i]! - begin;
      copyWords(outView, at, view, begin, length);
      at += length;
      out[at - 1] = NEWLINE;
    }
    block.length = at;
  }
}

/**
 * Copies `length` bytes of text, and less than `SLACK` more: 32 at a time, as doubles. Nothing is called, unlike `set`,
 * and no box made, unlike BigInts: a quarter of the time of `set` for a line. No text is a NaN, whose bits might change:
 * its last byte would be 0x7f or 0xff, which UTF-8 without control characters does not have.
 */
export function copyWords(to: DataView, at: number, source: DataView, from: number, length: number): void {
  for (let i = 0; i < length; i += 32) {
    to.setFloat64(at + i, source.getFloat64(from + i, true), true);
    to.setFloat64(at + i + 8, source.getFloat64(from + i + 8, true), true);
    to.setFloat64(at + i + 16, source.getFloat64(from + i + 16, true), true);
    to.setFloat64(at + i + 24, source.getFloat64(from + i + 24, true), true);
  }
}
