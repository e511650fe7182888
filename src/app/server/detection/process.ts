/**
 * The process that takes one look at the newest flow logs, and ends.
 *
 * In:    a message that says what of. Out: a message that says what was found, or why nothing could be.
 * Holds: the memory of a look goes with its process; the server never loads DuckDB for it. Capture goes before: this process is nice.
 *        It ends when its parent has gone.
 * Fails: with the error of the look, as a message.
 */
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { postedError } from '../../collector/posted-error.ts';
import type { FromLooker, ToLooker } from './message.ts';

/** This file, for `fork`; with `LOOK` as its argument it serves its parent. */
export const lookerFile: string = fileURLToPath(import.meta.url);
export const LOOK = 'look';

/** Below what captures and serves, and below what somebody waits for. */
const NICE = 10;

/** Takes the look that the parent asks for. */
function serve(): void {
  setPriority(NICE);
  const tell = (message: FromLooker): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => process.exit());
    else process.exit();
  };
  process.once('message', ({ data, ...options }: ToLooker) => {
    const { signal } = new AbortController();
    import('../../../watch/look.ts')
      .then(({ look }) => look(data, { ...options, signal }))
      .then((looked) => {
        const { user, system } = process.cpuUsage();
        tell({ kind: 'looked', looked, cpuMillis: (user + system) / 1000 });
      })
      .catch((error: unknown) => tell({ kind: 'failed', error: postedError(error) }));
  });
  // Nobody waits for what it works on; what it keeps, it keeps whole.
  process.on('disconnect', () => process.exit());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
}

if (process.send !== undefined && process.argv[2] === LOOK) serve();
