/**
 * Numbers for pairs of link-layer addresses.
 *
 * In:    where the addresses stand in a frame. Out: the position of their pair in `pairs`.
 * Holds: position 0 is the pair that is not known; a position never changes its meaning. Consecutive frames of one pair
 *        cost a comparison. At most 262,144 pairs are kept (a flood of made-up addresses must not fill the memory);
 *        further ones are 0 and counted in `unnumbered`.
 * Fails: never.
 */
import { linearCopy, PlainMemory } from '../../../model/linear-memory.ts';
import type { LinearMemory, Views } from '../../../model/linear-memory.ts';

const PAIRS_LIMIT = 262_144;
const FIRST_BITS = 6;

/** Words of a table: the pair that was found last, and its number, 0 none; how its hash is made and cut; slots. */
export const LAST_PAIR = 0;
export const LAST = 3;
export const MULTIPLIERS = 4;
export const SHIFT = 7;
/** Words of all slots, less one. */
export const MASK = 8;
export const SLOTS = 12;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A MAC address as text: lower-case, colons. */
export function macText(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!;
  for (let i = 1; i < 6; i += 1) text += `:${HEX[bytes[at + i]!]!}`;
  return text;
}

export class LinkPairs {
  readonly pairs: { src: string; dst: string }[] = [{ src: '', dst: '' }];
  /** Frames whose pair has no number because the table was full. */
  unnumbered = 0;
  readonly #ethernet = new PairTable();
  readonly #senders = new PairTable();
  /** False: nobody asks who sent a frame, and every pair is 0. */
  readonly isWanted: boolean;

  /** @param wanted  false: nobody asks who sent a frame, and every pair is 0 (a fifteenth of the time of decoding) */
  constructor(wanted: boolean = true) {
    this.isWanted = wanted;
  }

  /** The pair of an Ethernet header: destination at `at`, source behind it. */
  ofEthernet(bytes: Uint8Array, at: number): number {
    if (!this.isWanted) return 0;
    const w0 = wordOf(bytes, at);
    const w1 = wordOf(bytes, at + 4);
    const w2 = wordOf(bytes, at + 8);
    const table = this.#ethernet;
    if (table.isLast(w0, w1, w2)) return table.last;
    const number = table.find(w0, w1, w2) || this.#add(table, w0, w1, w2, bytes, at + 6, at);
    table.keep(w0, w1, w2, number);
    return number;
  }

  /** The pairs of Ethernet headers from now on in a memory that loops read. */
  forLoops(): LinearMemory {
    return this.#ethernet.move();
  }

  /** The pair of a header that holds the sender's address alone; its `dst` is ''. */
  ofSender(bytes: Uint8Array, at: number): number {
    if (!this.isWanted) return 0;
    const w1 = (bytes[at]! << 8) | bytes[at + 1]!;
    const w2 = (bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!;
    return this.#senders.find(0, w1, w2) || this.#add(this.#senders, 0, w1, w2, bytes, at, -1);
  }

  #add(table: PairTable, w0: number, w1: number, w2: number, bytes: Uint8Array, src: number, dst: number): number {
    if (this.pairs.length >= PAIRS_LIMIT) {
      this.unnumbered += 1;
      return 0;
    }
    const number = this.pairs.length;
    this.pairs.push({ src: macText(bytes, src), dst: dst < 0 ? '' : macText(bytes, dst) });
    table.add(w0, w1, w2, number);
    return number;
  }
}

/** Four bytes, the lowest first. */
function wordOf(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/**
 * Open addressing, a slot of sixteen bytes (three words and the number), so that a look-up touches one cache line. The
 * multipliers are made up anew for each table: nobody can choose addresses that fall together.
 */
class PairTable {
  #memory: Views = new PlainMemory((SLOTS + (4 << FIRST_BITS)) * 4);
  #used = 0;

  constructor() {
    const { i32 } = this.#memory;
    for (let i = 0; i < 3; i += 1) i32[MULTIPLIERS + i] = oddNumber();
    this.#bits = FIRST_BITS;
  }

  get #bits(): number {
    return 32 - this.#memory.i32[SHIFT]!;
  }

  set #bits(bits: number) {
    this.#memory.i32[SHIFT] = 32 - bits;
    this.#memory.i32[MASK] = (4 << bits) - 1;
  }

  move(): LinearMemory {
    const linear = linearCopy(this.#memory);
    this.#memory = linear;
    return linear;
  }

  get last(): number {
    return this.#memory.i32[LAST]!;
  }

  isLast(w0: number, w1: number, w2: number): boolean {
    const { i32 } = this.#memory;
    return i32[LAST_PAIR] === w0 && i32[LAST_PAIR + 1] === w1 && i32[LAST_PAIR + 2] === w2 && i32[LAST] !== 0;
  }

  keep(w0: number, w1: number, w2: number, number: number): void {
    const { i32 } = this.#memory;
    i32[LAST_PAIR] = w0;
    i32[LAST_PAIR + 1] = w1;
    i32[LAST_PAIR + 2] = w2;
    i32[LAST] = number;
  }

  find(w0: number, w1: number, w2: number): number {
    const { i32 } = this.#memory;
    const mask = i32[MASK]!;
    let at = this.#home(w0, w1, w2);
    for (;;) {
      const number = i32[SLOTS + at + 3]!;
      if (number === 0) return 0;
      if (i32[SLOTS + at + 2] === w2 && i32[SLOTS + at + 1] === w1 && i32[SLOTS + at] === w0) return number;
      at = (at + 4) & mask;
    }
  }

  add(w0: number, w1: number, w2: number, number: number): void {
    this.#used += 1;
    const words = 4 << this.#bits;
    if (this.#used * 8 > words) {
      const old = this.#memory.i32.slice(SLOTS, SLOTS + words);
      this.#memory.reserve((SLOTS + words * 2) * 4);
      this.#memory.i32.fill(0, SLOTS, SLOTS + words * 2);
      this.#bits += 1;
      for (let at = 0; at < old.length; at += 4) {
        if (old[at + 3] !== 0) this.#put(old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
      }
    }
    this.#put(w0, w1, w2, number);
  }

  #put(w0: number, w1: number, w2: number, number: number): void {
    const { i32 } = this.#memory;
    const mask = i32[MASK]!;
    let at = this.#home(w0, w1, w2);
    while (i32[SLOTS + at + 3] !== 0) at = (at + 4) & mask;
    i32[SLOTS + at] = w0;
    i32[SLOTS + at + 1] = w1;
    i32[SLOTS + at + 2] = w2;
    i32[SLOTS + at + 3] = number;
  }

  /** The upper bits of a sum of products: three multiplications side by side, not one behind the other. */
  #home(w0: number, w1: number, w2: number): number {
    const { i32 } = this.#memory;
    const a = Math.imul(w0, i32[MULTIPLIERS]!);
    const b = Math.imul(w1, i32[MULTIPLIERS + 1]!);
    const c = Math.imul(w2, i32[MULTIPLIERS + 2]!);
    return (((a + b + c) | 0) >>> i32[SHIFT]!) << 2;
  }
}

function oddNumber(): number {
  return Math.floor(Math.random() * 0x1_0000_0000) | 1;
}
