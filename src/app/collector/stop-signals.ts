/**
 * Ctrl-C and SIGTERM.
 *
 * In:    signals. Out: one request to stop; a second one leaves at once, exit 130 (rule W7).
 * Holds: a signal soon after the first is the same request: `timeout` sends it to its child and then to its whole process
 *        group, and a parent in the foreground may pass on what the terminal has sent to both.
 */
import type { EventEmitter } from 'node:events';

/** Fewer milliseconds between two signals are one request. */
const SAME_MILLIS = 500;

export type SignalWorld = {
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
  /** Milliseconds on a clock that goes forward. */
  readonly now: () => number;
  readonly leave: () => void;
};

const HERE: SignalWorld = { signals: process, now: () => performance.now(), leave: () => process.exit(130) };

/** Calls `stop` at the first request. What it returns takes the listeners away. */
export function onStopSignals(stop: () => void, world: SignalWorld = HERE): () => void {
  let askedAt: number | null = null;
  const listener = (): void => {
    if (askedAt === null) {
      askedAt = world.now();
      stop();
    } else if (world.now() - askedAt >= SAME_MILLIS) world.leave();
  };
  world.signals.on('SIGINT', listener);
  world.signals.on('SIGTERM', listener);
  return () => {
    world.signals.off('SIGINT', listener);
    world.signals.off('SIGTERM', listener);
  };
}
