/**
 * A bucket as requests name it.
 *
 * In:    a bucket and the way to it. Out: what every request of it says, and its errors in our words.
 */
import type { S3Connection } from './s3-connection.ts';
import { s3Failure } from './s3-errors.ts';
import type { S3Question } from './s3-errors.ts';

export type Place = {
  readonly bucket: string;
  readonly connection: S3Connection;
  readonly payer: { readonly RequestPayer?: 'requester' };
};

/** The error that comes out: the signal's reason goes before everything. */
export function told(
  error: unknown,
  place: Place,
  action: S3Question['action'],
  key: string,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return signal.reason;
  const { bucket, connection, payer } = place;
  const [region, endpoint] = [connection.region(), connection.endpoint()];
  return s3Failure(error, { action, bucket, key, region, endpoint, requestPayer: payer.RequestPayer !== undefined });
}

/** An ETag without the quotes it comes in. */
export function plainTag(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
