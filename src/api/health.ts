/**
 * The answer of `GET /health`.
 *
 * In:    nothing. Out: the type of its JSON.
 * Holds: HTTP 200 with `ok`, 503 with the two others. Reasons are only ever added.
 */

export type Health = {
  readonly status: 'ok' | 'starting' | 'degraded';
  /** Empty where all goes. */
  readonly reasons: readonly HealthReason[];
};

export type HealthReason = {
  readonly reason:
    | 'may-not-capture'
    | 'capture-ended'
    | 'collector-silent'
    | 'spool-full'
    | 'disk-full'
    | 'destination-failing'
    | 'kernel-failing';
  /** The `FG_` code of the last error, where there is one. */
  readonly code: string | null;
  /** The destination that fails, or what the spool is full by. */
  readonly about: string | null;
};
