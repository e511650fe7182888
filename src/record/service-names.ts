/**
 * Which AWS service's published range holds an address: pkt-src-aws-service and pkt-dst-aws-service.
 *
 * In:    rows of AWS's ip-ranges list: a block and the name of its service. Out: a look-up by address.
 * Holds: the longest prefix decides; of names with the same prefix one other than AMAZON and EC2, then EC2, then AMAZON,
 *        ties by name. Blocks are cut into intervals that do not overlap, so a look-up is one binary search.
 * Fails: never when asked; a list that cannot be read fails as `aws-ranges.ts` says.
 */
import { RANGES_CREATED } from './aws-ranges.generated.ts';
import { builtInRows, isPreferred, rowsOfAwsRanges } from './aws-ranges.ts';
import type { RangeRow } from './aws-ranges.ts';

export type AwsRanges = {
  /** When AWS made the list, as it says itself: `2026-08-22-15-17-05`. */
  readonly createDate: string;
  /** Names by number; number 0 is none and ''. */
  readonly names: readonly string[];
  /** Number of the service; IPv4 in the first word. Fast: asked for each record. */
  lookup(family: number, w0: number, w1: number, w2: number, w3: number): number;
};

function compareWords(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/** The first address behind a block; null behind the last address of all. */
function behind({ words, bits }: RangeRow): number[] | null {
  const next = [...words];
  let carry = 2 ** ((32 - (bits % 32)) % 32);
  for (let i = Math.ceil(bits / 32) - 1; i >= 0; i--) {
    const sum = next[i]! + carry;
    next[i] = sum >>> 0;
    if (sum < 0x1_0000_0000) return next;
    carry = 1;
  }
  return null;
}

/** Intervals of one family: the address at `starts[i * width]` and all up to the next start have `services[i]`. */
type Intervals = { readonly width: number; readonly starts: Uint32Array; readonly services: Uint8Array };

function intervalsOf(rows: readonly RangeRow[], family: 4 | 6, names: readonly string[]): Intervals {
  const width = family === 4 ? 1 : 4;
  const sorted = rows
    .filter((row) => row.family === family)
    .sort((a, b) => compareWords(a.words, b.words) || a.bits - b.bits || (isPreferred(a.service, b.service) ? 1 : -1));
  const starts: number[] = Array.from({ length: width }, () => 0);
  const services: number[] = [0];
  const begin = (words: readonly number[], service: number): void => {
    const last = starts.slice(-width);
    if (compareWords(last, words) === 0) services[services.length - 1] = service;
    else if (services.at(-1) !== service) {
      starts.push(...words);
      services.push(service);
    }
  };
  /** Blocks around the current place, the outermost first: where each ends, and its service. */
  const open: { end: number[] | null; service: number }[] = [];
  const close = (upTo: readonly number[] | null): void => {
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      if (last.end === null || (upTo !== null && compareWords(last.end, upTo) > 0)) return;
      open.pop();
      begin(last.end, open.at(-1)?.service ?? 0);
    }
  };
  const numbers = new Map(names.map((name, number) => [name, number]));
  for (const row of sorted) {
    close(row.words);
    const service = numbers.get(row.service)!;
    begin(row.words, service);
    open.push({ end: behind(row), service });
  }
  close(null);
  return { width, starts: Uint32Array.from(starts), services: Uint8Array.from(services) };
}

const CACHE_SIZE = 4096;

/** Makes the look-up of a list. At most 255 names. */
export function compileRanges(createDate: string, rows: readonly RangeRow[]): AwsRanges {
  const names = ['', ...[...new Set(rows.map((row) => row.service))].sort()];
  const v4 = intervalsOf(rows, 4, names);
  const v6 = intervalsOf(rows, 6, names);
  /** Addresses asked for lately, by a hash; the service + 1, 0 for an empty place. */
  const asked = new Uint32Array(CACHE_SIZE);
  const answered = new Uint16Array(CACHE_SIZE);

  const search4 = (word: number): number => {
    const { starts, services } = v4;
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= word) low = middle;
      else high = middle;
    }
    return services[low]!;
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

/** The list that is part of flowgauge; unpacked when it is first asked. */
export function builtInRanges(): AwsRanges {
  let made: AwsRanges | null = null;
  const ranges = (): AwsRanges => (made ??= compileRanges(RANGES_CREATED, builtInRows()));
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
