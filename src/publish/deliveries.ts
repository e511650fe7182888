/**
 * Delivers sealed segments, one after the other.
 *
 * In:    sealed segments. Out: what their destinations confirmed; the spool without them.
 * Holds: a segment leaves the spool only when it is delivered. A name that other bytes have: a capture file stops, a
 *        host's segment gets its next number, what an earlier run left of a capture file goes.
 * Fails: never by itself: `stopped` says what must end the run, `finish` throws what is left at the end.
 */
import type { StageCount } from '../model/counters.ts';
import { FlowgaugeError } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import type { Destination, SealedSegment } from './destination.ts';
import { remakeObject } from './object-makers.ts';
import { FILE_HOST, segmentId } from './object-name.ts';
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
  readonly delivered: ((object: Delivered) => void) | undefined;
};

export interface Deliveries {
  readonly objects: readonly Delivered[];
  /** Set: the run must end with this. */
  readonly stopped: FlowgaugeError | null;
  readonly add: (segment: SealedSegment, destination: Destination, leftover?: boolean) => void;
  /** Tries what failed before once more and waits for all; what fails again is kept for the next time. */
  again(): Promise<void>;
  /** Waits for all, trying once more what failed; throws the first error where some are left. */
  finish(): Promise<void>;
}

type Waiting = { segment: SealedSegment; readonly destination: Destination; readonly leftover: boolean };

/** Deliveries of a spool. */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { spool, count, problems } = options;
  const objects: Delivered[] = [];
  const signal = new AbortController().signal;
  let waiting: Waiting[] = [];
  let failed: Waiting[] = [];
  let firstError: unknown = null;
  let stopped: FlowgaugeError | null = null;
  let running: Promise<void> | null = null;

  /** Works on what waits, unless that is being done. */
  function start(): Promise<void> {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  }

  async function run(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await deliver(next);
      } catch (error) {
        if (error instanceof FlowgaugeError && error.code === 'FG_SEGMENT_DAMAGED') await setAside(next.segment, error);
        else {
          firstError ??= error;
          failed.push(next);
        }
      }
    }
  }

  async function deliver(work: Waiting): Promise<void> {
    work.segment = await remakeObject(work.segment, spool, options.threads);
    for (;;) {
      const { segment } = work;
      try {
        const delivery = await work.destination.deliver(segment, signal);
        await confirmed(segment, delivery.objects);
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
    };
  }

  async function confirmed(segment: SealedSegment, made: Awaited<ReturnType<Destination['deliver']>>['objects']) {
    await spool.drop(segment.name, 'object');
    await spool.drop(segment.name, 'segment');
    count.held -= segment.records;
    count.out += segment.records;
    const { packets, lostPackets, slotSeconds } = segment;
    for (const object of made) {
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

  function again(): Promise<void> {
    waiting = [...failed, ...waiting];
    failed = [];
    firstError = null;
    return start();
  }

  return {
    objects,
    get stopped() {
      return stopped;
    },
    add: (segment, destination, leftover = false) => {
      waiting.push({ segment, destination, leftover });
      void start();
    },
    again,
    async finish() {
      await start();
      await again();
      if (failed.length > 0) throw firstError;
    },
  };
}
