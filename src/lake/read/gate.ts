/**
 * A number of places, for what may be on its way at one time.
 *
 * In:    who comes and who goes. Out: a promise that is kept when there is room.
 * Holds: nobody is overlooked, however many wait; once it is open it stays open.
 */
export type Gate = {
  /** Takes a place, when there is one. */
  enter(): Promise<void>;
  leave(): void;
  /** Lets everybody through from now on. */
  open(): void;
};

/** A gate with places. */
export function createGate(places: number): Gate {
  const waiting: (() => void)[] = [];
  let free = places;
  return {
    enter() {
      if (free > 0) {
        free--;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    },
    open() {
      free = Number.POSITIVE_INFINITY;
      for (const next of waiting.splice(0)) next();
    },
  };
}
