/**
 * Tells what time it is from the times of packets (rule W3).
 *
 * In:    packet times, in the order in which they were read. Out: now, which never goes back.
 * Holds: time moves forward by more than an hour only when 16 packets in a row agree within an hour; until then such
 *        packets are late in their own window.
 * Fails: never.
 */

const HOUR_MICROS = 3_600_000_000;
const AGREEING_PACKETS = 16;

/** A clock; a new one has seen nothing. */
export class PacketClock {
  /** Latest agreed packet time; -Infinity before the first packet. */
  nowMicros = -Infinity;
  /** Earliest packet of the last leap that was agreed; Infinity before any. */
  agreedFromMicros = Infinity;
  #run = 0;
  #low = 0;
  #high = 0;

  /** Takes one packet's time; true when it is behind an hour's leap that was not agreed: the packet is late. */
  leaps(atMicros: number): boolean {
    if (this.nowMicros !== -Infinity && atMicros > this.nowMicros + HOUR_MICROS) return !this.#agrees(atMicros);
    this.#run = 0;
    if (atMicros > this.nowMicros) this.nowMicros = atMicros;
    return false;
  }

  #agrees(at: number): boolean {
    this.#low = this.#run === 0 ? at : Math.min(this.#low, at);
    this.#high = this.#run === 0 ? at : Math.max(this.#high, at);
    if (this.#high - this.#low > HOUR_MICROS) {
      this.#run = 1;
      this.#low = at;
      this.#high = at;
    } else this.#run++;
    if (this.#run < AGREEING_PACKETS) return false;
    this.#run = 0;
    this.nowMicros = this.#high;
    this.agreedFromMicros = this.#low;
    return true;
  }
}
