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
import { LIVE_LAG_MICROS } from '../../collect/aggregate/aggregator.ts';
import type { CountedFlows } from '../../collect/aggregate/add-flows.ts';
import type { PartialWindow } from '../../collect/aggregate/gathering.ts';
import { firstWhole } from '../../collect/aggregate/window.ts';
import type { FlowBatch, PacketBatch } from '../../model/batch.ts';
import { createObservationBatch, flowBatchBytes } from '../../model/batch.ts';
import { BatchMemory } from '../../model/batch-memory.ts';
import type { StageCount } from '../../model/counters.ts';
import type { FlowgaugeError } from '../../model/errors.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { Decision } from '../../network/vpc/snapshot.ts';
import type { Assignment, AssignmentChange } from './assignment.ts';
import { networkForKernel, splitDevices } from './assignment.ts';
import { GivenFlows } from './given-flows.ts';
import type { KernelFeed, KernelStanding } from './kernel-feed.ts';
import type { NotObserved, OpenedKernel } from './open-kernel.ts';
import type { RejectTold } from './reject-feed.ts';
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
  /** Packets that the kernel rejected just now, for live views. */
  readonly rejected: (rejects: readonly RejectTold[]) => void;
  /** Hands over a look at the open windows; everything of windows that closed before it was handed over before. */
  readonly looked: (batches: readonly FlowBatch[], from: number, decisions: readonly Decision[]) => void;
  /**
   * A change holds from here on: what was handed over before is of the time before it, but for windows that are open. Where
   * a flow log ended, `batches` is a look at those.
   */
  readonly changed: (batches: readonly FlowBatch[], from: number, decisions: readonly Decision[]) => void;
};

export type CollectCounts = {
  readonly capture: StageCount;
  readonly verdict: StageCount;
  readonly observations: StageCount;
  /** By interval, in seconds. */
  readonly aggregate: Readonly<Record<string, StageCount>>;
  /** What the kernel judged and counted; not there where it does not. */
  readonly kernel?: StageCount;
};

/** How full the tables are. */
export type CollectTables = {
  readonly openWindows: number;
  /** Start of the oldest window that is open, seconds since 1970 UTC; now where none is. */
  readonly openSince: number;
  readonly flowRows: number;
  readonly maxFlowRows: number;
  /** Connections, and those remembered after their end: at most twice `maxConnections`. */
  readonly tracked: number;
  readonly maxConnections: number;
  readonly kernel?: KernelStanding;
  /** Set: the firewall of this host was to be observed where it can, and cannot. */
  readonly notObserved?: NotObserved['notObserved'];
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
  /**
   * The network has changed at `snapshot.validFromMicros`: connections and open windows stay. One call of `changed` tells
   * that all packets from before have been taken; calls come in the order of updates.
   */
  readonly update: (change: AssignmentChange) => void;
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
  const changes: PendingChange[] = [];
  const looks: Looks = { asked: 0, give: () => {} };
  const kernel: KernelSide = { feed: null };
  return {
    stop: stop.ask,
    update: (change) => {
      // A clock that went back since must not hold it up.
      const pending: PendingChange = {
        change,
        atMicros: Math.min(change.snapshot.validFromMicros, now()),
        loaded: null,
      };
      changes.push(pending);
      tellKernel(kernel, pending);
    },
    look: () => {
      const ask = (): void => {
        looks.asked++;
        looks.give();
      };
      // With what the kernel has counted until now.
      if (kernel.feed === null) ask();
      else void kernel.feed.ask().then(ask);
    },
    done: run(assignment, outlet, now, stop, looks, changes, kernel),
  };
}

type PendingChange = {
  readonly change: AssignmentChange;
  readonly atMicros: number;
  /** Settles when what the kernel counted before it has arrived; null where it has not been told. */
  loaded: Promise<void> | null;
};
type KernelSide = { feed: KernelFeed | null };

/** The kernel follows at once, whatever packets are still on their way to us. */
function tellKernel({ feed }: KernelSide, pending: PendingChange): void {
  if (feed !== null) pending.loaded = feed.change(networkForKernel(pending.change, feed.standing.how));
}
/** A packet that was seen before a change has come this long after it, where no later one has. */
const SETTLED_MICROS = 1_000_000;
/** Windows wait so long for what the kernel counted. */
const KERNEL_PATIENCE_MICROS = 30_000_000;
const HOUR_MICROS = 3_600_000_000;

/** Looks that were asked for and not given, and what gives them if it can be done now. */
type Looks = { asked: number; give: () => void };

/** What the kernel counts; null where it counts nothing. */
async function openCounted(
  assignment: Assignment,
  decisions: DecisionTable,
  now: () => number,
  { rejected }: Outlet,
): Promise<OpenedKernel | NotObserved | null> {
  const { kernel } = assignment;
  if (kernel === undefined) return null;
  const network = networkForKernel(assignment, kernel.how);
  return kernel.how === 'enforce'
    ? (await import('./open-kernel.ts')).openKernel(kernel, network, decisions, now)
    : (await import('./open-observation.ts')).openObservation(kernel, network, decisions, now, rejected);
}

async function run(
  assignment: Assignment,
  outlet: Outlet,
  now: () => number,
  stop: Stop,
  looks: Looks,
  changes: PendingChange[],
  side: KernelSide,
): Promise<CollectEnd> {
  const memory = new BatchMemory();
  const source: CaptureSource =
    assignment.source.kind === 'file'
      ? await openCaptureFile(assignment.source.path, assignment.judged, memory)
      : await (
          await import('../../collect/capture/sources/tcpdump.ts')
        ).openPacketStream(assignment.source.fifo, assignment.source.name, {
          drops: assignment.source.drops,
          ...(assignment.source.device === null ? {} : { device: assignment.source.device }),
        });
  const { live } = source;
  // Of a live capture the kernel's flows go through it too, while a batch is being filled.
  const own = live ? null : memory;
  const decisions = createDecisionTable();
  // First of all: what a table that stands has counted are numbers of its book.
  const opened = await openCounted(assignment, decisions, now, outlet);
  const kernel = opened !== null && 'feed' in opened ? opened : null;
  const feed = (side.feed = kernel?.feed ?? null);
  const how = feed?.standing.how ?? null;
  for (const pending of changes) tellKernel(side, pending);
  const judge = assignment.judged
    ? (await import('../../network/verdict/judge.ts')).createJudge(assignment.snapshot, decisions, {
        named: splitDevices(assignment, how).captured,
        vlans: new Map(assignment.vlans),
        live,
        namedOnly: assignment.namedOnly === true,
        maxConnections: assignment.maxConnections,
        memory,
      })
    : (await import('../../network/verdict/open.ts')).createOpenJudge(decisions, 1);
  const gaps = [kernel?.gapMicros, assignment.gapMicros].filter((at) => typeof at === 'number');
  const gapMicros = gaps.length === 0 ? null : Math.min(...gaps);
  const isRecent = gapMicros !== null && now() - gapMicros < HOUR_MICROS;
  const startedMicros = isRecent ? gapMicros : now();
  const aggregate: Record<string, StageCount> = {};
  let aggregators: Aggregator[] = [];
  const begin = (seconds: 60 | 600, interfaces: readonly number[], partial?: PartialWindow): void => {
    const made = new Aggregator({
      intervalSeconds: seconds,
      interfaces,
      decisions,
      live,
      maxFlows: assignment.maxFlows,
      memory,
      ...(live ? { startedMicros: partial?.fromMicros ?? startedMicros } : {}),
      ...(partial === undefined ? {} : { partial }),
    });
    aggregators.push(made);
    // What is gathered apart is gathered with the whole window too, and counted there.
    if (partial === undefined) aggregate[String(seconds)] = made.count;
  };
  for (const { seconds, interfaces } of assignment.intervals) begin(seconds, interfaces);
  const counts: CollectCounts = {
    capture: source.count,
    verdict: judge.count,
    observations: judge.observations,
    aggregate,
    ...(feed === null ? {} : { kernel: feed.count }),
  };
  let { snapshot } = assignment;
  let version = snapshot.version;
  let sentDecisions = 1;
  let { intervals } = assignment;
  let partials: readonly PartialWindow[] = [];
  let tied: readonly number[] | null = null;
  const given = new GivenFlows(decisions);
  const watch = (atMicros: number): void => {
    const known = tied === null ? null : new Set(tied);
    for (const aggregator of aggregators) {
      const { partial, intervalSeconds } = aggregator.options;
      const found =
        partial === undefined
          ? intervals.find(({ seconds }) => seconds === intervalSeconds)
          : partials.find(({ number }) => number === partial.number);
      const all = found?.interfaces ?? [];
      const wanted = known === null ? all : all.filter((at) => known.has(at));
      const added = aggregator.watch(wanted, atMicros);
      const from = partial === undefined ? firstWhole(atMicros, intervalSeconds) * 1e6 : atMicros;
      for (const missed of given.missedOf(added, from, intervalSeconds)) aggregator.addFlows(missed);
    }
  };
  /** Gives out closed windows; true when none is left. `other` makes a buffer where none is free. */
  const give = (other: () => ArrayBuffer | null = () => null): boolean => {
    let gave = false;
    for (const aggregator of aggregators) {
      while (aggregator.waiting) {
        const buffer = outlet.buffer() ?? other();
        if (buffer === null) return false;
        const batch = aggregator.take(buffer, version)!;
        outlet.flows(batch, sentDecisions, decisions.list.slice(sentDecisions));
        sentDecisions = decisions.list.length;
        gave = true;
      }
    }
    if (gave) outlet.closed();
    if (aggregators.some(({ isOver }) => isOver)) aggregators = aggregators.filter(({ isOver }) => !isOver);
    giveLooks();
    return true;
  };
  const fresh = (): ArrayBuffer => new ArrayBuffer(flowBatchBytes());
  const giveLooks = (): void => {
    if (looks.asked === 0 || aggregators.some(({ waiting }) => waiting)) return;
    for (; looks.asked > 0; looks.asked--) {
      const batches = aggregators.flatMap((aggregator) => aggregator.look(fresh, version));
      outlet.looked(batches, sentDecisions, decisions.list.slice(sentDecisions));
      sentDecisions = decisions.list.length;
    }
  };
  // Packets are counted between two waits, so whoever asks finds whole counts.
  looks.give = giveLooks;
  const put = (flows: CountedFlows): void => {
    for (const aggregator of aggregators) aggregator.addFlows(flows);
  };
  if (feed !== null)
    feed.came = () =>
      feed.give((flows) => {
        put(flows);
        given.note(flows);
      });
  // Whoever collected was killed: of an hour since then windows say so, for so long the kernel keeps what it has counted.
  if (gapMicros !== null)
    for (let at = gapMicros; at < Math.min(now(), gapMicros + HOUR_MICROS); at = (Math.floor(at / 60e6) + 1) * 60e6)
      for (const aggregator of aggregators) aggregator.lose(at);
  for (const flows of kernel?.found ?? []) put(flows);
  const giveAll = async (): Promise<void> => {
    while (!give()) await outlet.freed();
  };
  /** The first row from `from` on that was seen at a time or after it. */
  const rowAt = (packets: PacketBatch, from: number, atMicros: number): number => {
    let row = from;
    while (row < packets.rows && packets.atMicros[row]! < atMicros) row++;
    return row;
  };
  /** Changes whose time has come: a packet of a later time is here, or none comes any more. */
  const due = (packets: PacketBatch): PendingChange[] => {
    const isIdle = packets.rows < packets.capacity;
    const next = changes.findIndex(
      ({ atMicros }) => rowAt(packets, 0, atMicros) === packets.rows && !(isIdle && now() >= atMicros + SETTLED_MICROS),
    );
    return changes.splice(0, next < 0 ? changes.length : next);
  };
  /** @param counted  what the kernel counted until then */
  const apply = ({ change, atMicros }: PendingChange, counted: readonly CountedFlows[]): void => {
    // All of windows that closed goes before: it is of the time before.
    give(fresh);
    const seen = change.isEnd ? aggregators.flatMap((one) => one.look(fresh, version, atMicros)) : [];
    outlet.changed(seen, sentDecisions, decisions.list.slice(sentDecisions));
    sentDecisions = decisions.list.length;
    ({ snapshot } = change);
    ({ version } = snapshot);
    ({ intervals, partials } = change);
    for (const { seconds } of intervals)
      if (!aggregators.some(({ options }) => options.partial === undefined && options.intervalSeconds === seconds))
        begin(seconds, []);
    for (const partial of partials)
      if (!aggregators.some(({ options }) => options.partial?.number === partial.number)) {
        begin(partial.seconds, partial.interfaces, partial);
        // The kernel was told a moment after the time from which the part is.
        for (const flows of [...counted, given.missedSince(partial.fromMicros)]) aggregators.at(-1)!.addFlows(flows);
      }
    for (const flows of counted) given.note(flows);
    watch(atMicros);
  };

  /** Takes the next change with what the kernel counted before it. */
  const takeCounted = (): CountedFlows[] => {
    const counted: CountedFlows[] = [];
    feed?.takeChange((flows) => {
      put(flows);
      counted.push(flows);
    });
    return counted;
  };

  const sumOf = (of: (aggregator: Aggregator) => number): number =>
    aggregators.reduce((sum, aggregator) => sum + of(aggregator), 0);
  const openSince = (): number => {
    const opened = aggregators.filter(({ options }) => options.partial === undefined);
    return Math.min(now() / 1e6, ...opened.map((one) => one.openSince));
  };
  const tables = (): CollectTables => ({
    openWindows: sumOf(({ held }) => held.windows),
    openSince: openSince(),
    flowRows: sumOf(({ held }) => held.rows),
    maxFlowRows: sumOf(({ options }) => options.maxFlows),
    tracked: judge.tracked,
    maxConnections: assignment.maxConnections,
    ...(feed === null ? {} : { kernel: { ...feed.standing } }),
    ...(opened !== null && 'notObserved' in opened ? opened : {}),
  });
  const noRejects = createStop();
  if (typeof assignment.kernel?.rejects === 'string')
    void (await import('./reject-feed.ts')).followRejects(
      { fifo: assignment.kernel.rejects, decisions, network: () => snapshot, tell: outlet.rejected },
      noRejects,
    );
  const observations = own?.observations ?? createObservationBatch();
  let failed: unknown = null;
  let toldMicros = 0;
  try {
    for await (const packets of stoppable(source.batches(own?.packets), stop)) {
      const dueNow = due(packets);
      for (const { loaded } of dueNow) await loaded;
      const last = dueNow.at(-1);
      if (last !== undefined) judge.update(last.change.snapshot, splitDevices(last.change, how).captured);
      judge.judge(packets, source.info, observations);
      if (assignment.tiedOnly && judge.tied !== tied) {
        tied = judge.tied;
        watch(live ? now() : -Infinity);
      }
      let row = 0;
      for (const pending of dueNow) {
        const to = rowAt(packets, row, pending.atMicros);
        for (const aggregator of aggregators)
          for (let at = row; (at = aggregator.add(packets, observations, at, to)) < to;) give(fresh);
        apply(pending, takeCounted());
        row = to;
      }
      for (const aggregator of aggregators)
        for (let at = row; (at = aggregator.add(packets, observations, at)) < packets.rows;)
          if (!give()) await giveAll();
      if (live) {
        // A full batch means that more is waiting: then the packets tell the time, or they would all be late.
        const behind = packets.rows === packets.capacity;
        const seen = behind ? Math.min(now(), packets.atMicros[packets.rows - 1]!) : now();
        // A window is not over before the kernel's part of it is here.
        const time =
          feed === null
            ? seen
            : Math.max(Math.min(seen, feed.givenMicros + LIVE_LAG_MICROS), now() - KERNEL_PATIENCE_MICROS);
        const drops = source.takeDrops();
        const isKernelLate = feed !== null && time > feed.givenMicros + LIVE_LAG_MICROS;
        for (const aggregator of aggregators) {
          if (drops > 0) aggregator.lose(time);
          if (isKernelLate) aggregator.lose(time - LIVE_LAG_MICROS);
          aggregator.tick(time);
        }
        give();
      } else if (!give()) await giveAll();
      if (now() - toldMicros >= 1e6) {
        toldMicros = now();
        outlet.counts(counts, tables());
        kernel?.keep(openSince());
      }
    }
  } catch (error) {
    failed = error;
  }
  noRejects.ask();
  // A stop does not wait for the source, which may read on: what it reads from here on belongs to nobody.
  const captured = structuredClone(source.count);
  for (const pending of changes.splice(0)) {
    await pending.loaded;
    apply(pending, takeCounted());
  }
  await feed?.stop();
  feed?.give(put);
  for (const aggregator of aggregators) aggregator.end(live ? now() : undefined);
  await giveAll();
  kernel?.end();
  if (failed !== null) throw failed;
  return {
    counts: { ...counts, capture: captured },
    problem: source.problem,
    devices: source.info.devices.map(({ name }) => name),
  };
}
