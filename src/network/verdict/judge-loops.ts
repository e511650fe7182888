/**
 * The inner loops of judging: packets of connections, and of conversations that are new and admitted.
 *
 * In:    a group that was approached, placed and asked about. Out: observations; what the table of connections remembers.
 * Holds: this is what is made into WebAssembly by `scripts/make-loops.ts` (see there what may be written here), and runs
 *        as it stands in tests. It does what `engine.ts` would, which is the reading to be compared with; a row that it
 *        cannot do whole it leaves as it is, to the engine: what is denied, picked up, untracked or bounded.
 * Fails: never.
 */
import {
  IN_AT,
  IN_DST6,
  IN_FAMILY,
  IN_PROTOCOL,
  IN_SRC6,
  IN_TCP,
  OB_DECISION,
  OB_PACKET,
} from '../../model/batch-memory.ts';
import type { Double, Views } from '../../model/linear-memory.ts';
import {
  ADMITTED,
  ANSWERS,
  BOUND,
  CHAINS,
  CLOSES,
  ENTRY_BITS,
  FAMILY_6,
  FIRST,
  FLAGS,
  FREE,
  FRESH,
  LAST,
  MASK,
  NEXT,
  OPENINGS,
  ORIGINS,
  SIX_FREE,
  SIX_FRESH,
  SIX_ROOM,
  SIZE,
  STUB,
} from './connections.ts';
import { BY_GROUP_IN, BY_GROUP_OUT, BY_NOTHING, SLOTS_AT } from './decision-numbers.ts';
import {
  ACLS,
  ADMITS,
  GROUP,
  HASHES,
  HEADS,
  HIGHS,
  KEYS,
  LOWS,
  MADE,
  NOWS,
  ORIGINS_OF,
  PLACES,
  TURNS,
  UNTRACKEDS,
} from './group-columns.ts';
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
  SYN,
  TCP,
  UDP,
  UDP_ONE_WAY_MICROS,
  UDP_STREAM_MICROS,
  UNTRACKED,
} from './states.ts';
import { HEAD, INGRESS_SHIFT, NO_ENTRY, NOBODY, SECOND, SHIFT_HIGH, SHIFT_LOW, WAY, WRONG } from './ways.ts';

const ICMP = 1;
const ICMP6 = 58;
const TO_WORDS = 4;
const TO_DOUBLES = 3;
const INGRESS = 0;
const EGRESS = 1;
/** No interface is asked about: nothing stands in the way. */
const NO_QUESTION = 1;

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
  function differs6(number: number, at: number, turned: number): number {
    const own = number << 3;
    let a = at + (turned === 0 ? IN_SRC6 : IN_DST6);
    let b = at + (turned === 0 ? IN_DST6 : IN_SRC6);
    let differs = 0;
    for (let i = 0; i < 4; i++) {
      differs = differs | (six.i32[own + i]! ^ batch.i32[a]!) | (six.i32[own + i + 4]! ^ batch.i32[b]!);
      a++;
      b++;
    }
    return differs;
  }

  /** 0 where an entry is of the conversation of a row. */
  function differs(entry: number, row: number, i: number): number {
    const at = entry << TO_WORDS;
    const isFour = batch.u8[row + IN_FAMILY] === 4 ? 1 : 0;
    const others =
      ((table.i32[at]! ^ batch.u8[row + IN_PROTOCOL]!) & 255) |
      (table.i32[at + 2]! ^ group.i32[i + HIGHS]!) |
      (table.i32[at + 3]! ^ group.i32[i + KEYS]!) |
      ((table.i32[at + FLAGS]! & FAMILY_6) ^ (isFour === 1 ? 0 : FAMILY_6));
    if (others !== 0) return others;
    return isFour === 1
      ? table.i32[at + 1]! ^ group.i32[i + LOWS]!
      : differs6(table.i32[at + 1]!, row << 2, group.i32[i + TURNS]!);
  }

  function confirm(from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const i = row - from;
      const head = group.i32[i + HEADS]!;
      if (head !== 0 && differs(head, row, i) !== 0) group.i32[i + HEADS] = 0;
    }
  }

  function look(row: number, i: number): number {
    const mask = table.i32[MASK]!;
    const entryBits = table.i32[ENTRY_BITS]!;
    const wanted = group.i32[i + HASHES]!;
    for (let slot = wanted & mask; ; slot = (slot + 1) & mask) {
      const word = index.i32[slot]!;
      if (word === 0) return 0;
      if (((word ^ wanted) & ~entryBits) === 0 && differs(word & entryBits, row, i) === 0) return word & entryBits;
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

  /** The answer that has a number already, 0 none. */
  function decided(at: number, direction: number, outcome: number, rule: number): number {
    const key = (at << 4) + outcome + 1;
    const mask = decisions.i32[0]!;
    const hash = (Math.imul(key, 0x9e3779b1) ^ Math.imul(rule, 0x85ebca6b)) >>> 7;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = slot << 2;
      const known = decisions.i32[place + SLOTS_AT]!;
      if (known === 0) return 0;
      if (known === key && decisions.i32[place + SLOTS_AT + 1] === rule)
        return decisions.i32[place + direction + SLOTS_AT + 2]!;
    }
  }

  /** The answer for a packet of an entry that passes, 0 where the engine has to say. */
  function answerOf(entry: number, row: number, i: number, direction: number): number {
    const at = entry << TO_WORDS;
    const flags = table.i32[at + FLAGS]!;
    const tcp = batch.u8[row + IN_TCP]!;
    if (group.f64[i + NOWS]! > deadline(entry)) return 0;
    if ((flags & CLOSING) !== 0 && (tcp & (SYN | ACK)) === SYN) return 0;
    if ((flags & COUNTED) !== 0 && (tcp & (FIN | RST)) !== 0) return 0;
    const kept = table.i32[at + group.i32[i + TURNS]! + ANSWERS]!;
    if (kept !== 0 && (kept & 1) === direction) return (kept & 2) === 0 ? 0 : kept >>> 1;
    const own = table.i32[at]! >>> 8;
    const side = direction === EGRESS ? GROUP : 0;
    if (group.i32[i + side + PLACES] !== own || group.i32[i + side + ACLS]! < 0) return 0;
    if ((flags & UNTRACKED) !== 0 && group.i32[i + side + ADMITS]! < 0) return 0;
    const admitted = table.i32[at + ADMITTED]!;
    return decided(own, direction, admitted & 3, admitted >>> 2);
  }

  function outcomeOf(rule: number, direction: number): number {
    return rule === 0 ? BY_NOTHING : direction === INGRESS ? BY_GROUP_IN : BY_GROUP_OUT;
  }

  /** The answer for the first packet of a conversation at an interface, 0 where the engine has to say. */
  function admission(row: number, i: number, direction: number): number {
    const side = direction === EGRESS ? GROUP : 0;
    const rule = group.i32[i + side + ADMITS]!;
    if (rule < 0 || group.i32[i + side + ACLS]! < 0) return 0;
    if (batch.u8[row + IN_PROTOCOL] === TCP && (batch.u8[row + IN_TCP]! & SYN) === 0) return 0;
    return decided(group.i32[i + side + PLACES]!, direction, outcomeOf(rule, direction), rule);
  }

  /** 1 where so many entries may be added without growing, sweeping or counting. */
  function hasRoom(opens: number, head: number, row: number): number {
    if (table.i32[SIZE]! + opens > table.i32[BOUND]!) return 0;
    const free = table.i32[FREE]!;
    const left = free === 0 ? 0 : table.i32[(free << TO_WORDS) + 1] === 0 ? 1 : 2;
    if (left + table.i32[ENTRY_BITS]! + 1 - table.i32[FRESH]! < opens) return 0;
    if (head !== 0) return 1;
    if ((table.i32[CHAINS]! + 1) * 4 > (table.i32[MASK]! + 1) * 3) return 0;
    if (batch.u8[row + IN_FAMILY] === 4) return 1;
    return six.i32[SIX_FREE] !== 0 || six.i32[SIX_FRESH]! < six.i32[SIX_ROOM]! ? 1 : 0;
  }

  function take(): number {
    table.i32[SIZE] = table.i32[SIZE]! + 1;
    const free = table.i32[FREE]!;
    if (free === 0) {
      const fresh = table.i32[FRESH]!;
      table.i32[FRESH] = fresh + 1;
      return fresh;
    }
    table.i32[FREE] = table.i32[(free << TO_WORDS) + 1]!;
    return free;
  }

  function takeSix(row: number, turned: number): number {
    let number = six.i32[SIX_FREE]!;
    if (number === 0) {
      number = six.i32[SIX_FRESH]!;
      six.i32[SIX_FRESH] = number + 1;
    } else six.i32[SIX_FREE] = six.i32[number << 3]!;
    const own = number << 3;
    const at = row << 2;
    const a = at + (turned === 0 ? IN_SRC6 : IN_DST6);
    const b = at + (turned === 0 ? IN_DST6 : IN_SRC6);
    for (let i = 0; i < 4; i++) {
      six.i32[own + i] = batch.i32[a + i]!;
      six.i32[own + i + 4] = batch.i32[b + i]!;
    }
    return number;
  }

  function link(hash: number, entry: number): void {
    const mask = table.i32[MASK]!;
    let slot = hash & mask;
    while (index.i32[slot] !== 0) slot = (slot + 1) & mask;
    index.i32[slot] = (hash & ~table.i32[ENTRY_BITS]!) | entry;
    table.i32[CHAINS] = table.i32[CHAINS]! + 1;
  }

  function after(entry: number): number {
    const at = entry << TO_WORDS;
    return (table.i32[at + FLAGS]! & STUB) !== 0 ? 0 : table.i32[at + NEXT]!;
  }

  function entryAt(head: number, at: number): number {
    let entry = head;
    while (entry !== 0 && table.i32[entry << TO_WORDS]! >>> 8 !== at) entry = after(entry);
    return entry;
  }

  /** Puts an entry behind the last of a chain, whose ways are no longer known. */
  function append(head: number, entry: number): void {
    let last = head;
    for (let next = after(last); next !== 0; next = after(last)) last = next;
    const at = head << TO_WORDS;
    table.i32[at + ORIGINS] = 0;
    if ((table.i32[at + FLAGS]! & STUB) !== 0) table.i32[at + FLAGS] = table.i32[at + FLAGS]! & ~STUB;
    else table.i32[(table.i32[at + NEXT]! << TO_WORDS) + ORIGINS] = 0;
    table.i32[(last << TO_WORDS) + NEXT] = entry;
  }

  /** Opens a connection at the interface that has no entry in the conversation of a row. */
  function open(head: number, row: number, i: number, direction: number): number {
    const side = direction === EGRESS ? GROUP : 0;
    const isSix = batch.u8[row + IN_FAMILY] === 4 ? 0 : 1;
    const rule = group.i32[i + side + ADMITS]!;
    const entry = take();
    const at = entry << TO_WORDS;
    let low = group.i32[i + LOWS]!;
    if (isSix === 1) low = head === 0 ? takeSix(row, group.i32[i + TURNS]!) : table.i32[(head << TO_WORDS) + 1]!;
    table.i32[at] = (group.i32[i + side + PLACES]! << 8) | batch.u8[row + IN_PROTOCOL]!;
    table.i32[at + 1] = low;
    table.i32[at + 2] = group.i32[i + HIGHS]!;
    table.i32[at + 3] = group.i32[i + KEYS]!;
    table.i32[at + FLAGS] =
      LIVE |
      (isSix === 1 ? FAMILY_6 : 0) |
      (head === 0 ? FIRST : 0) |
      (group.i32[i + side + UNTRACKEDS] !== 0 ? UNTRACKED : 0);
    table.i32[at + ADMITTED] = (rule << 2) | outcomeOf(rule, direction);
    if (head === 0) link(group.i32[i + HASHES]!, entry);
    else append(head, entry);
    const opening = table.i32[OPENINGS]! + 1;
    table.i32[OPENINGS] = opening;
    opened.i32[entry] = opening;
    return entry;
  }

  /** Takes a packet that passed into the state of its connection, and gives its observation; how many there are then. */
  function pass(entry: number, row: number, i: number, direction: number, answer: number, made: number): number {
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
    batch.u16[made + OB_PACKET] = row;
    batch.i32[made + OB_DECISION] = answer >>> 1;
    return made + 1;
  }

  function originIn(at: number, turned: number): number {
    return (table.i32[at + ORIGINS]! >>> (turned << 4)) & 0xffff;
  }

  /** The entry that has the way of a row, 0 none. */
  function wayAt(head: number, turned: number, origin: number): number {
    if (head === 0 || originIn(head << TO_WORDS, turned) === origin) return head;
    const next = after(head);
    return next !== 0 && originIn(next << TO_WORDS, turned) === origin ? next : 0;
  }

  function wayIn(at: number, turned: number): number {
    return (table.i32[at + FLAGS]! >>> (turned === 0 ? SHIFT_LOW : SHIFT_HIGH)) & WAY;
  }

  function put(at: number, turned: number, origin: number, way: number): void {
    const shift = turned === 0 ? SHIFT_LOW : SHIFT_HIGH;
    const bits = turned << 4;
    table.i32[at + ORIGINS] = (table.i32[at + ORIGINS]! & ~(0xffff << bits)) | (origin << bits);
    table.i32[at + FLAGS] = (table.i32[at + FLAGS]! & ~(WAY << shift)) | (way << shift);
  }

  /** How a way names an interface that has an entry; -1 where it cannot. */
  function nameOf(head: number, at: number): number {
    if (at === 0) return NOBODY;
    if (table.i32[head << TO_WORDS]! >>> 8 === at) return HEAD;
    const next = after(head);
    return next !== 0 && table.i32[next << TO_WORDS]! >>> 8 === at ? SECOND : -1;
  }

  function remember(head: number, turned: number, origin: number, outAt: number, inAt: number): void {
    const egress = nameOf(head, outAt);
    const ingress = nameOf(head, inAt);
    if (egress < 0 || ingress < 0) return;
    const at = head << TO_WORDS;
    const before = originIn(at, turned);
    const next = after(head);
    if (before !== 0 && before !== origin && next !== 0) put(next << TO_WORDS, turned, before, wayIn(at, turned));
    put(at, turned, origin, egress | (ingress << INGRESS_SHIFT));
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
      const first = out !== 0 ? answerOf(out, row, i, EGRESS) : outAt !== 0 ? admission(row, i, EGRESS) : NO_QUESTION;
      if (first === 0) break;
      const second =
        into !== 0 ? answerOf(into, row, i, INGRESS) : inAt !== 0 ? admission(row, i, INGRESS) : NO_QUESTION;
      if (second === 0) break;
      const opens = (outAt !== 0 && out === 0 ? 1 : 0) + (inAt !== 0 && into === 0 ? 1 : 0);
      if (opens !== 0 && hasRoom(opens, head, row) === 0) break;
      if (outAt !== 0 && out === 0) {
        out = open(head, row, i, EGRESS);
        if (head === 0) head = out;
      }
      if (out !== 0) made = pass(out, row, i, EGRESS, first, made);
      if (inAt !== 0 && into === 0) {
        into = open(head, row, i, INGRESS);
        if (head === 0) head = into;
      }
      if (into !== 0) made = pass(into, row, i, INGRESS, second, made);
      if (known === 0) remember(head, turned, origin, outAt, inAt);
    }
    group.i32[MADE] = made;
    return row;
  }

  return { confirm, judge };
}
