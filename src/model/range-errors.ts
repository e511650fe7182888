/**
 * The part of the catalogue of errors that is about which records are asked for, and how much is read for them.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const RANGE_ERRORS = {
  FG_OUTPUT_DRY_RUN: {
    owner: 'command-line',
    text: () =>
      'what --dry-run finds is printed as table, csv or json, not as Parquet; nothing was listed; choose one with -o',
  },
  FG_TIME_VALUE: {
    owner: 'command-line',
    text: (option: string, value: string, wanted: string) =>
      `${option} "${value}" is no such time, nothing was asked; give ${wanted}`,
  },
  FG_TIME_ORDER: {
    owner: 'command-line',
    text: (from: string, to: string, fromTime: string, toTime: string) =>
      `--from-time ${from} (${fromTime}) does not lie before --to-time ${to} (${toTime}), nothing was asked; a date is its first instant, so for the whole of a day give the next day as --to-time`,
  },
  FG_TIME_BOTH: {
    owner: 'command-line',
    text: (last: string, other: string) =>
      `--last ${last} says from when to when, and so does ${other}; nothing was asked; give --last alone, or --from-time with --to-time`,
  },
  FG_TIME_EMPTY: {
    owner: 'content',
    text: (place: string, range: string, newest: string) =>
      `"${place}" holds no flow log objects ${range}, so nothing was asked; its newest is of ${newest}: ask for another time with --from-time and --to-time`,
  },
  FG_READ_LIMIT: {
    owner: 'content',
    text: (place: string, objects: number, size: string, limit: string, enough: string) =>
      `${objects} objects with ${size} would be read from ${place}, more than ${limit}; nothing was read; ask for a shorter time with --last or --from-time, see what it is with --dry-run, or allow it with --yes or --max-bytes ${enough}`,
  },
  FG_SIZE_VALUE: {
    owner: 'command-line',
    text: (option: string, value: string) =>
      `${option} "${value}" is no size, nothing was asked; give a number with kB, MB, GB or TB (KiB, MiB, GiB, TiB for powers of 1024), such as 10GB`,
  },
} as const;
