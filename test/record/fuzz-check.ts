/**
 * What the parser of record text promises, checked on any bytes.
 *
 * In:    the bytes of a file, and a number that says how they are read: cut where, which columns, how many rows a batch.
 * Out:   the promise that was broken, or null.
 * Holds: nothing is thrown but for a header that is none; what is read, and what is counted and said of broken lines, is
 *        what a plain reading says, wherever the bytes are cut. Batches are full but for the last and those with broken lines, the texts of a
 *        dictionary are all different, nothing is kept of a piece that was given or of a batch that was given back.
 */
import { FlowgaugeError } from '../../src/model/errors.ts';
import { formatText, parseLogFormat } from '../../src/record/format.ts';
import { textsOf } from '../../src/record/columns.ts';
import { createParser } from '../../src/record/parse.ts';
import { printColumns } from '../../src/record/print-columns.ts';
import { createTextBlock, reserve } from '../../src/record/text-block.ts';
import { FORMATS, Random } from './fuzz-lines.ts';
import { readPlainly } from './plain-reading.ts';
import type { RecordColumns } from '../../src/record/columns.ts';
import type { TextBlock } from '../../src/record/text-block.ts';
import type { PlainReading, PlainTrouble } from './plain-reading.ts';

/** How a file is read. */
type Manner = {
  /** Names of the format that the file is said to have. */
  readonly told: readonly string[] | null;
  readonly columns: readonly string[] | null;
  readonly rowsPerBatch: number;
  /** Pieces end here; the end of the file not included. */
  readonly cuts: readonly number[];
  /** Reads values without `printColumns`. */
  readonly byHand: boolean;
};

function cutsOf(random: Random, length: number): number[] {
  const anywhere = (): number => random.next(length + 1);
  switch (random.next(4)) {
    case 0:
      return Array.from({ length: 1 + random.next(5) }, anywhere).sort((a, b) => a - b);
    case 1: {
      // Pieces of one odd length: few bytes where there are few.
      const step = 1 + 2 * random.next(length < 10_000 ? 40 : 4000);
      return Array.from({ length: Math.floor(length / step) }, (_, n) => (n + 1) * step);
    }
    default:
      return [];
  }
}

function mannerOf(seed: number, bytes: Uint8Array): Manner {
  const random = new Random(seed);
  const cuts = cutsOf(random, bytes.length);
  const told = random.once(5) ? random.of(FORMATS.filter((names) => !names.includes('my_own'))).split(' ') : null;
  let columns: string[] | null = null;
  if (random.once(3)) {
    const end = bytes.indexOf(10);
    const first = Buffer.from(bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 2000))).toString('latin1');
    const names = /^[A-Za-z]/.test(first) ? first.trimEnd().split(' ') : (told ?? FORMATS[0]!.split(' '));
    columns = Array.from({ length: random.next(5) }, () => random.of(random.once(9) ? ['nobody_has_it'] : names));
    if (random.once(2)) columns = columns.map((name) => name.replaceAll('-', '_'));
  }
  return { told, columns, cuts, rowsPerBatch: random.of([64, 128, 1024, 32_768]), byHand: random.once(4) };
}

/** Prints a batch with nothing of ours. */
function printByHand({ columns, rows }: RecordColumns): string {
  const readers = columns.map(({ data, valid, dictionary: words, type }) => {
    const dictionary = words === null ? null : textsOf(words);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return (row: number): string => {
      if (valid !== null && ((valid[row >> 3]! >> (row & 7)) & 1) === 0) return '-';
      if (dictionary !== null) return dictionary[view.getUint32(row * 4, true)]!;
      return type === 'i64' ? String(view.getBigInt64(row * 8, true)) : String(view.getInt32(row * 4, true));
    };
  });
  let text = '';
  for (let row = 0; row < rows; row++) text += `${readers.map((reader) => reader(row)).join(' ')}\n`;
  return text;
}

type Reading = { readonly text: TextBlock; readonly badCount: number; readonly bad: readonly PlainTrouble[] };

/** Reads with the parser; a text is a promise that was broken on the way. */
function read(bytes: Uint8Array, manner: Manner): Reading | { readonly code: string } | string {
  const { told, columns, rowsPerBatch, cuts } = manner;
  const format = told === null ? null : parseLogFormat(formatText(told));
  const parser = createParser({ format, columns, origin: 'fuzz', rowsPerBatch });
  const text = createTextBlock();
  let trouble: string | null = null;
  let rows = rowsPerBatch;
  const take = (batches: readonly RecordColumns[]): void => {
    for (const batch of batches) {
      if (rows !== rowsPerBatch && parser.badLines === 0) trouble = `a batch of ${rows} rows has another behind it`;
      rows = batch.rows;
      if (rows === 0 || rows > rowsPerBatch) trouble = `a batch has ${rows} rows`;
      for (const { name, dictionary: words } of batch.columns) {
        const dictionary = words === null ? null : textsOf(words);
        const isTwice = dictionary !== null && new Set(dictionary).size < dictionary.length;
        if (isTwice) trouble = `the dictionary of ${name} has a text twice`;
      }
      if (manner.byHand) append(text, Buffer.from(printByHand(batch)));
      else printColumns(batch, text);
      parser.giveBack(batch.buffer);
      new Uint8Array(batch.buffer).fill(0xa5);
    }
  };
  try {
    let from = 0;
    const piece = new Uint8Array(cuts.reduce((most, cut, n) => Math.max(most, cut - (cuts[n - 1] ?? 0)), 0));
    for (const to of cuts) {
      const given = piece.subarray(0, to - from);
      given.set(bytes.subarray(from, to));
      const batches = parser.push(given);
      piece.fill(0x39);
      take(batches);
      from = to;
    }
    take(parser.push(bytes.subarray(from)));
    take(parser.end());
  } catch (error) {
    if (error instanceof FlowgaugeError) return { code: error.code };
    return `it throws ${error instanceof Error ? error.stack : String(error)}`;
  }
  if (trouble !== null) return trouble;
  const bad = parser.described.map(({ line, cause, field }) => [line, cause, field] as const);
  return { text, badCount: parser.badLines, bad };
}

function append(to: TextBlock, more: Uint8Array): void {
  reserve(to, more.length).set(more, to.length);
  to.length += more.length;
}

/** Where two readings differ; null where they do not. */
function difference(real: Reading, plain: PlainReading): string | null {
  const bytes = Buffer.from(real.text.bytes.buffer, real.text.bytes.byteOffset, real.text.length);
  if (bytes.compare(Buffer.from(plain.text, 'latin1')) !== 0) {
    const ours = bytes.toString('latin1').split('\n');
    const theirs = plain.text.split('\n');
    const at = ours.findIndex((line, n) => line !== theirs[n]);
    const row = at < 0 ? ours.length - 1 : at;
    return `row ${row} is ${shown(ours[row])}, in a plain reading ${shown(theirs[row])}`;
  }
  if (real.badCount !== plain.badCount)
    return `${real.badCount} lines are broken, in a plain reading ${plain.badCount}`;
  const at = real.bad.findIndex((one, n) => JSON.stringify(one) !== JSON.stringify(plain.bad[n]));
  if (at < 0 && real.bad.length === plain.bad.length) return null;
  return `broken line ${JSON.stringify(real.bad[at])}, in a plain reading ${JSON.stringify(plain.bad[at])}`;
}

const shown = (text: string | undefined): string => JSON.stringify(text)?.slice(0, 300) ?? 'not there';

/**
 * Checks all promises on one file.
 *
 * @param seed  how it is read
 */
export function brokenPromise(bytes: Uint8Array, seed: number): string | null {
  const manner = mannerOf(seed, bytes);
  const real = read(bytes, manner);
  if (typeof real === 'string') return real;
  const plain = readPlainly(bytes, manner.told, manner.columns);
  if (!('code' in real) && typeof plain !== 'string') return difference(real, plain);
  const code = 'code' in real ? real.code : 'no error';
  const expected = typeof plain === 'string' ? plain : 'none';
  return code === expected ? null : `it ends with ${code}, a plain reading with ${expected}`;
}

/** Ways in which every kept input is read. */
export const WAYS = 40;

/** A way in which a promise is broken: this one, or for small files one of those that kept inputs are read in. */
function breakingSeed(bytes: Uint8Array, seed: number): number | null {
  if (brokenPromise(bytes, seed) !== null) return seed;
  if (bytes.length < 200_000) for (let way = 1; way <= WAYS; way++) if (brokenPromise(bytes, way) !== null) return way;
  return null;
}

/** Leaves out lines as long as a promise stays broken; the seed may become another. At most ten seconds. */
export function shrink(bytes: Uint8Array, seed: number): { bytes: Uint8Array; seed: number } {
  const until = performance.now() + 10_000;
  let lines = Buffer.from(bytes).toString('latin1').split('\n');
  let broken = { bytes, seed };
  for (let size = lines.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < lines.length && performance.now() < until;) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      const rest = new Uint8Array(Buffer.from(fewer.join('\n'), 'latin1'));
      const found = breakingSeed(rest, broken.seed);
      if (found === null) at += size;
      else {
        lines = fewer;
        broken = { bytes: rest, seed: found };
      }
    }
  }
  return broken;
}
