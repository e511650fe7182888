/**
 * Conversations whose packets were accepted a short while before.
 *
 * In:    five-tuples of accepted TCP records, either way round, at an interface. Out: what is known of a conversation at
 *        a time.
 * Holds: a table of fixed size, where a newer conversation takes the place of an older one; what is no longer there is
 *        not known, never another's: two hashes of 32 bits have to agree.
 * @see rule V3: ages of a connection that was closed
 */
import { NOTHING_KNOWN, TRACKED, WAS_CLOSED } from './judge-record.ts';

const SLOTS = 1 << 17;
const FIN_OR_RST = 5;
const SYN = 2;
/** A closed connection's packets are told apart for so long: 120 s until it is closed, then 600 s. */
const REMEMBERED_SECONDS = 720;
/** An established one is tracked for longer than any record that matters here. */
const ESTABLISHED_SECONDS = 432_000;

/** Knows what was accepted last. */
export class AcceptedTuples {
  /** Two hashes, the last second, and whether FIN or RST were seen. */
  readonly #slots = new Uint32Array(SLOTS * 4);
  #one = 0;
  #two = 0;

  /**
   * Names the conversation.
   *
   * @param words  the source, then the destination, four words each
   * @param ports  srcport << 16 | dstport
   */
  name(interfaceName: number, words: Uint32Array, ports: number): void {
    // The sum over both ends is the same whichever way round.
    let one = 0;
    let two = 0;
    for (let end = 0; end < 2; end++) {
      let a = interfaceName;
      let b = 0x85ebca6b;
      for (let i = 0; i < 4; i++) {
        const word = words[end * 4 + i] as number;
        a = Math.imul(a ^ word, 0x9e3779b1) ^ (a >>> 13);
        b = Math.imul(b ^ word, 0xc2b2ae35) ^ (b >>> 16);
      }
      const port = end === 0 ? ports >>> 16 : ports & 0xffff;
      one = (one + Math.imul(a ^ port, 0x27d4eb2f)) | 0;
      two = (two + Math.imul(b ^ port, 0x165667b1)) | 0;
    }
    this.#one = (one ^ (one >>> 15)) >>> 0;
    this.#two = (two ^ (two >>> 13)) >>> 0;
  }

  /** The conversation named last was accepted until then. */
  accepted(endSeconds: number, tcpFlags: number): void {
    const slots = this.#slots;
    const at = (this.#one & (SLOTS - 1)) * 4;
    const isOwn = slots[at] === this.#one && slots[at + 1] === this.#two;
    if (!isOwn) {
      slots[at] = this.#one;
      slots[at + 1] = this.#two;
      slots[at + 2] = 0;
      slots[at + 3] = 0;
    }
    if (endSeconds > (slots[at + 2] as number)) slots[at + 2] = endSeconds;
    if (tcpFlags <= 0) return;
    // The same ports anew are a connection of its own.
    if ((tcpFlags & FIN_OR_RST) !== 0) slots[at + 3] = 1;
    else if ((tcpFlags & SYN) !== 0) slots[at + 3] = 0;
  }

  /** What is known of the conversation named last, when a record of it begins and ends. */
  known(startSeconds: number, endSeconds: number): number {
    const slots = this.#slots;
    const at = (this.#one & (SLOTS - 1)) * 4;
    if (slots[at] !== this.#one || slots[at + 1] !== this.#two) return NOTHING_KNOWN;
    const last = slots[at + 2] as number;
    const isClosed = slots[at + 3] === 1;
    if (last > endSeconds || startSeconds - last > (isClosed ? REMEMBERED_SECONDS : ESTABLISHED_SECONDS))
      return NOTHING_KNOWN;
    return isClosed ? WAS_CLOSED : TRACKED;
  }
}
