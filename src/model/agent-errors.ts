/**
 * The part of the catalogue of errors that is about agents on other hosts.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts. No word of a key but its id.
 */

/** Entries of `ERRORS`. */
export const AGENT_ERRORS = {
  FG_AGENT_URL: {
    owner: 'command-line',
    text: (url: string) =>
      `--server "${url}" is no address of a server; nothing was started; give scheme, host and port alone, such as https://flows.example.com:8350`,
  },
  FG_AGENT_PLAIN_HTTP: {
    owner: 'command-line',
    text: (url: string) =>
      `--server ${url} would send the network of this assignment readable and changeable over the wire; nothing was started; use https:// (\`up --tls-cert --tls-key\`), or --allow-http where the way is protected otherwise`,
  },
  FG_AGENT_KEY_MISSING: {
    owner: 'command-line',
    text: (path: string) =>
      `there is no key of this agent in "${path}"; nothing was started; on the server \`flowgauge keys add --role agent --host NAME\` prints one: put it into that file, its owner's alone (chmod 600), or name another with --key-file`,
  },
  FG_AGENT_KEY_OPEN: {
    owner: 'command-line',
    text: (path: string, mode: string) =>
      `others than its owner may use the key file "${path}" (mode ${mode}); it was not read; \`chmod 600 ${path}\`, and make another key where somebody may have read it`,
  },
  FG_AGENT_KEY_SHAPE: {
    owner: 'command-line',
    text: (where: string) =>
      `${where} holds no key; nothing was started; a file has the lines that \`flowgauge keys add\` prints (aws_access_key_id, aws_secret_access_key), FLOWGAUGE_AGENT_KEY is ID:SECRET`,
  },
  FG_AGENT_CA: {
    owner: 'command-line',
    text: (path: string, why: string) =>
      `the certificates of "${path}" cannot be read: ${why}; nothing was started; --ca names a PEM file`,
  },
  FG_AGENT_UNREACHABLE: {
    owner: 'surroundings',
    text: (url: string, why: string) =>
      `the server ${url} does not answer: ${why}; this host is captured as it was assigned last, and the server asked again`,
  },
  FG_AGENT_REFUSED: {
    owner: 'content',
    text: (url: string, id: string, why: string) =>
      `the server ${url} refuses the key ${id}: ${why}; this host is captured as it was assigned last, and the server asked again; look at \`flowgauge keys list\` there and at the clocks of both hosts; a new key in the key file is taken without a restart`,
  },
  FG_AGENT_ANSWER: {
    owner: 'surroundings',
    text: (url: string, what: string) =>
      `the server ${url} answered ${what}, which is no assignment; this host is captured as it was assigned last, and the server asked again; the versions of server and agent may not go together`,
  },
  FG_AGENT_KEPT: {
    owner: 'content',
    text: (path: string, why: string) =>
      `the assignment that was kept in "${path}" cannot be used: ${why}; nothing is captured until the server has answered`,
  },
} as const;
