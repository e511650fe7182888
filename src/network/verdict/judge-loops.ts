/**
 * The inner loops of judging: packets of connections, and of conversations that are new, admitted or not.
 *
 * In:    a group that was approached, placed and asked about. Out: observations; what the table of connections remembers.
 * Holds: this is what is made into WebAssembly by `scripts/make-loops.ts` (see there what may be written here), and runs
 *        as it stands in tests. It does what `engine.ts` would, which is the reading to be compared with; a row that it
 *        cannot do whole it leaves as it is, to the engine: what is picked up or bounded. Decisions that are
 *        new it numbers itself, and tells of them in `MINTS`.
 * Fails: never.
 */
import { IN_AT, IN_PORTS, IN_PROTOCOL, IN_TCP, OB_DECISION, OB_PACKET } from '../../model/batch-memory.ts';
import type { Double, Views } from '../../model/linear-memory.ts';
import { chainLoops } from './chain-steps.ts';
import { ADMITTED, ANSWERS, BOUND, CLOSES, FLAGS, JUDGED, LAST, NEXT, OPENINGS, REOPENED } from './entry-words.ts';
import {
  BY_GROUP_IN,
  BY_GROUP_OUT,
  BY_NOTHING,
  DENY_ACL,
  DENY_DEFAULT,
  NEXT_NUMBER,
  PASSES,
  SLOTS_AT,
  USED,
} from './decision-numbers.ts';
import {
  ACLS,
  ADMITS,
  ASK_ACL,
  BEGAN,
  CLOCKS,
  GROUP,
  HEADS,
  IS_BEGUN,
  MADE,
  MINT_WORDS,
  MINTED,
  MINTS,
  NOT_ASKED,
  NOWS,
  ORIGINS_OF,
  PLACES,
  TURNS,
  UNTRACKEDS,
} from './group-columns.ts';
import { LATE_MICROS, PICK_UP_OTHERS_MICROS, PICK_UP_TCP_MICROS } from './pick-up.ts';
import { NONE } from './rule-index.ts';
import {
  ACK,
  AFTER_FINS_MICROS,
  AFTER_RST_MICROS,
  CLOSING,
  COUNTED,
  ESTABLISHED_MICROS,
  FIN,
  FIN_BOTH,
  FIN_HIGH,
  FIN_LOW,
  LIVE,
  OTHERS_MICROS,
  RST,
  SEEN_BOTH,
  SEEN_HIGH,
  SEEN_LOW,
  STATE,
  SYN,
  TCP,
  UDP,
  UDP_ONE_WAY_MICROS,
  UDP_STREAM_MICROS,
  UNTRACKED,
} from './states.ts';
import { HEAD, INGRESS_SHIFT, NO_ENTRY, SECOND, WRONG } from './ways.ts';

const ICMP = 1;
const ICMP6 = 58;
const TO_WORDS = 4;
const TO_DOUBLES = 3;
const INGRESS = 0;
const EGRESS = 1;

/** What others call. */
export type JudgeLoops = {
  /** Makes heads 0 that are those of other conversations. */
  confirm(from: number, to: number): void;
  /** Judges rows of the group that begins at `base`; the first that it does not. `MADE` counts on. */
  judge(from: number, to: number, base: number): number;
};

/**
 * @param table      entries of `connections.ts`
 * @param batch      packets and observations
 * @param group      columns of the group
 * @param index      slots of the table
 * @param six        addresses of IPv6, eight words each
 * @param opened     by entry: the number of its opening
 * @param decisions  slots of `decision-numbers.ts`
 */
export function judgeLoops(
  table: Views,
  batch: Views,
  group: Views,
  index: Views,
  six: Views,
  opened: Views,
  decisions: Views,
): JudgeLoops {
  const { differs, look, entryAt, hasRoom, add, wayAt, wayIn, remember } = chainLoops(table, batch, group, index, six);

  function confirm(from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const i = row - from;
      const head = group.i32[i + HEADS]!;
      if (head !== 0 && differs(head, row, i) !== 0) group.i32[i + HEADS] = 0;
    }
  }

  /** The last instant at which an entry is a connection. */
  function deadline(entry: number): Double {
    const flags = table.i32[(entry << TO_WORDS) + FLAGS]!;
    const times = entry << TO_DOUBLES;
    if ((flags & LIVE) === 0) return -Infinity;
    if ((flags & CLOSING) !== 0) return table.f64[times + CLOSES]!;
    const last = table.f64[times + LAST]!;
    const protocol = table.i32[entry << TO_WORDS]! & 255;
    if ((flags & SEEN_BOTH) === SEEN_BOTH) {
      if (protocol === TCP) return last + ESTABLISHED_MICROS;
      if (protocol === UDP) return last + UDP_STREAM_MICROS;
    } else if (protocol === UDP) return last + UDP_ONE_WAY_MICROS;
    return last + OTHERS_MICROS;
  }

  /** Numbers a decision, where its slot is. */
  function mint(place: number, direction: number, outcome: number, key: number, rule: number): number {
    const number = decisions.i32[NEXT_NUMBER]!;
    decisions.i32[NEXT_NUMBER] = number + 1;
    const minted = group.i32[MINTED]!;
    group.i32[MINTED] = minted + 1;
    const at = MINTS + minted * MINT_WORDS;
    group.i32[at] = key;
    group.i32[at + 1] = rule;
    group.i32[at + 2] = direction;
    const answer = (number << 1) | (outcome < DENY_DEFAULT ? PASSES : 0);
    decisions.i32[place + direction + SLOTS_AT + 2] = answer;
    return answer;
  }

  /** The answer for a decision, 0 where there is no room for its number. */
  function decided(at: number, direction: number, outcome: number, rule: number): number {
    const key = (at << 4) + outcome + 1;
    const mask = decisions.i32[0]!;
    const hash = (Math.imul(key, 0x9e3779b1) ^ Math.imul(rule, 0x85ebca6b)) >>> 7;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = slot << 2;
      const known = decisions.i32[place + SLOTS_AT]!;
      if (known === 0) {
        if ((decisions.i32[USED]! + 1) * 4 > mask * 3) return 0;
        decisions.i32[USED] = decisions.i32[USED]! + 1;
        decisions.i32[place + SLOTS_AT] = key;
        decisions.i32[place + SLOTS_AT + 1] = rule;
        return mint(place, direction, outcome, key, rule);
      }
      if (known === key && decisions.i32[place + SLOTS_AT + 1] === rule) {
        const answer = decisions.i32[place + direction + SLOTS_AT + 2]!;
        return answer === 0 ? mint(place, direction, outcome, key, rule) : answer;
      }
    }
  }

  /** The answer where an ACL denies or has to be asked. */
  function byAcl(at: number, direction: number, acl: number): number {
    return acl === ASK_ACL ? 0 : decided(at, direction, DENY_ACL, -acl);
  }

  /** 1 where a packet finds a connection in an entry, 0 too where there is no entry. */
  function finds(entry: number, row: number, i: number): number {
    if (entry === 0 || group.f64[i + NOWS]! > deadline(entry)) return 0;
    const isClosing = (table.i32[(entry << TO_WORDS) + FLAGS]! & CLOSING) !== 0;
    return isClosing && (batch.u8[row + IN_TCP]! & (SYN | ACK)) === SYN ? 0 : 1;
  }

  /** The answer for a packet of a connection, 0 where the engine has to say. */
  function answerOf(entry: number, row: number, i: number, direction: number): number {
    const at = entry << TO_WORDS;
    const flags = table.i32[at + FLAGS]!;
    if ((flags & COUNTED) !== 0 && (batch.u8[row + IN_TCP]! & (FIN | RST)) !== 0) return 0;
    const kept = table.i32[at + group.i32[i + TURNS]! + ANSWERS]!;
    if (kept !== 0 && (kept & 1) === direction) return kept >>> 1;
    const own = table.i32[at]! >>> 8;
    const side = direction === EGRESS ? GROUP : 0;
    if (group.i32[i + side + PLACES] !== own) return 0;
    const acl = group.i32[i + side + ACLS]!;
    const rule = (flags & UNTRACKED) !== 0 ? group.i32[i + side + ADMITS]! : 0;
    if (direction === INGRESS && acl < 0) return byAcl(own, direction, acl);
    if (rule === NOT_ASKED) return 0;
    if (rule === NONE) return decided(own, direction, DENY_DEFAULT, 0);
    if (acl < 0) return byAcl(own, direction, acl);
    const admitted = table.i32[at + ADMITTED]!;
    return decided(own, direction, admitted & 3, admitted >>> 2);
  }

  function outcomeOf(rule: number, direction: number): number {
    return rule === 0 ? BY_NOTHING : direction === INGRESS ? BY_GROUP_IN : BY_GROUP_OUT;
  }

  function isOneOfOthers(protocol: number): number {
    return protocol === UDP || protocol === ICMP || protocol === ICMP6 ? 1 : 0;
  }

  /** 1 where a packet that no rule admits may be the middle of a conversation, as far as is looked here. */
  function mayBePickedUp(row: number, i: number): number {
    const protocol = batch.u8[row + IN_PROTOCOL]!;
    if (isOneOfOthers(protocol) === 0 || group.f64[i + NOWS]! >= group.f64[BEGAN]! + PICK_UP_OTHERS_MICROS) return 0;
    if (protocol !== UDP) return 1;
    const ports = batch.i32[row + IN_PORTS]!;
    return ports >>> 16 <= (ports & 0xffff) ? 1 : 0;
  }

  /** 1 where it is remembered that a conversation was judged. */
  function isRemembered(row: number, i: number): number {
    const protocol = batch.u8[row + IN_PROTOCOL]!;
    const clock = group.f64[i + CLOCKS]! - LATE_MICROS - group.f64[BEGAN]!;
    if (protocol === TCP) return clock <= PICK_UP_TCP_MICROS ? 1 : 0;
    return isOneOfOthers(protocol) === 1 && clock <= PICK_UP_OTHERS_MICROS ? 1 : 0;
  }

  /**
   * The answer for a packet that belongs to no connection at an interface, 0 where the engine has to say.
   *
   * @param found  the entry of its conversation there, which is no connection; 0 none
   */
  function newAnswer(found: number, row: number, i: number, direction: number): number {
    const side = direction === EGRESS ? GROUP : 0;
    const at = group.i32[i + side + PLACES]!;
    const rule = group.i32[i + side + ADMITS]!;
    const acl = group.i32[i + side + ACLS]!;
    if (at === 0 || group.i32[IS_BEGUN] === 0) return 0;
    if (found !== 0 && table.i32[found << TO_WORDS]! >>> 8 !== at) return 0;
    if (direction === INGRESS && acl < 0) return byAcl(at, direction, acl);
    const isMiddle = batch.u8[row + IN_PROTOCOL] === TCP && (batch.u8[row + IN_TCP]! & SYN) === 0 ? 1 : 0;
    if (isMiddle === 1 || rule === NOT_ASKED) return 0;
    if (rule === NONE) return mayBePickedUp(row, i) === 1 ? 0 : decided(at, direction, DENY_DEFAULT, 0);
    if (acl < 0) return byAcl(at, direction, acl);
    return decided(at, direction, outcomeOf(rule, direction), rule);
  }

  function reopen(entry: number, state: number): void {
    const at = entry << TO_WORDS;
    const times = entry << TO_DOUBLES;
    table.i32[at + FLAGS] = (table.i32[at + FLAGS]! & ~STATE) | state;
    table.i32[at + ANSWERS] = 0;
    table.i32[at + ANSWERS + 1] = 0;
    for (let time = LAST; time <= JUDGED; time++) table.f64[times + time] = 0;
    table.i32[BOUND] = table.i32[BOUND]! - 1;
    table.i32[REOPENED] = table.i32[REOPENED]! + 1;
  }

  /** Opens a connection there, or makes an entry one again. */
  function open(found: number, head: number, row: number, i: number, direction: number): number {
    const side = direction === EGRESS ? GROUP : 0;
    const rule = group.i32[i + side + ADMITS]!;
    const state = group.i32[i + side + UNTRACKEDS] !== 0 ? LIVE | UNTRACKED : LIVE;
    const entry = found === 0 ? add(head, row, i, group.i32[i + side + PLACES]!, state) : found;
    if (found !== 0) reopen(entry, state);
    table.i32[(entry << TO_WORDS) + ADMITTED] = (rule << 2) | outcomeOf(rule, direction);
    const opening = table.i32[OPENINGS]! + 1;
    table.i32[OPENINGS] = opening;
    opened.i32[entry] = opening;
    return entry;
  }

  /** Takes a packet that passed into the state of its connection. */
  function pass(entry: number, row: number, i: number, direction: number, answer: number): void {
    const at = entry << TO_WORDS;
    const times = entry << TO_DOUBLES;
    const turned = group.i32[i + TURNS]!;
    const time = batch.f64[row + IN_AT]!;
    const tcp = batch.u8[row + IN_TCP]!;
    const protocol = batch.u8[row + IN_PROTOCOL]!;
    // What is said of one message of ICMP is not said of the next.
    if (protocol !== ICMP && protocol !== ICMP6) table.i32[at + turned + ANSWERS] = (answer << 1) | direction;
    if (time > table.f64[times + LAST]!) table.f64[times + LAST] = time;
    let flags = table.i32[at + FLAGS]! | (turned === 0 ? SEEN_LOW : SEEN_HIGH);
    if ((tcp & FIN) !== 0) flags = flags | (turned === 0 ? FIN_LOW : FIN_HIGH);
    if ((tcp & RST) !== 0) {
      const ends = time + AFTER_RST_MICROS;
      if ((flags & CLOSING) === 0 || ends < table.f64[times + CLOSES]!) table.f64[times + CLOSES] = ends;
      flags = flags | CLOSING;
    } else if ((tcp & FIN) !== 0 && (flags & (FIN_BOTH | CLOSING)) === FIN_BOTH) {
      table.f64[times + CLOSES] = time + AFTER_FINS_MICROS;
      flags = flags | CLOSING;
    }
    table.i32[at + FLAGS] = flags;
  }

  /**
   * Remembers of a packet that did not pass that its conversation was judged.
   *
   * @param lives  1 where the entry is a connection that it belongs to
   */
  function deny(entry: number, lives: number, row: number, i: number, direction: number, answer: number): void {
    const at = entry << TO_WORDS;
    const times = entry << TO_DOUBLES;
    const protocol = batch.u8[row + IN_PROTOCOL]!;
    const time = batch.f64[row + IN_AT]!;
    if (lives === 0 && isRemembered(row, i) === 0) return;
    if (lives === 1 && protocol !== ICMP && protocol !== ICMP6)
      table.i32[at + group.i32[i + TURNS]! + ANSWERS] = (answer << 1) | direction;
    if (time > table.f64[times + JUDGED]!) table.f64[times + JUDGED] = time;
  }

  /** Gives an observation; how many there are then. */
  function give(row: number, answer: number, made: number): number {
    batch.u16[made + OB_PACKET] = row;
    batch.i32[made + OB_DECISION] = answer >>> 1;
    return made + 1;
  }

  function judge(from: number, to: number, base: number): number {
    let made = group.i32[MADE]!;
    let row = from;
    for (; row < to; row++) {
      const i = row - base;
      const origin = group.i32[i + ORIGINS_OF]!;
      if (origin === 0) break;
      const turned = group.i32[i + TURNS]!;
      let head = group.i32[i + HEADS]!;
      if (head === 0) head = look(row, i);
      const known = wayAt(head, turned, origin);
      let outAt = 0;
      let inAt = 0;
      let out = 0;
      let into = 0;
      if (known !== 0) {
        const way = wayIn(known << TO_WORDS, turned);
        const egress = way & NO_ENTRY;
        const ingress = (way >>> INGRESS_SHIFT) & NO_ENTRY;
        if ((way & WRONG) !== 0 || egress === NO_ENTRY || ingress === NO_ENTRY || egress === ingress) break;
        const next = table.i32[(head << TO_WORDS) + NEXT]!;
        out = egress === HEAD ? head : egress === SECOND ? next : 0;
        into = ingress === HEAD ? head : ingress === SECOND ? next : 0;
      } else {
        inAt = group.i32[i + PLACES]!;
        outAt = group.i32[i + GROUP + PLACES]!;
        if (inAt === outAt) break;
        if (outAt !== 0) out = entryAt(head, outAt);
        if (inAt !== 0) into = entryAt(head, inAt);
      }
      const outLives = finds(out, row, i);
      const inLives = finds(into, row, i);
      const isOut = (out | outAt) !== 0 ? 1 : 0;
      const isIn = (into | inAt) !== 0 ? 1 : 0;
      let first = PASSES;
      if (isOut === 1) first = outLives === 1 ? answerOf(out, row, i, EGRESS) : newAnswer(out, row, i, EGRESS);
      if (first === 0) break;
      const passes = first & PASSES;
      let second = PASSES;
      if ((passes & isIn) === 1)
        second = inLives === 1 ? answerOf(into, row, i, INGRESS) : newAnswer(into, row, i, INGRESS);
      if (second === 0) break;
      const enters = second & PASSES;
      if (((isOut & (outLives ^ 1)) | (isIn & (inLives ^ 1))) !== 0) {
        // What is judged anew at one end at least.
        const isKept = isRemembered(row, i);
        const outOpens = isOut & (outLives ^ 1) & passes;
        const inOpens = isIn & (inLives ^ 1) & passes & enters;
        const outAdds = isOut === 1 && out === 0 ? passes | isKept : 0;
        const inAdds = (isIn & passes) === 1 && into === 0 ? enters | isKept : 0;
        const reopens = (out !== 0 ? outOpens : 0) + (into !== 0 ? inOpens : 0);
        if (outAdds + inAdds + reopens !== 0 && hasRoom(outAdds + inAdds, reopens, head, row) === 0) break;
        if (outOpens === 1) out = open(out, head, row, i, EGRESS);
        else if (outAdds === 1) out = add(head, row, i, outAt, 0);
        if (head === 0) head = out;
        if (inOpens === 1) into = open(into, head, row, i, INGRESS);
        else if (inAdds === 1) into = add(head, row, i, inAt, 0);
        if (head === 0) head = into;
      }
      if (isOut === 1) {
        if (passes === 1) pass(out, row, i, EGRESS, first);
        else if (out !== 0) deny(out, outLives, row, i, EGRESS, first);
        made = give(row, first, made);
      }
      if ((isIn & passes) === 1) {
        if (enters === 1) pass(into, row, i, INGRESS, second);
        else if (into !== 0) deny(into, inLives, row, i, INGRESS, second);
        made = give(row, second, made);
      }
      if (known === 0) remember(head, turned, origin, outAt, inAt);
    }
    group.i32[MADE] = made;
    return row;
  }

  return { confirm, judge };
}
