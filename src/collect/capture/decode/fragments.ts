/**
 * What the first fragments of datagrams said, for the fragments that follow them (rule P3).
 *
 * In:    a first fragment's key, time and two words (protocol; ports, or ICMP type, code and identifier).
 * Out:   for a later fragment, whether its first one was seen, and those words.
 * Holds: the newest 65,536 first fragments, each for 30 s of packet time either way. Memory grows with their number.
 * Fails: never.
 */

const DATAGRAMS = 65_536;
const FIRST_SIZE = 64;
const AGE_MICROS = 30_000_000;
/** Four words of each address, identification, family and (IPv4 only) protocol. */
const WORDS = 10;

export class FragmentTable {
  /** The words of the last `find` that was true. */
  foundProtocol = 0;
  foundWord = 0;
  /** The key that `remember` and `find` are about; the caller fills it, unused words 0. */
  readonly key = new Uint32Array(WORDS);
  #keys = new Uint32Array(0);
  #protocols = new Uint8Array(0);
  #words = new Uint32Array(0);
  #times = new Float64Array(0);
  /** Newest entry of each bucket, and each entry's neighbours in it; -1 none. */
  #heads = new Int32Array(0);
  #older = new Int32Array(0);
  #newer = new Int32Array(0);
  #linked = new Uint8Array(0);
  #remembered = 0;
  /** So that nobody can choose keys that all fall into one bucket. */
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000);

  /** Keeps what the first fragment of `key` says, in place of what an earlier one said. */
  remember(atMicros: number, protocol: number, word: number): void {
    if (this.#remembered === this.#heads.length && this.#remembered < DATAGRAMS) this.#grow();
    const entry = this.#remembered % DATAGRAMS;
    this.#remembered += 1;
    if (this.#linked[entry] === 1) this.#unlink(entry);
    this.forget();
    this.#keys.set(this.key, entry * WORDS);
    this.#protocols[entry] = protocol;
    this.#words[entry] = word;
    this.#times[entry] = atMicros;
    this.#link(entry);
  }

  /** Drops what is known of `key`: a new first fragment came, and does not say it. */
  forget(): void {
    if (this.#remembered === 0) return;
    const same = this.#look();
    if (same >= 0) this.#unlink(same);
  }

  /** Whether the first fragment of `key` was seen. */
  find(atMicros: number): boolean {
    if (this.#remembered === 0) return false;
    const entry = this.#look();
    if (entry < 0 || Math.abs(atMicros - this.#times[entry]!) > AGE_MICROS) return false;
    this.foundProtocol = this.#protocols[entry]!;
    this.foundWord = this.#words[entry]!;
    return true;
  }

  #look(): number {
    let entry = this.#heads[this.#bucketOf(this.key, 0)]!;
    while (entry >= 0 && !this.#holds(entry)) entry = this.#older[entry]!;
    return entry;
  }

  #holds(entry: number): boolean {
    const at = entry * WORDS;
    for (let i = 0; i < WORDS; i += 1) if (this.#keys[at + i] !== this.key[i]) return false;
    return true;
  }

  #unlink(entry: number): void {
    const older = this.#older[entry]!;
    const newer = this.#newer[entry]!;
    if (older >= 0) this.#newer[older] = newer;
    if (newer >= 0) this.#older[newer] = older;
    else this.#heads[this.#bucketOf(this.#keys, entry * WORDS)] = older;
    this.#linked[entry] = 0;
  }

  /** Twice the room; never called once the oldest entries are being written over. */
  #grow(): void {
    const size = Math.max(FIRST_SIZE, this.#heads.length * 2);
    this.#keys = larger(this.#keys, new Uint32Array(size * WORDS));
    this.#protocols = larger(this.#protocols, new Uint8Array(size));
    this.#words = larger(this.#words, new Uint32Array(size));
    this.#times = larger(this.#times, new Float64Array(size));
    this.#linked = larger(this.#linked, new Uint8Array(size));
    this.#heads = new Int32Array(size).fill(-1);
    this.#older = new Int32Array(size);
    this.#newer = new Int32Array(size);
    for (let entry = 0; entry < this.#remembered; entry += 1) if (this.#linked[entry] === 1) this.#link(entry);
  }

  #link(entry: number): void {
    const bucket = this.#bucketOf(this.#keys, entry * WORDS);
    const head = this.#heads[bucket]!;
    this.#older[entry] = head;
    this.#newer[entry] = -1;
    if (head >= 0) this.#newer[head] = entry;
    this.#heads[bucket] = entry;
    this.#linked[entry] = 1;
  }

  #bucketOf(words: Uint32Array, at: number): number {
    let h = this.#seed;
    for (let i = 0; i < WORDS; i += 1) {
      h = Math.imul(h ^ words[at + i]!, 0x9e3779b1);
      h ^= h >>> 15;
    }
    return h & (this.#heads.length - 1);
  }
}

function larger<T extends Uint8Array | Uint32Array | Float64Array>(old: T, into: T): T {
  into.set(old);
  return into;
}
