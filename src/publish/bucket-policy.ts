/**
 * The bucket policy with which AWS's own delivery may write flow logs into a bucket.
 *
 * In:    a bucket, an optional folder in it, accounts, a region or all, the layout. Out: a policy document.
 * Holds: nobody gets more than to put objects below the folders of these accounts, to ask for the bucket's ACL and to list
 *        it; each only as AWS's delivery, for these accounts and regions.
 * Fails: FG_POLICY_BUCKET, FG_POLICY_FOLDER, FG_POLICY_WILDCARD, FG_POLICY_ACCOUNT, FG_POLICY_REGION, FG_POLICY_LENGTH, each with its value.
 * @see   VPC User Guide, "Amazon S3 bucket permissions for flow logs"
 */
import { failure } from '../model/errors.ts';

/** Whose flow logs come into what bucket. */
export type PolicyQuestion = {
  /** `arn:aws:s3:::bucket/folder/`, `s3://bucket/folder` or a bucket's name. */
  readonly destination: string;
  /** Twelve digits each; at least one. */
  readonly accounts: readonly string[];
  /** Null: flow logs of any region. */
  readonly region: string | null;
  readonly hive: boolean;
  /** One statement for all folders, where many accounts would make a policy that S3 refuses. */
  readonly wholeBucket: boolean;
};

type Conditions = {
  readonly StringEquals: Readonly<Record<string, string | readonly string[]>>;
  readonly ArnLike: Readonly<Record<string, string | readonly string[]>>;
};

/** A policy document as S3 takes it. */
export type BucketPolicy = {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Principal: { readonly Service: string };
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition: Conditions;
  }[];
};

/** What S3 takes at most. */
const POLICY_BYTES = 20 * 1024;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u;
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d$/u;

/** The policy of a bucket. */
export function bucketPolicy(question: PolicyQuestion): BucketPolicy {
  const { bucket, folder } = destinationOf(question.destination);
  const { accounts, region, hive, wholeBucket } = question;
  if (accounts.length === 0) throw failure('FG_POLICY_ACCOUNT', '');
  for (const account of accounts) if (!/^\d{12}$/u.test(account)) throw failure('FG_POLICY_ACCOUNT', account);
  if (region !== null && !REGION.test(region)) throw failure('FG_POLICY_REGION', region);
  const partition = partitionOf(question.destination, region);
  const arn = `arn:${partition}:s3:::${bucket}`;
  const own = [...new Set(accounts)];
  const folders = own.map((account) => `${arn}/${folder}AWSLogs/${hive ? `aws-account-id=${account}` : account}/*`);
  const sources = own.map((account) => `arn:${partition}:logs:${region ?? '*'}:${account}:*`);
  const from = { StringEquals: { 'aws:SourceAccount': one(own) }, ArnLike: { 'aws:SourceArn': one(sources) } };
  const common = { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' } } as const;
  const policy: BucketPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSLogDeliveryWrite',
        ...common,
        Action: 's3:PutObject',
        Resource: wholeBucket ? `${arn}/${folder}*` : one(folders),
        Condition: {
          ...from,
          StringEquals: { ...from.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      },
      {
        Sid: 'AWSLogDeliveryAclCheck',
        ...common,
        Action: ['s3:GetBucketAcl', 's3:ListBucket'],
        Resource: arn,
        Condition: from,
      },
    ],
  };
  const bytes = JSON.stringify(policy).length;
  if (bytes > POLICY_BYTES) throw failure('FG_POLICY_LENGTH', bytes, POLICY_BYTES, own.length, wholeBucket);
  return policy;
}

/** The bucket, and the folder in it: '' or ending in a slash. */
function destinationOf(destination: string): { readonly bucket: string; readonly folder: string } {
  const path = destination.replace(/^(?:s3:\/\/|arn:[a-z-]+:s3:::)/u, '');
  const [bucket = '', ...folders] = path.split('/');
  if (!BUCKET.test(bucket) || bucket.includes('..')) throw failure('FG_POLICY_BUCKET', destination);
  const names = folders.filter((name, at) => name !== '' || at < folders.length - 1);
  // AWS puts its own folder of that name below, and refuses one that is given.
  if (names.includes('') || names.includes('AWSLogs')) throw failure('FG_POLICY_FOLDER', destination);
  if (/[*?$]/u.test(path)) throw failure('FG_POLICY_WILDCARD', destination);
  return { bucket, folder: names.map((name) => `${name}/`).join('') };
}

/** AWS's partition: what the ARN says, else that of the region. */
function partitionOf(destination: string, region: string | null): string {
  const told = /^arn:(aws[a-z-]*):s3:::/u.exec(destination)?.[1];
  if (told !== undefined) return told;
  if (region?.startsWith('cn-')) return 'aws-cn';
  return region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** A list of one is written without brackets, as AWS does. */
function one(list: readonly string[]): string | readonly string[] {
  return list.length === 1 ? list[0]! : list;
}
