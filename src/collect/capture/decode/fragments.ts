/**
 * What the first fragments of datagrams said, for the fragments that follow them (rule P3).
 *
 * In:    a first fragment's key, time and two words (protocol; ports, or ICMP type, code and identifier).
 * Out:   for a later fragment, whether its first one was seen, and those words.
 * Holds: the newest 65,536 first fragments, each for 30 s of packet time either way. Memory is taken with the first one.
 * Fails: never.
 */

const DATAGRAMS = 65_536;
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
    if (this.#heads.length === 0) this.#allocate();
    const entry = this.#remembered % DATAGRAMS;
    this.#remembered += 1;
    if (this.#linked[entry] === 1) this.#unlink(entry);
    const bucket = this.#bucketOf(this.key, 0);
    const same = this.#look(bucket);
    if (same >= 0) this.#unlink(same);
    this.#keys.set(this.key, entry * WORDS);
    this.#protocols[entry] = protocol;
    this.#words[entry] = word;
    this.#times[entry] = atMicros;
    const head = this.#heads[bucket]!;
    this.#older[entry] = head;
    this.#newer[entry] = -1;
    if (head >= 0) this.#newer[head] = entry;
    this.#heads[bucket] = entry;
    this.#linked[entry] = 1;
  }

  /** Whether the first fragment of `key` was seen. */
  find(atMicros: number): boolean {
    if (this.#heads.length === 0) return false;
    const entry = this.#look(this.#bucketOf(this.key, 0));
    if (entry < 0 || Math.abs(atMicros - this.#times[entry]!) > AGE_MICROS) return false;
    this.foundProtocol = this.#protocols[entry]!;
    this.foundWord = this.#words[entry]!;
    return true;
  }

  #look(bucket: number): number {
    let entry = this.#heads[bucket]!;
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

  #allocate(): void {
    this.#keys = new Uint32Array(DATAGRAMS * WORDS);
    this.#protocols = new Uint8Array(DATAGRAMS);
    this.#words = new Uint32Array(DATAGRAMS);
    this.#times = new Float64Array(DATAGRAMS);
    this.#heads = new Int32Array(DATAGRAMS).fill(-1);
    this.#older = new Int32Array(DATAGRAMS);
    this.#newer = new Int32Array(DATAGRAMS);
    this.#linked = new Uint8Array(DATAGRAMS);
  }

  #bucketOf(words: Uint32Array, at: number): number {
    let h = this.#seed;
    for (let i = 0; i < WORDS; i += 1) {
      h = Math.imul(h ^ words[at + i]!, 0x9e3779b1);
      h ^= h >>> 15;
    }
    return (h >>> 0) % DATAGRAMS;
  }
}
