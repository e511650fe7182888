/**
 * Every error code of ours, with its words.
 *
 * In:    the facts of what happened. Out: a `FlowgaugeError` with code, words and whose it is.
 * Holds: a message says what happened with the value, what was done about it, and what the reader can do.
 *        EC2's own codes live in `control/ec2/errors.ts`.
 */

/** Whose an error is: of the command line (exit 2), of content that was given (exit 1), of the surroundings (tried again), ours. */
export type ErrorOwner = 'command-line' | 'content' | 'surroundings' | 'ours';

type Entry = { readonly owner: ErrorOwner; readonly text: (...facts: never[]) => string };

/** The catalogue; the error page of the docs is compared with it by a test in both directions. */
export const ERRORS = {
  FG_FIELD_UNKNOWN: {
    owner: 'command-line',
    text: (field: string) =>
      `log format names the field "${field}", which no version defines; list the fields with \`flowgauge fields\``,
  },
  FG_FIELD_TWICE: {
    owner: 'command-line',
    text: (field: string) => `log format or header names the field "${field}" twice; name each field once`,
  },
  FG_FORMAT_EMPTY: {
    owner: 'command-line',
    text: () =>
      'log format names no field; leave the format out to get the default format, or list the fields with `flowgauge fields`',
  },
  FG_FORMAT_SHAPE: {
    owner: 'command-line',
    text: (format: string, position: number) =>
      `log format "${format}" cannot be read at character ${position}; write fields as \${name}, one space between two of them and none at the ends`,
  },
  FG_FORMAT_MIXED: {
    owner: 'command-line',
    text: (gateway: string, other: string) =>
      `log format names "${gateway}", which only transit gateway flow logs have, and "${other}", which they do not; make a flow log for each`,
  },
  FG_DUCKDB_MISSING: {
    owner: 'surroundings',
    text: (platform: string) =>
      `DuckDB cannot be loaded on ${platform}, so Parquet and queries are not available here; run \`npm ci\` again without leaving out optional packages`,
  },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

/** An error of the catalogue. `code` is stable; `message` is for people; the first error is kept as `cause`. */
export class FlowgaugeError extends Error {
  readonly code: ErrorCode;
  readonly owner: ErrorOwner;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FlowgaugeError';
    this.code = code;
    this.owner = ERRORS[code].owner;
  }
}

/**
 * Makes the error of a code from its facts.
 *
 * @param code   a key of `ERRORS`
 * @param facts  what its text takes, in order
 */
export function failure<C extends ErrorCode>(
  code: C,
  ...facts: Parameters<(typeof ERRORS)[C]['text']>
): FlowgaugeError {
  const text = ERRORS[code].text as (...facts: unknown[]) => string;
  return new FlowgaugeError(code, text(...facts));
}

/** As `failure`, keeping the error that led to it. */
export function failureFrom<C extends ErrorCode>(
  cause: unknown,
  code: C,
  ...facts: Parameters<(typeof ERRORS)[C]['text']>
): FlowgaugeError {
  const text = ERRORS[code].text as (...facts: unknown[]) => string;
  return new FlowgaugeError(code, text(...facts), { cause });
}
