/**
 * Tables of rules and of addresses, as loops look into them.
 *
 * In:    the rules as `rule-image.ts` lays them out, an end of a packet. Out: where the candidate is that decides, or a number.
 * Holds: as `rule-loops.ts`, of whose module it is a part. `summaries.ts`, `rows.ts`, `memberships.ts` and
 *        `address-table.ts` do the same.
 * Fails: never.
 */
import type { Views } from '../../model/linear-memory.ts';
import { FEW, HEAD, MASKS } from './rows.ts';
import { BASE, SUMMARY_HEAD } from './summaries.ts';

/** Words of members: how many lengths of prefixes; ends, groups, marks; the entry looked up last; then lengths. */
export const MEMBER_ENDS = 1;
export const MEMBER_GROUPS = 2;
export const MEMBER_MARKS = 3;
export const MEMBER_ENTRY = 4;
export const MEMBER_LENGTHS = 5;
/** Words of a length: four of its mask, slots, slots - 1. */
export const LENGTH_WORDS = 6;

/** What others call. */
export type RuleTableLoops = {
  /** The number of an address in a table that begins somewhere, 0 none. */
  readonly find4: (slots: number, mask: number, w0: number) => number;
  readonly find6: (slots: number, mask: number, w0: number, w1: number, w2: number, w3: number) => number;
  /** Where the first candidate of a table is that fits, 0 none, -1 where that is not known here. */
  readonly findIn: (at: number, marks: number, entry: number, remote: number, isFour: number, axis: number) => number;
  /** Looks up whose member an address is: its entry, 0 none. Its groups are marked with it. */
  readonly look: (members: number, remote: number, isFour: number) => number;
};

/**
 * @param batch      packets
 * @param rules      as above
 * @param summaries  of tables, as `summaries.ts` says
 */
export function ruleTableLoops(batch: Views, rules: Views, summaries: Views): RuleTableLoops {
  function mixed(word: number): number {
    const h = Math.imul(word, 0x9e3779b1);
    return h ^ (h >>> 15);
  }

  /** The number of an address in a table that begins somewhere, 0 none. */
  function find4(slots: number, mask: number, w0: number): number {
    for (let slot = mixed(w0) & mask; ; slot = (slot + 1) & mask) {
      const at = slots + (slot << 1);
      const value = rules.i32[at]!;
      if (value === 0 || rules.i32[at + 1] === w0) return value;
    }
  }

  function find6(slots: number, mask: number, w0: number, w1: number, w2: number, w3: number): number {
    const hash = mixed(Math.imul(w0 ^ Math.imul(w1, 0x85ebca6b), 0xc2b2ae35) ^ Math.imul(w2, 0x27d4eb2f) ^ w3);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slots + slot * 5;
      const value = rules.i32[at]!;
      if (value === 0) return 0;
      const differs =
        (rules.i32[at + 1]! ^ w0) | (rules.i32[at + 2]! ^ w1) | (rules.i32[at + 3]! ^ w2) | (rules.i32[at + 4]! ^ w3);
      if (differs === 0) return value;
    }
  }

  function hasPort(ports: number, port: number): number {
    const above = port - (ports & 0xffff);
    return above >= 0 && above <= ports >>> 16 ? 1 : 0;
  }

  /** As `findIn`, for a table whose summary does not tell: its rows are tried where they are there and few. */
  function findRow(at: number, marks: number, entry: number, remote: number, isFour: number, axis: number): number {
    const base = summaries.i32[at + BASE]!;
    if (base === 0) return -1;
    const starts = base + HEAD;
    let list = 0;
    for (let high = summaries.i32[base]! - 1; list < high;) {
      const middle = (list + high + 1) >>> 1;
      if (summaries.i32[starts + middle]! <= axis) list = middle;
      else high = middle - 1;
    }
    const ends = starts + summaries.i32[base]! + list;
    const stride = isFour === 1 ? 5 : 11;
    const words = isFour === 1 ? 1 : 4;
    const to = summaries.i32[ends + 1]!;
    if (to - summaries.i32[ends]! > FEW * stride) return -1;
    for (let row = summaries.i32[ends]!; row < to; row = row + stride) {
      const value = row + words + MASKS;
      let differs = 0;
      for (let w = 0; w < words; w++)
        differs = differs | ((batch.i32[remote + w]! & summaries.i32[row + w + MASKS]!) ^ summaries.i32[value + w]!);
      const isMember =
        entry !== 0 && summaries.i32[row + MASKS] === 0 && rules.i32[marks + summaries.i32[value]!] === entry;
      if ((differs === 0 || isMember) && hasPort(summaries.i32[row + 2]!, axis) === 1) return row;
    }
    return 0;
  }

  /**
   * Where the first candidate of a table is that fits, 0 where none does, -1 where that is not known here. Its answer is
   * there, the length of its prefix in the low byte of the next word.
   *
   * @param marks  where the members are marked; `entry` is that of the address, 0 it is in no group
   * @param axis   destination port, of ICMP its type and code
   */
  function findIn(at: number, marks: number, entry: number, remote: number, isFour: number, axis: number): number {
    const from = at + SUMMARY_HEAD;
    const groups = from + summaries.i32[at + 1]!;
    const end = groups + summaries.i32[at + 2]!;
    const w0 = batch.i32[remote]!;
    const w1 = isFour === 1 ? 0 : batch.i32[remote + 1]!;
    const h = Math.imul(w0 & summaries.i32[at + 4]!, 0x9e3779b1) ^ Math.imul(w1 & summaries.i32[at + 5]!, 0x85ebca6b);
    const word = summaries.i32[end + ((h >>> 15) & summaries.i32[at + 6]!)]!;
    const isMissing = entry !== 0 && summaries.i32[at + 3] !== 0;
    if (((word >>> (h >>> 27)) & 1) !== 0 || isMissing) return findRow(at, marks, entry, remote, isFour, axis);
    if (entry !== 0)
      for (let i = groups; i < end; i = i + 7)
        if (hasPort(summaries.i32[i + 6]!, axis) === 1 && rules.i32[marks + summaries.i32[i + 4]!] === entry) return i;
    for (let i = from; i < groups; i = i + 7) {
      const differs =
        ((w0 & summaries.i32[i + 2]!) ^ summaries.i32[i + 4]!) | ((w1 & summaries.i32[i + 3]!) ^ summaries.i32[i + 5]!);
      if (differs === 0 && hasPort(summaries.i32[i + 6]!, axis) === 1) return i;
    }
    return 0;
  }

  /** Looks up whose member an address is: its entry, 0 none. Its groups are marked with it. */
  function look(members: number, remote: number, isFour: number): number {
    const lengths = members + MEMBER_LENGTHS;
    const end = lengths + rules.i32[members]! * LENGTH_WORDS;
    let entry = 0;
    for (let at = lengths; entry === 0 && at < end; at = at + LENGTH_WORDS) {
      const slots = rules.i32[at + 4]!;
      const mask = rules.i32[at + 5]!;
      const w0 = batch.i32[remote]! & rules.i32[at]!;
      if (isFour === 1) entry = find4(slots, mask, w0);
      else
        entry = find6(
          slots,
          mask,
          w0,
          batch.i32[remote + 1]! & rules.i32[at + 1]!,
          batch.i32[remote + 2]! & rules.i32[at + 2]!,
          batch.i32[remote + 3]! & rules.i32[at + 3]!,
        );
    }
    if (entry === rules.i32[members + MEMBER_ENTRY]) return entry;
    rules.i32[members + MEMBER_ENTRY] = entry;
    const ends = rules.i32[members + MEMBER_ENDS]! + entry;
    const groups = rules.i32[members + MEMBER_GROUPS]!;
    const marks = rules.i32[members + MEMBER_MARKS]!;
    for (let g = groups + rules.i32[ends]!; g < groups + rules.i32[ends + 1]!; g++)
      rules.i32[marks + rules.i32[g]!] = entry;
    return entry;
  }

  return { find4, find6, findIn, look };
}
