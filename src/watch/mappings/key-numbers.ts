/**
 * Numbers for keys that rows have in common, such as their seconds.
 *
 * In:    whole numbers between two bounds. Out: for each the number that it was given.
 * Holds: keys that lie close together are places of a list; only others are looked up, which takes ten times as long.
 * Fails: never; keys are within the bounds.
 */

/** Places of a list at most. */
const MOST_PLACES = 1 << 20;

/** Numbers by key. */
export class KeyNumbers {
  readonly #least: number;
  readonly #places: Int32Array;
  readonly #others: Map<number, number> | null;

  constructor(least: number, most: number) {
    const places = most - least + 1;
    this.#least = least;
    this.#others = places > MOST_PLACES ? new Map() : null;
    this.#places = new Int32Array(this.#others === null ? Math.max(0, places) : 0).fill(-1);
  }

  /** The number of a key; -1 none. */
  of(key: number): number {
    return this.#others === null ? this.#places[key - this.#least]! : (this.#others.get(key) ?? -1);
  }

  /** Gives a key its number. */
  set(key: number, number: number): void {
    if (this.#others === null) this.#places[key - this.#least] = number;
    else this.#others.set(key, number);
  }
}
