/**
 * How detection and alerts stand, for health, metrics and the console.
 *
 * In:    what looks and sendings tell. Out: one value.
 * Holds: counts begin at 0 with the server.
 */
import type { AlertState, NotAsked, Severity } from '../../../api/findings.ts';
import type { HealthNote } from '../../../api/health.ts';

export type DetectionStanding = {
  /** `off`: by the settings; `waiting`: no look was taken yet. */
  is: 'off' | 'waiting' | 'looked' | 'failing';
  everySeconds: number;
  readonly looks: { near: number; long: number };
  failures: number;
  /** Of the last look that failed, until one goes well. */
  problem: { readonly code: string; readonly message: string } | null;
  /** When the last look that went well began, and how long it took; null: none did. */
  lastLook: { readonly atSeconds: number; readonly tookSeconds: number } | null;
  lookSeconds: number;
  /** Found for the first time since the server began. */
  readonly fresh: Record<Severity, number>;
  /** Not suppressed at the last look, of the last seven days. */
  open: Readonly<Record<Severity, number>>;
  notAsked: readonly NotAsked[];
  /** What became of alerts, as the state file has it. */
  alerts: readonly { readonly receiver: string; readonly state: AlertState; readonly alerts: number }[];
  /** Receivers whose last attempt failed, and why. */
  readonly alertProblems: Map<string, string>;
};

const NONE: Readonly<Record<Severity, number>> = { info: 0, low: 0, medium: 0, high: 0 };

/** Nothing was looked at yet. */
export function createDetectionStanding(): DetectionStanding {
  return {
    is: 'off',
    everySeconds: 0,
    looks: { near: 0, long: 0 },
    failures: 0,
    problem: null,
    lastLook: null,
    lookSeconds: 0,
    fresh: { ...NONE },
    open: NONE,
    notAsked: [],
    alerts: [],
    alertProblems: new Map(),
  };
}

/** What is not as it could be: the last look failed, a receiver does not take alerts. */
export function detectionNotes({ problem, alertProblems }: DetectionStanding): readonly HealthNote[] {
  return [
    ...(problem === null ? [] : [{ note: 'detection-failing', code: problem.code || null } as const]),
    ...[...alertProblems.keys()].map((about) => ({ note: 'alerts-failing', code: null, about }) as const),
  ];
}
