/**
 * How a text of records begins.
 *
 * In:    its first line, and the format that it is said to have. Out: the format of the lines.
 * Holds: a header goes before what was said; without either, a record of the default format says so by its fields.
 * Fails: `FG_FIELD_TWICE` and the like for a header.
 */
import { DEFAULT_FORMAT, headerLine, isHeader, parseLogFormat, readHeader } from './format.ts';
import type { LogFormat } from './format.ts';

/** What the first line of a file says; null where it is no record. */
export type Beginning = {
  readonly format: LogFormat;
  /** The header line, as it stands there or would. */
  readonly header: string;
  readonly isHeader: boolean;
};

/**
 * Reads a first line.
 *
 * @param told  the format of the flow log; a header goes before it
 */
export function beginningOf(first: string, told: LogFormat | null): Beginning | null {
  const isOne = isHeader(first);
  // A file's own header says more than what we were told about it.
  const format = isOne ? readHeader(first) : (told ?? defaultOf(first));
  if (format === null) return null;
  return { format, header: isOne ? first.replace(/\r$/, '') : headerLine(format), isHeader: isOne };
}

function defaultOf(first: string): LogFormat | null {
  const format = parseLogFormat(DEFAULT_FORMAT);
  return /^\d+ /.test(first) && first.trimEnd().split(' ').length === format.fields.length ? format : null;
}
