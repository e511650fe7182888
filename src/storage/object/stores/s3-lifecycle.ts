/**
 * The lifecycle rules of a bucket.
 *
 * In:    a bucket, rules of ours. Out: what the bucket has; the same with ours replaced.
 * Holds: S3 keeps one list for a bucket: it is read, those that are not ours stay as they are, and all are written. Two who
 *        write at one time overwrite each other, which S3 cannot prevent; what was written is read again. Rules that are
 *        there already are not written again.
 * Fails: FG_LIFECYCLE_MANY, FG_LIFECYCLE_FAILED, FG_AWS_*.
 */
import { isDeepStrictEqual } from 'node:util';
import type { LifecycleRule } from '@aws-sdk/client-s3';
import { failure, failureFrom } from '../../../model/errors.ts';
import { awsFailure, problemOf } from '../aws-errors.ts';
import { s3Connection } from './s3-connection.ts';
import type { S3Access } from './s3-connection.ts';

/** S3 takes no more. */
const MOST_RULES = 1000;

/**
 * Puts rules in place of those whose id begins alike.
 *
 * @param ours  what ids of ours begin with
 * @returns how many rules of others stay, and whether anything was written
 */
export async function replaceRules(
  bucket: string,
  access: S3Access,
  ours: string,
  rules: readonly LifecycleRule[],
): Promise<{ readonly others: number; readonly changed: boolean }> {
  const connection = s3Connection(access);
  const told = (error: unknown, action: string): unknown =>
    awsFailure(error, `s3://${bucket}`, connection.endpoint()) ??
    failureFrom(error, 'FG_LIFECYCLE_FAILED', bucket, action, `${problemOf(error).code} ${problemOf(error).message}`);
  const read = (): Promise<LifecycleRule[]> =>
    connection
      .send((client, sdk) => client.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket: bucket })))
      .then(
        ({ Rules: found = [] }) => found,
        (error: unknown) => {
          if (problemOf(error).code === 'NoSuchLifecycleConfiguration') return [];
          throw told(error, 'read');
        },
      );
  const isOurs = ({ ID: id = '' }: LifecycleRule): boolean => id.startsWith(ours);
  const found = await read();
  const others = found.filter((rule) => !isOurs(rule));
  if (others.length + rules.length > MOST_RULES) throw failure('FG_LIFECYCLE_MANY', rules.length, others.length);
  const wanted = plain(rules);
  if (isDeepStrictEqual(plain(found.filter(isOurs)), wanted)) return { others: others.length, changed: false };
  await connection
    .send((client, sdk) =>
      client.send(
        new sdk.PutBucketLifecycleConfigurationCommand({
          Bucket: bucket,
          LifecycleConfiguration: { Rules: [...others, ...rules] },
        }),
      ),
    )
    .catch((error: unknown) => {
      throw told(error, 'take');
    });
  const now = await read();
  if (!isDeepStrictEqual(plain(now.filter(isOurs)), wanted) || now.length !== others.length + rules.length)
    throw failure('FG_LIFECYCLE_FAILED', bucket, 'keep', 'what it gives back is not what was written');
  return { others: others.length, changed: true };
}

/** In one order, for comparing: S3 gives them back in any, with empty parts left out. */
function plain(rules: readonly LifecycleRule[]): unknown {
  const sorted = rules.map((rule) => ({
    id: rule.ID,
    status: rule.Status,
    prefix: rule.Filter?.And?.Prefix ?? rule.Filter?.Prefix,
    larger: rule.Filter?.And?.ObjectSizeGreaterThan,
    moves: (rule.Transitions ?? []).map(({ Days: days, StorageClass: name }) => [days, name]),
    expires: rule.Expiration?.Days,
  }));
  return sorted.sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1));
}
