/**
 * Takes packets to their interfaces and has them judged there.
 *
 * In:    a batch of packets. Out: their observations, in the order of the packets, egress before ingress; counts.
 * Holds: a packet like one before goes the way that was found then; the steady case, a packet of a conversation that
 *        has been seen both ways and was answered before, is judged here. All else is the engine's.
 */
import type { ObservationBatch, PacketBatch } from '../../model/batch.ts';
import { PacketClock } from '../../model/packet-clock.ts';
import type { Connections } from './connections.ts';
import { ANSWERS, DOUBLES, FLAGS, LAST, STRIDE } from './connections.ts';
import { PASSES } from './decision-numbers.ts';
import type { Engine } from './engine.ts';
import { EGRESS, INGRESS } from './group-rules.ts';
import type { Placement } from './placement.ts';
import { CAUSES } from './placement.ts';
import { LATE_MICROS } from './room.ts';
import { FIN, isSteady, RST, steadyMicros, SYN } from './states.ts';
import { BITS, EGRESS_AT, EGRESS_ENTRY, GROUP, INGRESS_AT, INGRESS_ENTRY, TURNED, Ways, WRONG } from './ways.ts';

/** Judges the rows of batches. */
export class Observer {
  /** Packets by cause of why they were seen nowhere. */
  readonly lost: Float64Array = new Float64Array(CAUSES.length);
  /** Packets that were seen somewhere; observations left out because the receiver does not hold the destination. */
  seen = 0;
  wrongReceivers = 0;
  readonly #clock = new PacketClock();
  readonly #engine: Engine;
  readonly #table: Connections;
  readonly #ways: Ways;
  #placement: Placement;
  #removals = 0;

  constructor(engine: Engine, placement: Placement) {
    this.#engine = engine;
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
      this.#ways.approach(packets, from, to);
      made = this.#judge(packets, from, to, out, made);
    }
    out.rows = made;
  }

  #judge(packets: PacketBatch, from: number, to: number, out: ObservationBatch, start: number): number {
    const clock = this.#clock;
    const engine = this.#engine;
    const ways = this.#ways;
    const { atMicros } = packets;
    const { packet, decision } = out;
    let made = start;
    for (let row = from; row < to; row++) {
      const at = atMicros[row] as number;
      clock.leaps(at);
      const late = clock.nowMicros - LATE_MICROS;
      engine.clockMicros = clock.nowMicros;
      engine.nowMicros = at > late ? at : late;
      const way = ways.find(packets, row, row - from);
      if (way < 0) {
        made = this.#first(packets, row, row - from, out, made);
        continue;
      }
      const words = ways.words;
      const bits = words[way + BITS] as number;
      const turned = (bits & TURNED) === 0 ? 0 : 1;
      const egressAt = words[way + EGRESS_AT] as number;
      const ingressAt = words[way + INGRESS_AT] as number;
      this.seen++;
      if (egressAt !== 0) {
        const answer = this.#along(way + EGRESS_ENTRY, turned, packets, row, egressAt, EGRESS);
        packet[made] = row;
        decision[made++] = answer >>> 1;
        if ((answer & PASSES) === 0) continue;
      }
      if ((bits & WRONG) !== 0) this.wrongReceivers++;
      else if (ingressAt !== 0) {
        const answer = this.#along(way + INGRESS_ENTRY, turned, packets, row, ingressAt, INGRESS);
        packet[made] = row;
        decision[made++] = answer >>> 1;
      }
    }
    return made;
  }

  /** A packet at an interface, of which a word of its way says the entry. */
  #along(word: number, turned: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    const engine = this.#engine;
    const entry = this.#ways.words[word] as number;
    if (entry === 0) {
      const answer = engine.observe(packets, row, at, direction);
      if (engine.removals !== this.#removals) this.#forget();
      else this.#ways.words[word] = engine.entry;
      return answer;
    }
    const table = this.#table;
    const words = table.words;
    const base = entry * STRIDE;
    const answer = words[base + ANSWERS + direction * 2 + turned] as number;
    if (
      (answer & PASSES) !== 0 &&
      isSteady(words[base + FLAGS] as number) &&
      ((packets.tcpFlags[row] as number) & (FIN | SYN | RST)) === 0
    ) {
      const last = table.doubles[entry * DOUBLES + LAST] as number;
      if (engine.nowMicros <= last + steadyMicros(packets.protocol[row] as number)) {
        const time = packets.atMicros[row] as number;
        if (time > last) table.doubles[entry * DOUBLES + LAST] = time;
        return answer;
      }
    }
    return engine.again(entry, turned, packets, row, at, direction);
  }

  #forget(): void {
    this.#removals = this.#engine.removals;
    this.#ways.clear();
  }

  /** A packet whose way is not known. */
  #first(packets: PacketBatch, row: number, i: number, out: ObservationBatch, start: number): number {
    const placement = this.#placement;
    const engine = this.#engine;
    const cause = placement.place(packets, row);
    if (cause !== 0) {
      this.lost[cause] = (this.lost[cause] as number) + 1;
      return start;
    }
    this.seen++;
    const { egressAt, ingressAt, isReceiverWrong } = placement;
    let made = start;
    let hasPassed = true;
    let egressEntry = 0;
    let ingressEntry = 0;
    if (egressAt !== 0) {
      const answer = engine.observe(packets, row, egressAt, EGRESS);
      egressEntry = engine.entry;
      out.packet[made] = row;
      out.decision[made++] = answer >>> 1;
      hasPassed = (answer & PASSES) !== 0;
    }
    if (hasPassed && isReceiverWrong) this.wrongReceivers++;
    else if (hasPassed && ingressAt !== 0) {
      const answer = engine.observe(packets, row, ingressAt, INGRESS);
      ingressEntry = engine.entry;
      out.packet[made] = row;
      out.decision[made++] = answer >>> 1;
    }
    if (engine.removals !== this.#removals) this.#forget();
    else this.#ways.remember(packets, row, i, egressAt, ingressAt, isReceiverWrong, egressEntry, ingressEntry);
    return made;
  }
}
