/**
 * Lines that stand under the header of another format, as files that were put one behind the other have them.
 *
 * In:    record lines in pieces, and the header that they stand under. Out: the same lines; those behind a header of other
 *        names, or of the same in another order, are no records any more, so that they are counted. The own header takes back.
 * Holds: the number of lines stays. Pieces without such a header are passed on as they are, cut at a newline. A header is
 *        looked for by the name that every format with addresses has: a look at each line would cost a tenth of reading it.
 * Fails: as the pieces do, behind all that came before.
 */
import { fieldNamed } from '../../../record/fields/list.ts';
import { isHeader } from '../../../record/format.ts';
import { LONGEST_LINE } from '../../../record/line-code.ts';
import { LineBuffer } from './line-buffer.ts';

const LF = 10;
const CR = 13;
const MARK = Buffer.from('srcaddr');

/**
 * The lines.
 *
 * @param header   the file's own header line, or the one that its format would have
 * @param onOther  told of a header of another format
 */
export async function* ownLines(
  header: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onOther: () => void = () => {},
): AsyncGenerator<Uint8Array> {
  const lines = new OwnLines(header, onOther);
  let carry: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of pieces) {
      let rest: Buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      const first = rest.indexOf(LF) + 1;
      if (first === 0 && carry.length + rest.length <= LONGEST_LINE) {
        carry = Buffer.concat([carry, rest]);
        continue;
      }
      if (carry.length > 0) {
        const end = first === 0 ? rest.length : first;
        yield lines.of(Buffer.concat([carry, rest.subarray(0, end)]));
        rest = rest.subarray(end);
      }
      const last = rest.lastIndexOf(LF) + 1;
      if (last > 0) yield lines.of(rest.subarray(0, last));
      // The rest is a cut line, or one that is longer than any.
      carry = Buffer.from(rest.subarray(last));
    }
  } catch (error) {
    if (carry.length > 0) yield lines.of(carry);
    throw error;
  }
  if (carry.length > 0) yield lines.of(carry);
}

class OwnLines {
  readonly #own: Buffer;
  readonly #names: string;
  readonly #onOther: () => void;
  #isOther = false;

  constructor(header: string, onOther: () => void) {
    this.#own = Buffer.from(header);
    this.#onOther = onOther;
    this.#names = namesOf(header);
  }

  /** Lines, of which the last may lack its newline. */
  of(lines: Buffer): Uint8Array {
    return this.#isOther || this.#hasOther(lines) ? this.#rewritten(lines) : lines;
  }

  #hasOther(lines: Buffer): boolean {
    for (let at = lines.indexOf(MARK); at >= 0;) {
      const from = lines.lastIndexOf(LF, at) + 1;
      const end = endOf(lines, at);
      if (this.#kindOf(lines, from, end) !== 'record') return true;
      at = end >= lines.length ? -1 : lines.indexOf(MARK, end);
    }
    return false;
  }

  /** `own` is one that is not written as the file's own. */
  #kindOf(lines: Buffer, from: number, end: number): 'record' | 'own' | 'other' {
    const to = lines[end - 1] === CR ? end - 1 : end;
    if (to - from > LONGEST_LINE || lines.subarray(from, to).equals(this.#own)) return 'record';
    const line = lines.toString('latin1', from, to);
    if (!line.includes('srcaddr') || !isHeader(line)) return 'record';
    if (namesOf(line) === this.#names) return 'own';
    const names = line.split(' ');
    // A record of words may have a field's name by chance, as the value of a tag.
    const known = names.filter((name) => fieldNamed(name.replaceAll('_', '-')) !== undefined);
    return known.length * 2 > names.length ? 'other' : 'record';
  }

  #rewritten(lines: Buffer): Uint8Array {
    const out = new LineBuffer();
    for (let from = 0; from < lines.length;) {
      const end = endOf(lines, from);
      const to = end > from && lines[end - 1] === CR ? end - 1 : end;
      if (lines.subarray(from, to).equals(this.#own)) this.#isOther = false;
      else {
        const kind = this.#kindOf(lines, from, end);
        if (kind !== 'record') this.#isOther = kind === 'other';
        if (kind === 'other') this.#onOther();
        if (kind === 'own') {
          out.line(this.#own);
          from = end + 1;
          continue;
        }
      }
      if (this.#isOther && to > from) out.broken();
      else if (end < lines.length) out.line(lines, from, end);
      else out.part(lines, from, end);
      from = end + 1;
    }
    return out.bytes();
  }
}

function endOf(lines: Buffer, from: number): number {
  const end = lines.indexOf(LF, from);
  return end < 0 ? lines.length : end;
}

function namesOf(header: string): string {
  return header.replaceAll('_', '-');
}
