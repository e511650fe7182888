/**
 * A text file of records: its form and format, then its lines.
 *
 * In:    a part whose bytes are text, plain, gzip or zstd. Out: the format of its records, and its bytes as record lines.
 * Holds: what a file is, its first bytes say. A file that can be read again is opened anew for its lines; standard
 *        input is kept open.
 * Fails: `format` is null and `problem` says why where it is no flow log. An error in the middle of a file comes out of the
 *        iteration, behind all that could be read.
 */
import type { LogFormat } from '../../record/format.ts';
import { join, unpacked, unpackedBegin, whyUnread } from './forms/packing.ts';
import type { TextLook } from './forms/text-form.ts';
import { LONGEST_FIRST_LINE, NOTHING, lookAtText, recordLines } from './forms/text-form.ts';
import type { TablePart } from './source.ts';

/** A header of every field and the gzip header fit; some lines without header too. */
export const FIRST_BYTES = 4096;

export type TextFile = TextLook & {
  /** With the format of its records where they have no header. */
  readonly part: TablePart;
  /** Record lines in pieces of whatever length, the header too. To be asked once. */
  bytes(signal: AbortSignal): AsyncIterable<Uint8Array>;
};

/** Looks at the begin of a part. */
export async function openTextFile(part: TablePart, signal: AbortSignal): Promise<TextFile> {
  const again = (look: TextLook): TextFile =>
    fileOf(part, look, (later) => unpacked(part.store.read(part.ref, null, later)));
  if (part.once !== true) {
    const begin = await firstBytes(part, signal);
    const look = begin === null ? null : lookAtText(begin, false, part.format);
    if (look !== null) return again(look);
  }
  const chunks = unpacked(part.store.read(part.ref, null, signal))[Symbol.asyncIterator]();
  const { held, look } = await lookOn(chunks, part.format, signal);
  if (part.once === true) return fileOf(part, look, () => join(held, chunks));
  await chunks.return?.(undefined);
  return again(look);
}

function fileOf(part: TablePart, look: TextLook, plain: (signal: AbortSignal) => AsyncIterable<Uint8Array>): TextFile {
  return {
    ...look,
    part: look.headerless ? { ...part, format: look.format } : part,
    bytes: (signal) => recordLines(look, plain(signal)),
  };
}

/** The begin of a file that can be read again; null where it cannot be unpacked so. */
async function firstBytes(part: TablePart, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    let bytes: Uint8Array = new Uint8Array();
    for await (const chunk of part.store.read(part.ref, { start: 0, end: FIRST_BYTES }, signal)) {
      bytes = Buffer.concat([bytes, chunk]);
    }
    return unpackedBegin(bytes);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** Reads until it can be told what the text is. */
async function lookOn(
  chunks: AsyncIterator<Uint8Array>,
  given: LogFormat | null,
  signal: AbortSignal,
): Promise<{ held: Uint8Array; look: TextLook }> {
  let held: Uint8Array = new Uint8Array();
  for (;;) {
    let isAll = false;
    try {
      const next = await chunks.next();
      if (next.done === true) isAll = true;
      else held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    } catch (error) {
      signal.throwIfAborted();
      // The last line is cut: a header of which the end is missing would give its fields other names.
      return { held, look: lookAtText(held, false, given) ?? { ...NOTHING, problem: whyUnread(error) } };
    }
    const look = lookAtText(held, isAll || held.length > LONGEST_FIRST_LINE, given);
    if (look !== null) return { held, look };
  }
}
