/**
 * The part of the catalogue of errors that is about what the command line changes of a network and AWS has no action for.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const CONTROL_ERRORS = {
  FG_DEVICE_NAME: {
    owner: 'command-line',
    text: (device: string) =>
      `"${device}" cannot be the name of a device; nothing was changed; give one as \`ip -brief link\` prints it, such as eth0`,
  },
  FG_DEVICE_IN_RULES: {
    owner: 'command-line',
    text: (device: string) =>
      `rules of nftables cannot name the device "${device}": a quote, backslash, semicolon or brace, or a star at the end, means something else there; nothing was changed; give the device another name (\`ip link set dev OLD name NEW\`), and attach it by that`,
  },
  FG_ATTACH_INTERFACE: {
    owner: 'command-line',
    text: (interfaceId: string) =>
      `there is no interface "${interfaceId}"; nothing was changed; \`aws ec2 describe-network-interfaces\` lists those of an account`,
  },
  FG_ATTACH_ACCOUNT: {
    owner: 'content',
    text: (interfaceId: string, account: string) =>
      `${interfaceId} is of account ${account}, whose network was imported and is not of this host; nothing was changed; name an interface of an account that has keys (\`flowgauge keys list\`)`,
  },
  FG_ATTACH_TAKEN: {
    owner: 'content',
    text: (device: string, interfaceId: string) =>
      `${interfaceId} is device ${device} already, and an interface is one device; nothing was changed; end that with \`flowgauge detach ${interfaceId}\` first`,
  },
  FG_DETACH_NOTHING: {
    owner: 'content',
    text: (interfaceId: string) =>
      `no device is ${interfaceId}; nothing was changed; \`flowgauge attach\` without words lists those that are interfaces`,
  },
  FG_REPLACE_UNKNOWN: {
    owner: 'command-line',
    text: (id: string) =>
      `there is no flow log "${id}" of an account that is kept here; nothing was changed; \`aws ec2 describe-flow-logs\` lists them`,
  },
  FG_REPLACE_SAME: {
    owner: 'command-line',
    text: (id: string) =>
      `the successor of ${id} would be the same as it; nothing was changed; say what shall be different, such as --log-format or --max-aggregation-interval`,
  },
  FG_REPLACE_REFUSED: {
    owner: 'content',
    text: (id: string, code: string, why: string) =>
      `${id} cannot be replaced like that: ${why} (${code}); nothing was changed; docs/replace.md says what can be different`,
  },
} as const;
