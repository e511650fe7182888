/**
 * Work that Ctrl-C ends, and SIGTERM, and a terminal that goes.
 *
 * In:    work. Out: its exit code; 130 after Ctrl-C, 143 and 129 after the others, 0 after the reader of our output has gone.
 * Holds: what the work has opened is closed first, as long as that does not take long.
 * Fails: as the work does.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createProgress } from './progress.ts';

/** A way to be stopped, and what is shown until then. */
export type Stop = {
  readonly signal: AbortSignal;
  readonly progress: ReturnType<typeof createProgress>;
  /** Rejects when it is stopped. */
  readonly stopped: Promise<never>;
  /** The work, or the stop a little after it was asked for: a request that waits for its next attempt is not waited for. */
  atOnce<T>(work: Promise<T>): Promise<T>;
};

/** How long work has to clean up. */
const GRACE_MILLIS = 500;
/** What the exit code says of a signal. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Works until it is done, Ctrl-C comes, or the reader of our output goes. */
export async function interruptible(work: (stop: Stop) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => {});
  let code = 0;
  // The query ends before the program does, for leaving waits for it.
  const onStop = (): void => {
    stop.abort();
    reject(stop.signal.reason as Error);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    code ||= CODES[signal as keyof typeof CODES];
    onStop();
  };
  const signals = Object.keys(CODES) as (keyof typeof CODES)[];
  for (const signal of signals) process.once(signal, onSignal);
  process.stdout.prependListener('error', onStop);
  const progress = createProgress(process.stderr);
  const late = stopped.catch(async (error: unknown) => {
    await pause(GRACE_MILLIS);
    throw error;
  });
  late.catch(() => {});
  try {
    return await work({
      signal: stop.signal,
      progress,
      stopped,
      atOnce: (asked) => Promise.race([asked, late]),
    });
  } catch (error) {
    progress.end();
    if (stop.signal.aborted) process.exit(process.stdout.errored && code !== CODES.SIGHUP ? 0 : code);
    throw error;
  } finally {
    progress.end();
    for (const signal of signals) process.off(signal, onSignal);
    process.stdout.off('error', onStop);
  }
}
