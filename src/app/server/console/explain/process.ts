/**
 * The process that explains for the console: questions whose answers take the processor for a while.
 *
 * In:    questions over IPC, one after the other. Out: progress, an answer or a failure for each.
 * Holds: the server of `up` goes on answering meanwhile, and capture goes before: this process is nice. It loads DuckDB and
 *        SQLite on its main thread, as the verbs do. It ends when its parent has gone.
 * Fails: per question; the process goes on.
 */
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ExplainProgress } from '../../../../api/explain-routes.ts';
import { postedError } from '../../../collector/posted-error.ts';
import { jsonText } from '../answer.ts';
import type { FromExplainer, ToExplainer } from './question.ts';

/** This file, for `fork`; with `EXPLAIN` as its argument it serves its parent. */
export const explainerFile: string = fileURLToPath(import.meta.url);
export const EXPLAIN = 'explain';

/** Below what captures and serves. */
const NICE = 5;
/** Between two words about progress. */
const PROGRESS_MILLIS = 200;

/** Serves the parent over IPC. */
function serve(): void {
  setPriority(NICE);
  const tell = (message: FromExplainer): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const asked = new Map<number, AbortController>();
  process.on('message', (message: ToExplainer) => {
    if (message.kind === 'cancel') {
      asked.get(message.id)?.abort();
      return;
    }
    const { id, ...work } = message;
    const stop = new AbortController();
    asked.set(id, stop);
    let toldMillis = 0;
    const onProgress = (progress: ExplainProgress): void => {
      if (Date.now() - toldMillis < PROGRESS_MILLIS) return;
      toldMillis = Date.now();
      tell({ kind: 'progress', id, progress });
    };
    import('./answers.ts')
      .then(({ answerOf }) => answerOf({ ...work, signal: stop.signal, onProgress }))
      .then((answer) => tell({ kind: 'answer', id, json: jsonText(answer) }))
      .catch((error: unknown) => tell({ kind: 'failed', id, error: postedError(error) }))
      .finally(() => asked.delete(id));
  });
  // Nobody waits for what it works on.
  process.on('disconnect', () => process.exit());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
}

if (process.send !== undefined && process.argv[2] === EXPLAIN) serve();
