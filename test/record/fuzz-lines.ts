/**
 * Files of record text for the fuzzer: thousands of lines, each made or broken by chance, under one header.
 *
 * In:    a seeded source of chance, and files to begin from. Out: the bytes of a file, and how many inputs are in it.
 * Holds: the same seed gives the same files. An input is a line that was made or broken on its own, a header that was, or
 *        a whole file in which a few bytes changed. Bytes are characters of one byte (latin1) until the file is whole.
 * Fails: never.
 */
import { FIELDS } from '../../src/record/fields/list.ts';

/** Small, seeded, the same everywhere (xorshift). */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
    // Seeds that are neighbours begin alike.
    for (let n = 0; n < 8; n++) this.next(1);
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
  /** True once in `n` times. */
  once(n: number): boolean {
    return this.next(n) === 0;
  }
}

/** A file. */
export type Batch = {
  readonly bytes: Uint8Array;
  /** Lines and headers that were made on their own. */
  readonly inputs: number;
};

/** Formats that fields and values are made for; a file may have others. */
export const FORMATS: readonly string[] = [
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  'instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr',
  'start',
  'srcaddr',
  'bytes action my_own packets_lost_blackhole',
  'log-status end tcp-flags type region pkt-src-aws-service traffic-path x-rule-id',
];
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const NAMES = [...FIELDS.map((field) => field.name), 'my_own', 'a.b:c', 'X', 'account_id', 'Start', 'log_status'];
// Two pairs of words of equal hash in `WordList` (FNV-1a); some begin as others do.
const VALUES = [
  ...'- 0 00 9 10 65535 2147483647 2147483648 999999999 1000000000 4294967295 4294967296 1439387263000'.split(' '),
  ...'9007199254740991 9007199254740992 9007199254740993 9223372036854775807 9223372036854775808 99999999999999999999'.split(
    ' ',
  ),
  ...'1.2.3.4 255.255.255.255 256.1.1.1 01.2.3.4 1.2.3 1.2.3.4.5 ::1 2001:db8::1 1.2.3.4x -1 +1 1e3 0x10'.split(' '),
  ...'4294967297 18014398509481984 9999999999 10000000000 99999999999999999 000000000000000000000000007'.split(' '),
  ...'eni-1235b8ca123456789 ACCEPT REJECT OK NODATA SKIPDATA 123456789010 012345678901 é -- %2D "a" start'.split(' '),
  ...'i-9b423bbc i-61d1553d i-fc7435e5 i-f50cad4a eni-1 eni-12 eni-123 a ab abc 日本 \u{1f30d} \uFEFF \uFEFFa'.split(
    ' ',
  ),
].map(latin1);
const WORDS = VALUES.slice(-26).filter((word) => word !== '-');
const NUMBERS = VALUES.filter((value) => /^\d+$/.test(value));
const TROUBLE = [
  ...'- 9 0 . ! é \u2028 \u0085 \u00a0 \uFEFF'.split(' ').map(latin1),
  ...'\n,\r\n,\r, ,  ,\t,\0,\n\n,\x1f,\x7f,\x80,\xff'.split(','),
];
const KINDS = new Map(
  FIELDS.map((field) => [field.name, field.column === 'VARCHAR' ? 'word' : field.column === 'INTEGER' ? 'int' : 'big']),
);

/** What fits a field. */
function fittingValue(random: Random, kind: string): string {
  if (random.once(9)) return '-';
  switch (kind) {
    case 'int':
      return random.once(4) ? String(random.next(2_147_483_648)) : String(random.next(65_536));
    case 'big':
      if (random.once(4)) return random.of(NUMBERS);
      return random.once(3) ? `${1 + random.next(9e6)}${random.next(1e9)}` : String(random.next(4_294_967_295));
    case 'address':
      if (random.once(8))
        return random.of(['::1', '2001:db8::1', '2001:db8::2', '01.2.3.4', '1.2.3.4.', '255.255.255.255']);
      return random.once(4)
        ? `${random.next(256)}.${random.next(256)}.${random.next(256)}.${random.next(256)}`
        : `10.0.${random.next(3)}.${random.next(256)}`;
    default:
      return random.once(3) ? `eni-${random.next(5000).toString(16)}` : random.of(WORDS);
  }
}

function kindOf(name: string): string {
  return name.endsWith('addr') ? 'address' : (KINDS.get(name.replaceAll('_', '-')) ?? 'word');
}

/** Breaks a text in one to three places. */
function spoil(random: Random, text: string): string {
  let spoilt = text;
  for (let n = random.once(3) ? 1 + random.next(3) : 1; n > 0; n--) {
    const at = random.next(spoilt.length + 1);
    const what = random.next(8);
    if (what === 0) spoilt = spoilt.slice(0, at);
    else if (what <= 2) spoilt = spoilt.slice(0, at) + spoilt.slice(at + 1 + random.next(3));
    else if (what <= 5) spoilt = spoilt.slice(0, at) + random.of(TROUBLE) + spoilt.slice(at);
    else spoilt = spoilt.slice(0, at) + String.fromCharCode(random.next(256)) + spoilt.slice(at + 1);
  }
  return spoilt;
}

/** What lines are made of: the kinds of a header's fields, or lines to begin from. */
type Source = { readonly header: string; readonly kinds: readonly string[]; readonly lines: readonly string[] };

function sourceOf(random: Random, kept: readonly Uint8Array[]): Source {
  if (kept.length > 0 && random.once(5)) {
    const [header = '', ...lines] = Buffer.from(random.of(kept)).toString('latin1').split('\n');
    if (lines.length > 0 && header.length < 2000) return { header, kinds: [], lines };
  }
  let header = random.of(FORMATS);
  if (random.once(4)) {
    header = Array.from({ length: 1 + random.next(random.once(4) ? 60 : 12) }, () => random.of(NAMES))
      .filter((name, at, names) => names.findIndex((one) => sameColumn(one, name)) === at)
      .join(' ');
    if (!/[a-z]{3}/.test(header)) header = 'start';
  }
  return { header, kinds: header.split(' ').map(kindOf), lines: [] };
}

function sameColumn(a: string, b: string): boolean {
  return a.replaceAll('_', '-').toLowerCase() === b.replaceAll('_', '-').toLowerCase();
}

function fittingLine(random: Random, { kinds, lines }: Source): string {
  if (lines.length > 0) return random.of(lines);
  let line = fittingValue(random, kinds[0]!);
  for (let n = 1; n < kinds.length; n++) line += ` ${fittingValue(random, kinds[n]!)}`;
  return line;
}

function brokenLine(random: Random, source: Source): string {
  const length = source.kinds.length;
  switch (random.next(8)) {
    case 0:
      // The wrong count of fields.
      return Array.from({ length: random.next(length + 3) }, () => random.of(VALUES)).join(' ');
    case 1:
      return source.kinds.map(() => random.of(VALUES)).join(' ');
    case 2: {
      // One value that may not fit.
      const parts = fittingLine(random, source).split(' ');
      parts[random.next(parts.length)] = random.of(VALUES);
      return parts.join(' ');
    }
    case 3:
      return random.once(8) ? spoil(random, source.header) : random.once(8) ? source.header : '';
    default:
      return spoil(random, fittingLine(random, source));
  }
}

/** A line about as long as lines may be: one field of it is. */
function longLine(random: Random, source: Source): string {
  const parts = fittingLine(random, source).split(' ');
  const at = random.next(parts.length);
  parts[at] = '';
  parts[at] = random.of(['7', 'a', '0']).repeat(65_536 - parts.join(' ').length - 6 + random.next(12));
  return parts.join(' ');
}

/** A header that may be none. */
function brokenHeader(random: Random, header: string): string {
  const names = header.split(' ');
  switch (random.next(6)) {
    case 0:
      return header.replaceAll('-', '_');
    case 1:
      return [...names, random.of(NAMES)].join(' ');
    case 3:
      return [...names, random.of(names).toUpperCase().replaceAll('-', '_')].join(' ');
    case 2:
      return random.of(VALUES);
    default:
      return spoil(random, header);
  }
}

/** Many different words, so that lists of words grow and are begun anew; some come again after that. */
function manyWords(random: Random): Batch {
  const from = random.next(1e9);
  const lines = ['interface-id srcaddr'];
  for (let n = 0; n < 300_000; n++) {
    const word = (from + (n < 270_000 ? n : n - 150_000)).toString(36);
    lines.push(`eni-${word} ${random.once(50) ? `::${n}` : '10.0.0.1'}`);
  }
  return { bytes: Buffer.from(lines.join('\n'), 'latin1'), inputs: 1 };
}

/** The next file: of every forty one has thousands of lines, seven no more than two, one is a kept file with a few bytes changed. */
export function nextBatch(random: Random, kept: readonly Uint8Array[]): Batch {
  if (random.once(10_000)) return manyWords(random);
  const size = random.next(40);
  if (size === 39 && kept.length > 0) {
    const text = Buffer.from(random.of(kept)).toString('latin1');
    return { bytes: Buffer.from(spoil(random, text), 'latin1'), inputs: 1 };
  }
  const count = size === 0 ? 2000 + random.next(5000) : size < 8 ? random.next(3) : 1 + random.next(60);
  const source = sourceOf(random, kept);
  // Of sixteen lines this many are broken: few, so that all of them are described, or most.
  const dirt = random.of([0, 1, 1, 4, 8, 15]);
  const lines: string[] = [];
  let inputs = count;
  if (size < 8 && size > 0) {
    lines.push(random.once(4) ? source.header : brokenHeader(random, source.header));
    inputs++;
  } else if (!random.once(6)) lines.push(source.header);
  if (random.once(20)) lines[0] = `\xef\xbb\xbf${lines[0] ?? ''}`;
  for (let n = 0; n < count; n++) {
    lines.push(random.next(16) < dirt ? brokenLine(random, source) : fittingLine(random, source));
  }
  if (random.once(100)) lines.splice(random.once(4) ? 0 : random.next(lines.length + 1), 0, longLine(random, source));
  const text = lines.join(random.once(5) ? '\r\n' : '\n') + (random.once(3) ? '' : '\n');
  return { bytes: Buffer.from(text, 'latin1'), inputs };
}
