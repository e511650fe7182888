/**
 * The bucket policy that AWS's own delivery of flow logs needs.
 *
 * In:    bucket, prefix, account, region, and the layout of the keys. Out: the policy, as S3 takes it.
 * @see   VPC User Guide, "Amazon S3 bucket permissions for flow logs"
 */

export type PolicyFor = {
  readonly bucket: string;
  /** Without slashes at its ends; '' none. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  readonly hive: boolean;
  /** `aws`, `aws-cn`, `aws-us-gov`: of the ARN that was given. */
  readonly partition: string;
};

/** Two statements: objects are written with the owner's rights, and the bucket is looked at before. */
export function bucketPolicy({ bucket, prefix, accountId, region, hive, partition }: PolicyFor) {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const folder = hive ? `aws-account-id=${accountId}` : accountId;
  const who = {
    Effect: 'Allow',
    Principal: { Service: 'delivery.logs.amazonaws.com' },
  } as const;
  const SourceArn = { 'aws:SourceArn': `arn:${partition}:logs:${region}:${accountId}:*` };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSLogDeliveryWrite',
        ...who,
        Action: 's3:PutObject',
        Resource: `${arn}/${prefix === '' ? '' : `${prefix}/`}AWSLogs/${folder}/*`,
        Condition: {
          StringEquals: { 'aws:SourceAccount': accountId, 's3:x-amz-acl': 'bucket-owner-full-control' },
          ArnLike: SourceArn,
        },
      },
      {
        Sid: 'AWSLogDeliveryAclCheck',
        ...who,
        Action: ['s3:GetBucketAcl', 's3:ListBucket'],
        Resource: arn,
        Condition: { StringEquals: { 'aws:SourceAccount': accountId }, ArnLike: SourceArn },
      },
    ],
  };
}
