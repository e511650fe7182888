/**
 * What the process that looks is asked, and what it says.
 *
 * In:    nothing. Out: types of messages between two processes.
 */
import type { LookOptions, Looked } from '../../../watch/look.ts';
import type { PostedError } from '../../collector/posted-error.ts';

/** One look at a data directory. */
export type ToLooker = { readonly data: string } & Omit<LookOptions, 'signal'>;

export type FromLooker =
  /** `cpuMillis`: what the look took of the processors. */
  | { readonly kind: 'looked'; readonly looked: Looked; readonly cpuMillis: number }
  | { readonly kind: 'failed'; readonly error: PostedError };
