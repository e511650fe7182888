/**
 * The distinct texts of one column: bytes of a field → index in the batch's dictionary.
 *
 * In:    bytes with their hash. Out: the index of their text among those of the current batch.
 * Holds: a string is made once for each distinct text, not for each row or batch; equal bytes have equal indexes within a
 *        batch. Bounded: at the begin of a batch with more than `MOST_WORDS` texts all are forgotten.
 * Fails: -1 for bytes that are no UTF-8.
 */

/** Texts kept over batches, for columns of many different addresses. */
const MOST_WORDS = 1 << 18;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array, from: number, to: number): string | null {
  let text = '';
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) {
      try {
        return decoder.decode(bytes.subarray(from, to));
      } catch {
        return null;
      }
    }
    text += String.fromCharCode(byte);
  }
  return text;
}

function twice(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length * 2);
  longer.set(array);
  return longer;
}

/** The texts of a column. */
export class WordList {
  /** Texts of the current batch, by index. */
  words: string[] = [];
  #batch = 1;
  #count = 0;
  /** Word + 1 by hash; open addressing. */
  #table = new Int32Array(1024);
  #hashes = new Int32Array(512);
  /** Where the bytes of a word begin; they end where the next one's begin. */
  #starts = new Int32Array(513);
  /** The batch that had the word last, and its index there. */
  #batches = new Int32Array(512);
  #indexes = new Int32Array(512);
  #texts: string[] = [];
  #bytes = new Uint8Array(8192);

  /** Begins the dictionary of the next batch. */
  nextBatch(): void {
    this.words = [];
    this.#batch++;
    if (this.#count < MOST_WORDS) return;
    this.#count = 0;
    this.#texts = [];
    this.#table.fill(0);
  }

  /**
   * Index of the text in `bytes[from, to)`.
   *
   * @param hash  of these bytes, the same for the same bytes
   */
  indexOf(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let place = (hash ^ (hash >>> 15)) & mask;
    for (; ; place = (place + 1) & mask) {
      const word = table[place]! - 1;
      if (word < 0) return this.#add(bytes, from, to, hash, place);
      if (this.#hashes[word] !== hash) continue;
      const start = this.#starts[word]!;
      if (this.#starts[word + 1]! - start !== to - from) continue;
      const known = this.#bytes;
      let i = from;
      let k = start;
      while (i < to && bytes[i] === known[k]) {
        i++;
        k++;
      }
      if (i < to) continue;
      if (this.#batches[word] === this.#batch) return this.#indexes[word]!;
      return this.#use(word);
    }
  }

  #use(word: number): number {
    this.#batches[word] = this.#batch;
    this.#indexes[word] = this.words.push(this.#texts[word]!) - 1;
    return this.words.length - 1;
  }

  #add(bytes: Uint8Array, from: number, to: number, hash: number, place: number): number {
    const text = textOf(bytes, from, to);
    if (text === null) return -1;
    const word = this.#count++;
    if (word === this.#hashes.length) {
      this.#hashes = twice(this.#hashes);
      this.#batches = twice(this.#batches);
      this.#indexes = twice(this.#indexes);
    }
    if (word + 1 >= this.#starts.length) this.#starts = twice(this.#starts);
    const start = word === 0 ? 0 : this.#starts[word]!;
    const end = start + to - from;
    if (end > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    for (let i = from, k = start; i < to; i++, k++) this.#bytes[k] = bytes[i]!;
    this.#starts[word] = start;
    this.#starts[word + 1] = end;
    this.#hashes[word] = hash;
    this.#texts[word] = text;
    this.#table[place] = word + 1;
    if (this.#count * 2 > this.#table.length) this.#rehash();
    return this.#use(word);
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 4);
    const mask = table.length - 1;
    for (let word = 0; word < this.#count; word++) {
      const hash = this.#hashes[word]!;
      let place = (hash ^ (hash >>> 15)) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = word + 1;
    }
    this.#table = table;
  }
}
