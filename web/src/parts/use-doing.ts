/**
 * Something that is done once on the server, as a form's state.
 *
 * In:    a call. Out: whether it is under way, and its error.
 * Holds: what was left is cancelled in the browser; the server may have done it all the same.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, CallFailed } from '../api-client.ts';

/** What becomes of the answer. */
type Taken<T> = (value: T) => void;

export type Doing = {
  readonly isBusy: boolean;
  readonly error: CallFailed | null;
  readonly run: <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, done: Taken<T>) => void;
};

export function useDoing(): Doing {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<CallFailed | null>(null);
  const over = useRef<AbortController | null>(null);
  useEffect(() => () => over.current?.abort(), []);
  const run = useCallback<Doing['run']>(
    <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, done: Taken<T>) => {
      const own = (over.current = new AbortController());
      setBusy(true);
      setError(null);
      call<T>(method, path, body, own.signal).then(
        (value) => {
          if (own.signal.aborted) return;
          setBusy(false);
          done(value);
        },
        (failed: unknown) => {
          if (own.signal.aborted) return;
          setBusy(false);
          setError(failed instanceof CallFailed ? failed : new CallFailed(0, 'Error', String(failed)));
        },
      );
    },
    [],
  );
  return { isBusy, error, run };
}
