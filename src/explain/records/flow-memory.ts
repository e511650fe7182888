/**
 * What is remembered of each flow while records pass: when it was accepted and when it was rejected.
 *
 * In:    the key of a flow, and of each of its records whether it was accepted, its times and bytes. Out: its entry.
 * Holds: open addressing in arrays that grow to a bound and no further. Flows that are rejected alone take no more than
 *        a part of it, so that a scan of millions leaves room for those that were accepted. What found no room is
 *        counted.
 */

/** Words of a key: interface, ends and protocol, service port, remote address (four). */
const KEY = 7;
/** Words behind it: cause, rejected, first and last rejected, first and last accepted, the other port of the first rejected. */
const CAUSE = KEY;
const REJECTED = KEY + 1;
const FIRST_REJECTED = KEY + 2;
const LAST_REJECTED = KEY + 3;
const FIRST_ACCEPTED = KEY + 4;
const LAST_ACCEPTED = KEY + 5;
const OTHER_PORT = KEY + 6;
/** A line of the cache. */
const STRIDE = 16;

const SMALLEST = 1 << 12;
/** 64 bytes each. */
const MOST_SLOTS = 1 << 19;

/** A flow as it is kept. Seconds; 0 where there was none. */
export type RememberedFlow = {
  /** As `key` had it: number of the interface's name. */
  readonly interface: number;
  /** 1: seen by egress; 2: opened by egress. */
  readonly ends: number;
  readonly protocol: number;
  readonly family: number;
  readonly port: number;
  readonly remote: readonly number[];
  readonly otherPort: number;
  /** Of its rejected records the cause met first. */
  readonly cause: number;
  readonly rejected: number;
  readonly firstRejected: number;
  readonly lastRejected: number;
  readonly firstAccepted: number;
  readonly lastAccepted: number;
};

/** Flows by key. */
export class FlowMemory {
  /** To be filled before `accepted` and `rejected`: the key of the record's flow. */
  readonly key: Uint32Array = new Uint32Array(KEY);
  /** Records whose flow found no room. */
  rejectedWithoutRoom = 0;
  acceptedWithoutRoom = 0;
  #slots = new Uint32Array(SMALLEST * STRIDE);
  /** By slot 0 where it is free, else a byte of its hash: most of what is looked for is not there, and need not be read. */
  #tags = new Uint8Array(SMALLEST);
  #mask = SMALLEST - 1;
  #count = 0;
  readonly #mostSlots: number;

  /** @param mostSlots  a power of two */
  constructor(mostSlots: number = MOST_SLOTS) {
    this.#mostSlots = mostSlots;
  }

  /** Fills the key. */
  setKey(name: number, ends: number, family: number, protocol: number, port: number): void {
    const { key } = this;
    key[0] = name;
    key[1] = (ends << 16) | (family << 8) | protocol;
    // Never 0: a slot is free where this word is.
    key[2] = port + 1;
  }

  accepted(start: number, end: number): void {
    const at = this.#find(this.#mostSlots * 0.75);
    if (at < 0) {
      this.acceptedWithoutRoom++;
      return;
    }
    const slots = this.#slots;
    if (slots[at + FIRST_ACCEPTED] === 0 || start < (slots[at + FIRST_ACCEPTED] as number))
      slots[at + FIRST_ACCEPTED] = start;
    if (end > (slots[at + LAST_ACCEPTED] as number)) slots[at + LAST_ACCEPTED] = end;
  }

  /** @param otherPort  the one that is not the service's */
  rejected(start: number, end: number, cause: number, otherPort: number): void {
    const at = this.#find(this.#mostSlots * 0.5);
    if (at < 0) {
      this.rejectedWithoutRoom++;
      return;
    }
    const slots = this.#slots;
    const isFirst = slots[at + REJECTED] === 0;
    slots[at + REJECTED] = (slots[at + REJECTED] as number) + 1;
    if (isFirst || start < (slots[at + FIRST_REJECTED] as number)) {
      slots[at + FIRST_REJECTED] = start;
      slots[at + CAUSE] = cause;
      slots[at + OTHER_PORT] = otherPort;
    }
    if (end > (slots[at + LAST_REJECTED] as number)) slots[at + LAST_REJECTED] = end;
  }

  /** All flows. */
  *flows(): Generator<RememberedFlow> {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += STRIDE) {
      if (slots[at + 2] === 0) continue;
      const word = slots[at + 1] as number;
      yield {
        interface: slots[at] as number,
        ends: word >>> 16,
        family: (word >>> 8) & 255,
        protocol: word & 255,
        port: (slots[at + 2] as number) - 1,
        remote: [...slots.subarray(at + 3, at + KEY)],
        otherPort: slots[at + OTHER_PORT] as number,
        cause: slots[at + CAUSE] as number,
        rejected: slots[at + REJECTED] as number,
        firstRejected: slots[at + FIRST_REJECTED] as number,
        lastRejected: slots[at + LAST_REJECTED] as number,
        firstAccepted: slots[at + FIRST_ACCEPTED] as number,
        lastAccepted: slots[at + LAST_ACCEPTED] as number,
      };
    }
  }

  /** Where the flow's entry is, made where there is room for it below so many; -1. */
  #find(most: number): number {
    const { key } = this;
    let hash = 0;
    for (let i = 0; i < KEY; i++) hash = Math.imul(hash ^ (key[i] as number), 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    const tag = (hash >>> 24) | 1;
    const slots = this.#slots;
    const tags = this.#tags;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const own = tags[slot] as number;
      if (own === 0) return this.#add(slot, tag, most);
      if (own !== tag) continue;
      const at = slot * STRIDE;
      let word = 0;
      while (word < KEY && slots[at + word] === key[word]) word++;
      if (word === KEY) return at;
    }
  }

  #add(slot: number, tag: number, most: number): number {
    if (this.#count >= most) return -1;
    if (this.#count * 4 >= this.#mask * 3) {
      if (this.#mask + 1 >= this.#mostSlots) return -1;
      this.#grow();
      return this.#find(most);
    }
    this.#count++;
    this.#tags[slot] = tag;
    this.#slots.set(this.key, slot * STRIDE);
    return slot * STRIDE;
  }

  #grow(): void {
    const old = this.#slots;
    const own = this.key.slice();
    this.#slots = new Uint32Array(old.length * 2);
    this.#tags = new Uint8Array(this.#tags.length * 2);
    this.#mask = this.#mask * 2 + 1;
    this.#count = 0;
    for (let at = 0; at < old.length; at += STRIDE) {
      if (old[at + 2] === 0) continue;
      this.key.set(old.subarray(at, at + KEY));
      const place = this.#find(Number.POSITIVE_INFINITY);
      this.#slots.set(old.subarray(at + KEY, at + STRIDE), place + KEY);
    }
    this.key.set(own);
  }
}
