/**
 * When a live capture's FIFO is read next, so that few packets wake anybody and none waits long.
 *
 * In:    how much each read gave, and when. Out: how long to wait before the next.
 * Holds: tcpdump hands each packet over at once, which wakes it for each. While nobody reads, its FIFO fills, it waits for
 *        room, and the kernel's buffer takes the packets: a pause makes it one wake for many. So the FIFO is emptied in turns, with
 *        a pause after each that is shorter the more there was. Where packets were lost, it is read without pauses for a while.
 * Fails: never.
 */

/** What a FIFO holds; a read gives no more. */
export const FIFO_BYTES = 65_536;
/** The longest that a packet waits in the FIFO for its reader. */
export const PAUSE_MILLIS = 200;
/** With more in a turn the pause is shorter: what comes in 200 ms at 45,000 packets a second of the usual length. */
const TURN_BYTES = 1_048_576;
/**
 * A FIFO that was full is read every millisecond until it had little three times: tcpdump, which waited for room, needs a moment to
 * run. One that puts no 16 KiB there in that time (7 µs a packet) would have its turn ended too early.
 */
const CALM_READS = 3;
const CALM_BYTES = FIFO_BYTES / 4;
const CALM_MILLIS = 1;
const HURRY_MILLIS = 10_000;

/** The turns of one FIFO. */
export class Pace {
  #turnBytes = 0;
  /** Reads that found little since the FIFO was full in this turn; null where it was not. */
  #calm: number | null = null;
  #hurryUntil = 0;

  /** Milliseconds to wait before the next read; 0: read when there is something. */
  after(bytes: number, atMillis: number): number {
    if (atMillis < this.#hurryUntil) return 0;
    this.#turnBytes += bytes;
    if (bytes >= FIFO_BYTES) {
      this.#calm = 0;
      return 0;
    }
    if (this.#calm !== null) {
      this.#calm = bytes < CALM_BYTES ? this.#calm + 1 : 0;
      if (this.#calm <= CALM_READS) return CALM_MILLIS;
    }
    const pause = PAUSE_MILLIS * Math.min(1, TURN_BYTES / this.#turnBytes);
    this.#begin();
    return pause;
  }

  /** Packets were lost: the kernel's buffer is full. */
  lost(atMillis: number): void {
    this.#hurryUntil = atMillis + HURRY_MILLIS;
    this.#begin();
  }

  #begin(): void {
    this.#turnBytes = 0;
    this.#calm = null;
  }
}
