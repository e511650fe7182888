/**
 * The words of errors about search servers: OpenSearch and Elasticsearch.
 *
 * In:    the facts of what happened. Out: entries of the catalogue in `errors.ts`.
 */

/** Part of `ERRORS`. */
export const SEARCH_ERRORS = {
  FG_SEARCH_URL: {
    owner: 'command-line',
    text: (url: string) =>
      `"${url}" is no URL of OpenSearch or Elasticsearch; nothing was sent; write https://HOST:PORT, without a password in it (docs/watch.md says where that goes)`,
  },
  FG_SEARCH_LOGIN: {
    owner: 'command-line',
    text: (why: string) =>
      `the search server cannot be asked: ${why}; nothing was sent; give a user with FLOWGAUGE_SEARCH_PASSWORD, or sign as AWS with \`es\` or \`aoss\` and a region`,
  },
  FG_SEARCH_UNREACHABLE: {
    owner: 'surroundings',
    text: (place: string, why: string) =>
      `${place} could not be reached (${why}), though it was tried several times; a worker goes on when it answers, and nothing is lost; look at the URL, the network, and NODE_EXTRA_CA_CERTS where its certificate is of your own authority`,
  },
  FG_SEARCH_BUSY: {
    owner: 'surroundings',
    text: (place: string, status: number, why: string) =>
      `${place} takes no more for now (HTTP ${status}: ${why}), though it was tried several times with growing pauses; what was to be written is written later; give the server more room, or start fewer workers`,
  },
  FG_SEARCH_DENIED: {
    owner: 'surroundings',
    text: (place: string, status: number, why: string) =>
      `${place} does not let us (HTTP ${status}: ${why}); nothing was written; look at user and password, or at the role that signs: it needs create and create_doc on flowgauge-* (docs/watch.md)`,
  },
  FG_SEARCH_REFUSED: {
    owner: 'surroundings',
    text: (place: string, what: string, status: number, why: string) =>
      `${place} refused ${what} (HTTP ${status}: ${why}); look whether its version and its settings are those of docs/watch.md`,
  },
} as const;
