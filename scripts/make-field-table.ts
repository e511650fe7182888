/**
 * Makes src/api/field-table.generated.ts from the table in src/record/fields/: `bin/node scripts/make-field-table.ts`.
 *
 * In:    the table. Out: what the console, which may not read `record/`, knows of each field.
 * Holds: a test compares both, so neither is ahead of the other.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIELDS } from '../src/record/fields/list.ts';
import { ROOT } from './files.ts';

/** The source text. */
export function fieldTable(): string {
  const rows = FIELDS.map(
    ({ name, version, column, meaning }) =>
      `  [${[name, version, column, meaning].map((each) => JSON.stringify(each)).join(', ')}],\n`,
  );
  return `// Made by scripts/make-field-table.ts from src/record/fields/; do not edit it here.
export const FIELD_TABLE: readonly (readonly [name: string, version: number, column: 'VARCHAR' | 'INTEGER' | 'BIGINT', meaning: string])[] = [
${rows.join('')}];
`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'src/api/field-table.generated.ts'), fieldTable());
