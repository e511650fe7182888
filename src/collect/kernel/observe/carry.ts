/**
 * What was dropped between an early and a late point, exactly, although packets are on their way when a generation ends.
 *
 * In:    flows of both points, generation by generation. Out: flows that were dropped, told once it is certain.
 * Holds: a packet that is between the points at that moment is early in the generation that ends and late in the next: there it
 *        is a packet that only came out, and cancels one that seemed dropped. No packet was on its way in a flow that was quiet
 *        when the generation ended: what it lacks is told at once. What another one lacks is held until the flow is quiet or
 *        absent at an end, or until the next generation lacks more of packets of the same size: then one stands for the other. So,
 *        as at most one packet of a flow is on its way, never more is told than was dropped, and in the end all of it, packets
 *        and bytes. More than a few packets are not held for ever: then one of them may have passed.
 *        What came out and never went in (an early point without room for the flow) is `lateOnly`.
 * Fails: never.
 */
import type { FlowRows } from '../../../model/batch.ts';
import { appendFlow, createFlowRows } from '../flow-rows.ts';
import { FlowIndex } from './flow-index.ts';

/** Flows of two points in one generation; the column `decision` has the number of the device. */
export type TwoPoints = {
  readonly early: FlowRows;
  readonly late: FlowRows;
  /** A flow whose last packet came in before, in microseconds since 1970 UTC, had none on its way when the generation ended. */
  readonly quietBefore: number;
};

export type Dropped = {
  /** Of this generation or those before, with the times that the flow had at the early point. */
  readonly rows: FlowRows;
  /** Packets of this generation that came out and never went in, by device. */
  readonly lateOnly: ReadonlyMap<number, number>;
};

/** So many generations, and packets, are held at most. */
const PATIENCE = 4;
const FEW = 4;

/** One stage of a host, from generation to generation. */
export class Carry {
  readonly #byDevice: boolean;
  readonly #patience: number;
  #held: FlowRows = createFlowRows(16);
  /** Generations that each row of them was held. */
  #ages: number[] = [];

  /** @param byDevice  false: the device may be another one at the late point, and is that of the early point */
  constructor(byDevice: boolean, patience: number = PATIENCE) {
    this.#byDevice = byDevice;
    this.#patience = patience;
  }

  /** Whether anything waits for the next generation. */
  get waits(): boolean {
    return this.#held.rows > 0;
  }

  /** Takes a generation in, and tells what was dropped. */
  settle({ early, late, quietBefore }: TwoPoints): Dropped {
    const sums = new FlowSums(this.#byDevice, early.rows + 1);
    for (let row = 0; row < early.rows; row++) sums.add(early, row, 1);
    for (let row = 0; row < late.rows; row++) sums.add(late, row, -1);
    const [before, ages] = [this.#held, this.#ages];
    const told = createFlowRows(16);
    this.#held = createFlowRows(16);
    this.#ages = [];
    const lateOnly = new Map<number, number>();
    const known = new FlowIndex(before, this.#byDevice);
    const isBack = new Uint8Array(before.rows);
    const { rows } = sums;
    for (let row = 0; row < rows.rows; row++) {
      const isQuiet = rows.lastMicros[row]! < quietBefore;
      const at = before.rows === 0 ? -1 : known.find(rows, row);
      if (at >= 0) isBack[at] = 1;
      let age = 0;
      if (at >= 0 && lacksTheSame(before, at, rows, row)) appendFlow(told, before, at);
      else if (at >= 0) {
        age = ages[at]! + 1;
        join(rows, row, before, at);
      }
      const packets = rows.packets[row]!;
      const device = rows.decision[row]!;
      if (packets < 0) lateOnly.set(device, (lateOnly.get(device) ?? 0) - packets);
      if (packets <= 0) continue;
      if (isQuiet || (age >= this.#patience && packets > FEW)) appendFlow(told, rows, row);
      else {
        appendFlow(this.#held, rows, row);
        this.#ages.push(age);
      }
    }
    for (let row = 0; row < before.rows; row++) if (isBack[row] === 0) appendFlow(told, before, row);
    return { rows: told, lateOnly };
  }
}

/** Whether a flow lacks packets again, all of one size: whichever of them passed, as many of that size were dropped. */
function lacksTheSame(before: FlowRows, at: number, now: FlowRows, row: number): boolean {
  const [packets, bytes] = [now.packets[row]!, now.bytes[row]!];
  return packets > 0 && bytes / packets === before.bytes[at]! / before.packets[at]!;
}

/** Adds what was held of a flow to what it lacks now; the device and the begin are those from before. */
function join(to: FlowRows, row: number, held: FlowRows, at: number): void {
  to.packets[row]! += held.packets[at]!;
  to.bytes[row]! += held.bytes[at]!;
  to.decision[row] = held.decision[at]!;
  to.firstMicros[row] = held.firstMicros[at]!;
  to.lastMicros[row] = Math.max(to.lastMicros[row]!, held.lastMicros[at]!);
}

/** Flows of the late point with the times that they had at the early one; what is not there keeps its own. */
export function timedBy(early: FlowRows, late: FlowRows): void {
  const index = new FlowIndex(early, true);
  for (let row = 0; row < late.rows; row++) {
    const at = index.find(late, row);
    if (at < 0) continue;
    late.firstMicros[row] = early.firstMicros[at]!;
    late.lastMicros[row] = early.lastMicros[at]!;
  }
}

/** Sums of rows by five-tuple, flags and, mostly, device. */
class FlowSums {
  readonly rows: FlowRows;
  readonly #index: FlowIndex;

  /** @param capacity  rows for which there is room at once */
  constructor(byDevice: boolean, capacity: number) {
    this.rows = createFlowRows(capacity);
    this.#index = new FlowIndex(this.rows, byDevice);
  }

  /** @param sign  -1: takes its packets and bytes away; times and device stay those of the rows added */
  add(flows: FlowRows, row: number, sign: 1 | -1): void {
    const known = this.#index.find(flows, row);
    const { rows } = this;
    if (known < 0) {
      const at = appendFlow(rows, flows, row);
      rows.packets[at] = sign * flows.packets[row]!;
      rows.bytes[at] = sign * flows.bytes[row]!;
      // Nothing went in, and so nothing is on its way.
      if (sign < 0) rows.lastMicros[at] = -Infinity;
      this.#index.add(at);
      return;
    }
    rows.packets[known]! += sign * flows.packets[row]!;
    rows.bytes[known]! += sign * flows.bytes[row]!;
    if (sign < 0) return;
    rows.firstMicros[known] = Math.min(rows.firstMicros[known]!, flows.firstMicros[row]!);
    rows.lastMicros[known] = Math.max(rows.lastMicros[known]!, flows.lastMicros[row]!);
  }
}
