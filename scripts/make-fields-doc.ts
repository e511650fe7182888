/**
 * Makes docs/fields.md from the field table: `bin/node scripts/make-fields-doc.ts`.
 *
 * In:    the table in src/record/fields/. Out: the page. Holds: a test compares page and table.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../src/record/fields/field.ts';
import { FIELDS } from '../src/record/fields/list.ts';
import { ROOT } from './files.ts';

/** Text as a cell of a table takes it. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function titleOf(version: number): string {
  if (version === 0) return "Ours: they begin with `x-` and do not raise a format's version";
  if (version === 6) return 'Version 6: transit gateways only';
  return `Version ${version}${version === 2 ? ': the default format, in this order' : ''}`;
}

/** The page of some fields. */
export function fieldsPage(fields: readonly Field[]): string {
  const lines = [
    '# Fields',
    '',
    'Made by `bin/node scripts/make-fields-doc.ts` from `src/record/fields/`; do not edit it here.',
    '',
    'A log format names fields as `${srcaddr} ${dstaddr}`; its version is the highest among them. A value that is absent is printed `-`.',
    'In Parquet and in tables the names have `_` for `-`. `flowgauge fields --as-format 11` prints a format of all of them,',
    '`flowgauge fields --vpc MODEL` those that a network cannot fill.',
  ];
  const versions = [...new Set(fields.map(({ version }) => version))].toSorted((a, b) => (a || 99) - (b || 99));
  for (const version of versions) {
    const rows = fields
      .filter((field) => field.version === version)
      .map(({ name, column, meaning, absent }) => `| \`${name}\` | ${column} | ${cell(meaning)} | ${cell(absent)} |`);
    lines.push(
      '',
      `## ${titleOf(version)}`,
      '',
      '| field | type | meaning | `-` |',
      '| --- | --- | --- | --- |',
      ...rows,
    );
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'docs/fields.md'), fieldsPage(FIELDS));
