/**
 * How the lake is kept, for health, metrics and the console.
 *
 * In:    what runs tell. Out: one value.
 * Holds: counts begin at 0 with the server.
 */
import type { KeepingRun, KeepingTold } from '../../../api/storage.ts';
import type { Tended } from '../../../lake/keep/tend.ts';

export type KeepingStanding = { -readonly [K in keyof KeepingTold]: KeepingTold[K] } & {
  /** Runs that went well. */
  runs: number;
  failures: number;
  seconds: number;
  /** Sums over all runs. */
  readonly sums: Record<KeepingSum, number>;
};

/** What is added up. */
export const KEEPING_SUMS = ['objects', 'records', 'files', 'expired', 'retiredRecords'] as const;
export type KeepingSum = (typeof KEEPING_SUMS)[number];

/** Nothing was done yet. */
export function createKeepingStanding(): KeepingStanding {
  return {
    is: 'off',
    plan: null,
    progress: null,
    problem: null,
    last: null,
    nextSeconds: null,
    runs: 0,
    failures: 0,
    seconds: 0,
    sums: { objects: 0, records: 0, files: 0, expired: 0, retiredRecords: 0 },
  };
}

/** What is told of it. */
export function keepingTold({ is, plan, progress, problem, last, nextSeconds }: KeepingStanding): KeepingTold {
  return { is, plan, progress, problem, last, nextSeconds };
}

/** A run in numbers. */
export function runOf({ compacted, expired, retained }: Tended, atSeconds: number, tookSeconds: number): KeepingRun {
  const { objects, objectBytes, records, files, fileBytes, rollupBytes, waiting, unreadable } = compacted;
  return {
    atSeconds,
    tookSeconds,
    objects,
    objectBytes,
    records,
    files,
    fileBytes,
    rollupBytes,
    waiting,
    unreadable,
    expired: expired?.objects ?? 0,
    expiredBytes: expired?.objectBytes ?? 0,
    keptObjects: (expired?.kept ?? []).reduce((sum, kept) => sum + kept.objects, 0),
    keptRecords: (retained?.kept ?? []).reduce((sum, kept) => sum + kept.records, 0),
    retiredFiles: retained?.files ?? 0,
    retiredRecords: retained?.records ?? 0,
  };
}
