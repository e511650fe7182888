/**
 * An answer as text for programs: CSV by RFC 4180, or one JSON object a line.
 *
 * In:    an answer. Out: pieces of text, a batch of rows each.
 * Holds: integers of any size are written with all their digits. In CSV an absent value is empty and an empty text is
 *        `""`. A column name that stands twice gets a number, or a reader of JSON would lose one.
 * Fails: as the answer does.
 */
import type { Answer, Cell } from './engine.ts';

type Rows = Pick<Answer, 'columns' | 'rows'>;

/** A header line and rows, lines ended by CRLF. */
export async function* csvLines({ columns, rows }: Rows): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => csvText(name)).join(',')}\r\n`;
  for await (const batch of rows) yield batch.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: Cell): string {
  if (value === null) return '';
  return typeof value === 'string' ? csvText(value) : String(value);
}

function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One object a line. */
export async function* jsonLines({ columns, rows }: Rows): AsyncGenerator<string> {
  const keys = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  const decimal = columns.map(({ type }) => type.startsWith('DECIMAL'));
  for await (const batch of rows) {
    const lines = batch.map((row) => {
      const pairs = row.map((value, at) => `${keys[at]}:${decimal[at] === true ? String(value) : jsonCell(value)}`);
      return `{${pairs.join(',')}}\n`;
    });
    yield lines.join('');
  }
}

function jsonCell(value: Cell): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 1; taken.has(unique); n++) unique = `${name}_${n}`;
    taken.add(unique);
    return unique;
  });
}
