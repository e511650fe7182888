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
import { FLAGS, LAST, NEXT, ORIGINS, STUB } from './entry-words.ts';
import {
  ACLS,
  ADMITS,
  ASK_ACL,
  GROUP,
  HEADS,
  MISSES,
  MISSING,
  MOST_MISSES,
  NOT_ASKED,
  NOWS,
  ORIGINS_OF,
  PLACES,
  TURNS,
  UNTRACKEDS,
} from './group-columns.ts';
import { ADDRESS_SHIFT } from './never-logged.ts';
import { MEMBER_MARKS, ruleTableLoops } from './rule-table-steps.ts';
import { LIVE, UDP_ONE_WAY_MICROS, UNTRACKED } from './states.ts';

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

/** In place of where a table is: it was not compiled; it was not, and somebody has been told. */
export const NOT_MADE = -1;
const TOLD = -2;

/** What others call. */
export type RuleLoops = {
  /** Fills `PLACES`, `ACLS`, `ADMITS` and `UNTRACKEDS` of rows whose way is not known. Tables that are missing are `MISSES`. */
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
  const { find4, find6, findIn, look } = ruleTableLoops(batch, rules, summaries);

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
    const bit = Math.imul(word, 0x9e3779b1) >>> ADDRESS_SHIFT;
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

  /** Tells that a table is missing, once: `made`, where its place is to be found. */
  function miss(made: number, table: number): void {
    const count = group.i32[MISSING]!;
    if (rules.i32[made] !== NOT_MADE || count === MOST_MISSES) return;
    group.i32[count + MISSES] = table;
    group.i32[MISSING] = count + 1;
    rules.i32[made] = TOLD;
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

  /** What the ACL says, or that it has to be asked. */
  function acl(face: number, row: number, isFour: number, direction: number): number {
    const side = rules.i32[face + FACE_ACL]! + direction * 2;
    const last = rules.i32[rules.i32[LAST_ENTRIES]! + side]!;
    if (last === 0) return 0;
    const subnet = rules.i32[face + FACE_SUBNET]!;
    const isIn = direction === INGRESS ? 1 : 0;
    if (inSubnet(subnet, row, isFour, isIn) === 1 && inSubnet(subnet, row, isFour, 1 - isIn) === 1) return 0;
    const protocolClass = rules.i32[rules.i32[ACL_TABLES + 1]! + batch.u8[row + IN_PROTOCOL]!]!;
    const at = (side + 1 - isFour) * rules.i32[ACL_TABLES + 2]! + protocolClass;
    const where = rules.i32[ACL_TABLES]! + at;
    const made = rules.i32[where]!;
    if (made < 0) {
      miss(where, -1 - at);
      return ASK_ACL;
    }
    if (made === 0) return -last;
    const found = findIn(made, 0, 0, remoteOf(row, isFour, direction), isFour, axisOf(row));
    return found < 0 ? ASK_ACL : found === 0 ? -last : summaries.i32[found]!;
  }

  /** Where the address of the other end begins. */
  function remoteOf(row: number, isFour: number, direction: number): number {
    if (isFour === 1) return row + (direction === INGRESS ? IN_SRC : IN_DST);
    return (row << 2) + (direction === INGRESS ? IN_SRC6 : IN_DST6);
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
    let isMissing = 0;
    let best = NONE;
    let bestBits = -1;
    for (let i = start + 1; i <= end; i++) {
      const place = made + rules.i32[i]!;
      const where = rules.i32[place]!;
      if (where < 0) {
        miss(place, place - rules.i32[GROUP_TABLES]!);
        isMissing = 1;
      }
      if (isMissing === 1) continue;
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
    if (isMissing === 1) return NOT_ASKED;
    return best === NONE && (rules.i32[face + FACE_FLAGS]! & PASSES_ALL) !== 0 ? 0 : best;
  }

  function isUntracked(face: number, rule: number, row: number, isFour: number, direction: number): number {
    const protocol = batch.u8[row + IN_PROTOCOL]!;
    if (protocol !== TCP && protocol !== UDP) return 0;
    if (rules.i32[rules.i32[EVERYWHERE]! + rule] !== 1) return 0;
    const side = (direction === INGRESS ? 2 : 0) + 1 - isFour;
    return (rules.i32[face + FACE_OPEN]! >>> (side << 1)) & (protocol === TCP ? 1 : 2);
  }

  /** 1 where an entry, of UDP, may be a connection that is over. */
  function mayBeOver(at: number, i: number): number {
    if ((table.i32[at]! & 255) !== UDP) return 0;
    return group.f64[i + NOWS]! - table.f64[(at >>> 1) + LAST]! > UDP_ONE_WAY_MICROS ? 1 : 0;
  }

  /** 1 where an interface has a connection that is tracked: its groups need not be asked. */
  function isTracked(head: number, interfaceNumber: number, i: number): number {
    let at = head << TO_WORDS;
    if (head !== 0 && table.i32[at]! >>> 8 !== interfaceNumber)
      at = (table.i32[at + FLAGS]! & STUB) === 0 ? table.i32[at + NEXT]! << TO_WORDS : 0;
    if (at === 0 || table.i32[at]! >>> 8 !== interfaceNumber) return 0;
    return (table.i32[at + FLAGS]! & (LIVE | UNTRACKED)) === LIVE && mayBeOver(at, i) === 0 ? 1 : 0;
  }

  function askAt(row: number, i: number, direction: number): void {
    const side = i + (direction === EGRESS ? GROUP : 0);
    const at = group.i32[side + PLACES]!;
    if (at === 0) return;
    const isFour = batch.u8[row + IN_FAMILY] === 4 ? 1 : 0;
    const face = faceOf(at);
    const said = acl(face, row, isFour, direction);
    group.i32[side + ACLS] = said;
    group.i32[side + ADMITS] = NOT_ASKED;
    if (said < 0 && direction === INGRESS) return;
    if (isTracked(group.i32[i + HEADS]!, at, i) === 1) return;
    const rule = admit(face, row, isFour, direction);
    group.i32[side + ADMITS] = rule;
    group.i32[side + UNTRACKEDS] = rule < 0 ? 0 : isUntracked(face, rule, row, isFour, direction);
  }

  /** 1 where the way of a row is known, and is that of connections. */
  function hasWay(i: number, origin: number): number {
    const head = group.i32[i + HEADS]!;
    if (head === 0) return 0;
    const bits = group.i32[i + TURNS]! << 4;
    const at = head << TO_WORDS;
    const flags = table.i32[at + FLAGS]!;
    const next = (flags & STUB) === 0 ? table.i32[at + NEXT]! << TO_WORDS : 0;
    if ((flags & LIVE) === 0 || (next !== 0 && (table.i32[next + FLAGS]! & LIVE) === 0) || mayBeOver(at, i) === 1)
      return 0;
    if (((table.i32[at + ORIGINS]! >>> bits) & 0xffff) === origin) return 1;
    return next !== 0 && ((table.i32[next + ORIGINS]! >>> bits) & 0xffff) === origin ? 1 : 0;
  }

  function ask(from: number, to: number): void {
    const isPlacing = rules.i32[IS_PLACING]!;
    group.i32[MISSING] = 0;
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
