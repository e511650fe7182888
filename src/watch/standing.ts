/**
 * How a worker stands, for whoever asks while it runs.
 *
 * In:    nothing. Out: what the worker keeps up to date, and its health.
 * Holds: a lane waits from its first try that nobody could answer to the first that went well.
 */
import type { Health, HealthReason } from '../api/health.ts';
import type { WatchCounters } from './counters.ts';

export type WorkerStanding = {
  readonly counters: WatchCounters;
  /** Messages that are held now. */
  held: number;
  /** The queue has answered once. */
  isReceiving: boolean;
  /** Why lanes wait, by number: the code of the last error. */
  readonly waiting: Map<number, string>;
};

/** A standing of nothing yet. */
export function createWorkerStanding(counters: WatchCounters): WorkerStanding {
  return { counters, held: 0, isReceiving: false, waiting: new Map() };
}

/** The health at this moment. */
export function workerHealth({ isReceiving, waiting }: WorkerStanding): Health {
  const codes = [...new Set(waiting.values())].sort();
  const reasons = codes.map((code): HealthReason => ({ reason: 'waiting', code, about: null }));
  if (reasons.length > 0) return { status: 'degraded', reasons };
  return { status: isReceiving ? 'ok' : 'starting', reasons };
}
