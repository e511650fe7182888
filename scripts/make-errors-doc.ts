/**
 * Makes docs/errors.md from the catalogue in src/model/errors.ts: `bin/node scripts/make-errors-doc.ts`.
 *
 * In:    the catalogue. Out: the page. Holds: a test compares page and catalogue, so neither is ahead of the other.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../src/model/errors.ts';
import type { ErrorOwner } from '../src/model/errors.ts';
import { ROOT } from './files.ts';

type Texts = Readonly<Record<string, { owner: ErrorOwner; text: (...facts: never[]) => string }>>;

const SECTIONS: readonly (readonly [ErrorOwner, string])[] = [
  ['command-line', 'The command line is wrong: exit 2. Nothing was done.'],
  ['content', 'A file or a model holds something we cannot take: exit 1. What was read before it is kept.'],
  ['surroundings', 'The machine or a service does not let us: exit 1, or tried again where that can help.'],
  ['ours', 'A fault of this program: exit 1. Please report it, with FLOWGAUGE_DEBUG=1 set.'],
];

/** Stands for a fact: prints as its name whatever a text does with it. */
function placeholder(name: string): unknown {
  const stand: unknown = new Proxy(() => '', {
    get: (_, key) => (key === Symbol.toPrimitive || key === 'toString' ? () => `‹${name}›` : stand),
    apply: () => stand,
  });
  return stand;
}

/** Names of a function's parameters, as its source has them. */
function parameterNames(text: (...facts: never[]) => string): string[] {
  const list = /^\(([^)]*)\)/.exec(String(text))?.[1] ?? '';
  return list.split(',').flatMap((part) => /^\s*(?:\.\.\.)?(\w+)/.exec(part)?.[1] ?? []);
}

/** What an error says, with the names of its facts in place of them. */
export function textWithNames(text: (...facts: never[]) => string): string {
  return text(...(parameterNames(text).map(placeholder) as never[]));
}

/**
 * The page.
 *
 * @param errors  the catalogue, or a small one in a test
 */
export function errorsPage(errors: Texts): string {
  const lines = [
    '# Errors',
    '',
    'Made by `bin/node scripts/make-errors-doc.ts` from `src/model/errors.ts`; do not edit it here.',
    '',
    'An error is printed on stderr as `flowgauge: MESSAGE (CODE)`. The code never changes; the words may. ‹…› stands for',
    'what happened to you. `FLOWGAUGE_DEBUG=1` adds where in the program it happened.',
  ];
  for (const [owner, meaning] of SECTIONS) {
    const codes = Object.entries(errors).filter(([, entry]) => entry.owner === owner);
    if (codes.length === 0) continue;
    lines.push('', `## ${meaning}`);
    for (const [code, { text }] of codes.toSorted(([a], [b]) => (a < b ? -1 : 1)))
      lines.push('', `### ${code}`, '', textWithNames(text));
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'docs/errors.md'), errorsPage(ERRORS));
