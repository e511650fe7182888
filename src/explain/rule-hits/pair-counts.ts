/**
 * How often each of many pairs of numbers was met.
 *
 * In:    pairs, in any order. Out: each pair once, in order, with how often it came.
 * Holds: pairs are gathered, sorted and merged into those that are known: a sequence of bytes costs a fraction of what a table
 *        costs whose places lie all over memory. Room is that of the pairs that are known, and as much again at most.
 */

/** Pairs that are gathered before they are merged, at least; and at first. */
const GATHERED = 1 << 20;
const FIRST = 1024;
const HIGH = 2 ** 32;

/** Counts pairs. */
export class PairCounts {
  /** Known pairs, as one number each, ascending. */
  #keys = new Float64Array(0);
  #counts = new Float64Array(0);
  #gathered: Float64Array<ArrayBuffer>;
  #used = 0;
  readonly #least: number;
  readonly #merged: (first: number, seconds: number) => boolean;

  /**
   * @param least   pairs that are gathered before they are merged
   * @param merged  called after merging for each first number, with how many second ones it has: whether they are kept
   */
  constructor(least: number = GATHERED, merged: (first: number, seconds: number) => boolean = () => true) {
    this.#least = least;
    this.#merged = merged;
    this.#gathered = new Float64Array(Math.min(least, FIRST));
  }

  /**
   * Meets a pair.
   *
   * @param first   below 2 ** 21
   * @param second  below 2 ** 32
   */
  add(first: number, second: number): void {
    if (this.#used === this.#gathered.length) this.#makeRoom();
    this.#gathered[this.#used++] = first * HIGH + second;
  }

  /** Tells each pair that is known, ascending. */
  read(tell: (first: number, second: number, count: number) => void): void {
    this.settle();
    for (const [at, key] of this.#keys.entries()) {
      const first = Math.floor(key / HIGH);
      tell(first, key - first * HIGH, this.#counts[at] as number);
    }
  }

  #makeRoom(): void {
    const { length } = this.#gathered;
    if (length >= this.#least && length >= this.#keys.length) {
      this.settle();
      return;
    }
    const larger = new Float64Array(length * 2);
    larger.set(this.#gathered);
    this.#gathered = larger;
  }

  /** Merges what was gathered. */
  settle(): void {
    const met = this.#gathered.subarray(0, this.#used).sort();
    const known = this.#keys;
    const keys = new Float64Array(known.length + met.length);
    const counts = new Float64Array(keys.length);
    let size = 0;
    let from = 0;
    for (let at = 0; at < known.length || from < met.length;) {
      const isKnown = at < known.length && !((met[from] as number) < (known[at] as number));
      const key = (isKnown ? known[at] : met[from]) as number;
      let count = isKnown ? (this.#counts[at++] as number) : 0;
      for (; met[from] === key; from++) count++;
      keys[size] = key;
      counts[size++] = count;
    }
    this.#used = 0;
    this.#keep(keys, counts, size);
  }

  /** Leaves out those whose first number is kept no longer. */
  #keep(keys: Float64Array<ArrayBuffer>, counts: Float64Array<ArrayBuffer>, size: number): void {
    let kept = 0;
    for (let at = 0; at < size;) {
      const first = Math.floor((keys[at] as number) / HIGH);
      let end = at + 1;
      while (end < size && (keys[end] as number) < (first + 1) * HIGH) end++;
      if (this.#merged(first, end - at)) {
        keys.copyWithin(kept, at, end);
        counts.copyWithin(kept, at, end);
        kept += end - at;
      }
      at = end;
    }
    this.#keys = keys.subarray(0, kept);
    this.#counts = counts.subarray(0, kept);
  }
}
