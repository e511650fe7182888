/**
 * A screen's state in its address, and the time range that all screens have there.
 *
 * In:    what a screen keeps. Out: its values, and how they are changed.
 * Holds: a change is a step that the browser's Back takes back; with `replace` it is not (what changes while one types).
 */
import { useCallback, useMemo } from 'react';
import { useSearch, useSearchParams } from 'wouter';
import type { TimeChoice } from '../../src/api/time-range.ts';
import { DEFAULT_TIME, readTime, timeParameters } from '../../src/api/time-range.ts';
import type { Parameters, Values } from './url-parameters.ts';
import { readParameters, URL_VERSION, writeParameters } from './url-parameters.ts';

export type Change<P extends Parameters> = (changed: Partial<Values<P>>, how?: { readonly replace?: boolean }) => void;

/** @param parameters  made once, outside of the component */
export function useUrlState<const P extends Parameters>(parameters: P): [values: Values<P>, change: Change<P>] {
  const [query, setQuery] = useSearchParams();
  const values = useMemo(() => readParameters(parameters, query), [parameters, query]);
  const change = useCallback<Change<P>>(
    (changed, how) =>
      setQuery((before) => writeParameters(parameters, before, changed), { replace: how?.replace ?? false }),
    [parameters, setQuery],
  );
  return [values, change];
}

/** The time range of the address; one that cannot be read is the default. */
export function useTimeChoice(): [choice: TimeChoice, change: (choice: TimeChoice) => void] {
  const [query, setQuery] = useSearchParams();
  const choice = useMemo(() => readTime((name) => query.get(name)) ?? DEFAULT_TIME, [query]);
  const change = useCallback(
    (chosen: TimeChoice) =>
      setQuery((before) => {
        const made = new URLSearchParams(before);
        for (const name of ['from', 'to', 'last']) made.delete(name);
        for (const [name, text] of Object.entries(timeParameters(chosen))) made.set(name, text);
        made.set('v', URL_VERSION);
        return made;
      }),
    [setQuery],
  );
  return [choice, change];
}

/** The time range as the query of a route, `last=1h` or `from=…&to=…`. */
export function useTimeQuery(): string {
  const [choice] = useTimeChoice();
  return new URLSearchParams(timeParameters(choice)).toString();
}

/** What goes along from screen to screen: time range and filter. */
const CARRIED = ['from', 'to', 'last', 'filter'];

/** Makes the address of another screen, with the time range and filter of this one, and parameters of its own. */
export function useScreenLink(): (path: string, own?: Readonly<Record<string, string>>) => string {
  const search = useSearch();
  return useCallback(
    (path, own = {}) => {
      const here = new URLSearchParams(search);
      const there = new URLSearchParams({ v: URL_VERSION });
      for (const name of CARRIED) if (here.has(name)) there.set(name, here.get(name)!);
      for (const [name, text] of Object.entries(own)) there.set(name, text);
      return `/console${path}?${there.toString()}`;
    },
    [search],
  );
}
