/**
 * What the parser of record text promises, checked on any bytes.
 *
 * In:    bytes. Out: the promise that was broken, or null.
 * Holds: nothing is thrown but for a header that is none; where the bytes are cut does not matter; what is read and what
 *        is counted as broken is what a plain reading, which shares no code with the parser, says.
 */
import { FlowgaugeError } from '../../src/model/errors.ts';
import { isHeader, parseLogFormat, readHeader } from '../../src/record/format.ts';
import { DEFAULT_FORMAT, headerLine } from '../../src/record/format.ts';
import { createParser } from '../../src/record/parse.ts';
import { printColumns } from '../../src/record/print-columns.ts';
import { createTextBlock } from '../../src/record/text-block.ts';
import type { RecordColumns } from '../../src/record/columns.ts';
import type { LogFormat } from '../../src/record/format.ts';

/** Small, seeded, the same everywhere (xorshift). */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }
  /** 0 to `below` - 1. */
  next(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % below;
  }
  /** One of a list. */
  of<T>(list: readonly T[]): T {
    return list[this.next(list.length)]!;
  }
}

const encoder = new TextEncoder();
const FORMATS = [
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  'instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr',
  'start',
  'srcaddr',
  'bytes action my_own packets_lost_blackhole',
  'log-status end tcp-flags type region pkt-src-aws-service traffic-path x-rule-id',
];
const VALUES = [
  ...'- 0 00 9 10 65535 2147483647 2147483648 999999999 1000000000 4294967295 4294967296 1439387263000'.split(' '),
  ...'9007199254740991 9007199254740992 9223372036854775807 9223372036854775808 99999999999999999999'.split(' '),
  ...'1.2.3.4 255.255.255.255 256.1.1.1 01.2.3.4 1.2.3 1.2.3.4.5 ::1 2001:db8::1 1.2.3.4x -1 +1 1e3 0x10'.split(' '),
  ...'eni-1235b8ca123456789 ACCEPT REJECT OK NODATA SKIPDATA 123456789010 012345678901 é -- %2D "a" start'.split(' '),
];
const TROUBLE = ['\n', '\r\n', '\r', ' ', '  ', '\t', '\0', '-', '9', '.', '\n\n', '\uFEFF', '\u2028', '\u0085'];

/** The next input: lines of a format, some of them broken, or a kept input with some bytes changed. */
export function nextInput(random: Random, kept: readonly Uint8Array[]): Uint8Array {
  if (kept.length > 0 && random.next(4) === 0) return spoil(random, random.of(kept));
  const names = random.of(FORMATS);
  const count = names.split(' ').length;
  const lines = random.next(3) === 0 ? [] : [names];
  for (let n = random.next(90); n > 0; n--) {
    const length = random.next(12) === 0 ? random.next(count + 3) : count;
    const safe = random.next(2) === 0;
    lines.push(Array.from({ length }, (_, i) => (safe ? safeValue(random, names, i) : random.of(VALUES))).join(' '));
  }
  if (random.next(200) === 0) lines.push('7'.repeat(65_530 + random.next(12)));
  if (random.next(10) === 0) lines.push(names);
  const text = lines.join(random.next(5) === 0 ? '\r\n' : '\n') + (random.next(3) === 0 ? '' : '\n');
  const bytes = encoder.encode(text);
  return random.next(2) === 0 ? bytes : spoil(random, bytes);
}

/** A value that fits most fields. */
function safeValue(random: Random, names: string, at: number): string {
  const name = names.split(' ')[at] ?? '';
  if (name.endsWith('addr')) return `${random.next(256)}.${random.next(256)}.${random.next(3)}.${random.next(256)}`;
  return random.of(['-', String(random.next(70_000)), '1', '17']);
}

function spoil(random: Random, bytes: Uint8Array): Uint8Array {
  let spoilt = [...bytes.subarray(0, 70_000)];
  for (let n = 1 + random.next(4); n > 0; n--) {
    const at = random.next(spoilt.length + 1);
    const what = random.next(4);
    if (what === 0) spoilt.splice(at, 1 + random.next(3));
    else if (what === 1) spoilt.splice(at, 0, ...encoder.encode(random.of(TROUBLE)));
    else if (what === 2) spoilt.splice(at, 1, random.next(256));
    else spoilt = spoilt.slice(0, at);
  }
  return Uint8Array.from(spoilt);
}

type Reading = { lines: string[]; bad: string[]; badCount: number };

/** Reads with the parser, cut before these places. */
function read(bytes: Uint8Array, cuts: readonly number[], columns: readonly string[] | null): Reading | string {
  const parser = createParser({ format: null, columns, origin: 'fuzz', rowsPerBatch: 64 });
  const batches: RecordColumns[] = [];
  try {
    let from = 0;
    for (const to of [...cuts, bytes.length]) {
      batches.push(...parser.push(bytes.slice(from, to)));
      from = to;
    }
    batches.push(...parser.end());
  } catch (error) {
    if (error instanceof FlowgaugeError) return error.code;
    throw error;
  }
  const block = createTextBlock();
  for (const batch of batches) printColumns(batch, block);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(block.bytes.subarray(0, block.length));
  return {
    lines: text.split('\n').slice(0, -1),
    bad: parser.described.map(({ line, cause }) => `${line} ${cause}`),
    badCount: parser.badLines,
  };
}

/** Reads as plainly as can be: a string for each line and field. */
function plainly(bytes: Uint8Array): Reading | string {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  if (from < bytes.length) lines.push(bytes.subarray(from));
  const reading: Reading = { lines: [], bad: [], badCount: 0 };
  let format: LogFormat | null = null;
  for (const [at, raw] of lines.entries()) {
    const bad = (cause: string): void => {
      reading.badCount++;
      if (reading.bad.length < 20) reading.bad.push(`${at + 1} ${cause}`);
    };
    const hasMark = at === 0 && raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
    const line = hasMark ? raw.subarray(3) : raw;
    if (line.length > 65_536) {
      bad('too-long');
      continue;
    }
    const bare = line.at(-1) === 13 ? line.subarray(0, -1) : line;
    if (bare.length === 0) continue;
    const text = new TextDecoder('latin1').decode(bare);
    if (format === null) {
      const shown = new TextDecoder('utf-8', { ignoreBOM: true }).decode(line);
      if (isHeader(shown)) {
        try {
          format = readHeader(shown);
        } catch (error) {
          return (error as FlowgaugeError).code;
        }
        continue;
      }
      format = parseLogFormat(DEFAULT_FORMAT);
      if (!/^\d+ /.test(shown) || shown.trimEnd().split(' ').length !== 14) return 'FG_HEADER_MISSING';
    }
    const fields = readFields(bare, text, format);
    if (typeof fields !== 'string') reading.lines.push(fields.join(' '));
    else if (text !== headerLine(format)) bad(fields);
  }
  return reading;
}

/** The fields as they are printed again, or why the line is broken: the first field that is not well decides. */
function readFields(bytes: Uint8Array, text: string, format: LogFormat): string[] | string {
  const parts: string[] = [];
  let at = 0;
  for (const [n, field] of format.fields.entries()) {
    const rest = text.slice(at);
    const part = /^[!-\uffff]*/.exec(rest)![0];
    if (part === '') return 'field-count';
    const isNumber = field.column !== 'VARCHAR' && part !== '-';
    if (isNumber && !/^\d+$/.test(part)) return 'not-a-number';
    if (isNumber && BigInt(part) > (field.column === 'INTEGER' ? 2_147_483_647n : 9_223_372_036_854_775_807n)) {
      return 'too-large';
    }
    try {
      const word = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        bytes.subarray(at, at + part.length),
      );
      parts.push(isNumber ? String(BigInt(part)) : word);
    } catch {
      return 'not-text';
    }
    at += part.length;
    const isLast = n === format.fields.length - 1;
    if (isLast ? at !== text.length : text[at] !== ' ') return 'field-count';
    at++;
  }
  return parts;
}

/** Checks all promises on one input. */
export function brokenPromise(random: Random, bytes: Uint8Array): string | null {
  let whole: Reading | string;
  const cuts = Array.from({ length: random.next(5) }, () => random.next(bytes.length + 1)).sort((a, b) => a - b);
  try {
    whole = read(bytes, [], null);
    const cut = read(bytes, cuts, null);
    if (JSON.stringify(cut) !== JSON.stringify(whole)) return `cut at ${cuts.join(', ')} it reads otherwise`;
  } catch (error) {
    return `it throws ${String(error)}`;
  }
  const plain = plainly(bytes);
  if (JSON.stringify(plain) === JSON.stringify(whole)) return null;
  return `it reads ${JSON.stringify(whole).slice(0, 300)}, a plain reading ${JSON.stringify(plain).slice(0, 300)}`;
}
