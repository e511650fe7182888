/**
 * Rules of one direction, family and protocol, made for finding the first that fits.
 *
 * In:    candidates in the order in which they decide. Out: for a remote address and a destination port (of ICMP: its
 *        type and code) the answer of the first that fits.
 * Holds: few candidates are rows that are tried one after the other. For many, ports are cut into intervals in which
 *        the same candidates fit; each interval has a list of rows, where it is long it is searched by longest prefix. Candidates that reach over so many intervals that
 *        their rows would need too much room have a table of their own behind the first. A summary is asked first.
 */
import { maskWord } from '../vpc/addresses.ts';
import { LongestPrefix } from '../vpc/longest-prefix.ts';
import type { Cidr, Rule } from '../vpc/snapshot.ts';
import type { Memberships } from './memberships.ts';
import type { Rows } from './rows.ts';
import { bitsOf, FEW, HEAD, MASKS, portsOf, RANK, strideOf } from './rows.ts';
import { ASK_TABLE, Summaries } from './summaries.ts';

/** In place of a port or an ICMP type that is not known (rule V6): a rule that fits but for it fits. */
export const NOT_KNOWN = -1;
/** No rule. */
export const NONE = -1;

const ICMP = 1;
const ICMP6 = 58;
const LAST = 65535;

/** Rows that a table may have, beside so many for each candidate. */
const ROWS = 4096;
const ROWS_EACH = 16;

/** What a rule says of one peer. */
export type Candidate = {
  /** Not 0. */
  readonly answer: number;
  /** Bounds of the ports that it fits, of ICMP `type << 8 | code`. */
  readonly low: number;
  readonly high: number;
  /** Whether it fits where the port is not known. */
  readonly fitsUnknown: boolean;
  /** A block, or the number of a group. */
  readonly peer: Cidr | number;
};

/** The value by which a protocol's rules tell packets apart. */
export function axisOf(protocol: number, port: number, icmp: number): number {
  return protocol === ICMP || protocol === ICMP6 ? icmp : port;
}

/** Bounds on that axis of what a rule fits, for a packet of a protocol that it fits. */
export function boundsOf(rule: Rule): readonly [number, number] {
  const { protocol, icmpType, icmpCode } = rule;
  if (protocol < 0) return [0, LAST];
  if (protocol !== ICMP && protocol !== ICMP6) return [rule.fromPort, rule.toPort];
  if (icmpType < 0) return [0, LAST];
  return icmpCode < 0
    ? [icmpType << 8, (icmpType << 8) | 255]
    : [(icmpType << 8) | icmpCode, (icmpType << 8) | icmpCode];
}

/** Whether bounds are those of a rule for all. */
export function isWhole(low: number, high: number): boolean {
  return low === 0 && high === LAST;
}

/** Protocols that rules name, numbered from 1; 0 stands for all the others. */
export class Protocols {
  readonly classOf = new Uint8Array(256);
  /** By class; -1 for all the others. */
  readonly named: number[] = [-1];

  constructor(rules: readonly Rule[]) {
    for (const { protocol } of rules)
      if (protocol >= 0 && this.classOf[protocol] === 0) this.classOf[protocol] = this.named.push(protocol) - 1;
  }

  get count(): number {
    return this.named.length;
  }
}

/** For lists that are long; rows are meant by where they begin. */
type Long = {
  readonly prefixes: LongestPrefix;
  /** By number of a block: the first row whose block holds an address of it, 0 none. */
  readonly first: Int32Array;
  readonly references: Int32Array;
};

type Ranked = { readonly candidate: Candidate; readonly rank: number };

/** Starts of the intervals of ports that have lists of their own. */
function startsOf(ranked: readonly Ranked[]): number[] {
  // Rows of so few are tried whatever their ports.
  if (ranked.length <= FEW) return [0];
  const starts = new Set([0]);
  for (const { candidate } of ranked) {
    starts.add(candidate.low);
    if (candidate.high < LAST) starts.add(candidate.high + 1);
  }
  return [...starts].sort((a, b) => a - b);
}

/** Candidates, of which there are some, as a table; those that reach far are behind the others. */
function tableOf(rows: Rows, family: 4 | 6, candidates: readonly Candidate[]): RuleTable {
  let next: RuleTable | null = null;
  let left: readonly Ranked[] = candidates.map((candidate, rank) => ({ candidate, rank }));
  for (;;) {
    // Those that reach far go into tables of their own, half of them at a time.
    let now = left;
    while (isTooMuch(now))
      now = now
        .toSorted((a, b) => b.candidate.high - b.candidate.low - (a.candidate.high - a.candidate.low))
        .slice(0, now.length >>> 1)
        .sort((a, b) => a.rank - b.rank);
    next = new RuleTable(rows, family, now, next);
    if (now.length === left.length) return next;
    const taken = new Set(now);
    left = left.filter((one) => !taken.has(one));
  }
}

function isTooMuch(ranked: readonly Ranked[]): boolean {
  const most = ROWS + ROWS_EACH * ranked.length;
  // There are at most two intervals more with each candidate.
  if (2 * ranked.length * ranked.length <= most) return false;
  const starts = startsOf(ranked);
  const places = new Map(starts.map((start, place) => [start, place]));
  let rows = 0;
  for (const { candidate } of ranked)
    rows += (places.get(candidate.high + 1) ?? starts.length) - (places.get(candidate.low) ?? 0);
  return rows > most;
}

function put(data: number[], words: number, { candidate, rank }: Ranked): void {
  const { answer, peer, low, high } = candidate;
  const ports = portsOf(low, high);
  if (typeof peer === 'number') {
    data.push(answer, (rank << 8) | (words * 32), ports);
    for (let i = 0; i < 2 * words; i++) data.push(i === words ? peer : 0);
    return;
  }
  data.push(answer, (rank << 8) | peer.bits, ports);
  for (let i = 0; i < words; i++) data.push(maskWord(peer.bits, i) | 0);
  for (let i = 0; i < words; i++) data.push((peer.words[i] ?? 0) | 0);
}

/** A table of candidates. */
class RuleTable {
  readonly #rows: Rows;
  /** Where it is in the rows. */
  readonly #base: number;
  readonly #family: 4 | 6;
  #longs: (Long | undefined)[] | null = null;
  /** Candidates that reach further. */
  readonly #next: RuleTable | null;

  /** Where it is in the rows, for who reads those alone; 0: there is more to it. */
  get base(): number {
    return this.#next === null ? this.#base : 0;
  }

  constructor(rows: Rows, family: 4 | 6, ranked: readonly Ranked[], next: RuleTable | null) {
    const starts = startsOf(ranked);
    const count = starts.length;
    const words = family === 4 ? 1 : 4;
    this.#rows = rows;
    this.#next = next;
    this.#family = family;
    this.#base = rows.used;
    const data = [count, ...starts, ...starts, 0, 0];
    const ends = HEAD + count;
    for (const [i, start] of starts.entries()) {
      data[ends + i] = this.#base + data.length;
      for (const one of ranked)
        if (count === 1 || (one.candidate.low <= start && start <= one.candidate.high)) put(data, words, one);
    }
    data[ends + count] = this.#base + data.length;
    for (const one of ranked) if (one.candidate.fitsUnknown) put(data, words, one);
    data[ends + count + 1] = this.#base + data.length;
    rows.add(data);
  }

  /** The row of the first candidate that fits, 0 where none does. */
  find(members: Memberships | null, w0: number, w1: number, w2: number, w3: number, axis: number): number {
    const { data } = this.#rows;
    const list = this.#rows.list(this.#base, axis);
    const ends = this.#base + HEAD + (data[this.#base] as number);
    const from = data[ends + list] as number;
    const to = data[ends + list + 1] as number;
    const row =
      to - from > FEW * strideOf(this.#family)
        ? this.#findLong(list, from, to, members, w0, w1, w2, w3)
        : this.#rows.scan(from, to, this.#family, members, w0, w1, w2, w3, axis);
    const other = this.#next === null ? 0 : this.#next.find(members, w0, w1, w2, w3, axis);
    if (row === 0 || other === 0) return row | other;
    return (data[row + RANK] as number) < (data[other + RANK] as number) ? row : other;
  }

  #findLong(
    list: number,
    from: number,
    to: number,
    members: Memberships | null,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
  ): number {
    const longs = (this.#longs ??= []);
    const { prefixes, first, references } = longs[list] ?? (longs[list] = this.#long(from, to));
    const at = first[prefixes.find(w0, w1, w2, w3)] as number;
    if (members === null) return at;
    const { data } = this.#rows;
    const value = MASKS + (this.#family === 4 ? 1 : 4);
    for (let i = 0; i < references.length; i++) {
      const row = references[i] as number;
      if (at !== 0 && row > at) break;
      if (members.has(data[row + value] as number)) return row;
    }
    return at;
  }

  #long(from: number, to: number): Long {
    const { data } = this.#rows;
    const stride = strideOf(this.#family);
    const words = this.#family === 4 ? 1 : 4;
    const blocks: Cidr[] = [];
    const rows: number[] = [];
    const references: number[] = [];
    for (let at = from; at < to; at += stride) {
      const values = Array.from(data.subarray(at + MASKS + words, at + stride), (word) => word >>> 0);
      if (data[at + MASKS] === 0 && values[0] !== 0) references.push(at);
      else {
        rows.push(at);
        blocks.push({ family: this.#family, words: values, bits: bitsOf(data, at) });
      }
    }
    const prefixes = new LongestPrefix(this.#family, blocks);
    const first = Int32Array.from([0, ...rows]);
    // The blocks around one are shorter and done before it.
    const byLength = blocks
      .map((_, i) => i + 1)
      .sort((a, b) => (blocks[a - 1]?.bits ?? 0) - (blocks[b - 1]?.bits ?? 0));
    for (const block of byLength) {
      const around = first[prefixes.parents[block] as number] as number;
      if (around !== 0 && around < (first[block] as number)) first[block] = around;
    }
    return { prefixes, first, references: Int32Array.from(references) };
  }
}

type Told = { readonly family: 4 | 6; readonly candidates: readonly Candidate[] };

/** Tables of candidates by where their summaries are; each is made when its summary does not tell. */
export class RuleTables {
  /** Of the candidate found last: its prefix length. */
  bits = 0;
  readonly summaries: Summaries;
  readonly #told: Told[] = [];
  readonly #made: (RuleTable | null)[] = [];

  constructor(summaries: Summaries = new Summaries()) {
    this.summaries = summaries;
  }

  /**
   * Adds a table; where its summary is, 0 where there are no candidates.
   *
   * @param candidates  in the order in which they decide
   */
  add(family: 4 | 6, candidates: readonly Candidate[]): number {
    if (candidates.length === 0) return 0;
    this.#made.push(null);
    return this.summaries.summarize(this.#told.push({ family, candidates }) - 1, family, candidates);
  }

  /**
   * The answer of the first candidate that fits, 0 where none does. Sets `bits`.
   *
   * @param members  have looked up the address; null: it is in no group
   * @param from     where the remote address begins in `words`; of IPv4 the last three of four are 0
   * @param axis     what `axisOf` says
   */
  find(at: number, members: Memberships | null, words: Uint32Array, from: number, axis: number): number {
    const { summaries } = this;
    const found =
      axis < 0 ? ASK_TABLE : summaries.find(at, members, words[from] as number, words[from + 1] as number, axis);
    if (found === 0) return 0;
    if (found === ASK_TABLE) return this.#ask(at, members, words, from, axis);
    this.bits = summaries.bitsOf(found);
    return summaries.data[found] as number;
  }

  #ask(at: number, members: Memberships | null, words: Uint32Array, from: number, axis: number): number {
    const table = this.#made[this.summaries.tableOf(at)] ?? this.#make(at);
    const row = table.find(
      members,
      words[from] as number,
      words[from + 1] as number,
      words[from + 2] as number,
      words[from + 3] as number,
      axis,
    );
    if (row === 0) return 0;
    const { data } = this.summaries;
    this.bits = bitsOf(data, row);
    return data[row] as number;
  }

  #make(at: number): RuleTable {
    const { summaries } = this;
    const number = summaries.tableOf(at);
    const { family, candidates } = this.#told[number] as Told;
    const table = tableOf(summaries.rows, family, candidates);
    this.#made[number] = table;
    summaries.tell(at, table.base);
    return table;
  }
}
