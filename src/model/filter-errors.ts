/**
 * The part of the catalogue of errors that is about filters over records and their groups.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts. The console reads this file alone, without the rest of the catalogue.
 */

/** Entries of `ERRORS`. */
export const FILTER_ERRORS = {
  FG_FILTER_SHAPE: {
    owner: 'command-line',
    text: (part: string, position: number, wanted: string) =>
      `the filter cannot be read at character ${position}, "${part}": ${wanted}; nothing was asked; write conditions as action=REJECT,dstport=22|443,srcaddr=10.0.0.0/8`,
  },
  FG_FILTER_FIELD: {
    owner: 'command-line',
    text: (field: string) =>
      `the filter names the field "${field}", which no record has; nothing was asked; list the fields with \`flowgauge fields\`, or use addr, port, service-port, direction or peer`,
  },
  FG_FILTER_OPERATOR: {
    owner: 'command-line',
    text: (field: string, operator: string, why: string) =>
      `the filter says ${field}${operator}, but ${why}; nothing was asked; use = or != with one value or several (dstport=22|443)`,
  },
  FG_FILTER_VALUE: {
    owner: 'command-line',
    text: (field: string, value: string, wanted: string) =>
      `the filter compares ${field} with "${value}", nothing was asked; give ${wanted}`,
  },
  FG_EXPLORE_DIMENSIONS: {
    owner: 'command-line',
    text: (dimensions: string, why: string) =>
      `records cannot be grouped by "${dimensions}": ${why}; nothing was asked; name four fields at most, such as srcaddr, service-port or peer`,
  },
  FG_PAGE_VALUE: {
    owner: 'command-line',
    text: (page: string) =>
      `"${page}" is no place between two pages of records; nothing was asked; give what the page before has as "next", or nothing for the first page`,
  },
} as const;
