/**
 * Objects in an archive of S3, and bringing copies of them back.
 *
 * In:    a bucket, keys. Out: how each stands; a copy is asked for.
 * Holds: S3 makes a copy that can be read for some days, hours after it was asked for; the object stays in its archive. Asked again, a
 *        copy that is on its way goes on its way, and one that is there stays for longer.
 * Fails: FG_RESTORE_FAILED; FG_AWS_*; the reason of the signal.
 * @see S3 API reference, RestoreObject; HeadObject, `x-amz-restore`
 */
import { failureFrom } from '../../../model/errors.ts';
import { awsFailure, problemOf } from '../aws-errors.ts';
import { s3Connection } from './s3-connection.ts';
import type { S3Access } from './s3-connection.ts';

/** How soon: within minutes, hours, or half a day to two days; the sooner the dearer. */
export const RESTORE_TIERS = ['Expedited', 'Standard', 'Bulk'] as const;
export type RestoreTier = (typeof RESTORE_TIERS)[number];

/** `untilSeconds`: when the copy goes; null where S3 does not say. */
export type ArchiveState =
  | { readonly is: 'archived' | 'on-its-way' | 'no-archive' }
  | { readonly is: 'restored'; readonly untilSeconds: number | null };

export type Restorer = {
  stateOf(key: string, signal: AbortSignal): Promise<ArchiveState>;
  /** Asks for a copy that stays so many days. */
  ask(key: string, days: number, tier: RestoreTier, signal: AbortSignal): Promise<void>;
};

/** What speaks of one bucket. */
export function s3Restorer(bucket: string, access: S3Access): Restorer {
  const connection = s3Connection(access);
  const payer = access.requestPayer === true ? { RequestPayer: 'requester' as const } : {};
  const told = (error: unknown, key: string, signal: AbortSignal): unknown => {
    if (signal.aborted) return signal.reason;
    const place = `s3://${bucket}/${key}`;
    const { code, message } = problemOf(error);
    const ours = awsFailure(error, place, connection.endpoint());
    return ours ?? failureFrom(error, 'FG_RESTORE_FAILED', place, `${code} ${message}`.trim());
  };
  return {
    async stateOf(key, signal) {
      try {
        const { StorageClass: storageClass, Restore: restore = '' } = await connection.send((client, sdk) =>
          client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key, ...payer }), { abortSignal: signal }),
        );
        return stateIn(storageClass, restore);
      } catch (error) {
        throw told(error, key, signal);
      }
    },
    async ask(key, days, tier, signal) {
      const RestoreRequest = { Days: days, GlacierJobParameters: { Tier: tier } };
      try {
        await connection.send((client, sdk) =>
          client.send(new sdk.RestoreObjectCommand({ Bucket: bucket, Key: key, RestoreRequest, ...payer }), {
            abortSignal: signal,
          }),
        );
      } catch (error) {
        if (!signal.aborted && problemOf(error).code === 'RestoreAlreadyInProgress') return;
        throw told(error, key, signal);
      }
    },
  };
}

/**
 * How an object stands.
 *
 * @param restore  `ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"`; '' where none was asked for
 */
export function stateIn(storageClass: string | undefined, restore: string): ArchiveState {
  if (storageClass !== 'GLACIER' && storageClass !== 'DEEP_ARCHIVE') return { is: 'no-archive' };
  if (/ongoing-request="true"/u.test(restore)) return { is: 'on-its-way' };
  if (!/ongoing-request="false"/u.test(restore)) return { is: 'archived' };
  const millis = Date.parse(/expiry-date="([^"]+)"/u.exec(restore)?.[1] ?? '');
  return { is: 'restored', untilSeconds: Number.isNaN(millis) ? null : millis / 1000 };
}
