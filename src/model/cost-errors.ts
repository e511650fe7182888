/**
 * The part of the catalogue of errors that is about money: prices, costs, and what lifecycle rules would do.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const COST_ERRORS = {
  FG_PRICES_FILE: {
    owner: 'content',
    text: (file: string, why: string) =>
      `"${file}" cannot be used as prices: ${why}; nothing was reckoned; \`flowgauge cost --show-prices\` prints a file with every price to start from`,
  },
  FG_COST_OWNER: {
    owner: 'command-line',
    text: (field: string, known: readonly string[]) =>
      `--by "${field}" is no field that owners are told apart by, so nothing was reckoned; give one of ${known.join(', ')}`,
  },
  FG_LIFECYCLE_WISH: {
    owner: 'command-line',
    text: (what: string, way: string) => `${what}, so no rule was made; ${way}`,
  },
  FG_LIFECYCLE_LOCAL: {
    owner: 'command-line',
    text: (place: string, option: string) =>
      `"${place}" is no bucket of S3, and ${option} is for those; nothing was changed; for a directory give --expire DAYS alone`,
  },
  FG_RESTORE_FAILED: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `S3 did not restore ${place}: ${why}; what was asked for before comes all the same; run again, it asks for the rest; it takes s3:GetObject and s3:RestoreObject`,
  },
  FG_RESTORE_WISH: {
    owner: 'command-line',
    text: (tier: string, storageClass: string, way: string) =>
      `objects of this time lie in ${storageClass}, from which S3 brings nothing back as ${tier}; nothing was asked for; give --speed ${way}`,
  },
  FG_LIFECYCLE_EMPTY: {
    owner: 'content',
    text: (place: string) =>
      `"${place}" holds no flow log objects of AWS's layout, so there is no folder to make rules for; name a bucket or folder above AWSLogs/`,
  },
  FG_LIFECYCLE_MANY: {
    owner: 'content',
    text: (rules: number, others: number) =>
      `these would be ${rules} rules beside the ${others} that the bucket has, and S3 takes 1000; nothing was changed; name one account's folder at a time, or gather others' rules`,
  },
  FG_LIFECYCLE_FAILED: {
    owner: 'surroundings',
    text: (bucket: string, action: string, why: string) =>
      `S3 did not ${action} the lifecycle rules of "${bucket}": ${why}; nothing else was changed; it takes s3:GetLifecycleConfiguration and s3:PutLifecycleConfiguration`,
  },
} as const;
