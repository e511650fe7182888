/**
 * The part of the catalogue of errors that is about the lake: compacting, its manifest, removing what was compacted.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const LAKE_ERRORS = {
  FG_LAKE_NEWER: {
    owner: 'content',
    text: (manifest: string, format: number, known: number) =>
      `"${manifest}" has format ${format} of a lake, and this program reads up to ${known}; nothing was read or changed; use the version of flowgauge that compacted it, or a later one`,
  },
  FG_LAKE_DAMAGED: {
    owner: 'content',
    text: (manifest: string, why: string) =>
      `"${manifest}" is no manifest of a lake: ${why}; nothing was read or changed; bring it back from a copy, or, where its objects are still there, remove it together with the day's files below flowgauge-lake/ and compact again`,
  },
  FG_LAKE_BUSY: {
    owner: 'surroundings',
    text: (place: string, who: string) =>
      `the lake at "${place}" is being changed by ${who}; what that one wrote stays, and nothing of ours was entered; run again when it has ended`,
  },
  FG_LAKE_PLACE: {
    owner: 'command-line',
    text: (place: string) =>
      `"${place}" cannot have a lake, and nothing was compacted; name a directory or s3://BUCKET/PREFIX, of objects with the names that AWS gives them`,
  },
  FG_LAKE_COUNT: {
    owner: 'ours',
    text: (file: string, what: string, expected: string, found: string) =>
      `"${file}" was written with ${found} ${what} where its objects have ${expected}; it was removed, and the objects stay as they are; please report this`,
  },
  FG_LAKE_ENDED: {
    owner: 'surroundings',
    text: (how: string) =>
      `the process that compacts ended before it was done (${how}); what it had entered stays, and the next run goes on; where it was killed, look at the machine's memory, or set compact.memoryBytes in flowgauge.json lower`,
  },
  FG_LAKE_RANGE: {
    owner: 'command-line',
    text: (option: string, value: string, wanted: string) =>
      `${option} "${value}" is none of what it may be, nothing was compacted; give ${wanted}`,
  },
} as const;
