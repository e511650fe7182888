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

export type PacketClock = {
  /** Latest agreed packet time; -Infinity before the first packet. */
  readonly nowMicros: number;
  /** Earliest packet of the last leap that was agreed; Infinity before any. */
  readonly agreedFromMicros: number;
  /** Takes one packet's time; true when it is behind an hour's leap that was not agreed: the packet is late. */
  leaps(atMicros: number): boolean;
};

/** A clock that has seen nothing. */
export function createPacketClock(): PacketClock {
  let now = -Infinity;
  let run = 0;
  let low = 0;
  let high = 0;
  let agreedFrom = Infinity;
  return {
    get nowMicros() {
      return now;
    },
    get agreedFromMicros() {
      return agreedFrom;
    },
    leaps(at) {
      if (now === -Infinity || at <= now + HOUR_MICROS) {
        run = 0;
        if (at > now) now = at;
        return false;
      }
      low = run === 0 ? at : Math.min(low, at);
      high = run === 0 ? at : Math.max(high, at);
      if (high - low > HOUR_MICROS) {
        run = 1;
        low = high = at;
      } else run++;
      if (run < AGREEING_PACKETS) return true;
      run = 0;
      now = high;
      agreedFrom = low;
      return false;
    },
  };
}
