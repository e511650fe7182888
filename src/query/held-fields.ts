/**
 * Which fields the files that are asked hold, as a saved query sees it.
 *
 * In:    how many files hold a field. Out: what a query writes where a field may be missing.
 * Holds: a column that no file has is a typed NULL, so that a query reads one text of SQL whatever the files hold.
 * Fails: by an exception for a field that no version defines.
 */

import type { Coverage } from '../lake/read/coverage.ts';
import { columnName, fieldNamed } from '../record/fields/list.ts';

export type HeldFields = {
  /** The field's column, or NULL of its type where no file has it. */
  column(field: string): string;
  /** Whether a file has the field. */
  byAny(field: string): boolean;
  /** Whether each file has the field; where not, NULL may mean that a file does not say. */
  byAll(field: string): boolean;
};

/** Fields by how many files hold them. */
export function heldFields(coverage: Coverage): HeldFields {
  return {
    column(field) {
      const known = fieldNamed(field);
      if (known === undefined) throw new Error(`no version defines the field ${field}`);
      const name = columnName(field);
      return coverage.holding(name) > 0 ? name : `CAST(NULL AS ${known.column})`;
    },
    byAny: (field) => coverage.holding(columnName(field)) > 0,
    byAll: (field) => coverage.holding(columnName(field)) === coverage.files,
  };
}

/** Files that hold every field, for showing a query. */
export const ALL_FIELDS: HeldFields = heldFields({ files: 1, holding: () => 1 });
