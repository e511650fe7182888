/**
 * Puts flows that somebody else has counted, such as the kernel, into windows.
 *
 * In:    flows of one span of time with packets and bytes, and what of it had no room. Out: rows of windows, losses.
 * Holds: a flow is in the window of its first packet: whoever counts ends a span with each window, and may be late with it by
 *        a second. Where a flow goes on for longer behind its window, what of it belongs to later ones is not known, and they
 *        say SKIPDATA at its interface; no packet is counted twice or left out. What was lost belongs to the window in which its
 *        span began. The same for a part of a window: of a flow or a loss that began before it and went on into it the part says SKIPDATA,
 *        and so it does where that is as near as times are not exact.
 * Fails: never.
 */
import type { FlowRows } from '../../model/batch.ts';
import { PACKET_BATCH_ROWS } from '../../model/batch.ts';
import type { BatchMemory } from '../../model/batch-memory.ts';
import type { StageCount } from '../../model/counters.ts';
import type { Window } from './gathering.ts';
import { theInbox } from './inbox.ts';
import type { RunSpan } from './window.ts';
import { windowStart } from './window.ts';

/** By so much whoever ends a span at a window's end may be late. */
const SLIP_MICROS = 1_000_000;

/** Flows of a span, and packets that found no room there, by decision. */
export type CountedFlows = {
  readonly rows: FlowRows;
  readonly lost: ReadonlyMap<number, number>;
  /** All packets before its end are in these flows or in those of an earlier span. */
  readonly span: RunSpan;
  /** None of them came after this time: a span's end takes a moment, in which packets are still counted. */
  readonly untilMicros: number;
  /** First and last packets of rows may have come so much earlier or later. */
  readonly errorMicros: number;
  /** Interfaces of which it may have had more, nobody knows how much: their windows say SKIPDATA. */
  readonly incomplete: readonly number[];
};

/** What of an aggregator flows are put into. */
export type Windows = {
  readonly intervalSeconds: number;
  /** What its windows count lies here. */
  readonly memory: BatchMemory;
  readonly count: StageCount;
  /** By decision number. */
  readonly interfaceOf: Uint32Array;
  /** By interface number. */
  readonly isWanted: Uint8Array;
  /** Of what time packets are wanted. */
  readonly wanted: RunSpan;
  readonly windowAt: (startSeconds: number) => Window;
  /** Rows that a window may have. */
  readonly room: (window: Window) => number;
};

/** Puts them there. */
export function addFlows(flows: CountedFlows, to: Windows): void {
  const { rows, lost, span, untilMicros, incomplete } = flows;
  const starts = new Set<number>();
  for (let row = 0; row < rows.rows; row++) starts.add(windowStart(rows.firstMicros[row]!, to.intervalSeconds));
  for (const start of starts) addFlowsOf(flows, start, to);
  const first = windowStart(Math.max(span.fromMicros, to.wanted.fromMicros), to.intervalSeconds);
  const watched = incomplete.filter((at) => to.isWanted[at] === 1);
  const isOf = (start: number): boolean => start === first || start * 1e6 < span.toMicros - SLIP_MICROS;
  for (let start = first; watched.length > 0 && isOf(start); start += to.intervalSeconds)
    if (reaches(Math.max(span.fromMicros, start * 1e6), untilMicros, to))
      for (const at of watched) skip(to.windowAt(start), at, 0);
  if (!reaches(span.fromMicros, untilMicros, to)) return;
  for (const [decision, packets] of lost) {
    const at = to.interfaceOf[decision]!;
    // How many of them are of a part of the time is not known.
    if (to.isWanted[at] === 1) skip(to.windowAt(first), at, isWithin(span.fromMicros, to) ? packets : 0);
  }
}

function isWithin(atMicros: number, { wanted }: Windows): boolean {
  return atMicros >= wanted.fromMicros && atMicros < wanted.toMicros;
}

/** Whether something is within, or began before and went on into it. */
function reaches(fromMicros: number, lastMicros: number, { wanted }: Windows): boolean {
  return fromMicros < wanted.toMicros && lastMicros >= wanted.fromMicros;
}

function addFlowsOf({ rows, errorMicros }: CountedFlows, start: number, to: Windows): void {
  const inbox = theInbox();
  const { count } = to;
  const endMicros = (start + to.intervalSeconds) * 1e6;
  for (let row = 0; row < rows.rows;) {
    let loaded = 0;
    let packets = 0;
    for (; row < rows.rows && loaded < PACKET_BATCH_ROWS; row++) {
      const first = rows.firstMicros[row]!;
      const at = to.interfaceOf[rows.decision[row]!]!;
      if (to.isWanted[at] !== 1 || windowStart(first, to.intervalSeconds) !== start) continue;
      const last = rows.lastMicros[row]!;
      if (first - errorMicros < to.wanted.fromMicros || first >= to.wanted.toMicros) {
        if (reaches(first, last + errorMicros, to))
          skip(to.windowAt(windowStart(to.wanted.fromMicros, to.intervalSeconds)), at, 0);
        continue;
      }
      for (let next = endMicros; last >= next + SLIP_MICROS && isWithin(next, to); next += to.intervalSeconds * 1e6)
        skip(to.windowAt(next / 1e6), at, 0);
      inbox.loadFlow(to.memory, loaded++, rows, row, Math.min(last, endMicros - 1));
      packets += rows.packets[row]!;
    }
    if (loaded === 0) return;
    const window = to.windowAt(start);
    count.in += packets;
    count.held += packets;
    if (window.late) count.notes['late'] = (count.notes['late'] ?? 0) + packets;
    window.flows.addFlows(loaded, to.room(window), (place) => {
      const lost = inbox.packetsAt(place);
      skip(window, to.interfaceOf[to.memory.observations.decision[place]!]!, lost);
      count.held -= lost;
      count.lost['table-full'] = (count.lost['table-full'] ?? 0) + lost;
    });
  }
}

/** Something of an interface is not in its records: SKIPDATA, with a count that may be 0. */
function skip(window: Window, at: number, packets: number): void {
  window.skipped.add(at);
  window.lost[at] = window.lost[at]! + packets;
}
