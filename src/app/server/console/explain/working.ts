/**
 * What an answer is worked out with.
 *
 * In:    a question, its range. Out: how flow logs are read: stopped when the asker leaves, with progress told.
 */
import type { AskedRange, ExplainProgress } from '../../../../api/explain-routes.ts';
import type { AskOptions } from '../../../../query/ask.ts';
import type { ExplainWork } from './question.ts';

export type Working = ExplainWork & {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExplainProgress) => void;
};

/** How records of a range are read. */
export function readingOf({ from, to }: AskedRange, { signal, onProgress }: Working): AskOptions {
  return {
    signal,
    range: { startSeconds: from, endSeconds: to },
    source: { open: true },
    onProgress: ({ stage = 'reading', files, of, bytes }) => onProgress({ stage, files, of, bytes }),
  };
}
