/**
 * Entries of a conversation in the table of connections, as loops find and add them, and the ways of its packets.
 *
 * In:    a row of a group that was approached. Out: entries.
 * Holds: as `judge-loops.ts`, of whose module it is a part. `connections.ts` and `ways.ts` do the same.
 * Fails: never.
 */
import { IN_DST6, IN_FAMILY, IN_PROTOCOL, IN_SRC6 } from '../../model/batch-memory.ts';
import type { Views } from '../../model/linear-memory.ts';
import {
  BOUND,
  CHAINS,
  ENTRY_BITS,
  FAMILY_6,
  FIRST,
  FLAGS,
  FREE,
  FRESH,
  MASK,
  NEXT,
  ORIGINS,
  SIX_FREE,
  SIX_FRESH,
  SIX_ROOM,
  SIZE,
  STUB,
} from './entry-words.ts';
import { HASHES, HIGHS, KEYS, LOWS, TURNS } from './group-columns.ts';
import { HEAD, INGRESS_SHIFT, NOBODY, SECOND, SHIFT_HIGH, SHIFT_LOW, WAY } from './ways.ts';
import { indexLoops } from './index-steps.ts';

const TO_WORDS = 4;

/** What others call. */
export type ChainLoops = {
  /** 0 where an entry is of the conversation of a row. */
  readonly differs: (entry: number, row: number, i: number) => number;
  /** The head of the conversation of a row, 0 none. */
  readonly look: (row: number, i: number) => number;
  /** The entry that an interface has in the chain of a head, which may be 0; 0 none. */
  readonly entryAt: (head: number, at: number) => number;
  /** 1 where so many entries may be added, and made connections again, without growing, sweeping or counting. */
  readonly hasRoom: (opens: number, reopens: number, head: number, row: number) => number;
  /** Adds an entry for an interface that has none in the conversation of a row; head 0: it is the first of all. */
  readonly add: (head: number, row: number, i: number, interfaceNumber: number, state: number) => number;
  /** The entry that has the way of a row, 0 none. */
  readonly wayAt: (head: number, turned: number, origin: number) => number;
  /** The way in that direction of the entry whose words begin at `at`. */
  readonly wayIn: (at: number, turned: number) => number;
  /** Remembers between which interfaces a row went, where both have entries. */
  readonly remember: (head: number, turned: number, origin: number, outAt: number, inAt: number) => void;
};

/**
 * @param table  entries of `connections.ts`
 * @param batch  packets
 * @param group  columns of the group
 * @param index  slots of the table
 * @param six    addresses of IPv6, eight words each
 */
export function chainLoops(table: Views, batch: Views, group: Views, index: Views, six: Views): ChainLoops {
  const { link } = indexLoops(table, index);

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

  /** 1 where so many entries may be added, and made connections again, without growing, sweeping or counting. */
  function hasRoom(opens: number, reopens: number, head: number, row: number): number {
    if (table.i32[SIZE]! + opens + reopens > table.i32[BOUND]!) return 0;
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

  /** Adds an entry for an interface that has none in the conversation of a row; head 0: it is the first of all. */
  function add(head: number, row: number, i: number, interfaceNumber: number, state: number): number {
    const isSix = batch.u8[row + IN_FAMILY] === 4 ? 0 : 1;
    const entry = take();
    const at = entry << TO_WORDS;
    let low = group.i32[i + LOWS]!;
    if (isSix === 1) low = head === 0 ? takeSix(row, group.i32[i + TURNS]!) : table.i32[(head << TO_WORDS) + 1]!;
    table.i32[at] = (interfaceNumber << 8) | batch.u8[row + IN_PROTOCOL]!;
    table.i32[at + 1] = low;
    table.i32[at + 2] = group.i32[i + HIGHS]!;
    table.i32[at + 3] = group.i32[i + KEYS]!;
    table.i32[at + FLAGS] = state | (isSix === 1 ? FAMILY_6 : 0) | (head === 0 ? FIRST : 0);
    if (head === 0) link(group.i32[i + HASHES]!, entry);
    else append(head, entry);
    return entry;
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
    if (head === 0) return;
    const egress = nameOf(head, outAt);
    const ingress = nameOf(head, inAt);
    if (egress < 0 || ingress < 0) return;
    const at = head << TO_WORDS;
    const before = originIn(at, turned);
    const next = after(head);
    if (before !== 0 && before !== origin && next !== 0) put(next << TO_WORDS, turned, before, wayIn(at, turned));
    put(at, turned, origin, egress | (ingress << INGRESS_SHIFT));
  }

  return { differs, look, entryAt, hasRoom, add, wayAt, wayIn, remember };
}
