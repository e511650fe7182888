/**
 * A screen's state as the query of its address: what is read and written.
 *
 * In:    parameters, by name how each is read and printed. Out: values; parameters again.
 * Holds: a parameter that cannot be read counts as not given, so that an old or mangled address shows something. A value that is
 *        the default is not written. `v` is the version of the form: what a later one renames is read here by its old name.
 *        Parameters of others (time range, filter) stay.
 * Fails: never.
 */

/** How one value stands in the address. */
export type Parameter<T> = {
  readonly initial: T;
  /** Undefined: it cannot be read. */
  readonly read: (text: string) => T | undefined;
  // A method, so that a screen's parameters of several types are one record of them.
  write(value: T): string;
};

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type Values<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never;
};

export const URL_VERSION = '1';

/** Any text. */
export const textParameter = (initial = ''): Parameter<string> => ({
  initial,
  read: (text) => text,
  write: (text) => text,
});

/** One of a few words. */
export const wordParameter = <const W extends string>(words: readonly W[], initial: NoInfer<W>): Parameter<W> => ({
  initial,
  read: (text) => words.find((word) => word === text),
  write: (word) => word,
});

/** A whole number from `least` to `most`. */
export const numberParameter = (initial: number, least: number, most: number): Parameter<number> => ({
  initial,
  read: (text) =>
    /^-?\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined,
  write: String,
});

/** Words with a comma between them; none is the empty text. */
export const listParameter = (initial: readonly string[] = []): Parameter<readonly string[]> => ({
  initial,
  read: (text) => (text === '' ? [] : text.split(',')),
  write: (words) => words.join(','),
});

/** The values that a query has. */
export function readParameters<P extends Parameters>(parameters: P, query: URLSearchParams): Values<P> {
  const values = Object.entries(parameters).map(([name, { initial, read }]) => {
    const text = query.get(name);
    return [name, text === null ? initial : (read(text) ?? initial)];
  });
  return Object.fromEntries(values) as Values<P>;
}

/** The query with some values changed. */
export function writeParameters<P extends Parameters>(
  parameters: P,
  query: URLSearchParams,
  changed: Partial<Values<P>>,
): URLSearchParams {
  const made = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changed)) {
    const parameter = parameters[name]!;
    const text = parameter.write(value);
    if (text === parameter.write(parameter.initial)) made.delete(name);
    else made.set(name, text);
  }
  made.set('v', URL_VERSION);
  return made;
}
