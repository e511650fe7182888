/**
 * What the console's questions about records are asked of: the data directory, with a cache of its own.
 *
 * In:    a context. Out: its place; the parameters that questions share.
 * Holds: one place for a context, so that few questions run at one time whoever asks. The cache lies in the data directory and
 *        is bounded; what it keeps is found by object, so an answer is never older than the objects.
 * Fails: FG_REQUEST_QUERY, FG_FILTER_*.
 */
import { join } from 'node:path';
import type { Filter } from '../../../api/filter.ts';
import type { CacheOptions } from '../../../lake/read/cache/place.ts';
import type { TimeRange } from '../../../lake/read/source.ts';
import { failure } from '../../../model/errors.ts';
import { placeOf } from '../../../query/explore/ask-place.ts';
import type { Place } from '../../../query/explore/ask-place.ts';
import { filterFrom } from '../../../query/explore/where.ts';
import { memoryBudget } from '../../../storage/duck/memory.ts';
import type { ConsoleContext } from './context.ts';
import type { ConsoleRequest } from './route.ts';
import { timeOf } from './route.ts';

/** For one question; what does not fit is spilled. */
const MEMORY_BYTES = 1e9;

const places = new WeakMap<ConsoleContext, Place>();

/** The place of a context. */
export function placeFor(context: ConsoleContext): Place {
  const known = places.get(context);
  if (known !== undefined) return known;
  const { dataDirectory, cacheBytes } = context;
  const made = placeOf({
    from: dataDirectory,
    cache: cacheOf(dataDirectory, cacheBytes),
    memoryBytes: Math.min(MEMORY_BYTES, memoryBudget() / 2),
  });
  places.set(context, made);
  return made;
}

/** Where a data directory has its cache; null: nothing is kept. */
export function cacheOf(dataDirectory: string, sizeBytes: number): CacheOptions | null {
  return sizeBytes === 0 ? null : { directory: join(dataDirectory, 'cache'), sizeBytes };
}

/** The time range of a request, for the lake. */
export function rangeFor(request: ConsoleRequest, now: number): TimeRange {
  const { from, to } = timeOf(request, now);
  return { startSeconds: from, endSeconds: to };
}

/** The filter of a request; names that only files know are text. */
export function filterFor({ query }: ConsoleRequest): Filter {
  return filterFrom(query.get('filter') ?? '', listOf(query.get('others')));
}

/** Words with commas between; none where the parameter is not there. */
export function listOf(text: string | null): readonly string[] {
  return text === null || text === '' ? [] : text.split(',');
}

/** A whole number of a request. */
export function numberFor(
  { query }: ConsoleRequest,
  name: string,
  initial: number,
  least: number,
  most: number,
): number {
  const text = query.get(name);
  if (text === null) return initial;
  const number = /^\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw failure('FG_REQUEST_QUERY', name, text, `a whole number from ${least} to ${most}`);
}
