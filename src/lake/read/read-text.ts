/**
 * One text file, or a range of one, into batches of columns.
 *
 * In:    its bytes unpacked. Out: batches, and at its end what was read and what was wrong.
 * Holds: what was read of a file that ends early is kept: its last, cut line is not. The same in every thread.
 * Fails: with the errors of whoever takes the batches; an error of the bytes is what the end says.
 */
import type { BadLine } from '../../api/note.ts';
import type { RecordColumns } from '../../record/columns.ts';
import type { RecordParser } from '../../record/parse.ts';
import { whyUnread } from './forms/packing.ts';

/** What there is to say of a text when it has ended. */
export type TextEnd = {
  /** Lines, the header included. */
  readonly lines: number;
  readonly rows: number;
  readonly badLines: number;
  readonly first: BadLine | null;
  /** Why it was not read to its end. */
  readonly problem: string | null;
  /** Lines of another format were in it, behind a header of their own. Only told of a range. */
  readonly otherHeader: boolean;
};

/** Who takes what is read. */
export type TextTaker = {
  /** Its buffer is used again when this comes back. */
  readonly batch: (batch: RecordColumns) => void;
  /** Bytes that were read, as unpacked. */
  readonly bytes: (count: number) => void;
};

const NEWLINE = 10;
/** Behind a line that was cut: no field is empty, so with this it is no record, however many fields it had. */
const BREAK = Buffer.from('  \n');

/** Reads a text. The signal ends it with its reason. */
export async function readText(
  text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  parser: RecordParser,
  taker: TextTaker,
  signal: AbortSignal,
): Promise<TextEnd> {
  const chunks = Symbol.asyncIterator in text ? text[Symbol.asyncIterator]() : text[Symbol.iterator]();
  let rows = 0;
  const take = (batches: readonly RecordColumns[]): void => {
    for (const batch of batches) {
      rows += batch.rows;
      taker.batch(batch);
      parser.giveBack(batch.buffer);
    }
  };
  let last = NEWLINE;
  let problem: string | null = null;
  try {
    for (;;) {
      let next;
      try {
        next = await chunks.next();
      } catch (error) {
        signal.throwIfAborted();
        problem = whyUnread(error);
        if (last !== NEWLINE) take(parser.push(BREAK));
        break;
      }
      if (next.done === true) break;
      signal.throwIfAborted();
      const { length } = next.value;
      if (length === 0) continue;
      last = next.value.at(-1)!;
      take(parser.push(next.value));
      taker.bytes(length);
    }
  } finally {
    await chunks.return?.(undefined);
  }
  take(parser.end());
  const { lines, badLines, described } = parser;
  return { lines, rows, badLines, first: described[0] ?? null, problem, otherHeader: false };
}
