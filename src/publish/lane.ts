/**
 * The way to one destination: segments go one after the other, oldest first, and wait together while it takes none.
 *
 * In:    segments. Out: each is delivered, or still waits.
 * Holds: what the surroundings refuse ends a pass and is tried again after a growing pause; anything else that is wrong
 *        with one segment leaves the others on their way. One destination never waits for another.
 * Fails: never by itself: `error` is what the last pass ended with.
 */
import { FlowgaugeError } from '../model/errors.ts';
import { SLOT_SECONDS } from '../storage/object/keys.ts';
import type { Destination, SealedSegment } from './destination.ts';
import type { Pace } from './pace.ts';
import { pauseMillis } from './pace.ts';

/** A segment on its way. `leftover`: an earlier process left it; `tried`: it waits since an attempt failed. */
export type Waiting = { segment: SealedSegment; readonly leftover: boolean; tried?: true };

/** How a destination does, for status and metrics. */
export type LaneStatus = {
  readonly destination: string;
  readonly segments: number;
  readonly records: number;
  /** Start of the oldest slot that waits; null where none does. */
  readonly oldestSlotSeconds: number | null;
  /**
   * How long the oldest waits that this process took, by no clock that may jump. What an earlier one left may be for a
   * destination that there is no more: it takes its bytes, and does not make the spool too old for others.
   */
  readonly waitingSeconds: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly deliveries: number;
  /** From the end of a slot to its delivery, added up over deliveries. */
  readonly latencySeconds: number;
  /** Deliveries by latency: one number for each of `LATENCY_BOUNDS_SECONDS`, of those up to it and above the one before. */
  readonly latencyCounts: readonly number[];
  readonly nextAttemptMillis: number | null;
  readonly lastDeliveredMillis: number | null;
  readonly lastError: { readonly code: string; readonly message: string; readonly atMillis: number } | null;
};

/** From as good as at once to a spool that has waited for a day. */
export const LATENCY_BOUNDS_SECONDS: readonly number[] = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 21_600, 86_400,
];

export type Lane = {
  /** Of the last pass; null where all went. */
  readonly error: unknown;
  add(work: Waiting): void;
  /** Tries all that wait, now; a signal breaks off what is under way. */
  pass(signal?: AbortSignal): Promise<void>;
  /** Tries nothing any more by itself. */
  stop(): void;
  status(): LaneStatus;
};

/**
 * A lane.
 *
 * @param patient  true: it tries again by itself after a pause; false: only when it is asked to
 * @param deliver  delivers one; its rejection is the failure
 * @param changed  told after each attempt
 */
export function createLane(
  destination: Destination,
  patient: boolean,
  pace: Pace,
  deliver: (work: Waiting, destination: Destination, signal: AbortSignal) => Promise<void>,
  changed: () => void,
): Lane {
  type Held = Waiting & { readonly sinceMillis: number };
  let waiting: Held[] = [];
  let failed: Held[] = [];
  let error: unknown = null;
  let running: { readonly done: Promise<void>; readonly stop: AbortController } | null = null;
  let failures = 0;
  let deliveries = 0;
  let latencySeconds = 0;
  const latencyCounts = LATENCY_BOUNDS_SECONDS.map(() => 0);
  let next: { readonly atMillis: number; readonly wake: AbortController } | null = null;
  let lastDeliveredMillis: number | null = null;
  let lastError: LaneStatus['lastError'] = null;

  async function run(signal: AbortSignal): Promise<void> {
    // Whoever asked has to know of this run before it ends.
    await Promise.resolve();
    next?.wake.abort();
    next = null;
    error = null;
    waiting = [...failed, ...waiting];
    failed = [];
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      try {
        await deliver(work, destination, signal);
        failures = 0;
        deliveries++;
        lastDeliveredMillis = pace.now();
        const latency = Math.max(0, lastDeliveredMillis / 1000 - work.segment.slotSeconds - SLOT_SECONDS);
        latencySeconds += latency;
        const bound = LATENCY_BOUNDS_SECONDS.findIndex((seconds) => latency <= seconds);
        if (bound !== -1) latencyCounts[bound]!++;
      } catch (caught) {
        error ??= caught;
        lastError = { ...wordsOf(caught), atMillis: pace.now() };
        failed.push(work);
        if (signal.aborted || isOfSurroundings(caught)) break;
      } finally {
        changed();
      }
    }
    // Here, and not a turn later: what is added from now on begins the next run.
    running = null;
    if (failed.length > 0) failures++;
    if (failed.length > 0 && patient && !signal.aborted) goOnLater();
  }

  function goOnLater(): void {
    const millis = pauseMillis(failures, pace);
    const wake = new AbortController();
    next = { atMillis: pace.now() + millis, wake };
    void pace.wait(millis, wake.signal).then(() => {
      if (!wake.signal.aborted) void pass();
    });
  }

  function pass(signal?: AbortSignal): Promise<void> {
    if (running === null) {
      const stop = new AbortController();
      running = { done: run(stop.signal), stop };
    }
    const { done, stop } = running;
    signal?.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
    return done;
  }

  return {
    get error() {
      return error;
    },
    add(work) {
      waiting.push({ ...work, sinceMillis: pace.elapsed() });
      // While it pauses, what comes waits with the rest.
      if (next === null && failed.length === 0) void pass();
    },
    pass,
    stop() {
      next?.wake.abort();
      next = null;
    },
    status() {
      const held = [...failed, ...waiting];
      const all = held.map(({ segment }) => segment);
      const now = pace.elapsed();
      return {
        destination: destination.name,
        segments: all.length,
        records: all.reduce((sum, { records }) => sum + records, 0),
        oldestSlotSeconds: all.reduce<number | null>(
          (oldest, { slotSeconds }) => Math.min(oldest ?? slotSeconds, slotSeconds),
          null,
        ),
        waitingSeconds: held.reduce(
          (most, { leftover, sinceMillis }) => (leftover ? most : Math.max(most, (now - sinceMillis) / 1000)),
          0,
        ),
        failures,
        deliveries,
        latencySeconds,
        latencyCounts: [...latencyCounts],
        nextAttemptMillis: next?.atMillis ?? null,
        lastDeliveredMillis,
        lastError,
      };
    },
  };
}

function isOfSurroundings(error: unknown): boolean {
  return error instanceof FlowgaugeError && error.owner === 'surroundings';
}

function wordsOf(error: unknown): { readonly code: string; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof FlowgaugeError ? error.code : '', message };
}
