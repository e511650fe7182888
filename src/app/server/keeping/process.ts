/**
 * The process that compacts, removes what was compacted, and keeps to retention, once, and ends.
 *
 * In:    a message that says where and how. Out: progress, then what was done, or why not.
 * Holds: its memory goes with it; the server never loads DuckDB for it. Capture goes before: this process is nice. Told to stop, it
 *        leaves a lake that is whole, and so it does where it is killed. It ends when its parent has gone.
 * Fails: with the error of the run, as a message.
 */
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { postedError } from '../../collector/posted-error.ts';
import type { FromKeeper, ToKeeper } from './message.ts';

/** This file, for `fork`; with `KEEP` as its argument it serves its parent. */
export const keeperFile: string = fileURLToPath(import.meta.url);
export const KEEP = 'keep';

/** Below what captures and serves, below what somebody waits for, and below looks for findings. */
const NICE = 15;
/** After its parent has gone, or has told it to stop: DuckDB ends a statement within that. */
export const GRACE_MILLIS = 3000;
/** Between two words about progress. */
const PROGRESS_MILLIS = 500;

/** Does what the parent asks for. */
function serve(): void {
  setPriority(NICE);
  const stop = new AbortController();
  const last = (message: FromKeeper): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => process.exit());
    else process.exit();
  };
  let toldMillis = 0;
  process.on('message', (message: ToKeeper) => {
    if (message.kind === 'stop') {
      stop.abort();
      return;
    }
    const { kind: _, place, ...options } = message;
    import('../../../lake/keep/tend.ts')
      .then(({ tend }) =>
        tend(place, {
          ...options,
          signal: stop.signal,
          onProgress({ stage = 'reading', step, files, of, bytes }) {
            if (Date.now() - toldMillis < PROGRESS_MILLIS || !process.connected) return;
            toldMillis = Date.now();
            const progress = { step, stage, files, of, bytes };
            process.send?.({ kind: 'progress', progress } satisfies FromKeeper, undefined, undefined, () => {});
          },
        }),
      )
      .then((tended) => last({ kind: 'tended', tended }))
      .catch((error: unknown) =>
        last(stop.signal.aborted ? { kind: 'stopped' } : { kind: 'failed', error: postedError(error) }),
      );
  });
  // Nobody waits for what it works on. Leaving while DuckDB works would wait for it, so it is interrupted first.
  process.on('disconnect', () => {
    stop.abort();
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MILLIS).unref();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
}

if (process.send !== undefined && process.argv[2] === KEEP) serve();
