/**
 * The loops that say where packets of a group are seen, and what rules say of them there.
 *
 * In:    the conversations of a group, as far as they are known; the rules as `rule-image.ts` lays them out. Out: columns of
 *        the group.
 * Holds: this is what is made into WebAssembly by `scripts/make-loops.ts` (see there what may be written here), and runs
 *        as it stands in tests. It remembers nothing of a packet. Only whole packets that are no errors of ICMP are placed, at
 *        interfaces that hold their addresses; what `placement.ts` and the tables of rules need more for is left to them.
 * Fails: never.
 */
import {
  IN_DST,
  IN_DST6,
  IN_FAMILY,
  IN_ICMP,
  IN_LINK,
  IN_PORTS,
  IN_PROTOCOL,
  IN_SRC,
  IN_SRC6,
} from '../../model/batch-memory.ts';
import type { Views } from '../../model/linear-memory.ts';
import { FLAGS, NEXT, ORIGINS, STUB } from './connections.ts';
import { ACLS, ADMITS, GROUP, HEADS, NOT_ASKED, ORIGINS_OF, PLACES, TURNS, UNTRACKEDS } from './group-columns.ts';
import { FEW, HEAD, MASKS } from './rows.ts';
import { UNTRACKED } from './states.ts';
import { BASE, SUMMARY_HEAD } from './summaries.ts';

/** Words at the head of the rules: 1, loops place packets; a bit for each family some of whose addresses are in prefixes. */
export const IS_PLACING = 0;
export const PREFIXES = 1;
/** Where tables of addresses are and their slots - 1, IPv4 before IPv6; holders and the next ones by link. */
export const HOLDERS = 2;
export const HOLDER_OF = 6;
export const NEXT_HOLDER = 7;
/** Bits of addresses that are never logged; 1: interfaces have roles. */
export const HIDDEN = 8;
export const HAS_ROLES = 9;
export const INTERFACES = 10;
/** Of groups and of ACLs: what was compiled, the classes of protocols, how many there are. */
export const GROUP_TABLES = 11;
export const ACL_TABLES = 14;
/** Of ACLs: entries that decide where no other does; of subnets: ends and blocks, IPv4 before IPv6. */
export const LAST_ENTRIES = 17;
export const BLOCKS = 18;
/** By rule: 1 it is for everywhere; how many ports it has. */
export const EVERYWHERE = 22;
export const WIDTHS = 23;
/** Members of groups that rules refer to, by family; 0 none. */
export const MEMBERS = 24;
export const HEADER_WORDS = 26;

/** Words of an interface: flags; where its set of groups is; its ACL; its subnet; what its groups open to all. */
export const FACE_WORDS = 8;
export const FACE_FLAGS = 0;
export const FACE_SET = 1;
export const FACE_ACL = 2;
export const FACE_SUBNET = 3;
export const FACE_OPEN = 4;
/** A route names an interface; groups judge it, and no control; a group is not known. */
export const NAMED = 1;
export const PLAIN = 2;
export const PASSES_ALL = 4;

/** Words of members: how many lengths of prefixes; ends, groups, marks; the entry looked up last; then lengths. */
export const MEMBER_ENDS = 1;
export const MEMBER_GROUPS = 2;
export const MEMBER_MARKS = 3;
export const MEMBER_ENTRY = 4;
export const MEMBER_LENGTHS = 5;
/** Words of a length: four of its mask, slots, slots - 1. */
export const LENGTH_WORDS = 6;

const TO_WORDS = 4;
/** No rule admits, as `rule-index.ts` says it. */
const NONE = -1;
const INGRESS = 0;
const EGRESS = 1;
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
const SIX_WORD = 0xfd000ec2 | 0;

/** What others call. */
export type RuleLoops = {
  /** Fills `PLACES`, `ACLS`, `ADMITS` and `UNTRACKEDS` of rows whose way is not known. */
  ask(from: number, to: number): void;
};

/**
 * @param table      entries of `connections.ts`
 * @param batch      packets
 * @param group      columns of the group
 * @param rules      as above
 * @param summaries  of tables, as `summaries.ts` says
 * @param links      by pair of link addresses: the interface of the sender
 */
export function ruleLoops(
  table: Views,
  batch: Views,
  group: Views,
  rules: Views,
  summaries: Views,
  links: Views,
): RuleLoops {
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

  /** The link of the holders of an end of a packet; -1 where it may be in a prefix. */
  function holders(row: number, isFour: number, isSource: number): number {
    let link = 0;
    if (isFour === 1) {
      const w0 = isSource === 1 ? batch.i32[row + IN_SRC]! : batch.i32[row + IN_DST]!;
      link = find4(rules.i32[HOLDERS]!, rules.i32[HOLDERS + 1]!, w0);
    } else {
      const at = (row << 2) + (isSource === 1 ? IN_SRC6 : IN_DST6);
      link = find6(
        rules.i32[HOLDERS + 2]!,
        rules.i32[HOLDERS + 3]!,
        batch.i32[at]!,
        batch.i32[at + 1]!,
        batch.i32[at + 2]!,
        batch.i32[at + 3]!,
      );
    }
    return link === 0 && (rules.i32[PREFIXES]! & (isFour === 1 ? 1 : 2)) !== 0 ? -1 : link;
  }

  function isHidden(word: number): number {
    const bit = Math.imul(word, 0x9e3779b1) >>> 19;
    return (rules.i32[rules.i32[HIDDEN]! + (bit >>> 5)]! >>> (bit & 31)) & 1;
  }

  function isServicePort(port: number): number {
    return port === 67 || port === 68 || port === 546 || port === 547 ? 1 : 0;
  }

  function isIcmp(row: number): number {
    return batch.u8[row + IN_PROTOCOL] === ICMP || batch.u8[row + IN_PROTOCOL] === ICMP6 ? 1 : 0;
  }

  /** By what rules tell packets of a protocol apart. */
  function axisOf(row: number): number {
    return isIcmp(row) === 1 ? batch.u16[row + IN_ICMP]! : batch.i32[row + IN_PORTS]! & 0xffff;
  }

  /** 1 where a packet may be one that is never logged, or goes to many. */
  function isSpecial(row: number, isFour: number): number {
    const ports = batch.i32[row + IN_PORTS]!;
    const type = batch.u16[row + IN_ICMP]! >>> 8;
    // Neighbour and listener discovery are among these.
    if (batch.u8[row + IN_PROTOCOL] === ICMP6 && type >= 130 && type <= 143) return 1;
    if (batch.u8[row + IN_PROTOCOL] === UDP && isServicePort(ports >>> 16) + isServicePort(ports & 0xffff) !== 0)
      return 1;
    if (isFour === 1) {
      const dst = batch.i32[row + IN_DST]!;
      if (dst >>> 28 === 14 || dst === -1) return 1;
      return isHidden(batch.i32[row + IN_SRC]!) | isHidden(dst);
    }
    const dst = batch.i32[(row << 2) + IN_DST6]!;
    return batch.i32[(row << 2) + IN_SRC6] === SIX_WORD || dst === SIX_WORD || dst >>> 24 === 0xff ? 1 : 0;
  }

  /** Where an interface begins. */
  function faceOf(number: number): number {
    return rules.i32[INTERFACES]! + number * FACE_WORDS;
  }

  /** Rule P5, where both ends are known by their addresses. */
  function place(row: number, i: number): void {
    const isFour = batch.u8[row + IN_FAMILY] === 4 ? 1 : 0;
    const source = holders(row, isFour, 1);
    const destination = holders(row, isFour, 0);
    if (source < 0 || destination < 0 || isSpecial(row, isFour) === 1) return;
    const next = rules.i32[NEXT_HOLDER]!;
    if ((rules.i32[next + source]! | rules.i32[next + destination]!) !== 0) return;
    const of = rules.i32[HOLDER_OF]!;
    const sender = rules.i32[of + source]!;
    const receiver = rules.i32[of + destination]!;
    if (sender === 0 && links.i32[batch.i32[row + IN_LINK]!] !== 0) return;
    if (receiver === 0 && (rules.i32[faceOf(sender) + FACE_FLAGS]! & NAMED) !== 0) return;
    if (sender !== 0 && receiver !== 0 && rules.i32[HAS_ROLES] !== 0) return;
    if (sender !== 0 && (rules.i32[faceOf(sender) + FACE_FLAGS]! & PLAIN) === 0) return;
    if (receiver !== 0 && (rules.i32[faceOf(receiver) + FACE_FLAGS]! & PLAIN) === 0) return;
    group.i32[i + PLACES] = receiver;
    group.i32[i + GROUP + PLACES] = sender;
  }

  /** 1 where the block of a subnet holds an end of a packet. */
  function inSubnet(subnet: number, row: number, isFour: number, isSource: number): number {
    const ends = rules.i32[BLOCKS + (isFour === 1 ? 0 : 2)]! + subnet;
    const data = rules.i32[BLOCKS + (isFour === 1 ? 1 : 3)]!;
    const to = data + rules.i32[ends + 1]!;
    if (isFour === 1) {
      const w0 = isSource === 1 ? batch.i32[row + IN_SRC]! : batch.i32[row + IN_DST]!;
      for (let at = data + rules.i32[ends]!; at < to; at = at + 2)
        if ((w0 & rules.i32[at]!) === rules.i32[at + 1]) return 1;
      return 0;
    }
    const from = (row << 2) + (isSource === 1 ? IN_SRC6 : IN_DST6);
    for (let at = data + rules.i32[ends]!; at < to; at = at + 8) {
      let differs = 0;
      for (let w = 0; w < 4; w++)
        differs = differs | ((batch.i32[from + w]! & rules.i32[at + w]!) ^ rules.i32[at + w + 4]!);
      if (differs === 0) return 1;
    }
    return 0;
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

  /** What the ACL says; below 0 too where it has to be asked. */
  function acl(face: number, row: number, isFour: number, direction: number): number {
    const side = rules.i32[face + FACE_ACL]! + direction * 2;
    const last = rules.i32[rules.i32[LAST_ENTRIES]! + side]!;
    if (last === 0) return 0;
    const subnet = rules.i32[face + FACE_SUBNET]!;
    const isIn = direction === INGRESS ? 1 : 0;
    if (inSubnet(subnet, row, isFour, isIn) === 1 && inSubnet(subnet, row, isFour, 1 - isIn) === 1) return 0;
    const protocolClass = rules.i32[rules.i32[ACL_TABLES + 1]! + batch.u8[row + IN_PROTOCOL]!]!;
    const at = (side + 1 - isFour) * rules.i32[ACL_TABLES + 2]! + protocolClass;
    const made = rules.i32[rules.i32[ACL_TABLES]! + at]!;
    if (made <= 0) return -1;
    const found = findIn(made, 0, 0, remoteOf(row, isFour, direction), isFour, axisOf(row));
    return found <= 0 ? -1 : summaries.i32[found]!;
  }

  /** Where the address of the other end begins. */
  function remoteOf(row: number, isFour: number, direction: number): number {
    if (isFour === 1) return row + (direction === INGRESS ? IN_SRC : IN_DST);
    return (row << 2) + (direction === INGRESS ? IN_SRC6 : IN_DST6);
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

  /** The rule that admits, `NONE`, or that it has to be asked. */
  function admit(face: number, row: number, isFour: number, direction: number): number {
    const remote = remoteOf(row, isFour, direction);
    const axis = axisOf(row);
    const side = direction * 2 + 1 - isFour;
    const protocolClass = rules.i32[rules.i32[GROUP_TABLES + 1]! + batch.u8[row + IN_PROTOCOL]!]!;
    const made = rules.i32[GROUP_TABLES]! + side * rules.i32[GROUP_TABLES + 2]! + protocolClass;
    const members = rules.i32[MEMBERS + 1 - isFour]!;
    const start = rules.i32[face + FACE_SET]!;
    const end = start + rules.i32[start]!;
    const widths = rules.i32[WIDTHS]!;
    let entry = 0;
    let isLooked = 0;
    let best = NONE;
    let bestBits = -1;
    for (let i = start + 1; i <= end; i++) {
      const where = rules.i32[made + rules.i32[i]!]!;
      if (where < 0) return NOT_ASKED;
      if (where === 0) continue;
      if ((where & 1) !== 0 && isLooked === 0) {
        if (members === 0) return NOT_ASKED;
        entry = look(members, remote, isFour);
        isLooked = 1;
      }
      const marks = members === 0 ? 0 : rules.i32[members + MEMBER_MARKS]!;
      const found = findIn(where >>> 1, marks, entry, remote, isFour, axis);
      if (found < 0) return NOT_ASKED;
      if (found === 0) continue;
      const rule = summaries.i32[found]!;
      const bits = summaries.i32[found + 1]! & 255;
      const isLonger = bits - bestBits;
      if (isLonger < 0) continue;
      const narrower = isLonger > 0 ? 1 : rules.i32[widths + best]! - rules.i32[widths + rule]!;
      if (narrower === 0) return NOT_ASKED;
      if (narrower > 0) {
        best = rule;
        bestBits = bits;
      }
    }
    return best === NONE && (rules.i32[face + FACE_FLAGS]! & PASSES_ALL) !== 0 ? 0 : best;
  }

  function isUntracked(face: number, rule: number, row: number, isFour: number, direction: number): number {
    const protocol = batch.u8[row + IN_PROTOCOL]!;
    if (protocol !== TCP && protocol !== UDP) return 0;
    if (rules.i32[rules.i32[EVERYWHERE]! + rule] !== 1) return 0;
    const side = (direction === INGRESS ? 2 : 0) + 1 - isFour;
    return (rules.i32[face + FACE_OPEN]! >>> (side << 1)) & (protocol === TCP ? 1 : 2);
  }

  /** 1 where groups need not be asked about a conversation any more, at neither end. */
  function isTracked(head: number): number {
    if (head === 0) return 0;
    const at = head << TO_WORDS;
    const flags = table.i32[at + FLAGS]!;
    const next = (flags & STUB) === 0 ? table.i32[at + NEXT]! : 0;
    return ((flags | table.i32[(next << TO_WORDS) + FLAGS]!) & UNTRACKED) === 0 ? 1 : 0;
  }

  function askAt(row: number, i: number, direction: number): void {
    const side = i + (direction === EGRESS ? GROUP : 0);
    const at = group.i32[side + PLACES]!;
    if (at === 0) return;
    const isFour = batch.u8[row + IN_FAMILY] === 4 ? 1 : 0;
    const face = faceOf(at);
    const passed = acl(face, row, isFour, direction);
    group.i32[side + ACLS] = passed;
    group.i32[side + ADMITS] = NOT_ASKED;
    if (passed < 0 || isTracked(group.i32[i + HEADS]!) === 1) return;
    const rule = admit(face, row, isFour, direction);
    group.i32[side + ADMITS] = rule;
    group.i32[side + UNTRACKEDS] = rule < 0 ? 0 : isUntracked(face, rule, row, isFour, direction);
  }

  /** 1 where the way of a row is known. */
  function hasWay(i: number, origin: number): number {
    const head = group.i32[i + HEADS]!;
    if (head === 0) return 0;
    const bits = group.i32[i + TURNS]! << 4;
    const at = head << TO_WORDS;
    if (((table.i32[at + ORIGINS]! >>> bits) & 0xffff) === origin) return 1;
    const next = table.i32[at + NEXT]!;
    if ((table.i32[at + FLAGS]! & STUB) !== 0 || next === 0) return 0;
    return ((table.i32[(next << TO_WORDS) + ORIGINS]! >>> bits) & 0xffff) === origin ? 1 : 0;
  }

  function ask(from: number, to: number): void {
    const isPlacing = rules.i32[IS_PLACING]!;
    for (let row = from; row < to; row++) {
      const i = row - from;
      const origin = group.i32[i + ORIGINS_OF]!;
      group.i32[i + PLACES] = 0;
      group.i32[i + GROUP + PLACES] = 0;
      // What is said of one message of ICMP is not said of the next.
      if (isPlacing === 0 || origin === 0 || (hasWay(i, origin) === 1 && isIcmp(row) === 0)) continue;
      place(row, i);
      askAt(row, i, EGRESS);
      askAt(row, i, INGRESS);
    }
  }

  return { ask };
}
