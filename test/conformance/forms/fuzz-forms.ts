/**
 * Files for the fuzzer of what tells forms, and what must hold of each.
 *
 * In:    chance, and files to begin from. Out: a file; the promise that one breaks, or null.
 * Holds: the same seed gives the same files. Promises: nothing throws but for a packing that is broken; what comes out does not
 *        depend on how the bytes were cut; it is no more than a small multiple of what came in, and neither is the time.
 */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { PackingError } from '../../../src/collect/capture/sources/unpack.ts';
import { unpacked, unpackedBegin, whyUnread } from '../../../src/lake/read/forms/packing.ts';
import { lookAtText, recordLines } from '../../../src/lake/read/forms/text-form.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../../src/record/format.ts';
import type { LogFormat } from '../../../src/record/format.ts';
import { createParser } from '../../../src/record/parse.ts';
import type { Random } from '../../record/fuzz-lines.ts';
import { DEFAULT_HEADER, NODATA, RECORD, REJECTED } from './zoo.ts';

/** Bytes out for a byte in: a fault of two bytes becomes a line of three. */
const MOST_OUT = 3;
const MOST_BYTES = 40_000;
/** Far more than an input of that size takes on a busy machine, and far less than one that goes wrong. */
const MOST_MILLIS = 5000;

const MESSAGES = [RECORD, REJECTED, NODATA];
const STAMP = '2026-11-23T12:05:00.000Z';
const BEGINNINGS: readonly string[] = [
  [DEFAULT_HEADER, ...MESSAGES, ''].join('\n'),
  MESSAGES.map((line) => `${STAMP} ${line}\n`).join(''),
  MESSAGES.map((line) => `${STAMP} eni-0a-all ${line}\n`).join(''),
  `timestamp,message\n${MESSAGES.map((line) => `1795435500000,"${line}"\n`).join('')}`,
  MESSAGES.map((line) => `EVENTS\t1\t${line}\t2\n`).join(''),
  `${MESSAGES.join('\t')}\n`,
  MESSAGES.map((message) => JSON.stringify({ message })).join(''),
  JSON.stringify({ logEvents: MESSAGES.map((message) => ({ id: '1', message })) }),
  JSON.stringify(MESSAGES, null, 1),
  `srcaddr dstaddr action\n10.0.0.1 10.0.0.2 ACCEPT\naction dstaddr srcaddr\nACCEPT 10.0.0.2 10.0.0.1\n`,
];
const PIECES: readonly string[] = BEGINNINGS.concat(
  [
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '\0',
    '-',
    '\ufeff',
    '\x1f\x8b',
    '\x28\xb5\x2f\xfd',
  ],
  [
    '{"message":',
    '{"logEvents":[',
    '"message":"',
    '\\u00e9',
    '\\ud83d\\ude00',
    '\\ud83d',
    '\\u00',
    '}{',
    '"}{"',
    'null',
  ],
  [STAMP, 'EVENTS\t', 'b/1\tf/2', 'SEARCHEDLOGSTREAMS\t', 'CWL CONTROL MESSAGE', 'PAR1', DEFAULT_HEADER, 'srcaddr'],
  ['['.repeat(200), '{"a":'.repeat(100), ' '.repeat(300), 'x'.repeat(5000)],
);

/** The next file. */
export function nextFile(random: Random, kept: readonly Uint8Array[]): Uint8Array {
  let bytes: Buffer =
    random.once(3) && kept.length > 0 ? Buffer.from(random.of(kept)) : Buffer.from(random.of(BEGINNINGS));
  for (let changes = random.next(6); changes > 0; changes--) bytes = changed(random, bytes);
  if (random.once(6)) bytes = random.once(2) ? gzipSync(bytes) : zstdCompressSync(bytes);
  if (random.once(8)) bytes = gzipSync(bytes);
  for (let changes = random.next(8) - 4; changes > 0; changes--) bytes = changed(random, bytes);
  return bytes.subarray(0, MOST_BYTES);
}

function changed(random: Random, bytes: Buffer): Buffer {
  const at = random.next(bytes.length + 1);
  const end = Math.min(bytes.length, at + random.next(random.once(3) ? 2000 : 8));
  switch (random.next(6)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 2:
      return bytes.subarray(0, at);
    case 3: {
      const copy = Buffer.from(bytes);
      for (let n = at; n < end; n++) copy[n] = random.next(256);
      return copy;
    }
    case 4:
      return Buffer.concat([bytes, Buffer.from(random.of(PIECES), 'latin1')]);
    default:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.of(PIECES)), bytes.subarray(at)]);
  }
}

/** What a file breaks, or null. */
export async function brokenPromise(random: Random, bytes: Uint8Array): Promise<string | null> {
  const from = performance.now();
  try {
    return (await broken(random, bytes)) ?? (performance.now() - from > MOST_MILLIS ? 'it takes too long' : null);
  } catch (error) {
    return `it throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

async function broken(random: Random, bytes: Uint8Array): Promise<string | null> {
  unpackedBegin(bytes.subarray(0, random.next(bytes.length + 1)));
  const plain = await plainOf(bytes, [bytes]);
  if ('problem' in plain) return plain.problem;
  const cut = await plainOf(bytes, piecesOf(random, bytes));
  if ('problem' in cut) return cut.problem;
  if (plain.isWhole !== cut.isWhole) return 'damage depends on how it is cut';
  if (plain.isWhole && !plain.bytes.equals(cut.bytes)) return 'plain bytes depend on how it is cut';
  for (const given of [null, parseLogFormat(DEFAULT_FORMAT), parseLogFormat('srcaddr bytes')]) {
    lookAtText(plain.bytes.subarray(0, random.next(plain.bytes.length + 1)), false, given);
    const problem = await brokenLines(random, plain.bytes, given);
    if (problem !== null) return problem;
  }
  return null;
}

async function plainOf(
  bytes: Uint8Array,
  pieces: readonly Uint8Array[],
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean } | { readonly problem: string }> {
  const got: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of unpacked(each(pieces))) {
      // A few bytes may become millions: enough of them are looked at.
      if ((size += piece.length) > MOST_BYTES * 10) break;
      got.push(Buffer.from(piece));
    }
  } catch (error) {
    const isPacking = error instanceof PackingError || /^its gzip|^behind byte/.test(whyUnread(error));
    if (!isPacking) return { problem: `unpacking throws ${String(error)} of ${bytes.length} bytes` };
    return { bytes: Buffer.concat(got), isWhole: false };
  }
  return { bytes: Buffer.concat(got), isWhole: true };
}

async function brokenLines(random: Random, plain: Buffer, given: LogFormat | null): Promise<string | null> {
  const look = lookAtText(plain, true, given);
  if (look === null) return 'nothing is said of a whole file';
  if ((look.format === null) !== (look.header === null)) return 'it has either a format or a header';
  if (look.format === null) return null;
  const lines = await gathered(recordLines(look, each([plain])));
  const cut = await gathered(recordLines(look, each(piecesOf(random, plain))));
  if (!lines.equals(cut)) return `lines depend on how they are cut: ${look.form}`;
  if (lines.length > plain.length * MOST_OUT + MOST_OUT) return `${plain.length} bytes become ${lines.length}`;
  if (look.form === 'lines' && linesOf(lines) !== linesOf(plain)) return 'the number of lines changes';
  const parser = createParser({ format: look.format, columns: null, origin: '' });
  let rows = 0;
  for (const batch of [...parser.push(lines), ...parser.end()]) rows += batch.rows;
  const most = countOf(lines) + 1;
  return rows + parser.badLines <= most ? null : `${rows} rows and ${parser.badLines} bad of ${most} lines`;
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function gathered(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const got: Uint8Array[] = [];
  for await (const piece of pieces) got.push(piece);
  return Buffer.concat(got);
}

function piecesOf(random: Random, bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + random.next(random.once(3) ? 4 : bytes.length);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** Lines, the last with or without newline. */
function linesOf(bytes: Buffer): number {
  return countOf(bytes) + (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0);
}

function countOf(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
