/**
 * Small objects asked for once.
 *
 * In:    a store far away. Out: the same store, where the begin of a small object brings the whole of it.
 * Holds: a file is looked at first and read later: its bytes are kept between the two, up to a bound over all objects.
 *        Beyond the bound an object is asked for twice, its begin and then all.
 * Fails: as the store does.
 */
import type { ObjectStore } from '../../storage/object/store.ts';

/** Up to so many bytes an object comes at once. */
export const SMALL_BYTES: number = 1 << 18;
const HELD_BYTES = 64 << 20;

/** The store. What was kept is let go when it is read. */
export function heldObjects<S extends ObjectStore>(store: S): S {
  const held = new Map<string, Uint8Array>();
  let bytes = 0;

  async function* read(...[ref, range, signal]: Parameters<ObjectStore['read']>): AsyncGenerator<Uint8Array> {
    const kept = held.get(ref.key);
    if (kept !== undefined) {
      if (range === null) {
        held.delete(ref.key);
        bytes -= kept.length;
      }
      yield range === null ? kept : kept.subarray(range.start, range.end);
      return;
    }
    const room = ref.sizeBytes <= SMALL_BYTES && bytes + ref.sizeBytes <= HELD_BYTES;
    if (range?.start !== 0 || !room) {
      yield* store.read(ref, range, signal);
      return;
    }
    bytes += ref.sizeBytes;
    let whole: Uint8Array = new Uint8Array();
    try {
      for await (const chunk of store.read(ref, null, signal))
        whole = whole.length === 0 ? chunk : Buffer.concat([whole, chunk]);
    } catch (error) {
      bytes -= ref.sizeBytes;
      throw error;
    }
    bytes += whole.length - ref.sizeBytes;
    held.set(ref.key, whole);
    yield whole.subarray(0, range.end);
  }

  return { ...store, read };
}
