/**
 * What the console asks of findings: `/api/findings` and `/api/suppressions`.
 *
 * In:    nothing. Out: the types of requests and answers.
 * Holds: members are only ever added. Times are seconds since 1970 UTC.
 */
import type { Finding, KeptAlert, KeptFinding, NotAsked, Severity, Suppression } from './findings.ts';

/** `GET /api/findings`: those that end in the range (`from`, `to` or `last`), the newest first, without their records. */
export type FindingsAnswer = {
  readonly nowSeconds: number;
  readonly findings: readonly KeptFinding[];
  /** As many there are; those that `findings` has are the newest of them. */
  readonly of: number;
  /** Those that hold. */
  readonly suppressions: readonly ListedSuppression[];
  readonly detection: DetectionTold;
};

/** `of`: what the newest finding of its series is about; null where it is not of a series. */
export type ListedSuppression = Suppression & { readonly of: Pick<Finding, 'detection' | 'subject'> | null };

/** How looking for findings stands. */
export type DetectionTold = {
  /** `off`: by the settings, or in the demonstration; `waiting`: no look was taken yet. */
  readonly is: 'off' | 'waiting' | 'looked' | 'failing';
  readonly everySeconds: number;
  /** When the last look that went well began. */
  readonly lastSeconds: number | null;
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly notAsked: readonly NotAsked[];
  /** Receivers of alerts whose last attempt failed, and why. */
  readonly alertProblems: readonly { readonly receiver: string; readonly why: string }[];
};

/** `GET /api/findings/:id` */
export type FindingAnswer = {
  readonly nowSeconds: number;
  readonly finding: KeptFinding;
  /** What else may look like it; null where the detection is not one of this program. */
  readonly falsePositives: string | null;
  readonly alerts: readonly KeptAlert[];
  /** Those that hide it now. */
  readonly suppressions: readonly Suppression[];
};

/** `POST /api/suppressions`, for who may operate → 201 with `SuppressedAnswer`. */
export type SuppressRequest = {
  readonly of:
    | { readonly kind: 'finding'; readonly id: string }
    /** `subject`: an address, interface or rule; null: all of the detection. */
    | { readonly kind: 'detection'; readonly detection: string; readonly subject: string | null };
  readonly forSeconds: number;
  readonly reason: string | null;
};

export type SuppressedAnswer = { readonly suppression: Suppression; readonly open: OpenFindings };

/** `DELETE /api/suppressions/:id`, for who may operate: it ends now. */
export type LiftedAnswer = { readonly open: OpenFindings };

/** Findings that are not suppressed, by severity. */
export type OpenFindings = Readonly<Record<Severity, number>>;

/** A suppression lasts so long at most. */
export const LONGEST_SUPPRESSION_SECONDS = 31_622_400;
