/**
 * The part of the catalogue of errors that is about records which are to be explained, and rules which are asked about.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const RECORD_ERRORS = {
  FG_RECORDS_COLUMNS: {
    owner: 'command-line',
    text: (missing: readonly string[], has: string) =>
      `the rows of the question have no ${missing.join(', ')} and are no records (they have ${has}); nothing was explained; ask for rows of flow_logs, such as "SELECT * FROM flow_logs WHERE dstport = 22"`,
  },
  FG_RECORD_UNREADABLE: {
    owner: 'command-line',
    text: (record: string, fields: number) =>
      `"${record}" is no record of ${fields} fields; nothing was explained; quote each record, and say its log format with --format where it is not the default one`,
  },
  FG_RULES_NONE: {
    owner: 'command-line',
    text: (id: string, near: readonly string[]) =>
      `the model has no security group and no network ACL "${id}"; nothing was read${near.length === 0 ? '' : `; it has ${near.join(', ')}`}; leave it out to get all of them`,
  },
} as const;
