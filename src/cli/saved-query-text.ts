/**
 * Saved queries, told to people.
 *
 * In:    the list. Out: one row each; a few lines each for people; or all there is to say about one.
 */
import { DUCKDB } from '../query/dialect.ts';
import type { Answer } from '../query/engine.ts';
import { SAVED_QUERIES } from '../query/saved/list.ts';
import type { SavedQuery } from '../query/saved-query.ts';
import { shortName } from '../query/saved-query.ts';

/** The list as an answer, for every form that answers are printed in. */
export function savedQueriesAnswer(): Pick<Answer, 'columns' | 'rows'> {
  const column = (name: string) => ({ name, type: 'VARCHAR', unit: null });
  async function* rows(): AsyncGenerator<readonly string[][]> {
    yield SAVED_QUERIES.map((query) => [shortName(query.name), parametersOf(query), query.meaning, query.name]);
  }
  return { columns: ['name', 'parameters', 'answers', 'aws_name'].map(column), rows: rows() };
}

/**
 * The list for people: a name with its parameters, and below it what it answers.
 *
 * @param columns  width of the terminal
 */
export function listSaved(columns: number): string {
  const entries = SAVED_QUERIES.map((query) =>
    [`${shortName(query.name)}  ${parametersOf(query)}`.trimEnd(), ...wrap(query.meaning, columns)].join('\n'),
  );
  const [first] = SAVED_QUERIES;
  const more = `AWS's names do as well, such as ${first?.name}; -o csv lists them. NAME --help says what one needs, and its SQL.`;
  return `${entries.join('\n')}\n\n${wrap(more, columns, '').join('\n')}\n`;
}

function wrap(text: string, columns: number, indent: string = '    '): string[] {
  const lines = [indent];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== indent && line.length + 1 + word.length > columns) lines.push(indent + word);
    else lines[lines.length - 1] = line === indent ? indent + word : `${line} ${word}`;
  }
  return lines;
}

function parametersOf(query: SavedQuery): string {
  return Object.entries(query.parameters)
    .map(([name, { default: text }]) =>
      text === null ? `${name}=?` : text.length > 12 ? `${name}=…` : `${name}=${text}`,
    )
    .join(' ');
}

/** What a query answers, what it needs and takes, and its SQL. */
export function describeSaved(query: SavedQuery): string {
  const parameters = Object.entries(query.parameters).map(([name, { meaning, default: text }]) => {
    return `  ${`--param ${name}=${text ?? 'VALUE'}`.padEnd(24)} ${meaning}${text === null ? ', must be given' : ''}`;
  });
  const sql = query.sql(DUCKDB).replace(/^\n/, '').replaceAll(/^ {2}/gm, '');
  return [
    `${shortName(query.name)} (${query.name})`,
    '',
    `${query.meaning.charAt(0).toUpperCase()}${query.meaning.slice(1)}.`,
    '',
    `Needs: ${query.needsFields.join(', ')}`,
    '',
    ...(parameters.length === 0 ? ['Takes no parameters.'] : ['Parameters, with their defaults:', ...parameters]),
    '',
    'SQL:',
    sql,
    '',
  ].join('\n');
}
