/**
 * Conversations that began before the capture did (rule V7).
 *
 * In:    a packet that its rules do not admit, and what is remembered of its conversation. Out: whether it may be the
 *        middle of a conversation whose beginning was not seen. Whether its reverse is admitted is asked after that.
 * Holds: each interface has its own beginning: that of the judge, or of the first packet after it came.
 */
import type { PacketBatch } from '../../model/batch.ts';
import type { Connections } from './connections.ts';
import { DOUBLES, JUDGED, LAST, STRIDE } from './entry-words.ts';
import { INGRESS } from './group-rules.ts';
import { ICMP, ICMP6 } from './keys.ts';
import { ACK, REMEMBERED_MICROS, RST, SYN, TCP, UDP } from './states.ts';

export const PICK_UP_TCP_MICROS = 3600e6;
export const PICK_UP_OTHERS_MICROS = 180e6;
/** So late a packet may be for what it finds (tracking's own time). */
export const LATE_MICROS = 3600e6;

/** Type of the request that an ICMP reply answers; -1 of what is no reply. */
export function requestOf(protocol: number, type: number): number {
  if (protocol === ICMP6) return type === 129 ? 128 : -1;
  return type === 0 ? 8 : type === 14 ? 13 : type === 16 ? 15 : -1;
}

/** Knows when tracking began at each interface. */
export class PickUp {
  readonly #table: Connections;
  /** NaN before the first packet could come. */
  #began: Float64Array = new Float64Array(0);
  /** When it began at all of them alike; NaN where it did not. */
  common: number = Number.NaN;

  constructor(table: Connections) {
    this.#table = table;
  }

  /** There are so many interfaces now. */
  extend(interfaces: number): void {
    const began = new Float64Array(interfaces).fill(Number.NaN);
    began.set(this.#began);
    if (interfaces > this.#began.length) this.common = Number.NaN;
    this.#began = began;
  }

  /** Tracking begins, where it has not, with the packet of this time. */
  begin(atMicros: number): void {
    const began = this.#began;
    if (!Number.isNaN(began.at(-1))) return;
    for (let i = began.length - 1; i >= 0 && Number.isNaN(began[i]); i--) began[i] = atMicros;
    this.common = began[0] === atMicros ? atMicros : Number.NaN;
  }

  /** Until when it may matter that a conversation was judged: packets may come late. */
  endOf(entry: number): number {
    const k0 = this.#table.words[entry * STRIDE] as number;
    return this.#end(k0 >>> 8, k0 & 255) + LATE_MICROS;
  }

  #end(at: number, protocol: number): number {
    if (protocol === TCP) return (this.#began[at] as number) + PICK_UP_TCP_MICROS;
    const isOne = protocol === UDP || protocol === ICMP || protocol === ICMP6;
    return isOne ? (this.#began[at] as number) + PICK_UP_OTHERS_MICROS : -Infinity;
  }

  /**
   * Whether it is worth remembering that a packet's conversation was judged: a later one may come late.
   *
   * @param clockMicros  tracking's own time; that of the packet may be far from it
   */
  isOpen(packets: PacketBatch, row: number, at: number, clockMicros: number): boolean {
    return clockMicros <= this.#end(at, packets.protocol[row] as number) + LATE_MICROS;
  }

  /**
   * @param found      entry of the conversation, 0 none
   * @param nowMicros  at which time the packet finds what is remembered
   */
  may(found: number, packets: PacketBatch, row: number, at: number, direction: number, nowMicros: number): boolean {
    const protocol = packets.protocol[row] as number;
    if (nowMicros >= this.#end(at, protocol) || this.#wasJudged(found, nowMicros)) return false;
    const ports = packets.ports[row] as number;
    const source = ports >>> 16;
    const destination = ports & 0xffff;
    if (protocol === TCP) {
      if (((packets.tcpFlags[row] as number) & (SYN | RST | ACK)) !== ACK) return false;
      return direction === INGRESS ? destination > source : source > destination;
    }
    if (protocol === UDP) return source <= destination;
    return requestOf(protocol, (packets.icmp[row] as number) >> 8) >= 0;
  }

  #wasJudged(found: number, now: number): boolean {
    if (found === 0) return false;
    const { doubles } = this.#table;
    const judged = Math.max(doubles[found * DOUBLES + LAST] as number, doubles[found * DOUBLES + JUDGED] as number);
    return now - judged <= REMEMBERED_MICROS;
  }
}
