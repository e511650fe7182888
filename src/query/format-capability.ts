/**
 * What can be asked of the records of a log format.
 *
 * In:    the names of its fields. Out: each saved query with whether it can be asked, in the order of the list.
 * Fails: never.
 */
import type { FormatCapability } from '../api/formats.ts';
import { columnName } from '../record/fields/list.ts';
import { capabilityOf } from './capability.ts';
import { SAVED_QUERIES } from './saved/list.ts';
import { shortName } from './saved-query.ts';

/** Of all saved queries. */
export function formatCapabilities(fields: readonly string[]): FormatCapability[] {
  const columns = new Set(fields.map(columnName));
  const coverage = { files: 1, holding: (column: string) => (columns.has(column) ? 1 : 0) };
  return SAVED_QUERIES.map((query) => {
    const { can, missing, notes } = capabilityOf({ ...query, instead: query.instead ?? {} }, coverage);
    const instead = notes.flatMap(({ field, instead: other }) => (other === null ? [] : [[field, other] as const]));
    // With one format no file lacks what another has.
    return {
      query: shortName(query.name),
      meaning: query.meaning,
      can: can === 'partly' ? 'yes' : can,
      missing,
      instead: Object.fromEntries(instead),
    };
  });
}
