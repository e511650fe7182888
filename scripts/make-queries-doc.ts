/**
 * Makes docs/queries.md from the saved queries: `bin/node scripts/make-queries-doc.ts`.
 *
 * In:    the list, and the answers that Python gives over the fixture records. Out: the page.
 * Holds: `npm run check` compares page and list, so neither is ahead of the other.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAVED_QUERIES } from '../src/query/saved/list.ts';
import type { SavedQuery } from '../src/query/saved-query.ts';
import { shortName } from '../src/query/saved-query.ts';
import { ROOT } from './files.ts';

const RECORDS = 'test/fixtures/saved-queries';
/** Rows of an answer that are shown. */
const ROWS = 3;

type Answered = {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly over: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
};

function answers(): readonly Answered[] {
  return JSON.parse(readFileSync(join(ROOT, RECORDS, 'answers/answers.json'), 'utf8')) as readonly Answered[];
}

/** Rows under each other, as `-o table` prints them. */
function table({ columns, rows }: Answered): string[] {
  const cells = [columns, ...rows.slice(0, ROWS)].map((row) => row.map((value) => String(value ?? '-')));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  const isText = columns.map((_, at) => rows.some((row) => typeof row[at] === 'string'));
  const lines = cells.map((row) =>
    row
      .map((text, at) => (isText[at] === true ? text.padEnd(widths[at]!) : text.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
  return rows.length > ROWS ? [...lines, '…'] : lines;
}

function section(query: SavedQuery, all: readonly Answered[]): string[] {
  const name = shortName(query.name);
  const cases = all.filter((each) => each.query === name && each.over === null && each.rows.length > 0);
  const shown = cases[0];
  if (shown === undefined) throw new Error(`${name} has no answer to show`);
  const given = Object.entries(shown.parameters).map(([key, value]) => ` --param ${key}=${value}`);
  const lines = [`## ${name}`, '', `${query.meaning.charAt(0).toUpperCase()}${query.meaning.slice(1)}.`];
  if (query.name !== name) lines.push('', `AWS calls it \`${query.name}\`.`);
  lines.push('', `Needs ${query.needsFields.map((field) => `\`${field}\``).join(', ')}.`);
  for (const [field, done] of Object.entries(query.instead ?? {}))
    lines.push(`Better with \`${field}\`: without it ${done}, and the answer says so.`);
  const parameters = Object.entries(query.parameters);
  if (parameters.length > 0) lines.push('', '| parameter | takes | default | meaning |', '|---|---|---|---|');
  for (const [key, { type, meaning, default: text }] of parameters)
    lines.push(`| ${key} | ${type} | ${text === null ? 'must be given' : `\`${text}\``} | ${meaning} |`);
  lines.push('', '```sh', `flowgauge query --from logs ${name}${given.join('')}`, '```');
  return [...lines, '', '```', ...table(shown), '```', ''];
}

/** The page. */
export function queriesPage(): string {
  const all = answers();
  const lines = [
    '# Saved queries',
    '',
    'Made by `bin/node scripts/make-queries-doc.ts` from `src/query/saved/`; do not edit it here. `flowgauge query --list` prints the',
    'same, with `--from SRC` also whether the flow logs there can answer; `flowgauge query NAME --help` shows the SQL.',
    '',
    `There are ${SAVED_QUERIES.length}. The answers below are over the [records of the tests](../${RECORDS}/README.md): first rows only. Times are UTC.`,
    '',
    'Parameters are given as `--param NAME=VALUE`. An address is IPv4 or IPv6; a network is `10.0.0.0/8` or one address; ports are',
    '`22,3389,8000-8003`; a duration is `5m`, `1h`, `2d`; an instant is `2026-11-23T12:00:00Z` or `2026-11-23`.',
    '',
    '| query | answers |',
    '|---|---|',
    ...SAVED_QUERIES.map(({ name, meaning }) => `| [${shortName(name)}](#${shortName(name)}) | ${meaning} |`),
    '',
    ...SAVED_QUERIES.flatMap((query) => section(query, all)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'docs/queries.md'), queriesPage());
