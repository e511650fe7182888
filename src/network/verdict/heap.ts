/**
 * Numbers by key, the lowest first.
 *
 * In:    numbers (entries of a table), each with a key. Out: the number with the lowest key.
 * Holds: a number is in it once; its key can be changed. Typed arrays that grow; no object for an entry.
 */
export class Heap {
  size = 0;
  #items = new Int32Array(1024);
  #keys = new Float64Array(1024);
  /** By number: its position plus 1; 0 it is not in. */
  #positions = new Int32Array(1024);

  has(item: number): boolean {
    return item < this.#positions.length && this.#positions[item] !== 0;
  }

  /** The number with the lowest key; 0 where there is none. */
  first(): number {
    return this.size === 0 ? 0 : (this.#items[0] as number);
  }

  firstKey(): number {
    return this.#keys[0] as number;
  }

  /** Adds a number, or changes its key. */
  set(item: number, key: number): void {
    if (item >= this.#positions.length) {
      const positions = new Int32Array(Math.max(item + 1, this.#positions.length * 2));
      positions.set(this.#positions);
      this.#positions = positions;
    }
    if (this.#positions[item] === 0) {
      if (this.size === this.#items.length) this.#grow();
      this.#rise(this.size++, item, key);
      return;
    }
    const at = (this.#positions[item] as number) - 1;
    if (key < (this.#keys[at] as number)) this.#rise(at, item, key);
    else this.#sink(at, item, key);
  }

  remove(item: number): void {
    if (!this.has(item)) return;
    const at = (this.#positions[item] as number) - 1;
    this.#positions[item] = 0;
    this.size--;
    if (at === this.size) return;
    const moved = this.#items[this.size] as number;
    const key = this.#keys[this.size] as number;
    if (at > 0 && key < (this.#keys[(at - 1) >> 1] as number)) this.#rise(at, moved, key);
    else this.#sink(at, moved, key);
  }

  #grow(): void {
    const items = new Int32Array(this.#items.length * 2);
    const keys = new Float64Array(this.#keys.length * 2);
    items.set(this.#items);
    keys.set(this.#keys);
    this.#items = items;
    this.#keys = keys;
  }

  #put(at: number, item: number, key: number): void {
    this.#items[at] = item;
    this.#keys[at] = key;
    this.#positions[item] = at + 1;
  }

  #rise(from: number, item: number, key: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#keys[parent] as number) <= key) break;
      this.#put(at, this.#items[parent] as number, this.#keys[parent] as number);
      at = parent;
    }
    this.#put(at, item, key);
  }

  #sink(from: number, item: number, key: number): void {
    let at = from;
    for (let child = at * 2 + 1; child < this.size; child = at * 2 + 1) {
      if (child + 1 < this.size && (this.#keys[child + 1] as number) < (this.#keys[child] as number)) child++;
      if ((this.#keys[child] as number) >= key) break;
      this.#put(at, this.#items[child] as number, this.#keys[child] as number);
      at = child;
    }
    this.#put(at, item, key);
  }
}
