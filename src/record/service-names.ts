/**
 * Which AWS service's published range holds an address: pkt-src-aws-service and pkt-dst-aws-service.
 *
 * In:    rows of AWS's ip-ranges list: a block and the name of its service. Out: a look-up by address.
 * Holds: the longest prefix decides; of names with the same prefix one other than AMAZON and EC2, then EC2, then AMAZON,
 *        ties by name. Blocks are cut into intervals that do not overlap, so a look-up is one binary search.
 * Fails: never when asked; a list that cannot be read fails as `aws-ranges.ts` says.
 */
import { RANGES_CREATED, RANGES_NAMES, RANGES_V4, RANGES_V6 } from './aws-ranges.generated.ts';
import { isPreferred, rowsOfAwsRanges } from './aws-ranges.ts';
import type { RangeRow } from './aws-ranges.ts';

export type AwsRanges = {
  /** When AWS made the list, as it says itself: `2026-08-22-15-17-05`. */
  readonly createDate: string;
  /** Names by number; number 0 is none and ''. */
  readonly names: readonly string[];
  /** Number of the service; IPv4 in the first word. Fast: asked for each record. */
  lookup(family: number, w0: number, w1: number, w2: number, w3: number): number;
};

/** Order of rows by address, the larger block first. */
export function compareRows(a: RangeRow, b: RangeRow): number {
  return compareWords(a.words, b.words) || a.bits - b.bits;
}

/** Order of the four words at two places. */
function compareAt(a: Uint32Array, at: number, b: Uint32Array, bt: number): number {
  return a[at]! - b[bt]! || a[at + 1]! - b[bt + 1]! || a[at + 2]! - b[bt + 2]! || a[at + 3]! - b[bt + 3]!;
}

function compareWords(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/**
 * Intervals of one family: the address at `starts[i]` and all up to the next start have `services[i]`. An IPv4 address is
 * one word, an IPv6 address four.
 */
type Intervals = { readonly starts: Uint32Array; readonly services: Uint8Array };

/** Cuts blocks into intervals. IPv4 addresses are the first of four words: the same arithmetic serves both. */
function cutBlocks(rows: readonly RangeRow[], family: 4 | 6, numbers: ReadonlyMap<string, number>): Intervals {
  const sorted = rows
    .filter((row) => row.family === family)
    .sort((a, b) => compareRows(a, b) || (isPreferred(a.service, b.service) ? 1 : -1));
  const starts = new Uint32Array((sorted.length * 2 + 1) * 4);
  const services = new Uint8Array(sorted.length * 2 + 1);
  let count = 1;
  /** Blocks around the current place, the outermost first: the address behind each, and its service. */
  const ends = new Uint32Array(130 * 4);
  const inside = new Uint8Array(130);
  let depth = 0;

  const begin = (from: Uint32Array, at: number, service: number): void => {
    if (compareAt(starts, (count - 1) * 4, from, at) === 0) services[count - 1] = service;
    else if (services[count - 1] !== service) {
      for (let i = 0; i < 4; i++) starts[count * 4 + i] = from[at + i]!;
      services[count++] = service;
    }
  };
  const closeUpTo = (words: Uint32Array | null): void => {
    for (; depth > 0; depth--) {
      const end = depth * 4;
      // Zeros stand for the place behind the last address of all: never reached.
      const isReached = (ends[end]! | ends[end + 1]! | ends[end + 2]! | ends[end + 3]!) !== 0;
      if (words !== null && (!isReached || compareAt(ends, end, words, 0) > 0)) return;
      if (isReached) begin(ends, end, inside[depth - 1]!);
    }
  };
  const own = new Uint32Array(4);
  for (const { words, bits, service } of sorted) {
    for (let i = 0; i < words.length; i++) own[i] = words[i]!;
    closeUpTo(own);
    const number = numbers.get(service)!;
    begin(own, 0, number);
    depth++;
    inside[depth] = number;
    for (let i = 0; i < 4; i++) ends[depth * 4 + i] = own[i]!;
    let carry = 2 ** ((128 - bits) % 32);
    for (let i = (bits - 1) >> 5; i >= 0 && carry > 0; i--) {
      const sum = own[i]! + carry;
      ends[depth * 4 + i] = sum;
      carry = sum > 0xffff_ffff ? 1 : 0;
    }
  }
  closeUpTo(null);
  const width = family === 4 ? 1 : 4;
  const kept = new Uint32Array(count * width);
  for (let i = 0; i < kept.length; i++) kept[i] = starts[width === 1 ? i * 4 : i]!;
  return { starts: kept, services: services.subarray(0, count) };
}

const CACHE_SIZE = 4096;

/** Cuts the blocks of a list into intervals. At most 255 names; number 0 is none. */
export function intervalsOf(rows: readonly RangeRow[]): { names: string[]; v4: Intervals; v6: Intervals } {
  const names = ['', ...[...new Set(rows.map((row) => row.service))].sort()];
  const numbers = new Map(names.map((name, number) => [name, number]));
  return { names, v4: cutBlocks(rows, 4, numbers), v6: cutBlocks(rows, 6, numbers) };
}

/** Makes the look-up of a list. */
export function compileRanges(createDate: string, rows: readonly RangeRow[]): AwsRanges {
  const { names, v4, v6 } = intervalsOf(rows);
  return rangesOver(createDate, names, v4, v6);
}

function rangesOver(createDate: string, names: readonly string[], v4: Intervals, v6: Intervals): AwsRanges {
  const starts4 = v4.starts;
  /** Addresses asked for lately, by a hash; the service + 1, 0 for an empty place. */
  const asked = new Uint32Array(CACHE_SIZE);
  const answered = new Uint16Array(CACHE_SIZE);

  const search4 = (word: number): number => {
    let low = 0;
    let high = starts4.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts4[middle]! <= word) low = middle;
      else high = middle;
    }
    return v4.services[low]!;
  };
  const search6 = (w0: number, w1: number, w2: number, w3: number): number => {
    const { starts, services } = v6;
    let low = 0;
    let high = services.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      const at = middle * 4;
      const order = starts[at]! - w0 || starts[at + 1]! - w1 || starts[at + 2]! - w2 || starts[at + 3]! - w3;
      if (order <= 0) low = middle;
      else high = middle;
    }
    return services[low]!;
  };

  return {
    createDate,
    names,
    lookup(family, w0, w1, w2, w3) {
      if (family !== 4) return search6(w0, w1, w2, w3);
      const place = (Math.imul(w0, 0x9e3779b1) >>> 20) & (CACHE_SIZE - 1);
      if (asked[place] === w0 && answered[place] !== 0) return answered[place]! - 1;
      const service = search4(w0);
      asked[place] = w0;
      answered[place] = service + 1;
      return service;
    },
  };
}

/** Intervals as `packIntervals` left them. JSON is read at once; walking over the characters of base64 took 5 ms at the first call. */
function unpackIntervals(packed: string, width: 1 | 4): Intervals {
  const numbers = JSON.parse(packed) as number[];
  const count = numbers.length / (width + 1);
  const starts = new Uint32Array(count * width);
  const services = new Uint8Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    for (let word = 0; word < width; word++) starts[i * width + word] = numbers[at++]!;
    services[i] = numbers[at++]!;
  }
  return { starts, services };
}

/** Intervals as a JSON list: the words of a start, its service, the next. */
export function packIntervals({ starts, services }: Intervals): string {
  const width = starts.length / services.length;
  const numbers = [...services].flatMap((service, i) => [...starts.subarray(i * width, (i + 1) * width), service]);
  return JSON.stringify(numbers);
}

function unpackBuiltIn(): AwsRanges {
  const names = ['', ...RANGES_NAMES.split(' ')];
  return rangesOver(RANGES_CREATED, names, unpackIntervals(RANGES_V4, 1), unpackIntervals(RANGES_V6, 4));
}

let builtIn: AwsRanges | null = null;

/** The list that is part of flowgauge; unpacked when it is first asked, once. */
export function builtInRanges(): AwsRanges {
  const ranges = (): AwsRanges => (builtIn ??= unpackBuiltIn());
  return {
    createDate: RANGES_CREATED,
    get names() {
      return ranges().names;
    },
    lookup: (family, w0, w1, w2, w3) => ranges().lookup(family, w0, w1, w2, w3),
  };
}

/** Reads a newer list that the user has. @see rowsOfAwsRanges */
export function readAwsRanges(json: unknown, name: string = 'ip-ranges.json'): AwsRanges {
  const { createDate, rows } = rowsOfAwsRanges(json, name);
  return compileRanges(createDate, rows);
}
