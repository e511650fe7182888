/**
 * What an answer is worked out with.
 *
 * In:    a question, its range. Out: how flow logs are read: stopped when the asker leaves, with progress told, from the console's
 *        cache of objects.
 */
import type { AskedRange, ExplainProgress } from '../../../../api/explain-routes.ts';
import type { AskOptions } from '../../../../query/ask.ts';
import { cacheOf } from '../place.ts';
import type { ExplainWork } from './question.ts';

export type Working = ExplainWork & {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExplainProgress) => void;
};

/** How records of a range are read. */
export function readingOf(
  { from, to }: AskedRange,
  { data, cacheBytes, signal, onProgress }: Working,
): AskOptions & { readonly signal: AbortSignal } {
  const cache = cacheOf(data, cacheBytes);
  return {
    ...(cache === null ? {} : { cache }),
    signal,
    range: { startSeconds: from, endSeconds: to },
    source: { open: true },
    onProgress: ({ stage = 'reading', files, of, bytes }) => onProgress({ stage, files, of, bytes }),
  };
}
