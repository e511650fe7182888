/**
 * The events of `/api/now` as the screen's state.
 *
 * In:    whether it is paused. Out: what came, how it stands, whether the server is heard.
 * Holds: while it is paused nothing is asked, and what is shown stays. Who prefers less motion sees a change every few seconds.
 */
import { useEffect, useState } from 'react';
import type { NowMissed, NowPackets, NowStanding } from '../../../../src/api/now.ts';
import { events } from '../../api-client.ts';
import type { LiveState } from './live-state.ts';
import { NO_EVENTS, withPackets } from './live-state.ts';

/** Between two changes of what is shown. */
const SHOW_MILLIS = 500;
const CALM_MILLIS = 5000;

export type Now = {
  readonly live: LiveState;
  readonly standing: NowStanding | null;
  readonly isConnected: boolean;
  /** Events that were left out, for this browser was too slow. */
  readonly missed: number;
};

export function useNow(isPaused: boolean): Now {
  const [now, setNow] = useState<Now>({ live: NO_EVENTS, standing: null, isConnected: false, missed: 0 });
  useEffect(() => {
    if (isPaused) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    let waiting: NowPackets[] = [];
    let standing: NowStanding | null = null;
    let missed = 0;
    let shownMillis = 0;
    const show = (): void => {
      const millis = performance.now();
      if (
        millis - shownMillis < (calm.matches ? CALM_MILLIS : SHOW_MILLIS) ||
        (waiting.length === 0 && standing === null)
      )
        return;
      shownMillis = millis;
      const [came, stands, left] = [waiting, standing, missed];
      waiting = [];
      standing = null;
      missed = 0;
      setNow((before) => ({
        live: came.reduce(withPackets, before.live),
        standing: stands ?? before.standing,
        isConnected: true,
        missed: before.missed + left,
      }));
    };
    const timer = setInterval(show, SHOW_MILLIS / 2);
    const close = events(
      '/api/now',
      {
        packets: (data) => waiting.push(data as NowPackets),
        standing: (data) => (standing = data as NowStanding),
        missed: (data) => (missed += (data as NowMissed).events),
      },
      (isConnected) => setNow((before) => ({ ...before, isConnected })),
    );
    return () => {
      clearInterval(timer);
      close();
    };
  }, [isPaused]);
  return now;
}
