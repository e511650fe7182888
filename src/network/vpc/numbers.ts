/**
 * Positions that keep their meaning from one snapshot to the next.
 *
 * In:    the list of the snapshot before, or its placeholder. Out: the list of the next.
 * Holds: an id that had a number keeps it; new ones are added at the end; what is gone stays where it was.
 */

/** A list under construction; `set` replaces what has the same id. */
export type Numbered<T> = {
  readonly list: readonly T[];
  /** The number of an id, a new one where it has none. */
  numberOf(id: string): number;
  /** The number of an id that was numbered, else 0. */
  find(id: string | null): number;
  set(entry: T): void;
  /** Numbers that this snapshot asked for. */
  readonly used: ReadonlySet<number>;
};

/** @param placeholder  what stands at position 0 */
export function createNumbered<T extends { readonly id: string }>(
  before: readonly T[] | undefined,
  placeholder: T,
): Numbered<T> {
  const list = before ? [...before] : [placeholder];
  const numbers = new Map(list.map((entry, number) => [entry.id, number]));
  const used = new Set<number>();
  const numberOf = (id: string): number => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    used.add(number);
    return number;
  };
  return {
    list,
    used,
    numberOf,
    find: (id) => (id === null ? 0 : (numbers.get(id) ?? 0)),
    set(entry) {
      list[numberOf(entry.id)] = entry;
    },
  };
}

/** A list of things that only their holders name, by the number that `add` gave. */
export type Listed<T> = {
  readonly list: readonly T[];
  /** Adds what `make` makes of its number. An id is added once. */
  add(id: string, make: (number: number) => T): number;
};

/**
 * As `createNumbered`, without an index of ids where nothing was before: there may be many.
 *
 * @param placeholder  what stands at position 0
 */
export function createListed<T extends { readonly id: string }>(
  before: readonly T[] | undefined,
  placeholder: T,
): Listed<T> {
  const list = before ? [...before] : [placeholder];
  const numbers = before ? new Map(before.map((entry, number) => [entry.id, number])) : null;
  return {
    list,
    add(id, make) {
      const number = numbers?.get(id) ?? list.length;
      list[number] = make(number);
      return number;
    },
  };
}
