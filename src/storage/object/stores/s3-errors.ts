/**
 * What S3 says, in our words.
 *
 * In:    an error of the S3 client, and what was asked of which bucket and key. Out: an error of the catalogue that names
 *        both and the way out.
 */
import { failureFrom } from '../../../model/errors.ts';
import type { FlowgaugeError } from '../../../model/errors.ts';
import { awsFailure, isThrottled, problemOf } from '../aws-errors.ts';

/** What was asked. */
export type S3Question = {
  readonly action: 'list' | 'read' | 'write' | 'remove';
  readonly bucket: string;
  /** Key or prefix. */
  readonly key: string;
  readonly region: string;
  readonly endpoint: string;
  readonly requestPayer: boolean;
};

/** The region that an answer says the bucket is in; null where it says nothing of the kind. */
export function regionTold(error: unknown): string | null {
  const { status, code, message, headers } = problemOf(error);
  if (status !== 301 && status !== 307 && status !== 400) return null;
  const told = headers['x-amz-bucket-region'] ?? /expecting '([a-z0-9-]+)'/u.exec(message)?.[1];
  if (told !== undefined) return told;
  const { Region: region } = error as { readonly Region?: unknown };
  return code === 'AuthorizationHeaderMalformed' && typeof region === 'string' ? region : null;
}

/** The error of the catalogue. */
export function s3Failure(error: unknown, asked: S3Question): FlowgaugeError {
  const { bucket, key, endpoint } = asked;
  const place = `s3://${bucket}/${key}`;
  const common = awsFailure(error, place, endpoint);
  if (common !== null) return common;
  const { code, message, status } = problemOf(error);
  if (code === 'NoSuchBucket' || code === 'InvalidBucketName')
    return failureFrom(error, 'FG_S3_NO_BUCKET', bucket, endpoint);
  if (code === 'InvalidObjectState') return failureFrom(error, 'FG_S3_ARCHIVED', place);
  if (isThrottled(error) && asked.action === 'write')
    return failureFrom(error, 'FG_AWS_THROTTLED', place, `${code} ${message}`.trim());
  if (status === 403 && asked.action === 'write') return failureFrom(error, 'FG_S3_WRITE_DENIED', place, message);
  if (status === 403) return failureFrom(error, 'FG_S3_DENIED', asked.action, place, message, asked.requestPayer);
  if (status === 301 || status === 307 || code === 'AuthorizationHeaderMalformed')
    return failureFrom(error, 'FG_S3_REGION', bucket, asked.region, regionTold(error));
  if (code === 'PreconditionFailed') return failureFrom(error, 'FG_S3_CHANGED', place);
  if (status === 404) return failureFrom(error, 'FG_S3_GONE', place);
  return failureFrom(error, 'FG_S3_FAILED', asked.action, place, `${code} ${message}`.trim(), status);
}
