/**
 * A text file of records: its format, then its lines.
 *
 * In:    a part whose bytes are text, plain or gzip. Out: the format that its first line gives, and its bytes unpacked.
 * Holds: the format is the header's, else the one that was given; a file with neither whose first line is a record of
 *        fourteen fields has the default format. A file that can be read again is opened anew for its lines; standard
 *        input is kept open.
 * Fails: `format` is null and `problem` says why where the first line is neither, or the bytes are a capture. An error in the middle of a file comes
 *        out of the iteration, behind all that could be read.
 */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, gunzip } from 'node:zlib';
import { isPcap } from '../../collect/capture/decode/pcap.ts';
import { isPcapng } from '../../collect/capture/decode/pcapng.ts';
import { DEFAULT_FORMAT, isHeader, parseLogFormat, readHeader } from '../../record/format.ts';
import type { LogFormat } from '../../record/format.ts';
import type { TablePart } from './source.ts';

const unpack: (bytes: Uint8Array, options: { finishFlush: number }) => Promise<Buffer> = promisify(gunzip);

const CHUNK_BYTES = 1 << 20;
/** A header of every field and the gzip header fit. */
const FIRST_BYTES = 4096;
/** A header of every field there is has a tenth of this. */
const LONGEST_FIRST_LINE = 65_536;
const NEWLINE = 10;

export type TextFile = {
  readonly part: TablePart;
  /** Null: no flow log, or nothing in it. */
  readonly format: LogFormat | null;
  /** The default format was taken for lack of a header. */
  readonly headerless: boolean;
  /** Why there is no format; null for an empty file. */
  readonly problem: string | null;
  /** Chunks of whatever length, the header too. To be asked once. */
  bytes(signal: AbortSignal): AsyncIterable<Uint8Array>;
};

/** Reads the first line of a part. */
export async function openTextFile(part: TablePart, signal: AbortSignal): Promise<TextFile> {
  const begin = part.once === true ? null : await firstBytes(part, signal);
  if (begin !== null) return { part, ...formatOf(begin, part.format), bytes: (later) => plainBytes(part, later) };
  const chunks = plainBytes(part, signal)[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  let problem: string | null = null;
  try {
    held = await upToNewline(chunks);
  } catch (error) {
    signal.throwIfAborted();
    problem = reasonOf(error);
  }
  const found = held.length === 0 ? { format: null, headerless: false, problem } : formatOf(held, part.format);
  const again = part.once !== true;
  if (again) await chunks.return?.(undefined);
  return { part, ...found, bytes: (later) => (again ? plainBytes(part, later) : join(held, chunks)) };
}

/** The begin of a file that can be read again; null where it does not hold a whole line, for whatever reason. */
async function firstBytes(part: TablePart, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    let bytes: Uint8Array = new Uint8Array();
    for await (const chunk of part.store.read(part.ref, { start: 0, end: FIRST_BYTES }, signal)) {
      bytes = Buffer.concat([bytes, chunk]);
    }
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = packed ? await unpack(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
    return plain.includes(NEWLINE) ? plain : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** Words for an error that reading a file met. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'Z_BUF_ERROR') return 'its gzip data ends too early';
  if (code === 'Z_DATA_ERROR') return 'its gzip data is damaged';
  return error instanceof Error ? error.message : String(error);
}

const CAPTURE = 'it is a capture of packets, of which `flowgauge capture -r FILE` makes flow logs';

function isCapture(begin: Uint8Array): boolean {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = begin;
  return isPcap(b0, b1, b2, b3) || isPcapng(b0, b1, b2, b3);
}

/** The format that the begin of a file gives; it holds the first line whole. */
function formatOf(begin: Uint8Array, given: LogFormat | null): Pick<TextFile, 'format' | 'headerless' | 'problem'> {
  if (isCapture(begin)) return { format: null, headerless: false, problem: CAPTURE };
  const line = firstLine(begin);
  if (isHeader(line)) {
    try {
      return { format: readHeader(line), headerless: false, problem: null };
    } catch (error) {
      return { format: null, headerless: false, problem: reasonOf(error) };
    }
  }
  if (given !== null) return { format: given, headerless: false, problem: null };
  const fields = line.trimEnd().split(' ').length;
  if (/^\d/.test(line) && fields === 14) {
    return { format: parseLogFormat(DEFAULT_FORMAT), headerless: true, problem: null };
  }
  const what = /^\d+ /.test(line) ? `a record of ${fields} fields, not of the default format's 14` : 'no header';
  return { format: null, headerless: false, problem: `its first line is ${what}` };
}

/** What comes until there is a whole first line. */
async function upToNewline(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let held: Uint8Array = new Uint8Array();
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return held;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    if (held.includes(NEWLINE) || held.length > LONGEST_FIRST_LINE) return held;
  }
}

/** The first line that is not empty. */
function firstLine(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, LONGEST_FIRST_LINE));
  return /^[\r\n]*([^\n]*?)\r?(?:\n|$)/.exec(text)?.[1] ?? '';
}

async function* join(held: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield held;
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** The bytes of a part, unpacked where they begin as gzip does. */
export async function* plainBytes(part: TablePart, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stored = part.store.read(part.ref, null, signal)[Symbol.asyncIterator]();
  try {
    // The two bytes that tell gzip may come one by one.
    let first: Uint8Array = new Uint8Array();
    while (first.length < 2) {
      const next = await stored.next();
      if (next.done === true) break;
      first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
    }
    if (first.length === 0) return;
    const all = join(first, stored);
    if (first[0] !== 0x1f || first[1] !== 0x8b) {
      yield* all;
      return;
    }
    const packed = Readable.from(all, { objectMode: false, highWaterMark: CHUNK_BYTES });
    const plain = createGunzip({ chunkSize: CHUNK_BYTES });
    packed.on('error', (error) => plain.destroy(error));
    try {
      for await (const chunk of packed.pipe(plain)) yield chunk as Uint8Array;
    } finally {
      packed.destroy();
      plain.destroy();
    }
  } finally {
    await stored.return?.(undefined);
  }
}
