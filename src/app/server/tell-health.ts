/**
 * Tells when the health of this machine's flow logs has changed.
 *
 * In:    looks at how it stands. Out: an event for each change, with the words of the last error, which `/health` keeps back.
 * Holds: that it has started well is no news.
 */
import type { Health, HealthReason } from '../../api/health.ts';
import { healthOf } from './health.ts';
import type { Standing } from './standing.ts';

export type HealthEvent = {
  readonly kind: 'health';
  readonly status: Health['status'];
  readonly reasons: readonly (HealthReason & { readonly message: string | null })[];
};

/** Makes what looks; each call may tell. */
export function healthTeller(
  standing: Standing,
  tell: (event: HealthEvent) => void,
  now: () => number = Date.now,
): () => void {
  let known: string = 'starting';
  return () => {
    const found = healthOf(standing, now());
    const key = found.status === 'degraded' ? JSON.stringify(found.reasons) : found.status;
    if (key === known) return;
    const isNews = known !== 'starting' || found.status === 'degraded';
    known = key;
    if (isNews)
      tell({
        kind: 'health',
        status: found.status,
        reasons: found.reasons.map((reason) => ({ ...reason, message: wordsOf(reason, standing) })),
      });
  };
}

/** What a destination that fails said last. */
function wordsOf({ reason, about }: HealthReason, { stages }: Standing): string | null {
  if (reason !== 'destination-failing') return null;
  return stages?.publish.destinations.find(({ destination }) => destination === about)?.lastError?.message ?? null;
}
