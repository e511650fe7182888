/**
 * Causes of records that were judged before.
 *
 * In:    the key of a record: all that its cause depends on. Out: the number of its cause.
 * Holds: a table of fixed size; a newer record takes the place of an older one.
 */

/** Words of a key, at most. */
const KEY = 24;

/** So few that the table stays in the cache: whether records come again shows soon. */
const SLOTS = 1 << 12;
/** One of so many has to be found, or it is left for so many batches. */
const WORTH = 8;
const IDLE_BATCHES = 15;

/** Remembers the number of a cause, which is not 0. */
export class RecordMemo {
  /** To be filled before `find`. */
  readonly key: Int32Array = new Int32Array(KEY);
  readonly #keys = new Int32Array(SLOTS * KEY);
  readonly #causes = new Uint32Array(SLOTS);
  #slot = 0;
  #looked = 0;
  #found = 0;
  #idle = 0;

  /** A batch begins: false where too few records came again for looking to be worth it; after some batches it is tried anew. */
  begin(): boolean {
    if (this.#idle > 0) this.#idle--;
    else if (this.#looked >= SLOTS && this.#found * WORTH < this.#looked) this.#idle = IDLE_BATCHES;
    this.#looked = 0;
    this.#found = 0;
    return this.#idle === 0;
  }

  /**
   * The cause of the key; 0 where it is not known.
   *
   * @param words  so many of the key count: the same number for keys that are the same in the first of them
   */
  find(words: number): number {
    const { key } = this;
    this.#looked++;
    let hash = 0;
    for (let i = 0; i < words; i++) hash = Math.imul(hash ^ (key[i] as number), 0x9e3779b1) ^ (hash >>> 15);
    this.#slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const cause = this.#causes[this.#slot] as number;
    if (cause === 0) return 0;
    const keys = this.#keys;
    const at = this.#slot * KEY;
    for (let i = 0; i < words; i++) if (keys[at + i] !== key[i]) return 0;
    this.#found++;
    return cause;
  }

  /** Keeps the cause of the key that was looked for last. */
  keep(cause: number): void {
    this.#causes[this.#slot] = cause;
    this.#keys.set(this.key, this.#slot * KEY);
  }
}
