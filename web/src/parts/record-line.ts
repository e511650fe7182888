/**
 * A record as the line that it was in its file.
 *
 * In:    the fields of the formats that were read, the columns of a table, a row. Out: the line, and how sure it is.
 * Holds: of several formats it is the one that has every field that the row has, and the fewest besides: a line of another
 *        format would lack something, or have more that is absent. Of Parquet there is no line: the fields that files hold are
 *        written in the order of the table of fields.
 * Fails: never.
 */
import type { FieldValue } from '../../../src/api/explore.ts';

export type RecordLine = {
  readonly line: string;
  readonly fields: readonly string[];
  /** `format`: that of the text; `made`: no text was read that could have held it. */
  readonly from: 'format' | 'made';
};

/**
 * The line.
 *
 * @param columns  of `row`; fields of formats that are not among them are absent
 */
export function recordLine(
  formats: readonly (readonly string[])[],
  columns: readonly string[],
  row: readonly FieldValue[],
): RecordLine {
  const at = new Map(columns.map((name, place) => [name, place]));
  const valueOf = (name: string): FieldValue => row[at.get(name) ?? -1] ?? null;
  const isField = (name: string): boolean => name !== 'x-open';
  const present = columns.filter((name) => isField(name) && valueOf(name) !== null);
  const absent = (fields: readonly string[]): number => fields.filter((name) => valueOf(name) === null).length;
  const [best] = formats
    .filter((fields) => present.every((name) => fields.includes(name)))
    .toSorted((a, b) => absent(a) - absent(b) || a.length - b.length);
  const fields = best ?? columns.filter(isField);
  const line = fields.map((name) => textOf(valueOf(name))).join(' ');
  return { line, fields, from: best === undefined ? 'made' : 'format' };
}

function textOf(value: FieldValue): string {
  return value === null || value === '' ? '-' : String(value);
}
