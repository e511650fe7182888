/** What both sides of P2 are asked. */

/** Needs two columns. */
export const TWO = (from: string): string =>
  `SELECT srcaddr, sum(bytes) AS total FROM ${from} GROUP BY 1 ORDER BY 2 DESC LIMIT 10`;
/** Not measured: what must be equal. */
export const CHECK = (from: string): string => `SELECT count(*), sum(bytes) FROM ${from}`;
