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
} as const;
