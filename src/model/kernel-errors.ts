/**
 * The part of the catalogue of errors that is about verdicts of the kernel.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const KERNEL_ERRORS = {
  FG_NFT_FAILED: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `nft did not do what it was told ${place}: ${why}; nothing of that script holds; run as root on a kernel with nftables, with nft installed (Debian: nftables)`,
  },
  FG_NFT_REFUSED: {
    owner: 'ours',
    text: (line: string) =>
      `a script for nft has the line "${line}", which is no command for the table of flowgauge; it was not run; report it with the model`,
  },
  FG_KERNEL_NUMBERS: {
    owner: 'surroundings',
    text: (what: string, most: number) =>
      `there are more than ${most} ${what} since the tables of the kernel were made; the change does not hold; start again, which makes new ones`,
  },
  FG_KERNEL_BOOK: {
    owner: 'content',
    text: () =>
      'the list of decisions beside the tables of the kernel cannot be read; nothing was taken up; remove it, and what the tables hold is given up',
  },
  FG_KERNEL_TAKEN: {
    owner: 'surroundings',
    text: () =>
      'another flowgauge has the table of this network namespace; nothing was changed; end that one first, or run this one in a namespace of its own',
  },
  FG_KERNEL_GONE: {
    owner: 'surroundings',
    text: (why: string) =>
      `the table of flowgauge was taken away by somebody else: ${why}; it is made anew, and what it had counted since is SKIPDATA`,
  },
  FG_KERNEL_SIDE_GONE: {
    owner: 'surroundings',
    text: () =>
      'the process that runs nft has ended; the kernel stops judging within 30 s, and what it has counted is read by the next start',
  },
  FG_OBSERVE_MISSING: {
    owner: 'surroundings',
    text: (why: string) =>
      `the firewall of this host cannot be observed: ${why}; nothing was started; run as root or with CAP_NET_ADMIN, with nft installed (Debian: nftables), or with --observe=no, which captures packets`,
  },
  FG_ENFORCE_MISSING: {
    owner: 'surroundings',
    text: (why: string) =>
      `--enforce cannot hold here: ${why}; nothing was started; run as root or with CAP_NET_ADMIN, with nft installed (Debian: nftables), or leave --enforce out`,
  },
} as const;
