/**
 * The way from a source to flows: capture, verdict, aggregation. Runs in the worker `collect`, or inline.
 *
 * In:    an assignment. Out: flow batches of closed windows, through an outlet.
 * Holds: packets never leave this function. When no buffer is free a file waits; a live source keeps counting in its
 *        tables. Every batch comes after the decisions that it names.
 * Fails: with the error of the source or the judge; what was gathered until then is given out first.
 */
import { openCaptureFile } from '../../collect/capture/sources/capture-file.ts';
import type { CaptureSource } from '../../collect/capture/source.ts';
import { Aggregator } from '../../collect/aggregate/aggregator.ts';
import type { FlowBatch } from '../../model/batch.ts';
import { createObservationBatch, flowBatchBytes } from '../../model/batch.ts';
import type { StageCount } from '../../model/counters.ts';
import type { FlowgaugeError } from '../../model/errors.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { Decision, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { Assignment, WatchedInterval } from './assignment.ts';
import type { Stop } from './stoppable.ts';
import { createStop, stoppable } from './stoppable.ts';

/** Where flows go: the printing side, in this thread or another. */
export type Outlet = {
  /** A free buffer of `flowBatchBytes()`, or null. */
  readonly buffer: () => ArrayBuffer | null;
  /** Settles when a buffer may be free again. */
  readonly freed: () => Promise<void>;
  /** Hands a batch over with the decisions that are new since the last one; `from` is the number of the first. */
  readonly flows: (batch: FlowBatch, from: number, decisions: readonly Decision[]) => void;
  /** All batches of windows that have closed so far are handed over. */
  readonly closed: () => void;
  /** About once a second. */
  readonly counts: (counts: CollectCounts, tables: CollectTables) => void;
  /** Hands over a look at the open windows; everything of windows that closed before it was handed over before. */
  readonly looked: (batches: readonly FlowBatch[], from: number, decisions: readonly Decision[]) => void;
};

export type CollectCounts = {
  readonly capture: StageCount;
  readonly verdict: StageCount;
  readonly observations: StageCount;
  /** By interval, in seconds. */
  readonly aggregate: Readonly<Record<string, StageCount>>;
};

/** How full the tables are. */
export type CollectTables = {
  readonly openWindows: number;
  readonly flowRows: number;
  readonly maxFlowRows: number;
  /** Connections, and those remembered after their end: at most twice `maxConnections`. */
  readonly tracked: number;
  readonly maxConnections: number;
};

export type CollectEnd = {
  readonly counts: CollectCounts;
  readonly problem: FlowgaugeError | null;
  /** Names of the devices that the capture told of. */
  readonly devices: readonly string[];
};

/** What may be told to a running collection. */
export type Collection = {
  /** Stops reading a file; a live source ends when its capture does. */
  readonly stop: () => void;
  /** The network has changed: connections and open windows stay. */
  readonly update: (snapshot: VpcSnapshot, intervals: readonly WatchedInterval[]) => void;
  /** Asks for a look at the open windows: one call of `looked`, as soon as no closed window waits. */
  readonly look: () => void;
  readonly done: Promise<CollectEnd>;
};

/**
 * Starts to collect.
 *
 * @param now  the wall clock, microseconds since 1970 UTC
 */
export function collect(assignment: Assignment, outlet: Outlet, now: () => number): Collection {
  const stop = createStop();
  let changed: { snapshot: VpcSnapshot; intervals: readonly WatchedInterval[] } | null = null;
  const looks: Looks = { asked: 0, give: () => {} };
  return {
    stop: stop.ask,
    update: (snapshot, intervals) => {
      changed = { snapshot, intervals };
    },
    look: () => {
      looks.asked++;
      looks.give();
    },
    done: run(assignment, outlet, now, stop, looks, () => {
      const taken = changed;
      changed = null;
      return taken;
    }),
  };
}

/** Looks that were asked for and not given, and what gives them if it can be done now. */
type Looks = { asked: number; give: () => void };

async function run(
  assignment: Assignment,
  outlet: Outlet,
  now: () => number,
  stop: Stop,
  looks: Looks,
  takeChange: () => { snapshot: VpcSnapshot; intervals: readonly WatchedInterval[] } | null,
): Promise<CollectEnd> {
  const source: CaptureSource =
    assignment.source.kind === 'file'
      ? await openCaptureFile(assignment.source.path, assignment.judged)
      : await (
          await import('../../collect/capture/sources/tcpdump.ts')
        ).openPacketStream(assignment.source.fifo, assignment.source.name, {
          drops: assignment.source.drops,
          ...(assignment.source.device === null ? {} : { device: assignment.source.device }),
        });
  const { live } = source;
  const decisions = createDecisionTable();
  const judge = assignment.judged
    ? (await import('../../network/verdict/judge.ts')).createJudge(assignment.snapshot, decisions, {
        named: new Map(assignment.devices),
        vlans: new Map(assignment.vlans),
        live,
        maxConnections: assignment.maxConnections,
      })
    : (await import('../../network/verdict/open.ts')).createOpenJudge(decisions, 1);
  const aggregators = assignment.intervals.map(
    ({ seconds, interfaces }) =>
      new Aggregator({
        intervalSeconds: seconds,
        interfaces,
        decisions,
        live,
        maxFlows: assignment.maxFlows,
        ...(live ? { startedMicros: now() } : {}),
      }),
  );
  const counts: CollectCounts = {
    capture: source.count,
    verdict: judge.count,
    observations: judge.observations,
    aggregate: Object.fromEntries(aggregators.map((one) => [String(one.options.intervalSeconds), one.count])),
  };
  let version = assignment.snapshot.version;
  let sentDecisions = 1;
  let { intervals } = assignment;
  let tied: readonly number[] | null = null;
  const watch = (): void => {
    for (const aggregator of aggregators) {
      const wanted = intervals.find(({ seconds }) => seconds === aggregator.options.intervalSeconds)?.interfaces ?? [];
      const known = tied === null ? null : new Set(tied);
      aggregator.watch(known === null ? wanted : wanted.filter((at) => known.has(at)), live ? now() : -Infinity);
    }
  };
  /** Gives out closed windows; true when none is left. */
  const give = (): boolean => {
    let gave = false;
    for (const aggregator of aggregators) {
      while (aggregator.waiting) {
        const buffer = outlet.buffer();
        if (buffer === null) return false;
        const batch = aggregator.take(buffer, version)!;
        outlet.flows(batch, sentDecisions, decisions.list.slice(sentDecisions));
        sentDecisions = decisions.list.length;
        gave = true;
      }
    }
    if (gave) outlet.closed();
    giveLooks();
    return true;
  };
  const giveLooks = (): void => {
    if (looks.asked === 0 || aggregators.some(({ waiting }) => waiting)) return;
    const fresh = (): ArrayBuffer => new ArrayBuffer(flowBatchBytes());
    for (; looks.asked > 0; looks.asked--) {
      const batches = aggregators.flatMap((aggregator) => aggregator.look(fresh, version));
      outlet.looked(batches, sentDecisions, decisions.list.slice(sentDecisions));
      sentDecisions = decisions.list.length;
    }
  };
  // Packets are counted between two waits, so whoever asks finds whole counts.
  looks.give = giveLooks;
  const giveAll = async (): Promise<void> => {
    while (!give()) await outlet.freed();
  };

  const sumOf = (of: (aggregator: Aggregator) => number): number =>
    aggregators.reduce((sum, aggregator) => sum + of(aggregator), 0);
  const tables = (): CollectTables => ({
    openWindows: sumOf(({ held }) => held.windows),
    flowRows: sumOf(({ held }) => held.rows),
    maxFlowRows: sumOf(({ options }) => options.maxFlows),
    tracked: judge.tracked,
    maxConnections: assignment.maxConnections,
  });
  const observations = createObservationBatch();
  let failed: unknown = null;
  let toldMicros = 0;
  try {
    for await (const packets of stoppable(source.batches(), stop)) {
      const change = takeChange();
      if (change !== null) {
        version = change.snapshot.version;
        judge.update(change.snapshot);
        intervals = change.intervals;
        watch();
      }
      judge.judge(packets, source.info, observations);
      if (assignment.tiedOnly && judge.tied !== tied) {
        tied = judge.tied;
        watch();
      }
      for (const aggregator of aggregators) aggregator.add(packets, observations);
      if (live) {
        // A full batch means that more is waiting: then the packets tell the time, or they would all be late.
        const behind = packets.rows === packets.capacity;
        const time = behind ? Math.min(now(), packets.atMicros[packets.rows - 1]!) : now();
        const drops = source.takeDrops();
        for (const aggregator of aggregators) {
          if (drops > 0) aggregator.lose(time);
          aggregator.tick(time);
        }
        give();
      } else if (!give()) await giveAll();
      if (now() - toldMicros >= 1e6) {
        toldMicros = now();
        outlet.counts(counts, tables());
      }
    }
  } catch (error) {
    failed = error;
  }
  // A stop does not wait for the source, which may read on: what it reads from here on belongs to nobody.
  const captured = structuredClone(source.count);
  for (const aggregator of aggregators) aggregator.end(live ? now() : undefined);
  await giveAll();
  if (failed !== null) throw failed;
  return {
    counts: { ...counts, capture: captured },
    problem: source.problem,
    devices: source.info.devices.map(({ name }) => name),
  };
}
