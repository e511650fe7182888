/**
 * The part of the catalogue of errors that is about which records are asked for, how much is read for
 * them, and the room that takes.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const RANGE_ERRORS = {
  FG_OUTPUT_RECORDS: {
    owner: 'command-line',
    text: (form: string, columns: readonly string[]) =>
      `-o ${form} prints records, and the answer says of no address or interface that it is theirs (it has ${columns.slice(0, 5).join(', ')}); nothing was printed; ask for srcaddr, dstaddr or interface_id, as with "SELECT * FROM flow_logs", or choose another -o`,
  },
  FG_OUTPUT_DRY_RUN: {
    owner: 'command-line',
    text: () =>
      'what --dry-run finds is printed as table, csv or json, and in no other form; nothing was listed; choose one with -o',
  },
  FG_LOAD_EXISTS: {
    owner: 'command-line',
    text: (file: string) =>
      `"${file}" is there already, and a database may hold more than these records; it was left as it is; give another name, or remove it first`,
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
  FG_MEMORY: {
    owner: 'surroundings',
    text: (limitBytes: number | null, full: string | null) =>
      full === null
        ? `the question needs more than ${limitBytes === null ? 'the memory' : `the ${(limitBytes / 1e6).toFixed(0)} MB`} that it may have, and this part of it cannot go to disk; it was ended; give it more with --memory, or ask for a shorter time, fewer columns or fewer groups`
        : `the question needs more memory than it may have, and "${full}" has no room for the rest; it was ended; make room there, name another place with TMPDIR, or give more with --memory`,
  },
  FG_ROWS_NO_ROOM: {
    owner: 'surroundings',
    text: (directory: string) =>
      `the rows of the question do not fit into "${directory}": it has no room left; the question was ended and the files taken away; make room there, name another place with TMPDIR, or ask for a shorter time or fewer columns`,
  },
  FG_ROWS_NO_PLACE: {
    owner: 'surroundings',
    text: (directory: string, code: string) =>
      `the rows of the question cannot be put into "${directory}" (${code}); it was ended; name a directory that this user may write into with TMPDIR`,
  },
} as const;
