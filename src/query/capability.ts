/**
 * Whether the files of a source can answer a saved query, and what has to be inferred.
 *
 * In:    a query's fields, and how many files hold each. Out: the verdict with its reasons.
 * Holds: what an answer lacks or infers is a reason here, and a note of the answer: nothing is inferred in silence.
 * Fails: never.
 */

import type { Coverage } from '../lake/read/coverage.ts';
import type { Note } from '../api/note.ts';
import { columnName } from '../record/fields/list.ts';
import type { AskedSaved } from './engine.ts';

export type FieldMissing = Note & { readonly kind: 'field-missing' };

export type Capability = {
  /** `inferred`: something stands in for a field; `partly`: some files lack a field, and what depends on it. */
  readonly can: 'yes' | 'partly' | 'inferred' | 'no';
  /** Fields without which it cannot be asked, and which no file holds. */
  readonly missing: readonly string[];
  /** What holds besides, where it can be asked. */
  readonly notes: readonly FieldMissing[];
};

/** What a source can say to a query. */
export function capabilityOf(query: Pick<AskedSaved, 'needsFields' | 'instead'>, coverage: Coverage): Capability {
  const { files } = coverage;
  const lacking = (field: string): number => files - coverage.holding(columnName(field));
  const missing = query.needsFields.filter((field) => lacking(field) === files);
  const notes: FieldMissing[] = [];
  const look = (field: string, instead: string | null): void => {
    if (lacking(field) > 0) notes.push({ kind: 'field-missing', field, files: lacking(field), of: files, instead });
  };
  for (const field of query.needsFields) look(field, null);
  for (const [field, instead] of Object.entries(query.instead)) look(field, instead);
  if (missing.length > 0) return { can: 'no', missing, notes: [] };
  const inferred = notes.some(({ instead }) => instead !== null);
  return { can: inferred ? 'inferred' : notes.length > 0 ? 'partly' : 'yes', missing, notes };
}
