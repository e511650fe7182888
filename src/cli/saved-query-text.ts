/**
 * Saved queries, told to people.
 *
 * In:    the list, and which fields the files of a source hold. Out: one row each; a few lines each for people; or all
 *        there is to say about one.
 */
import type { Coverage } from '../lake/read/coverage.ts';
import { capabilityOf } from '../query/capability.ts';
import { DUCKDB } from '../query/dialect.ts';
import type { Answer } from '../query/engine.ts';
import { ALL_FIELDS } from '../query/held-fields.ts';
import { SAVED_QUERIES } from '../query/saved/list.ts';
import type { SavedQuery } from '../query/saved-query.ts';
import { shortName } from '../query/saved-query.ts';
import { noteText } from './answer-text.ts';

/**
 * The list as an answer, for every form that answers are printed in.
 *
 * @param coverage  of the source that is asked what it can answer; null: none is
 */
export function savedQueriesAnswer(coverage: Coverage | null): Pick<Answer, 'columns' | 'rows'> {
  const column = (name: string) => ({ name, type: 'VARCHAR', unit: null });
  async function* rows(): AsyncGenerator<readonly (readonly (string | null)[])[]> {
    yield SAVED_QUERIES.map((query) => {
      const { name } = query;
      const own = [shortName(name), parametersOf(query), query.meaning, name === shortName(name) ? null : name];
      return coverage === null ? own : [...own, ...canOf(query, coverage)];
    });
  }
  const columns = ['name', 'parameters', 'answers', 'aws_name', ...(coverage === null ? [] : ['can', 'why'])];
  return { columns: columns.map(column), rows: rows() };
}

/**
 * The list for people: a name with its parameters, and below it what it answers and, of a source, whether it can be asked.
 *
 * @param columns  width of the terminal
 */
export function listSaved(columns: number, coverage: Coverage | null): string {
  const entries = SAVED_QUERIES.map((query) => {
    const lines = [`${shortName(query.name)}  ${parametersOf(query)}`.trimEnd(), ...wrap(query.meaning, columns)];
    if (coverage === null) return lines.join('\n');
    const [can, why] = canOf(query, coverage);
    return [...lines, ...wrap(`-> ${why === null ? can : `${can}: ${why}`}`, columns)].join('\n');
  });
  const aws = SAVED_QUERIES.find(({ name }) => name !== shortName(name));
  const more = `AWS's names do as well, such as ${aws?.name}; -o csv lists them. NAME --help says what one needs, and its SQL.`;
  const source = coverage === null ? ' With --from SRC the list says which of them SRC can answer.' : '';
  return `${entries.join('\n')}\n\n${wrap(more + source, columns, '').join('\n')}\n`;
}

/** Whether a source can answer a query, and what about it is not as it should be. */
function canOf({ needsFields, instead = {} }: SavedQuery, coverage: Coverage): [string, string | null] {
  const { can, missing, notes } = capabilityOf({ needsFields, instead }, coverage);
  if (can === 'no') return [can, `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} in no file`];
  return [can, notes.length === 0 ? null : notes.map(noteText).join('; ')];
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
  const sql = query.sql(DUCKDB, ALL_FIELDS).replace(/^\n/, '').replaceAll(/^ {2}/gm, '');
  return [
    query.name === shortName(query.name) ? query.name : `${shortName(query.name)} (${query.name})`,
    '',
    `${query.meaning.charAt(0).toUpperCase()}${query.meaning.slice(1)}.`,
    '',
    `Needs: ${query.needsFields.join(', ')}`,
    ...Object.entries(query.instead ?? {}).map(([field, done]) => `Better with ${field}; without it ${done}.`),
    '',
    ...(parameters.length === 0 ? ['Takes no parameters.'] : ['Parameters, with their defaults:', ...parameters]),
    '',
    'SQL:',
    sql,
    '',
  ].join('\n');
}
