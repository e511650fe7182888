/**
 * The part of the catalogue of errors that is about the HTTP server of `up`.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const SERVER_ERRORS = {
  FG_PORT: {
    owner: 'command-line',
    text: (given: string, where: string) =>
      `"${given}" of ${where} is no port; nothing was started; give a whole number from 1 to 65535, or 0 for any free port`,
  },
  FG_PORT_IN_USE: {
    owner: 'command-line',
    text: (address: string, port: number) =>
      `port ${port} on ${address} is in use by another process; nothing goes on; name another with --port, or --port 0 for any free port (\`ss -ltnp 'sport = :${port}'\` shows who has it)`,
  },
  FG_LISTEN: {
    owner: 'surroundings',
    text: (address: string, port: number, why: string) =>
      `cannot listen on port ${port} of ${address}: ${why}; nothing goes on; name an address of this machine with --bind and a port above 1023 with --port`,
  },
  FG_BIND_ADDRESS: {
    owner: 'command-line',
    text: (given: string) =>
      `--bind "${given}" is no address; nothing was started; give an IPv4 or IPv6 address of this machine, such as 127.0.0.1, ::1 or 0.0.0.0 for all`,
  },
  FG_BIND_OPEN: {
    owner: 'command-line',
    text: (address: string) =>
      `--bind ${address} can be reached from other machines, and without TLS keys and records would cross the network readable; nothing was started; give --tls-cert and --tls-key, or --behind-proxy where a proxy on the way does TLS, or leave --bind out`,
  },
  FG_TLS_PAIR: {
    owner: 'command-line',
    text: (given: string, absent: string) =>
      `${given} is given without ${absent}; nothing was started; give the certificate and its key, both as PEM files`,
  },
  FG_TLS_FILES: {
    owner: 'content',
    text: (cert: string, key: string, why: string) =>
      `the certificate "${cert}" with the key "${key}" cannot be used: ${why}; nothing goes on; give PEM files that belong together and that this user may read`,
  },
  FG_SETTING: {
    owner: 'command-line',
    text: (name: string, given: string, wanted: string) =>
      `${name} is "${given}", not ${wanted}; nothing was started; correct it or leave it out`,
  },
  FG_HTTP_HOST: {
    owner: 'content',
    text: (host: string) =>
      `the request names the host "${host}", which is not this machine's own name for itself; it was not answered; use http://127.0.0.1 or http://localhost, or start with --behind-proxy where a proxy passes other names on`,
  },
  FG_PUBLIC_URL: {
    owner: 'command-line',
    text: (given: string) =>
      `"${given}" is no address under which browsers could reach this server; nothing was started; give scheme, host and port alone, such as https://flows.example.com`,
  },
  FG_CONSOLE_NOT_RUNNING: {
    owner: 'command-line',
    text: (directory: string) =>
      `no \`flowgauge up\` serves a console for "${directory}"; no link was made; start it, or name its data directory with --data`,
  },
  FG_SQL_TIME: {
    owner: 'surroundings',
    text: (seconds: number) =>
      `the query took more than ${seconds} s and was ended; choose a shorter time range, or ask it with \`flowgauge query\`, which has no such bound`,
  },
  FG_SQL_MEMORY: {
    owner: 'surroundings',
    text: (bytes: number) =>
      `the query took more than ${bytes} bytes of memory and was ended; choose a shorter time range, or ask it with \`flowgauge query\`, whose bound --memory sets`,
  },
  FG_SQL_ENDED: {
    owner: 'ours',
    text: (why: string) =>
      `the process of the query ended before its answer was there: ${why}; everything else goes on; ask again, and please report this if it stays`,
  },
  FG_SQL_BUSY: {
    owner: 'surroundings',
    text: (most: number) =>
      `${most} queries are under way already, which is as many as run at a time; nothing was asked; cancel one, or wait for it`,
  },
  FG_REQUEST_BODY: {
    owner: 'content',
    text: (field: string, why: string) =>
      `"${field}" of the request's body cannot be taken: ${why}; nothing was done; correct it and send it again`,
  },
  FG_VIEWS_FILE: {
    owner: 'surroundings',
    text: (path: string) =>
      `"${path}" does not hold saved views as the console writes them; it was left as it is, and nothing was saved; correct it, or move it away`,
  },
  FG_VIEWS_MANY: {
    owner: 'content',
    text: (most: number) =>
      `there are ${most} saved views, and there may be no more; nothing was saved; delete one first`,
  },
  FG_REQUEST_QUERY: {
    owner: 'content',
    text: (name: string, given: string, wanted: string) =>
      `the parameter "${name}" of the address is "${given}", not ${wanted}; nothing was done; correct it or leave it out`,
  },
  FG_CAPABILITIES_KEPT: {
    owner: 'surroundings',
    text: (why: string) =>
      `this process has capabilities and cannot start the server without them: ${why}; nothing was started; install setpriv (Debian: util-linux), or start as root through sudo`,
  },
  FG_HTTP_ACCEPT: {
    owner: 'surroundings',
    text: (why: string) =>
      `a connection could not be taken: ${why}; it was closed and everything else goes on; allow this process more open files (\`ulimit -n\`, LimitNOFILE=)`,
  },
  FG_EXPLAINER_ENDED: {
    owner: 'surroundings',
    text: (why: string) =>
      `the process that worked on the question ended (${why}); nothing was answered and everything else goes on; ask again, about a shorter time if it ends again`,
  },
  FG_EXPLAINERS_BUSY: {
    owner: 'surroundings',
    text: (waiting: number) =>
      `${waiting} questions of the console wait already; this one was not taken; ask again when some are answered`,
  },
  FG_HTTP_HANDLER: {
    owner: 'ours',
    text: (method: string, path: string, why: string) =>
      `the answer to ${method} ${path} could not be made: ${why}; it was answered with 500 and everything else goes on; please report this`,
  },
} as const;
