/**
 * The part of the catalogue of errors that is about delivering records.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const PUBLISH_ERRORS = {
  FG_CAPTURE_DEST: {
    owner: 'command-line',
    text: (destination: string) =>
      `-w "${destination}" is neither a directory nor s3://BUCKET/PREFIX; nothing was captured; log groups and streams are reached with \`up\` (docs/publish.md)`,
  },
  FG_S3_WRITE_DENIED: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `not allowed to write ${place} (${why}); its records stay in the spool and are delivered later; ask for s3:PutObject (with s3:PutObjectAcl, and kms:GenerateDataKey and kms:Decrypt on the bucket's key), or use another --profile`,
  },
  FG_KMS_KEY: {
    owner: 'command-line',
    text: (key: string) =>
      `"${key}" is no ARN of a KMS key, and AWS's own delivery refuses key ids and aliases too; nothing was written; give arn:aws:kms:REGION:ACCOUNT:key/ID`,
  },
  FG_DESTINATION_ARN: {
    owner: 'command-line',
    text: (arn: string) =>
      `"${arn}" is no destination; nothing was started; give arn:aws:s3:::BUCKET/PREFIX/, arn:aws:logs:REGION:ACCOUNT:log-group:NAME or arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME`,
  },
  FG_AWS_THROTTLED: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `${place} takes no more for now (${why}); the records stay in the spool and are sent again after a pause; where it goes on, ask AWS for a higher quota, or choose fewer fields, longer intervals or S3`,
  },
  FG_LOG_GROUP_WRITE: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `cannot write to ${place}: ${why}; the records stay in the spool and are sent again; ask for logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents, logs:DescribeLogGroups and logs:DescribeLogStreams on it, or use another profile`,
  },
  FG_STREAM_WRITE: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `cannot write to ${place}: ${why}; the records stay in the spool and are sent again; the stream must exist, take Direct PUT, and firehose:PutRecordBatch and firehose:DescribeDeliveryStream be allowed on it`,
  },
  FG_STREAM_MISSING: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `there is no ${place}: ${why}; the records stay in the spool and are sent again; make the stream, or look at its name and region`,
  },
  FG_STREAM_SOURCE: {
    owner: 'content',
    text: (place: string, source: string) =>
      `${place} takes its records from ${source}, not from Direct PUT; nothing was sent; name a stream whose source is Direct PUT`,
  },
  FG_BATCH_PARTLY: {
    owner: 'surroundings',
    text: (place: string, left: number, of: number, why: string) =>
      `${place} did not take ${left} of ${of} records (${why}); those, and no others, stay in the spool and are sent again`,
  },
  FG_LEDGER_PLACE: {
    owner: 'command-line',
    text: (place: string) =>
      `${place} holds no objects, so it has no ledger; nothing was compared; give the data directory of \`up\`, a directory that \`capture -i -w\` writes to, or s3://BUCKET/PREFIX; the ledger of a log group or stream lies in the data directory`,
  },
  FG_CONFIG: {
    owner: 'content',
    text: (path: string, why: string) =>
      `the configuration ${path} cannot be used: ${why}; nothing was started; docs/publish.md and docs/operate.md list every setting`,
  },
} as const;
