/**
 * Delivers sealed segments, to each destination one after the other.
 *
 * In:    sealed segments. Out: what their destinations confirmed; the spool without them.
 * Holds: a segment leaves the spool only when it is delivered. A name that other bytes have: a capture file stops, a
 *        host's segment gets its next number, what an earlier run left of a capture file goes. What a destination refuses
 *        for good is counted as lost, what may be there twice is noted.
 * Fails: never by itself: `stopped` says what must end the run, `finish` throws what is left at the end.
 */
import type { StageCount } from '../model/counters.ts';
import { FlowgaugeError } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import type { Delivery, Destination, SealedSegment } from './destination.ts';
import type { Lane, LaneStatus, Waiting } from './lane.ts';
import { createLane } from './lane.ts';
import { remakeObject } from './object-makers.ts';
import { FILE_HOST, segmentId } from './object-name.ts';
import type { Pace } from './pace.ts';
import { readAccounts, readSegment } from './segment.ts';
import type { Spool } from './spool.ts';
import { readSpoolName } from './spool.ts';

/** An object that its store has. */
export type Delivered = {
  readonly key: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly records: number;
  readonly packets: number;
  readonly lostPackets: number;
  readonly flowLogId: string;
  readonly slotSeconds: number;
};

const OBJECTS_KEPT = 100_000;

export type DeliveriesOptions = {
  readonly spool: Spool;
  readonly count: StageCount;
  readonly problems: FlowgaugeError[];
  readonly destinationOf: (flowLog: FlowLog) => Destination;
  readonly threads: number;
  readonly pace: Pace;
  /** Whether the caller waits for this flow log's deliveries; others go on by themselves. */
  readonly awaited: (flowLog: FlowLog) => boolean;
  readonly changed: () => void;
  readonly delivered: ((object: Delivered) => void) | undefined;
};

export interface Deliveries {
  readonly objects: readonly Delivered[];
  /** Set: the run must end with this. */
  readonly stopped: FlowgaugeError | null;
  readonly add: (segment: SealedSegment, destination: Destination, leftover?: boolean) => void;
  /** Waits for those that are awaited, trying once more what failed; what fails again is kept for the next time. */
  again(): Promise<void>;
  /** Waits for all, trying once more what failed; throws the first error where some are left. */
  finish(): Promise<void>;
  status(): readonly LaneStatus[];
}

/** A host that is stopped does not wait longer for a destination that does not answer; its spool keeps the rest. */
const FINISH_MILLIS = 15_000;

/** Deliveries of a spool. */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { spool, count, problems, pace } = options;
  const objects: Delivered[] = [];
  const lanes = new Map<string, { readonly lane: Lane; readonly awaited: boolean }>();
  let stopped: FlowgaugeError | null = null;

  function laneOf(destination: Destination, flowLog: FlowLog): Lane {
    let found = lanes.get(destination.name);
    if (found === undefined) {
      const awaited = options.awaited(flowLog);
      found = { lane: createLane(destination, !awaited, pace, attempt, options.changed), awaited };
      lanes.set(destination.name, found);
    }
    return found.lane;
  }

  async function attempt(work: Waiting, destination: Destination, signal: AbortSignal): Promise<void> {
    try {
      await deliver(work, destination, signal);
    } catch (error) {
      if (!(error instanceof FlowgaugeError) || error.code !== 'FG_SEGMENT_DAMAGED') throw error;
      await setAside(work.segment, error);
    }
  }

  async function deliver(work: Waiting, destination: Destination, signal: AbortSignal): Promise<void> {
    // What this process has just made is as it was sealed.
    if (work.leftover || work.tried) work.segment = await remakeObject(work.segment, options.threads);
    work.tried = true;
    for (;;) {
      const { segment } = work;
      try {
        await confirmed(segment, await destination.deliver(segment, signal));
        return;
      } catch (error) {
        if (!(error instanceof FlowgaugeError) || error.code !== 'FG_OBJECT_DIFFERS') throw error;
        if (spool.hostId === FILE_HOST) {
          if (work.leftover) return supersede(segment, error);
          stopped ??= error;
          throw error;
        }
        work.segment = await renumbered(segment);
      }
    }
  }

  /** The same segment under the next number. */
  async function renumbered(segment: SealedSegment): Promise<SealedSegment> {
    const name = await spool.newName(segment.flowLog.id, segment.slotSeconds);
    const { number } = readSpoolName(name)!;
    await spool.rename(segment.name, 'object', name, 'object');
    await spool.rename(segment.name, 'segment', name, 'segment');
    const { object } = segment;
    return {
      ...segment,
      id: segmentId(spool.hostId, segment.flowLog.id, segment.slotSeconds, number),
      name,
      number,
      object: object === null ? null : { ...object, path: spool.file(name, 'object') },
      accounts: () => readAccounts(spool.file(name, 'segment')),
      read: () => readSegment(spool.file(name, 'segment'), true),
    };
  }

  async function confirmed(segment: SealedSegment, delivery: Delivery): Promise<void> {
    await spool.drop(segment.name, 'object');
    await spool.drop(segment.name, 'segment');
    await spool.drop(segment.name, 'sent');
    count.held -= segment.records;
    count.out += segment.records;
    for (const [cause, records] of Object.entries(delivery.refused)) {
      count.out -= records;
      count.lost[cause] = (count.lost[cause] ?? 0) + records;
    }
    if (delivery.possibleDuplicates > 0)
      count.notes['possible-duplicates'] = (count.notes['possible-duplicates'] ?? 0) + delivery.possibleDuplicates;
    const { packets, lostPackets, slotSeconds } = segment;
    for (const object of delivery.objects) {
      const delivered = { ...object, packets, lostPackets, slotSeconds, flowLogId: segment.flowLog.id };
      objects.push(delivered);
      if (objects.length > OBJECTS_KEPT) objects.shift();
      options.delivered?.(delivered);
    }
  }

  /** What an earlier run of a capture file left, where another run's object stands: that file can be read again. */
  async function supersede(segment: SealedSegment, error: FlowgaugeError): Promise<void> {
    await spool.drop(segment.name, 'object');
    await spool.drop(segment.name, 'segment');
    problems.push(error);
    lose(segment, 'superseded');
  }

  function lose({ records }: SealedSegment, cause: string): void {
    count.held -= records;
    count.lost[cause] = (count.lost[cause] ?? 0) + records;
  }

  async function setAside(segment: SealedSegment, error: FlowgaugeError): Promise<void> {
    await spool.turn(segment.name, 'segment', 'damaged');
    problems.push(error);
    lose(segment, 'damaged-segment');
  }

  /** Tries all lanes, or those that are awaited; the first error of those that have some left. */
  async function passAll(all: boolean, signal?: AbortSignal): Promise<unknown> {
    const chosen = [...lanes.values()].filter(({ awaited }) => all || awaited).map(({ lane }) => lane);
    await Promise.all(chosen.map((lane) => lane.pass(signal)));
    return chosen.find((lane) => lane.status().segments > 0)?.error ?? null;
  }

  return {
    objects,
    get stopped() {
      return stopped;
    },
    add: (segment, destination, leftover = false) => laneOf(destination, segment.flowLog).add({ segment, leftover }),
    again: async () => void (await passAll(false)),
    async finish() {
      await passAll(false);
      const late = new AbortController();
      const over = new AbortController();
      void pace.wait(FINISH_MILLIS, over.signal).then(() => {
        if (!over.signal.aborted && spool.hostId !== FILE_HOST) late.abort(new Error('no answer while stopping'));
      });
      const error = await passAll(true, late.signal);
      over.abort();
      for (const { lane } of lanes.values()) lane.stop();
      if (error !== null) throw error;
    },
    status: () => [...lanes.values()].map(({ lane }) => lane.status()),
  };
}
