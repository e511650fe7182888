/**
 * Lakes for tests.
 *
 * In:    a directory with objects. Out: the same, compacted.
 */
import { compact } from '../../../src/lake/keep/compact.ts';
import type { CompactOptions, CompactReport } from '../../../src/lake/keep/compact.ts';
import { compactPlaces } from '../../../src/lake/keep/compact-places.ts';

/** Long after everything. */
export const LATER_SECONDS = 1_900_000_000;

/** Compacts a directory, into itself unless told otherwise. */
export function compactDirectory(
  directory: string,
  options: Partial<CompactOptions> = {},
  to: string = directory,
): Promise<CompactReport> {
  const { from, lake } = compactPlaces(directory, to);
  return compact(from, lake, {
    by: 'hour',
    nowSeconds: LATER_SECONDS,
    settleSeconds: 0,
    memoryBytes: 500e6,
    rollups: true,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  });
}
