/**
 * The part of the catalogue of errors that is about engines elsewhere, Trino and Athena.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const ENGINE_ERRORS = {
  FG_ENGINE_NEEDS: {
    owner: 'command-line',
    text: (engine: string, option: string, example: string) =>
      `--engine ${engine} needs ${option}, so nothing was asked; give it, such as ${example}`,
  },
  FG_ENGINE_OPTION: {
    owner: 'command-line',
    text: (option: string, engine: string, instead: string) =>
      `${option} means nothing to --engine ${engine}, so nothing was asked; ${instead}`,
  },
  FG_ENGINE_VALUE: {
    owner: 'command-line',
    text: (option: string, value: string, wanted: string) =>
      `${option} "${value}" cannot be used, so nothing was asked; give ${wanted}`,
  },
  FG_ENGINE_CLEAR: {
    owner: 'command-line',
    text: (server: string) =>
      `a password would go to "${server}" for everyone on the way to read, so nothing was asked; name the server by https://, or unset TRINO_PASSWORD`,
  },
  FG_ENGINE_COLUMNS: {
    owner: 'content',
    text: (table: string, columns: readonly string[]) =>
      `the table ${table} has no column that is named after a field of flow logs (it has ${columns.slice(0, 8).join(', ')}${columns.length > 8 ? ', …' : ''}), so it was not asked; make one as docs/engines.md shows, or name another with --table`,
  },
  FG_ENGINE_FIELDS: {
    owner: 'content',
    text: (query: string, missing: readonly string[], table: string) =>
      `${query} needs ${missing.join(', ')}, which the table ${table} does not hold, so it was not asked; a table over flow logs whose format names ${missing.length === 1 ? 'it' : 'them'} can answer`,
  },
  FG_ENGINE_SQL: {
    owner: 'content',
    text: (engine: string, message: string) =>
      `${engine} did not take the question: ${message}; \`--dry-run\` prints what it is asked`,
  },
  FG_ENGINE_FAILED: {
    owner: 'surroundings',
    text: (engine: string, query: string, message: string) =>
      `${engine} gave up query ${query}: ${message}; the answer up to there is not whole; ask for less with --last, or look the query up there`,
  },
  FG_ENGINE_CANCELLED: {
    owner: 'surroundings',
    text: (engine: string, query: string) =>
      `somebody cancelled query ${query} at ${engine}, so there is no whole answer; ask again`,
  },
  FG_ENGINE_UNREACHABLE: {
    owner: 'surroundings',
    text: (server: string, why: string) =>
      `"${server}" does not answer (${why}), so there is no answer; look whether it runs and whether this machine may reach it`,
  },
  FG_ENGINE_REFUSED: {
    owner: 'surroundings',
    text: (server: string, status: number) =>
      `"${server}" refused who asked (HTTP ${status}), so there is no answer; set TRINO_USER and TRINO_PASSWORD to somebody it knows`,
  },
  FG_ENGINE_ANSWER: {
    owner: 'surroundings',
    text: (server: string, what: string) =>
      `"${server}" answered with what no Trino says (${what}), so there is no answer; look whether that address is Trino's, and not a proxy's page`,
  },
} as const;
