/**
 * What the kernel rejected just now, as the screen's state.
 *
 * In:    whether it is paused. Out: the last answer, and the newest rejects, newest first.
 * Holds: each answer has what came since the one before. While it is paused nothing is asked, and what is shown stays. A server that was
 *        started anew counts from the beginning, so its rejects replace those of the one before.
 */
import { useEffect, useRef, useState } from 'react';
import type { LiveReject, LiveRejects } from '../../../../src/api/live-rejects.ts';
import { LIVE_REJECTS_PATH } from '../../../../src/api/live-rejects.ts';
import { call, CallFailed } from '../../api-client.ts';

/** So many are shown. */
export const MOST_REJECTS = 50;
const ASK_MILLIS = 1000;
/** Who prefers less motion sees a change every few seconds. */
const CALM_MILLIS = 5000;

type LiveRejectsShown = {
  readonly answer: LiveRejects | null;
  readonly rejects: readonly LiveReject[];
  readonly failed: CallFailed | null;
};

const NOTHING: LiveRejectsShown = { answer: null, rejects: [], failed: null };

/** With one answer more. */
function withRejects({ answer: before, rejects }: LiveRejectsShown, answer: LiveRejects): LiveRejectsShown {
  const known = before?.startedMillis === answer.startedMillis ? rejects : [];
  const newest = answer.rejects.toReversed();
  return { answer, rejects: [...newest, ...known].slice(0, MOST_REJECTS), failed: null };
}

export function useLiveRejects(isPaused: boolean): LiveRejectsShown {
  const [shown, setShown] = useState(NOTHING);
  const kept = useRef(NOTHING);
  useEffect(() => {
    if (isPaused) return;
    const over = new AbortController();
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const after = (number: number): Promise<LiveRejects> =>
        call<LiveRejects>('GET', `${LIVE_REJECTS_PATH}?after=${number}`, undefined, over.signal);
      const { answer: before } = kept.current;
      try {
        const next = await after(before?.newest ?? 0);
        // What was asked with is a number of the server before, which this one may have given too.
        const isOther = before !== null && before.startedMillis !== next.startedMillis;
        kept.current = withRejects(kept.current, isOther ? await after(0) : next);
      } catch (error) {
        if (over.signal.aborted) return;
        const failed = error instanceof CallFailed ? error : new CallFailed(0, 'Error', String(error));
        kept.current = { ...kept.current, failed };
      }
      if (over.signal.aborted) return;
      setShown(kept.current);
      timer = setTimeout(() => void ask(), calm.matches ? CALM_MILLIS : ASK_MILLIS);
    };
    void ask();
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [isPaused]);
  return shown;
}
