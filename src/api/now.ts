/**
 * What *Now* is told as it happens: `GET /api/now`, a stream of events.
 *
 * In:    nothing. Out: the types of its events.
 * Holds: `packets` comes about twice a second with what open windows took since the one before, so that nobody who comes late
 *        counts anything twice; `standing` once a second. Whoever reads slowly misses events, which is told (`missed`), and never
 *        holds up the server. What a window takes between the last look and its end is in no event.
 */
import type { FieldValue } from './explore.ts';
import type { Severity } from './findings.ts';

/** Event `packets`. */
export type NowPackets = {
  /** When it was looked, milliseconds since 1970 UTC, and how long after the look before. */
  readonly atMillis: number;
  readonly sinceMillis: number;
  /** What records of open windows took since then; null where the action is none of these. */
  readonly accepted: NowAmount;
  readonly rejected: NowAmount;
  /** Fields of `records`, in the order of the log format. */
  readonly fields: readonly string[];
  /** Records that are new or took packets, the last ones first; each as it stands now, its window still open. */
  readonly records: readonly (readonly FieldValue[])[];
  /** Records that changed and are not among them. */
  readonly more: number;
  /** Records in open windows. */
  readonly open: number;
};

export type NowAmount = { readonly packets: number; readonly bytes: number; readonly flows: number };

/** Event `standing`. */
export type NowStanding = {
  readonly atMillis: number;
  readonly capture: 'starting' | 'demo' | 'running' | 'ended';
  /** Why there are no live records; null where there are. */
  readonly quiet: 'not-running' | 'too-many' | 'no-local-flow-log' | null;
  /** What the capture gave since it began; null where nobody has told. */
  readonly packets: number | null;
  /** Packets that were lost, by any cause. */
  readonly lost: number | null;
  readonly openWindows: number | null;
  readonly flowRows: number | null;
  readonly connections: number | null;
  /** Who decides: rules of the model, or the kernel. */
  readonly verdicts: 'model' | 'enforce' | 'observe' | null;
  /** Findings of the last seven days that are not suppressed, by severity; null where nobody has looked. */
  readonly findings: Readonly<Record<Severity, number>> | null;
};

/** Event `missed`: so many events were left out, for they were not read. */
export type NowMissed = { readonly events: number };
