/**
 * The distinct texts of one column: bytes of a field → index in the batch's dictionary.
 *
 * In:    bytes in which a text begins. Out: where it ends, and its index among the texts of the current batch.
 * Holds: a string is made once for each distinct text, not for each row or batch; equal bytes have equal indexes within a
 *        batch. Bounded: at the begin of a batch with more than `MOST_WORDS` texts all are forgotten.
 * Fails: index -1 for bytes that are no UTF-8.
 *
 * The text seen last is tried first: most columns repeat.
 */

/** Texts kept over batches, for columns of many different addresses. */
const MOST_WORDS = 1 << 18;
const SPACE = 32;

/** Numbers kept of a word: its hash, where its bytes begin, how many they are, the batch that had it last, its index there. */
const HASH = 0;
const BEGIN = 1;
const LENGTH = 2;
const BATCH = 3;
const INDEX = 4;
const STRIDE = 8;

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

/** The texts of a column. */
export class WordList {
  /** Texts of the current batch, by index. */
  words: string[] = [];
  /** Index of the text that was read last; -1 where it was none. */
  index = -1;
  #batch = 1;
  #count = 0;
  #texts: string[] = [];
  #notes = new Int32Array(512 * STRIDE);
  #bytes = new Uint8Array(8192);
  #byteCount = 0;
  /** Word + 1 by hash; open addressing. */
  #table = new Int32Array(1024);
  /** Where the bytes of the text seen last are; its index is `index`, valid in this batch while `#lastEnd` is not -1. */
  #lastBegin = 0;
  #lastEnd = -1;
  #lastIndex = 0;

  /** Begins the dictionary of the next batch. */
  nextBatch(): void {
    this.words = [];
    this.#batch++;
    this.#lastEnd = -1;
    if (this.#count < MOST_WORDS) return;
    this.#count = 0;
    this.#byteCount = 0;
    this.#texts = [];
    this.#table.fill(0);
  }

  /**
   * Reads the text that begins at `at` and ends before the next byte up to 32.
   *
   * @returns the position behind that byte; the text's index is in `index`
   */
  readWord(bytes: Uint8Array, at: number): number {
    let i = at;
    if (this.#lastEnd >= 0) {
      const known = this.#bytes;
      const end = this.#lastEnd;
      let k = this.#lastBegin;
      while (k < end && bytes[i] === known[k]) {
        i++;
        k++;
      }
      if (k === end && bytes[i]! <= SPACE) {
        this.index = this.#lastIndex;
        return i + 1;
      }
      i = at;
    }
    // FNV-1a: with a small factor words that count up share their hashes, and 300,000 of them took 14 s.
    let hash = 0x811c_9dc5 | 0;
    let c = bytes[i++]!;
    do {
      hash = Math.imul(hash ^ c, 0x0100_0193);
      c = bytes[i++]!;
    } while (c > SPACE);
    this.#find(bytes, at, i - 1, hash);
    return i;
  }

  #find(bytes: Uint8Array, from: number, to: number, hash: number): void {
    const table = this.#table;
    const notes = this.#notes;
    const known = this.#bytes;
    const mask = table.length - 1;
    for (let place = (hash ^ (hash >>> 15)) & mask; ; place = (place + 1) & mask) {
      const word = table[place]! - 1;
      if (word < 0) {
        const added = this.#add(bytes, from, to, hash);
        if (added >= 0) this.#enter(added);
        return;
      }
      const note = word * STRIDE;
      if (notes[note + HASH] !== hash || notes[note + LENGTH] !== to - from) continue;
      const begin = notes[note + BEGIN]!;
      let i = from;
      for (let k = begin; i < to && bytes[i] === known[k]; k++) i++;
      if (i < to) continue;
      this.#use(word);
      return;
    }
  }

  /** Gives a word that is known its index in this batch. */
  #use(word: number): void {
    const note = word * STRIDE;
    const notes = this.#notes;
    if (notes[note + BATCH] !== this.#batch) {
      notes[note + BATCH] = this.#batch;
      notes[note + INDEX] = this.words.push(this.#texts[word]!) - 1;
    }
    this.index = notes[note + INDEX]!;
    this.#lastIndex = this.index;
    this.#lastBegin = notes[note + BEGIN]!;
    this.#lastEnd = this.#lastBegin + notes[note + LENGTH]!;
  }

  /** Keeps a new word; returns its number, -1 where it is no text. */
  #add(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const text = textOf(bytes, from, to);
    if (text === null) return (this.index = -1);
    const word = this.#count++;
    if ((word + 1) * STRIDE > this.#notes.length) {
      const longer = new Int32Array(this.#notes.length * 2);
      longer.set(this.#notes);
      this.#notes = longer;
    }
    const begin = this.#byteCount;
    this.#byteCount += to - from;
    if (this.#byteCount > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(this.#byteCount, this.#bytes.length * 2));
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    for (let i = from, k = begin; i < to; i++, k++) this.#bytes[k] = bytes[i]!;
    const note = word * STRIDE;
    this.#notes[note + HASH] = hash;
    this.#notes[note + BEGIN] = begin;
    this.#notes[note + LENGTH] = to - from;
    this.#notes[note + BATCH] = 0;
    this.#texts[word] = text;
    this.#use(word);
    return word;
  }

  /** Makes a word findable by its hash. */
  #enter(word: number): void {
    if (this.#count * 2 > this.#table.length) {
      const before = this.#table;
      this.#table = new Int32Array(before.length * 4);
      for (const entry of before) if (entry > 0) this.#put(entry - 1);
    }
    this.#put(word);
  }

  #put(word: number): void {
    const hash = this.#notes[word * STRIDE + HASH]!;
    const mask = this.#table.length - 1;
    let place = (hash ^ (hash >>> 15)) & mask;
    while (this.#table[place] !== 0) place = (place + 1) & mask;
    this.#table[place] = word + 1;
  }
}
