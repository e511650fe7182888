/**
 * Which flow log records which windows, while flow logs and interfaces come and go.
 *
 * In:    one network after the other, each with the time from which it holds. Out: what is to be gathered and printed then.
 * Holds: a flow log has the packets from its creation to its deletion, no others. What of the window in which it was made
 *        comes after its creation is gathered apart; whole windows are shared by all. When it ends within a window, that is
 *        looked at for it; windows before it close as ever. A position in `flowLogs` is one flow log's for ever. An interface that is gone stays
 *        among those whose records are printed: its last flows are still to come.
 * Fails: never.
 */
import type { PartialWindow } from '../../collect/aggregate/gathering.ts';
import { firstWhole, windowStart } from '../../collect/aggregate/window.ts';
import type { FlowLog, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { AssignmentChange, FlowLogPart } from './assignment.ts';
import { flowLogParts, watchedIntervals } from './assignment.ts';

/** A network as the collector is told of it. */
export type Network = {
  /** `validFromMicros` is when it came to be so. */
  readonly snapshot: VpcSnapshot;
  /** `[NAME, eni-…]` for every device that is an interface. */
  readonly devices: readonly (readonly [string, string])[];
  /** When the last change was made that it has, microseconds since 1970 UTC: no other change has that time. */
  readonly changedMicros: number;
};

/** What is gathered and printed from then on. `snapshot` has the flow logs by their positions, those that ended too. */
export type Covered = AssignmentChange & {
  readonly parts: readonly FlowLogPart[];
  /** Flow logs that have ended, by id. */
  readonly ended: ReadonlySet<string>;
};

type Known = {
  /** Null: it was there when collecting began. */
  readonly fromMicros: number | null;
  /** What of the window in which it was made is gathered for it, by length of windows. */
  readonly partials: ReadonlyMap<60 | 600, PartialWindow>;
  /** Null: it has not ended. */
  toMicros: number | null;
  /** By length of windows: interfaces whose records are printed. */
  readonly printed: Map<60 | 600, Set<number>>;
};

const LENGTHS = [60, 600] as const;
/** A window is printed some seconds after its end, and late packets of it later; so long its printer is kept. */
const KEPT_MICROS = 3_600_000_000;

/** Follows networks. */
export function createCoverage(): { next(network: Network): Covered } {
  const flowLogs: FlowLog[] = [];
  /** By position. */
  const placed: Known[] = [];
  /** Positions of those that have not ended, by id. */
  const positions = new Map<string, number>();
  const ended = new Set<string>();
  let lastPartial = 0;
  let isFirst = true;

  function add(flowLog: FlowLog, atMicros: number, made: ReadonlyMap<60 | 600, PartialWindow>): void {
    positions.set(flowLog.id, flowLogs.length);
    placed.push({
      fromMicros: isFirst ? null : atMicros,
      partials: made,
      toMicros: null,
      printed: new Map(LENGTHS.map((seconds) => [seconds, new Set<number>()])),
    });
    flowLogs.push(flowLog);
  }

  /** Parts of windows that begin now. */
  function partialsAt(atMicros: number): Map<60 | 600, PartialWindow> {
    const inside = LENGTHS.filter((seconds) => !isFirst && firstWhole(atMicros, seconds) * 1e6 > atMicros);
    return new Map(
      inside.map((seconds) => {
        const untilSeconds = firstWhole(atMicros, seconds);
        return [seconds, { number: ++lastPartial, seconds, interfaces: [], fromMicros: atMicros, untilSeconds }];
      }),
    );
  }

  function printedParts(parts: readonly FlowLogPart[], atMicros: number): FlowLogPart[] {
    const isOver = (micros: number): boolean => micros + KEPT_MICROS < atMicros;
    return parts.flatMap((part) => {
      const { fromMicros, toMicros, partials, printed } = placed[part.flowLog]!;
      const all = printed.get(part.seconds)!;
      if (toMicros === null) for (const number of part.interfaces) all.add(number);
      else if (isOver(toMicros)) return [];
      const whole = {
        ...part,
        interfaces: ascending(all),
        ...(toMicros === null ? {} : { untilSeconds: windowStart(toMicros, part.seconds) }),
      };
      if (fromMicros === null) return [whole];
      const partial = partials.get(part.seconds);
      const shared = { ...whole, fromSeconds: firstWhole(fromMicros, part.seconds) };
      if (partial === undefined || isOver(partial.untilSeconds * 1e6)) return [shared];
      return [shared, { ...whole, partial: partial.number }];
    });
  }

  /** Partial windows that are not over, with the interfaces that their flow logs have now. */
  function partialsNow(parts: readonly FlowLogPart[], atMicros: number): PartialWindow[] {
    const found = new Map<number, PartialWindow>();
    for (const part of parts) {
      const partial = placed[part.flowLog]!.partials.get(part.seconds);
      if (partial === undefined || partial.untilSeconds * 1e6 <= atMicros) continue;
      const before = found.get(partial.number)?.interfaces ?? [];
      found.set(partial.number, { ...partial, interfaces: ascending(new Set([...before, ...part.interfaces])) });
    }
    return [...found.values()];
  }

  return {
    next(network) {
      const { devices, changedMicros } = network;
      const atMicros = network.snapshot.validFromMicros;
      const there = new Set(network.snapshot.flowLogs.map(({ id }) => id));
      const endedNow = [...positions].filter(([id]) => !there.has(id));
      for (const [id, position] of endedNow) {
        placed[position]!.toMicros = atMicros;
        positions.delete(id);
        ended.add(id);
      }
      const made = partialsAt(atMicros);
      for (const flowLog of network.snapshot.flowLogs) {
        const position = positions.get(flowLog.id);
        ended.delete(flowLog.id);
        if (position === undefined) add(flowLog, atMicros, made);
        else flowLogs[position] = flowLog;
      }
      isFirst = false;
      const snapshot = { ...network.snapshot, flowLogs: [...flowLogs] };
      const ids = new Set(devices.map(([, id]) => id));
      const present = new Set(snapshot.interfaces.filter(({ id }) => ids.has(id)).map(({ number }) => number));
      const watched = flowLogParts(snapshot, true, present).filter(({ flowLog }) => placed[flowLog]!.toMicros === null);
      return {
        snapshot,
        devices,
        changedMicros,
        intervals: watchedIntervals(watched),
        partials: partialsNow(watched, atMicros),
        isEnd: endedNow.length > 0,
        parts: printedParts(flowLogParts(snapshot, true), atMicros),
        ended: new Set(ended),
      };
    },
  };
}

function ascending(numbers: ReadonlySet<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}
