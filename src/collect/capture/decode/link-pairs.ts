/**
 * Numbers for pairs of link-layer addresses.
 *
 * In:    where the addresses stand in a frame. Out: the position of their pair in `pairs`.
 * Holds: position 0 is the pair that is not known; a position never changes its meaning. Consecutive frames of one pair
 *        cost a comparison. At most 262,144 pairs are kept (a flood of made-up addresses must not fill the memory);
 *        further ones are 0 and counted in `unnumbered`.
 * Fails: never.
 */

const PAIRS_LIMIT = 262_144;
const FIRST_BITS = 6;

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
  #last0 = 0;
  #last1 = 0;
  #last2 = 0;
  #last = 0;
  readonly #wanted: boolean;

  /** @param wanted  false: nobody asks who sent a frame, and every pair is 0 (a fifteenth of the time of decoding) */
  constructor(wanted: boolean = true) {
    this.#wanted = wanted;
  }

  /** The pair of an Ethernet header: destination at `at`, source behind it. */
  ofEthernet(bytes: Uint8Array, at: number): number {
    if (!this.#wanted) return 0;
    const w0 = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const w1 = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
    const w2 = (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!;
    if (w0 === this.#last0 && w1 === this.#last1 && w2 === this.#last2 && this.#last !== 0) return this.#last;
    const number = this.#ethernet.find(w0, w1, w2) || this.#add(this.#ethernet, w0, w1, w2, bytes, at + 6, at);
    this.#last0 = w0;
    this.#last1 = w1;
    this.#last2 = w2;
    this.#last = number;
    return number;
  }

  /** The pair of a header that holds the sender's address alone; its `dst` is ''. */
  ofSender(bytes: Uint8Array, at: number): number {
    if (!this.#wanted) return 0;
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

/**
 * Open addressing, a slot of sixteen bytes (three words and the number), so that a look-up touches one cache line. The
 * multipliers are made up anew for each table: nobody can choose addresses that fall together.
 */
class PairTable {
  #bits = FIRST_BITS;
  #slots = new Int32Array(4 << FIRST_BITS);
  #used = 0;
  readonly #m0 = oddNumber();
  readonly #m1 = oddNumber();
  readonly #m2 = oddNumber();

  find(w0: number, w1: number, w2: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = this.#home(w0, w1, w2);
    for (;;) {
      const number = slots[at + 3]!;
      if (number === 0) return 0;
      if (slots[at + 2] === w2 && slots[at + 1] === w1 && slots[at] === w0) return number;
      at = (at + 4) & mask;
    }
  }

  add(w0: number, w1: number, w2: number, number: number): void {
    this.#used += 1;
    if (this.#used * 8 > this.#slots.length) {
      const old = this.#slots;
      this.#bits += 1;
      this.#slots = new Int32Array(4 << this.#bits);
      for (let at = 0; at < old.length; at += 4) {
        if (old[at + 3] !== 0) this.#put(old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
      }
    }
    this.#put(w0, w1, w2, number);
  }

  #put(w0: number, w1: number, w2: number, number: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = this.#home(w0, w1, w2);
    while (slots[at + 3] !== 0) at = (at + 4) & mask;
    slots[at] = w0;
    slots[at + 1] = w1;
    slots[at + 2] = w2;
    slots[at + 3] = number;
  }

  /** The upper bits of a sum of products: three multiplications side by side, not one behind the other. */
  #home(w0: number, w1: number, w2: number): number {
    const sum = (Math.imul(w0, this.#m0) + Math.imul(w1, this.#m1) + Math.imul(w2, this.#m2)) | 0;
    return (sum >>> (32 - this.#bits)) << 2;
  }
}

function oddNumber(): number {
  return Math.floor(Math.random() * 0x1_0000_0000) | 1;
}
