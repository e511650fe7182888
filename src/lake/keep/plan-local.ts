/**
 * What retention would do to a directory, before it does it.
 *
 * In:    a directory, how long things are kept. Out: objects that are old enough, files of the lake that would go and those that would not.
 * Holds: nothing is read but names and manifests, and nothing is changed.
 * Fails: FG_LAKE_PLACE, FG_SOURCE_MISSING; as the store does.
 */
import { flowLogFile } from '../read/bucket.ts';
import { ALL_TIME } from '../read/source.ts';
import { compactPlaces } from './compact-places.ts';
import { planRetention } from './retain.ts';
import type { RetainOptions, RetainPlan } from './retain.ts';

/** Objects whose slot is old enough, whether the lake has them or not. */
export type LocalPlan = RetainPlan & { readonly objects: number; readonly objectBytes: number };

/** Looks. */
export async function planLocal(
  place: string,
  options: Omit<RetainOptions, 'graceSeconds' | 'of'>,
): Promise<LocalPlan> {
  const { from, lake } = compactPlaces(place);
  const olderThan = options.nowSeconds - options.recordsSeconds;
  let objects = 0;
  let objectBytes = 0;
  for await (const { ref } of from.source.plan(ALL_TIME, options.signal)) {
    const slot = flowLogFile(ref.key)?.slotSeconds;
    if (slot === undefined || slot >= olderThan) continue;
    objects++;
    objectBytes += ref.sizeBytes;
  }
  return { ...(await planRetention(lake, { ...options, of: null })), objects, objectBytes };
}
