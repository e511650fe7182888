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
} as const;
