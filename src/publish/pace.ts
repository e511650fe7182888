/**
 * How deliveries pass the time: the clock, chance and waiting, and the pauses that are made of them.
 *
 * In:    how often something failed in a row. Out: milliseconds until it is tried again.
 * Holds: pauses grow twofold to a bound; each is shortened by chance by up to a half, so that agents that failed together
 *        do not come back together.
 */
import { setTimeout as wait } from 'node:timers/promises';

export interface Pace {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds since some moment, whatever happens to the clock. */
  elapsed(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Ends early when the signal is aborted, without an error. `holds`: the process does not end before it does. */
  wait(millis: number, signal: AbortSignal, holds?: boolean): Promise<void>;
}

/** The machine's clock. */
export const REAL_PACE: Pace = {
  now: Date.now,
  elapsed: () => performance.now(),
  random: Math.random,
  wait: (millis, signal, holds = false) => wait(millis, undefined, { signal, ref: holds }).catch(() => {}),
};

const FIRST_MILLIS = 1000;
const MOST_MILLIS = 300_000;

/** The pause behind the `failures`-th failure in a row, from 1. */
export function pauseMillis(failures: number, pace: Pace): number {
  const whole = Math.min(MOST_MILLIS, FIRST_MILLIS * 2 ** (failures - 1));
  return Math.round(whole * (1 - pace.random() / 2));
}
