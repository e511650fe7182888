/**
 * Takes packets to their interfaces and has them judged there.
 *
 * In:    a batch of packets. Out: their observations, in the order of the packets, egress before ingress; counts.
 * Holds: a packet of a conversation goes the way that was found for one before it; the steady case, a packet of a
 *        conversation that has been seen both ways and was answered before, is judged here. All else is the engine's.
 */
import type { ObservationBatch, PacketBatch } from '../../model/batch.ts';
import { PacketClock } from '../../model/packet-clock.ts';
import type { Connections } from './connections.ts';
import { ANSWERS, DOUBLES, FLAGS, LAST, NEXT, STRIDE } from './connections.ts';
import { PASSES } from './decision-numbers.ts';
import type { Engine } from './engine.ts';
import { EGRESS, INGRESS } from './group-rules.ts';
import type { Keys } from './keys.ts';
import { GROUP } from './keys.ts';
import type { Placement } from './placement.ts';
import { CAUSES } from './placement.ts';
import { LATE_MICROS } from './room.ts';
import { FIN, isSteady, RST, steadyMicros, SYN } from './states.ts';
import { HEAD, INGRESS_SHIFT, NO_ENTRY, NOBODY, SECOND, Ways, WRONG } from './ways.ts';

/** Judges the rows of batches. */
export class Observer {
  /** Packets by cause of why they were seen nowhere. */
  readonly lost: Float64Array = new Float64Array(CAUSES.length);
  /** Packets that were seen somewhere; observations left out because the receiver does not hold the destination. */
  seen = 0;
  wrongReceivers = 0;
  readonly #clock = new PacketClock();
  readonly #engine: Engine;
  readonly #keys: Keys;
  readonly #table: Connections;
  readonly #ways: Ways;
  #placement: Placement;

  constructor(engine: Engine, placement: Placement) {
    this.#engine = engine;
    this.#keys = engine.keys;
    this.#table = engine.table;
    this.#ways = new Ways(engine.table);
    this.#placement = placement;
  }

  /** Packets are placed by this from now on; the engine's rules may have changed. */
  use(placement: Placement): void {
    this.#placement = placement;
    this.#ways.clear();
  }

  /** Fills `out` with the observations of a batch. */
  observe(packets: PacketBatch, out: ObservationBatch): void {
    const { rows } = packets;
    let made = 0;
    for (let from = 0; from < rows; from += GROUP) {
      const to = Math.min(from + GROUP, rows);
      this.#keys.approach(packets, from, to);
      this.#ways.approach(packets, from, to);
      made = this.#judge(packets, from, to, out, made);
    }
    out.rows = made;
  }

  #judge(packets: PacketBatch, from: number, to: number, out: ObservationBatch, start: number): number {
    const clock = this.#clock;
    const engine = this.#engine;
    const keys = this.#keys;
    const ways = this.#ways;
    const { atMicros } = packets;
    let made = start;
    for (let row = from; row < to; row++) {
      const at = atMicros[row] as number;
      clock.leaps(at);
      const late = clock.nowMicros - LATE_MICROS;
      engine.clockMicros = clock.nowMicros;
      engine.nowMicros = at > late ? at : late;
      const head = keys.find(packets, row, row - from);
      const way = ways.find(head, keys.turned, row - from);
      made = way < 0 ? this.#first(packets, row, row - from, out, made) : this.#go(way, head, packets, row, out, made);
    }
    return made;
  }

  /** A packet whose way is known. */
  #go(way: number, head: number, packets: PacketBatch, row: number, out: ObservationBatch, start: number): number {
    const { words } = this.#table;
    const next = words[head * STRIDE + NEXT] as number;
    const egress = way & NO_ENTRY;
    const ingress = (way >>> INGRESS_SHIFT) & NO_ENTRY;
    const removals = this.#engine.removals;
    let ingressEntry = ingress === HEAD ? head : ingress === SECOND ? next : 0;
    const ingressAt = ingress === NO_ENTRY ? next : (words[ingressEntry * STRIDE] as number) >>> 8;
    let made = start;
    this.seen++;
    if (egress !== NOBODY) {
      const entry = egress === HEAD ? head : egress === SECOND ? next : 0;
      const at = egress === NO_ENTRY ? next : (words[entry * STRIDE] as number) >>> 8;
      const answer = this.#along(entry, packets, row, at, EGRESS);
      out.packet[made] = row;
      out.decision[made++] = answer >>> 1;
      if ((answer & PASSES) === 0) return made;
      if (this.#engine.removals !== removals) ingressEntry = 0;
    }
    if ((way & WRONG) !== 0) this.wrongReceivers++;
    else if (ingress !== NOBODY) {
      const answer = this.#along(ingressEntry, packets, row, ingressAt, INGRESS);
      out.packet[made] = row;
      out.decision[made++] = answer >>> 1;
    }
    return made;
  }

  /** A packet at an interface that has this entry, 0 none, for its conversation. */
  #along(entry: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    const engine = this.#engine;
    if (entry === 0) return engine.observe(packets, row, at, direction);
    const { words, doubles } = this.#table;
    const base = entry * STRIDE;
    const kept = words[base + ANSWERS + this.#keys.turned] as number;
    if (
      (kept & (PASSES * 2 + 1)) === PASSES * 2 + direction &&
      isSteady(words[base + FLAGS] as number) &&
      ((packets.tcpFlags[row] as number) & (FIN | SYN | RST)) === 0
    ) {
      const last = doubles[entry * DOUBLES + LAST] as number;
      if (engine.nowMicros <= last + steadyMicros(packets.protocol[row] as number)) {
        const time = packets.atMicros[row] as number;
        if (time > last) doubles[entry * DOUBLES + LAST] = time;
        return kept >>> 1;
      }
    }
    return engine.again(entry, packets, row, at, direction);
  }

  /** A packet whose way is not known. */
  #first(packets: PacketBatch, row: number, i: number, out: ObservationBatch, start: number): number {
    const placement = this.#placement;
    const engine = this.#engine;
    const keys = this.#keys;
    const cause = placement.place(packets, row);
    if (cause !== 0) {
      this.lost[cause] = (this.lost[cause] as number) + 1;
      return start;
    }
    this.seen++;
    const { egressAt, ingressAt, isReceiverWrong } = placement;
    let made = start;
    let hasPassed = true;
    if (egressAt !== 0) {
      const answer = engine.observe(packets, row, egressAt, EGRESS);
      out.packet[made] = row;
      out.decision[made++] = answer >>> 1;
      hasPassed = (answer & PASSES) !== 0;
    }
    if (hasPassed && isReceiverWrong) this.wrongReceivers++;
    else if (hasPassed && ingressAt !== 0) {
      const answer = engine.observe(packets, row, ingressAt, INGRESS);
      out.packet[made] = row;
      out.decision[made++] = answer >>> 1;
    }
    this.#ways.remember(keys.head, keys.turned, i, egressAt, ingressAt, isReceiverWrong);
    return made;
  }
}
