/**
 * Work on many things, few at a time.
 *
 * In:    things, and what to do with each. Out: done, or the first error.
 * Holds: things are begun in order; after an error none is begun, and those under way have ended when it comes out.
 */

/** Does `work` with each thing, `lanes` of them at one time. */
export async function inLanes<T>(
  lanes: number,
  things: readonly T[],
  work: (thing: T, at: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < things.length && !failed) {
      const at = next++;
      try {
        await work(things[at]!, at);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(lanes, things.length) }, lane));
  const bad = ends.find((end) => end.status === 'rejected');
  if (bad !== undefined) throw bad.reason;
}
