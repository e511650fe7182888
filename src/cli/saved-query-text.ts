/**
 * Saved queries, told to people.
 *
 * In:    the list. Out: one row each; or all there is to say about one.
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
