/**
 * What the server knows of how this machine's flow logs stand: what the collector told last.
 *
 * In:    events of `up`. Out: one value that health and metrics are made from.
 * Holds: it is a look. Whoever asks learns when the collector told it.
 */
import type { PublishStatus } from '../../publish/status.ts';
import type { CollectCounts } from '../collector/collect.ts';

export type Standing = {
  /** `demo`: this machine's traffic cannot be captured; `why` says what it takes. */
  capture:
    | { readonly is: 'starting' }
    | { readonly is: 'demo'; readonly why: string }
    | { readonly is: 'running'; readonly sinceMillis: number }
    | { readonly is: 'ended' };
  counts: CollectCounts | null;
  publish: PublishStatus | null;
  /** When the collector told last, milliseconds since 1970 UTC. */
  toldMillis: number | null;
};

/** Nothing is known yet. */
export function createStanding(): Standing {
  return { capture: { is: 'starting' }, counts: null, publish: null, toldMillis: null };
}
