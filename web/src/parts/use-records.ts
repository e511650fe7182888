/**
 * Records by pages, as somebody scrolls.
 *
 * In:    the query of `/api/records` but its page. Out: the rows so far, whether there are more, how to get them.
 * Holds: another query begins anew and cancels what is under way. At most `MOST_ROWS` are kept; then the time must be narrowed.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FieldValue, RecordsPage } from '../../../src/api/explore.ts';
import { call, CallFailed } from '../api-client.ts';

export const MOST_ROWS = 300_000;
/** The first page is there soon, the others are few. */
const FIRST_PAGE = 300;
const PAGE = 2000;

export type Records = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly FieldValue[])[];
  readonly formats: RecordsPage['formats'];
  readonly notes: RecordsPage['notes'];
  readonly sql: string;
  readonly millis: number;
  readonly state: 'loading' | 'more' | 'all' | 'full' | 'failed';
  readonly error: CallFailed | null;
  readonly loadMore: () => void;
};

type Kept = Omit<Records, 'loadMore'> & { readonly next: string | null };
const NONE: Kept = {
  columns: [],
  rows: [],
  formats: [],
  notes: [],
  sql: '',
  millis: 0,
  state: 'loading',
  error: null,
  next: null,
};

/** @param query  null: nothing is to be asked yet */
export function useRecords(query: string | null): Records {
  const [kept, setKept] = useState<Kept>(NONE);
  const over = useRef(new AbortController());
  const busy = useRef(false);

  const load = useCallback(
    (after: string | null, signal: AbortSignal): void => {
      if (query === null) return;
      busy.current = true;
      const page = `rows=${after === null ? FIRST_PAGE : PAGE}${after === null ? '' : `&after=${after}`}`;
      call<RecordsPage>('GET', `/api/records?${query}&${page}`, undefined, signal).then(
        ({ columns, rows, formats, notes, sql, next, read }) => {
          if (signal.aborted) return;
          busy.current = false;
          setKept((before) => {
            const all = after === null ? rows : [...before.rows, ...rows];
            const state = next === null ? 'all' : all.length >= MOST_ROWS ? 'full' : 'more';
            return { columns, rows: all, formats, notes, sql, millis: read.millis, state, error: null, next };
          });
        },
        (error: unknown) => {
          if (signal.aborted) return;
          busy.current = false;
          const failed = error instanceof CallFailed ? error : new CallFailed(0, 'Error', String(error));
          setKept((before) => ({ ...before, state: 'failed', error: failed }));
        },
      );
    },
    [query],
  );

  useEffect(() => {
    over.current.abort();
    const made = (over.current = new AbortController());
    busy.current = false;
    setKept((before) => ({ ...before, state: 'loading', error: null }));
    load(null, made.signal);
    return () => made.abort();
  }, [load]);

  const { next, state } = kept;
  const loadMore = useCallback(() => {
    if (busy.current || next === null || (state !== 'more' && state !== 'failed')) return;
    load(next, over.current.signal);
  }, [load, next, state]);
  return { ...kept, loadMore };
}
