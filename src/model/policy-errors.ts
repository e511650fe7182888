/**
 * The part of the catalogue of errors that is about the policies of buckets.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const POLICY_ERRORS = {
  FG_POLICY_BUCKET: {
    owner: 'command-line',
    text: (destination: string) =>
      `"${destination}" names no bucket that S3 can have; no policy was made; write s3://bucket/folder, arn:aws:s3:::bucket/folder/ or the name of a bucket`,
  },
  FG_POLICY_FOLDER: {
    owner: 'command-line',
    text: (destination: string) =>
      `"${destination}" has a folder that is empty or called AWSLogs, which AWS refuses because it makes that one itself; no policy was made; leave it out`,
  },
  FG_POLICY_WILDCARD: {
    owner: 'command-line',
    text: (destination: string) =>
      `"${destination}" has *, ? or $ in a folder, which a policy reads as more than that folder; no policy was made; name a folder without them`,
  },
  FG_POLICY_ACCOUNT: {
    owner: 'command-line',
    text: (account: string) =>
      `"${account}" is not the id of an account; no policy was made; give the twelve digits of each account whose flow logs come to the bucket`,
  },
  FG_POLICY_REGION: {
    owner: 'command-line',
    text: (region: string) =>
      `"${region}" is not the name of a region; no policy was made; write one such as eu-central-1, or leave it out for all`,
  },
  FG_POLICY_LENGTH: {
    owner: 'command-line',
    text: (bytes: number, most: number, accounts: number, isWhole: boolean) =>
      `the policy for ${accounts} accounts has ${bytes} bytes, and S3 takes ${most}; it was not printed; ${isWhole ? 'give fewer accounts, and others a bucket of their own' : 'give --whole-bucket, or fewer accounts'}`,
  },
} as const;
