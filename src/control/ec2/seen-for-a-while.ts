/**
 * Things that are described for a while after their end, as AWS does: taking away those whose time is over.
 *
 * In:    a kind, and how a thing of it is at a time. Out: nothing; what is no longer seen is gone.
 * Holds: whoever describes asks the same function, so that nobody sees when it is swept.
 */
import type { WriteContext } from './action.ts';
import { idOf } from './items.ts';
import type { Items, Kind } from './items.ts';

/** How a thing is at a time; null where it is no longer seen. */
export type SeenAt<K extends Kind> = (item: Items[K], now: Date) => Items[K] | null;

/** Takes away what is no longer seen. */
export function sweep<K extends Kind>({ now, resources }: WriteContext, kind: K, seenAt: SeenAt<K>): void {
  for (const item of resources.list(kind)) if (seenAt(item, now) === null) resources.remove(kind, idOf(kind, item));
}
