/**
 * An answer of the server as a screen's state.
 *
 * In:    a path (and body); null: nothing is to be asked. Out: loading, ready with the value, or failed with the error.
 * Holds: another path or body cancels the request before; so does leaving the screen. While the next answer is under way the
 *        one before stays in `last`, so that a screen need not flicker.
 */
import { useCallback, useEffect, useState } from 'react';
import { call, CallFailed } from './api-client.ts';

export type Called<T> = { readonly last: T | null; readonly reload: () => void } & (
  | { readonly state: 'idle' | 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: CallFailed }
);

type Kept<T> = { readonly asked: string | null; readonly value: T | null; readonly error: CallFailed | null };

/** @param body  given: the route is asked with POST */
export function useCall<T>(path: string | null, body?: unknown): Called<T> {
  const [round, setRound] = useState(0);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const asked = path === null ? null : `${round} ${path} ${text ?? ''}`;
  const [kept, setKept] = useState<Kept<T>>({ asked: null, value: null, error: null });
  useEffect(() => {
    if (path === null) return;
    const over = new AbortController();
    const sent: unknown = text === undefined ? undefined : JSON.parse(text);
    call<T>(text === undefined ? 'GET' : 'POST', path, sent, over.signal).then(
      (value) => {
        if (!over.signal.aborted) setKept({ asked, value, error: null });
      },
      (error: unknown) => {
        if (over.signal.aborted) return;
        const failed = error instanceof CallFailed ? error : new CallFailed(0, 'Error', String(error));
        setKept(({ value }) => ({ asked, value, error: failed }));
      },
    );
    return () => over.abort();
  }, [asked, path, text]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const { value: last } = kept;
  if (asked === null) return { state: 'idle', last, reload };
  if (kept.asked !== asked) return { state: 'loading', last, reload };
  if (kept.error !== null) return { state: 'failed', error: kept.error, last, reload };
  return { state: 'ready', value: kept.value as T, last, reload };
}
