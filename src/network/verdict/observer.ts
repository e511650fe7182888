/**
 * Takes packets to their interfaces and has them judged there.
 *
 * In:    a batch of packets. Out: their observations, in the order of the packets, egress before ingress; counts.
 * Holds: a packet of a conversation goes the way that was found for one before it. Most packets are judged whole by loops
 *        (`rule-loops.ts`, `judge-loops.ts`); what these leave is the engine's, which decides the same.
 */
import type { ObservationBatch, PacketBatch } from '../../model/batch.ts';
import { OB_DECISION, OB_PACKET } from '../../model/batch-memory.ts';
import { loopsOver } from '../../model/linear-memory.ts';
import { PacketClock } from '../../model/packet-clock.ts';
import type { Connections } from './connections.ts';
import { NEXT, STRIDE } from './entry-words.ts';
import { PASSES } from './decision-numbers.ts';
import type { Engine } from './engine.ts';
import { EGRESS, INGRESS } from './group-rules.ts';
import type { Keys } from './keys.ts';
import type { Placement } from './placement.ts';
import { CAUSES } from './placement.ts';
import { LATE_MICROS } from './room.ts';
import { CLOCKS, GROUP, MADE, MINTED, NOWS, ORIGINS_OF } from './group-columns.ts';
import { RULE_LOOPS_CODE } from './rule-loops.generated.ts';
import type { RuleImage } from './rule-image.ts';
import type { RuleLoops } from './rule-loops.ts';
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
  readonly #clocks: Float64Array;
  readonly #nows: Float64Array;
  readonly #image: RuleImage;
  readonly rules: RuleLoops;
  #placement: Placement;

  /** @param image  shows the rules of the engine and the placement */
  constructor(engine: Engine, placement: Placement, image: RuleImage) {
    this.#engine = engine;
    this.#keys = engine.keys;
    this.#table = engine.table;
    this.#ways = new Ways(engine.table, engine.keys.column(ORIGINS_OF), engine.keys.memories.plain);
    this.#nows = engine.keys.columns.f64.subarray(NOWS, NOWS + GROUP);
    this.#clocks = engine.keys.columns.f64.subarray(CLOCKS, CLOCKS + GROUP);
    this.#placement = placement;
    this.#image = image;
    const { rules, summaries, links } = image;
    this.rules = loopsOver(RULE_LOOPS_CODE, { ...engine.keys.memories, rules, summaries, links }) as RuleLoops;
  }

  /** Packets are placed by this from now on; the engine's rules may have changed. */
  use(placement: Placement): void {
    this.#placement = placement;
    this.#ways.clear();
  }

  /** Fills `out` with the observations of a batch. */
  observe(packets: PacketBatch, out: ObservationBatch): void {
    const { rows } = packets;
    const { batch, columns } = this.#keys;
    batch.load(packets);
    this.#image.follow();
    columns.i32[MADE] = 0;
    this.#engine.tellLoops();
    for (let from = 0; from < rows; from += GROUP) {
      const to = Math.min(from + GROUP, rows);
      if (this.#keys.approach(from, to) > 0) this.#ways.number(packets, from, to);
      this.#tell(packets, from, to);
      do this.rules.ask(from, to);
      while (this.#image.compileMissing(columns));
      this.#judgeGroup(packets, from, to);
    }
    batch.give(columns.i32[MADE] as number, out);
  }

  /** What loops can do in a loop, each of the other rows by itself. */
  #judgeGroup(packets: PacketBatch, from: number, to: number): void {
    const { loops, columns } = this.#keys;
    const { i32 } = columns;
    for (let row = from; row < to; row++) {
      const other = loops.judge(row, to, from);
      if (i32[MINTED] !== 0) this.#engine.takeDecisions();
      this.seen += other - row;
      if (other === to) return;
      row = other;
      i32[MADE] = this.#judge(packets, row, row - from, i32[MADE] as number);
    }
  }

  /** Times of the rows of a group: the guarded time, and when they find what is remembered. */
  #tell(packets: PacketBatch, from: number, to: number): void {
    const clock = this.#clock;
    const { atMicros } = packets;
    for (let row = from; row < to; row++) {
      const at = atMicros[row] as number;
      clock.leaps(at);
      const now = clock.nowMicros;
      this.#clocks[row - from] = now;
      this.#nows[row - from] = Math.max(at, now - LATE_MICROS);
    }
  }

  /** Judges row `i` of the group; how many observations there are then. */
  #judge(packets: PacketBatch, row: number, i: number, start: number): number {
    const keys = this.#keys;
    const turned = keys.turns[i] as number;
    const head = (keys.heads[i] as number) || keys.find(packets, row, i);
    const way = this.#ways.find(head, turned, i);
    if (way < 0) return this.#first(packets, row, i, start);
    this.seen++;
    let made = start;
    const egress = way & NO_ENTRY;
    const ingress = (way >>> INGRESS_SHIFT) & NO_ENTRY;
    const { words } = this.#table;
    const next = words[head * STRIDE + NEXT] as number;
    let entry = ingress === HEAD ? head : ingress === SECOND ? next : 0;
    const at = ingress === NO_ENTRY ? next : (words[entry * STRIDE] as number) >>> 8;
    if (egress !== NOBODY) {
      const own = egress === HEAD ? head : egress === SECOND ? next : 0;
      const removals = this.#engine.removals;
      const answer = this.#ask(own, egress === NO_ENTRY ? next : 0, packets, row, i, EGRESS);
      if (this.#engine.removals !== removals) entry = 0;
      this.#give(made++, row, answer);
      if ((answer & PASSES) === 0) return made;
    }
    if ((way & WRONG) !== 0) this.wrongReceivers++;
    else if (ingress !== NOBODY) {
      const answer = this.#ask(entry, at, packets, row, i, INGRESS);
      this.#give(made++, row, answer);
    }
    return made;
  }

  /** Observation number `made`. */
  #give(made: number, row: number, answer: number): void {
    const { i32, u16 } = this.#keys.batch.memory;
    u16[OB_PACKET + made] = row;
    i32[OB_DECISION + made] = answer >>> 1;
  }

  /** Has the engine judge a packet at an interface, whose entry is known or 0. */
  #ask(entry: number, at: number, packets: PacketBatch, row: number, i: number, direction: number): number {
    const engine = this.#engine;
    this.#meet(packets, row, i);
    if (entry === 0) return engine.observe(packets, row, at, direction);
    const own = (this.#table.words[entry * STRIDE] as number) >>> 8;
    return engine.again(entry, packets, row, own, direction);
  }

  /** Tells the engine what row comes. */
  #meet(packets: PacketBatch, row: number, i: number): void {
    this.#engine.nowMicros = this.#nows[i] as number;
    this.#engine.clockMicros = this.#clocks[i] as number;
    this.#keys.find(packets, row, i);
  }

  /** A packet whose way is not known. */
  #first(packets: PacketBatch, row: number, i: number, start: number): number {
    const placement = this.#placement;
    const engine = this.#engine;
    const keys = this.#keys;
    const cause = placement.place(packets, row);
    if (cause !== 0) {
      this.lost[cause] = (this.lost[cause] as number) + 1;
      return start;
    }
    this.seen++;
    this.#meet(packets, row, i);
    const { egressAt, ingressAt, isReceiverWrong } = placement;
    let made = start;
    let hasPassed = true;
    if (egressAt !== 0) {
      const answer = engine.observe(packets, row, egressAt, EGRESS);
      this.#give(made++, row, answer);
      hasPassed = (answer & PASSES) !== 0;
    }
    if (hasPassed && isReceiverWrong) this.wrongReceivers++;
    else if (hasPassed && ingressAt !== 0) {
      const answer = engine.observe(packets, row, ingressAt, INGRESS);
      this.#give(made++, row, answer);
    }
    this.#ways.remember(keys.head, keys.turned, i, egressAt, ingressAt, isReceiverWrong);
    return made;
  }
}
