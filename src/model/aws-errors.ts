/**
 * The part of the catalogue of errors that is about AWS and servers that speak like it.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const AWS_ERRORS = {
  FG_AWS_ENDPOINT: {
    owner: 'command-line',
    text: (endpoint: string) =>
      `"${endpoint}" is no URL of a server, so nobody was asked; write --endpoint-url (or endpoint_url of the profile, or AWS_ENDPOINT_URL) as https://HOST or http://HOST:PORT`,
  },
  FG_AWS_PROFILE: {
    owner: 'command-line',
    text: (profile: string, known: readonly string[]) =>
      `there is no profile "${profile}" in the files of the AWS tools (~/.aws/config, ~/.aws/credentials), so nobody was asked; ${known.length === 0 ? 'they name none; make one with `aws configure`' : `they name ${known.join(', ')}`}`,
  },
  FG_AWS_CREDENTIALS: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `no AWS credentials were found to ask for ${place} (${why}); nothing was read or written; set AWS_PROFILE or give --profile NAME, log in (\`aws sso login\`), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
  },
  FG_AWS_EXPIRED: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `the AWS credentials that were used for ${place} have expired (${why}); log in again, as with \`aws sso login --profile NAME\`, or set newer keys`,
  },
  FG_AWS_CREDENTIALS_REFUSED: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `the AWS credentials that were used for ${place} were refused (${why}); look which are used with \`aws sts get-caller-identity\`, and name others with --profile`,
  },
  FG_AWS_CLOCK: {
    owner: 'surroundings',
    text: (place: string, now: string, why: string) =>
      `the request for ${place} was refused because of its time: this machine's clock says ${now} (${why}); set the clock (\`sudo timedatectl set-ntp true\`)`,
  },
  FG_AWS_UNREACHABLE: {
    owner: 'surroundings',
    text: (place: string, endpoint: string, why: string) =>
      `${place} could not be reached at ${endpoint} (${why}), though it was tried several times; look at the network, a proxy, and --endpoint-url and --region`,
  },
  FG_S3_PLACE: {
    owner: 'command-line',
    text: (text: string) =>
      `"${text}" names no bucket; write s3://BUCKET, s3://BUCKET/PREFIX/ or s3://BUCKET/KEY.log.gz`,
  },
  FG_S3_DENIED: {
    owner: 'surroundings',
    text: (action: string, place: string, why: string, payer: boolean) =>
      `not allowed to ${action} ${place} (${why}); it was left out; ask for s3:ListBucket on the bucket, s3:GetObject on its objects and kms:Decrypt on their key, or use another --profile${payer ? '' : '; where the bucket lets requesters pay, add --request-payer'}`,
  },
  FG_S3_NO_BUCKET: {
    owner: 'content',
    text: (bucket: string, endpoint: string) =>
      `there is no bucket "${bucket}" at ${endpoint}; nothing was read or written; look at its name, and at --endpoint-url where it is not AWS's`,
  },
  FG_S3_REGION: {
    owner: 'surroundings',
    text: (bucket: string, asked: string, told: string | null) =>
      `bucket "${bucket}" is not in region ${asked}${told === null ? ', and the server does not say where it is' : ` but in ${told}, which did not answer either`}; give --region`,
  },
  FG_S3_ARCHIVED: {
    owner: 'content',
    text: (place: string) =>
      `${place} lies in an archive (Glacier Flexible Retrieval or Deep Archive) and cannot be read; restore it first (\`flowgauge lifecycle restore\`), or ask for a time whose objects are not archived`,
  },
  FG_S3_CHANGED: {
    owner: 'surroundings',
    text: (place: string) =>
      `${place} was replaced by another object while it was read; what was read of it before may be old; ask again`,
  },
  FG_S3_GONE: {
    owner: 'content',
    text: (place: string) =>
      `there is no object ${place}; it was removed, or its name is wrong; list the folder it lies in`,
  },
  FG_S3_FAILED: {
    owner: 'surroundings',
    text: (action: string, place: string, why: string, status: number) =>
      `cannot ${action} ${place}: ${why} (HTTP ${status}), though it was tried several times; ask again later, and show these words to whoever runs the server`,
  },
  FG_LOG_GROUP_MISSING: {
    owner: 'content',
    text: (group: string, region: string) =>
      `there is no log group "${group}" in region ${region}; nothing was read; \`aws logs describe-log-groups\` lists them, --region and --profile choose others`,
  },
  FG_LOG_GROUP_FAILED: {
    owner: 'surroundings',
    text: (group: string, why: string) =>
      `log group "${group}" could not be read: ${why}; ask for logs:DescribeLogStreams and logs:GetLogEvents on it, or use another --profile`,
  },
} as const;
