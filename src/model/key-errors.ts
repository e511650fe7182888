/**
 * The part of the catalogue of errors that is about keys of the control API and the accounts they are of.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const KEY_ERRORS = {
  FG_KEY_ACCOUNT: {
    owner: 'command-line',
    text: (account: string) =>
      `"${account}" is no account id; no key was made; give twelve digits with --account, such as 111122223333`,
  },
  FG_KEY_UNKNOWN: {
    owner: 'command-line',
    text: (id: string) =>
      `there is no key "${id}" that is not revoked; nothing was changed; \`flowgauge keys list\` prints all of them`,
  },
  FG_KEY_HOST: {
    owner: 'command-line',
    text: () =>
      'a key of the role `agent` is of one host, and other keys are of none; no key was made; give --role agent and --host NAME together',
  },
  FG_CONSOLE_NO_KEY: {
    owner: 'content',
    text: () =>
      'there is no good key with which the console could be used; no link was made; make one with `flowgauge keys add --role operate`',
  },
  FG_HOST_NAME: {
    owner: 'command-line',
    text: (host: string) =>
      `"${host}" cannot be the name of a host; nothing was changed; give at most 64 letters, digits, ".", "_" and "-", a letter or digit first, such as web-1`,
  },
  FG_ACCOUNT_IMPORTED: {
    owner: 'content',
    text: (account: string) =>
      `the facts of account ${account} were imported from AWS, and the control API only reads them; nothing was changed; use an account id of your own, or make a key that may read with \`flowgauge keys add --role read\``,
  },
  FG_ACCOUNT_OWN: {
    owner: 'content',
    text: (account: string) =>
      `account ${account} is kept by the control API of this data directory, so nothing is imported for it; nothing was changed; import into another data directory with --data`,
  },
} as const;
