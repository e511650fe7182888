/**
 * An answer to SQL as it comes: lines of JSON become rows, notes, an end.
 *
 * In:    lines (`SqlLine`). Out: what is known of the answer so far.
 * Holds: rows are only ever added. An answer whose last line is neither `end` nor `failed` was cut off, and is told as such.
 * Fails: never; a failure is a state.
 */
import type { SqlCell, SqlColumn, SqlEnd, SqlLine } from '../../../../src/api/sql.ts';

export type SqlAnswer = {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly SqlCell[])[];
  readonly progress: { readonly files: number; readonly of: number; readonly bytes: number } | null;
  readonly end: SqlEnd | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
};

export const NO_ANSWER: SqlAnswer = { columns: [], rows: [], progress: null, end: null, failure: null };

const CUT_OFF = {
  code: 'CutOff',
  message: 'The answer ended in the middle: the server was stopped, or the connection was lost. Ask again.',
};

/** What the lines so far come to; `rows` of `before` is added to. */
export function withLines(before: SqlAnswer, lines: readonly SqlLine[]): SqlAnswer {
  let answer = before;
  const more: (readonly SqlCell[])[] = [];
  for (const line of lines) {
    if (line.kind === 'rows') more.push(...line.rows);
    else if (line.kind === 'progress') answer = { ...answer, progress: line };
    else if (line.kind === 'columns') answer = { ...answer, columns: line.columns };
    else if (line.kind === 'end') answer = { ...answer, end: line };
    else answer = { ...answer, failure: line.error };
  }
  return more.length === 0 ? answer : { ...answer, rows: [...answer.rows, ...more] };
}

/** When no line comes any more. */
export function whenOver(answer: SqlAnswer): SqlAnswer {
  return answer.end === null && answer.failure === null ? { ...answer, failure: CUT_OFF } : answer;
}

/** Cuts text into lines; what is behind the last end of a line waits for the next piece. */
export function createLineCutter(): (piece: string) => readonly SqlLine[] {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SqlLine);
  };
}

/** Names of the parameters that stand in SQL as `$name`; quoted texts and comments have none. */
export function parametersIn(sql: string): readonly string[] {
  const bare = sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  return [...new Set([...bare.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name]) => name!))];
}
