/**
 * The answer of `GET /health`, of `up` and of `watch worker`.
 *
 * In:    nothing. Out: the type of its JSON.
 * Holds: HTTP 200 with `ok`, 503 with the two others. Reasons and notes are only ever added.
 */

export type Health = {
  readonly status: 'ok' | 'starting' | 'degraded';
  /** Empty where all goes. */
  readonly reasons: readonly HealthReason[];
  /** What is not as it could be and is no fault; not there where there is nothing. */
  readonly notes?: readonly HealthNote[];
};

/**
 * `not-observed`: this host's firewall cannot be observed, packets are captured instead. `detection-failing`: the last look for findings
 * failed. `alerts-failing`: the last attempt to tell a receiver failed; `about` has its name.
 */
export type HealthNote = {
  readonly note: 'not-observed' | 'detection-failing' | 'alerts-failing';
  readonly code: string | null;
  readonly about?: string;
};

/** `waiting`: of a `watch worker`, to which search server or AWS do not answer. */
export type HealthReason = {
  readonly reason:
    | 'may-not-capture'
    | 'capture-ended'
    | 'collector-silent'
    | 'spool-full'
    | 'disk-full'
    | 'destination-failing'
    | 'kernel-failing'
    | 'waiting';
  /** The `FG_` code of the last error, where there is one. */
  readonly code: string | null;
  /** The destination that fails, or what the spool is full by. */
  readonly about: string | null;
};
