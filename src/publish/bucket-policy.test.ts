import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyQuestion } from './bucket-policy.ts';
import { bucketPolicy } from './bucket-policy.ts';

const ASKED: PolicyQuestion = {
  destination: 'arn:aws:s3:::flow-bucket/team-a/',
  accounts: ['123456789012'],
  region: 'us-east-1',
  hive: false,
  wholeBucket: false,
};

test('gives the two statements that AWS adds by itself where it may', () => {
  assert.deepEqual(bucketPolicy(ASKED), {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSLogDeliveryWrite',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::flow-bucket/team-a/AWSLogs/123456789012/*',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012', 's3:x-amz-acl': 'bucket-owner-full-control' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:123456789012:*' },
        },
      },
      {
        Sid: 'AWSLogDeliveryAclCheck',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['s3:GetBucketAcl', 's3:ListBucket'],
        Resource: 'arn:aws:s3:::flow-bucket',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:123456789012:*' },
        },
      },
    ],
  });
});

function written(question: Partial<PolicyQuestion>): unknown {
  return bucketPolicy({ ...ASKED, ...question }).Statement[0]!.Resource;
}

test('names the folder of the layout, of each account once', () => {
  assert.equal(written({ hive: true }), 'arn:aws:s3:::flow-bucket/team-a/AWSLogs/aws-account-id=123456789012/*');
  assert.equal(written({ destination: 's3://flow-bucket' }), 'arn:aws:s3:::flow-bucket/AWSLogs/123456789012/*');
  assert.equal(written({ destination: 'flow-bucket/a/b' }), 'arn:aws:s3:::flow-bucket/a/b/AWSLogs/123456789012/*');
  assert.deepEqual(written({ accounts: ['123456789012', '210987654321', '123456789012'] }), [
    'arn:aws:s3:::flow-bucket/team-a/AWSLogs/123456789012/*',
    'arn:aws:s3:::flow-bucket/team-a/AWSLogs/210987654321/*',
  ]);
});

test('takes the partition of the ARN, else of the region', () => {
  assert.match(String(written({ destination: 'arn:aws-cn:s3:::flow-bucket' })), /^arn:aws-cn:s3:::/);
  assert.match(String(written({ destination: 'flow-bucket', region: 'us-gov-west-1' })), /^arn:aws-us-gov:s3:::/);
  const [write] = bucketPolicy({ ...ASKED, region: null }).Statement;
  assert.deepEqual(write!.Condition.ArnLike, { 'aws:SourceArn': 'arn:aws:logs:*:123456789012:*' });
});

test('refuses what AWS would refuse, and says what it was', () => {
  const refused = (question: Partial<PolicyQuestion>, code: string): void =>
    assert.throws(() => bucketPolicy({ ...ASKED, ...question }), { code });
  for (const destination of ['', 'A', 's3://', 's3://Flow_Bucket', 'a..b', 'arn:aws:s3:us-east-1::flow-bucket'])
    refused({ destination }, 'FG_POLICY_BUCKET');
  for (const destination of ['s3://flow-bucket/AWSLogs/', 's3://flow-bucket/a/AWSLogs', 's3://flow-bucket//a'])
    refused({ destination }, 'FG_POLICY_FOLDER');
  for (const destination of ['s3://flow-bucket/*', 's3://flow-bucket/a?/b', 's3://flow-bucket/${aws:PrincipalTag/x}'])
    refused({ destination }, 'FG_POLICY_WILDCARD');
  for (const accounts of [[], ['12345678901'], ['123456789012', 'abc']]) refused({ accounts }, 'FG_POLICY_ACCOUNT');
  refused({ region: 'europe' }, 'FG_POLICY_REGION');
});

test('a policy that S3 would refuse for its length is cured by one statement for the bucket', () => {
  const accounts = Array.from({ length: 120 }, (_, at) => String(100_000_000_000 + at));
  assert.throws(() => bucketPolicy({ ...ASKED, accounts }), { code: 'FG_POLICY_LENGTH' });
  const policy = bucketPolicy({ ...ASKED, accounts, wholeBucket: true });
  assert.equal(policy.Statement[0]!.Resource, 'arn:aws:s3:::flow-bucket/team-a/*');
  assert.deepEqual(policy.Statement[0]!.Condition.StringEquals['aws:SourceAccount'], accounts);
});
