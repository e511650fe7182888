/**
 * The part of the catalogue of errors that is about what is known of a network: the state file, and what fills it.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const STATE_ERRORS = {
  FG_STATE_MISSING: {
    owner: 'content',
    text: (path: string) =>
      `there is no "${path}": no network was imported into this data directory; fill it with \`flowgauge import aws\`, name another with --data, or give the network as files with --vpc`,
  },
  FG_STATE_EMPTY: {
    owner: 'content',
    text: (path: string) =>
      `"${path}" holds no network: no import into it has ended well; nothing was answered; fill it with \`flowgauge import aws\`, name another data directory with --data, or give the network as files with --vpc`,
  },
  FG_STATE_NEWER: {
    owner: 'content',
    text: (path: string, found: number, known: number) =>
      `"${path}" has format ${found}, and this program knows formats up to ${known}; it was left as it is; use the newer program that wrote it, or another data directory`,
  },
  FG_STATE_UNREADABLE: {
    owner: 'content',
    text: (path: string, why: string) =>
      `"${path}" cannot be used: ${why}; nothing of it was changed; look whether it is a state file of flowgauge, or import anew into another data directory`,
  },
  FG_STATE_BUSY: {
    owner: 'surroundings',
    text: (path: string) =>
      `another process is writing to "${path}" and did not end in time; nothing was changed; wait for it and run again`,
  },
  FG_IMPORT_SOURCE: {
    owner: 'command-line',
    text: (why: string) =>
      `${why}; nothing was imported; name files or folders of \`aws ec2 describe-…\` answers, or an account with --profile and --region`,
  },
  FG_IMPORT_EMPTY: {
    owner: 'content',
    text: (path: string) =>
      `no file of ${path} is an answer of AWS that tells of a network; nothing was imported; put the answers of \`aws ec2 describe-…\` there, as .json or .json.gz`,
  },
  FG_IMPORT_ITEM: {
    owner: 'content',
    text: (place: string, path: string, members: string) =>
      `${place}: ${path} has no ${members}; nothing was imported; correct it, or write the file again with \`aws ec2 describe-…\``,
  },
  FG_IMPORT_CALL: {
    owner: 'surroundings',
    text: (place: string, code: string, why: string) =>
      `${place} was not answered (${code}: ${why}), though it was tried several times; nothing was imported; run again later, or look at --region and --endpoint-url`,
  },
  FG_IMPORT_DENIED: {
    owner: 'surroundings',
    text: (account: string, region: string, code: string, why: string) =>
      `${account} ${region} answered none of the calls (${code}: ${why}); nothing was imported; docs/import.md lists the permissions that they need`,
  },
} as const;
