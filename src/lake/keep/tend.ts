/**
 * All that is done for a place again and again: compaction, removing what was compacted, retention.
 *
 * In:    a place with objects, settings. Out: what was done.
 * Holds: each step leaves the place whole, so it may end at any moment, and the next run goes on. Of a lake elsewhere retention takes what
 *        was made of this place's objects, and nothing of others'. Retention removes no object that was not
 *        compared with the lake's file: it has them compared first, those that are old enough.
 * Fails: as the steps do; with the signal's reason.
 */
import type { S3Access } from '../../storage/object/stores/s3-connection.ts';
import { overAt } from '../read/compacted/manifest.ts';
import type { LakeFile } from '../read/compacted/manifest.ts';
import type { Progress } from '../read/progress.ts';
import { compact } from './compact.ts';
import type { CompactReport } from './compact.ts';
import { compactPlaces } from './compact-places.ts';
import { expire } from './expire.ts';
import type { ExpireReport } from './expire.ts';
import type { PeriodOptions } from './periods.ts';
import { retain } from './retain.ts';
import type { Retention, RetainReport } from './retain.ts';

/** Questions that have listed an object are answered by then. */
export const GRACE_SECONDS = 3600;

export type TendSettings = Pick<PeriodOptions, 'by' | 'settleSeconds'> & {
  /** Where the lake is; null: at the place of the objects. */
  readonly dest: string | null;
  readonly rollups: boolean;
  /** Objects go when they have been in the lake for so long; null: not before retention says so. */
  readonly expireSeconds: number | null;
  /** Null: nothing goes for its age. */
  readonly retention: Retention | null;
  /** For rows, and sorting them; more goes to the disk. */
  readonly memoryBytes: number;
};

export type TendOptions = TendSettings & {
  readonly access?: S3Access;
  /** How long what is removed is let alone before. */
  readonly graceSeconds?: number;
  readonly nowSeconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress & { readonly step: TendStep }) => void;
};

export type TendStep = 'compact' | 'expire';

export type Tended = {
  readonly compacted: CompactReport;
  /** Null: nothing was to be removed. */
  readonly expired: ExpireReport | null;
  readonly retained: RetainReport | null;
};

/** Does it once. */
export async function tend(place: string, options: TendOptions): Promise<Tended> {
  const { dest, access = {}, expireSeconds, retention, graceSeconds = GRACE_SECONDS, nowSeconds, signal } = options;
  const { from, lake } = compactPlaces(place, dest ?? place, access);
  const how = (step: TendStep) => ({
    nowSeconds,
    memoryBytes: options.memoryBytes,
    signal,
    onProgress: (progress: Progress) => options.onProgress({ ...progress, step }),
  });
  const { by, settleSeconds, rollups } = options;
  const compacted = await compact(from, lake, { ...how('compact'), by, settleSeconds, rollups });
  /** As old as retention wants it gone, or as old as was asked for: whichever comes first. */
  const afterSeconds = (file: LakeFile): number => {
    const isOld = retention !== null && overAt(file) + retention.recordsSeconds <= nowSeconds;
    return Math.min(expireSeconds ?? Number.POSITIVE_INFINITY, isOld ? graceSeconds : Number.POSITIVE_INFINITY);
  };
  const expired =
    expireSeconds === null && retention === null ? null : await expire(from, lake, { ...how('expire'), afterSeconds });
  const retained =
    retention === null
      ? null
      : await retain(lake, { ...retention, of: from.place, nowSeconds, graceSeconds, rollups, signal });
  return { compacted, expired, retained };
}
