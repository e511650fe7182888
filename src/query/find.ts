/**
 * A saved query by what somebody typed.
 *
 * In:    a word. Out: the query it names, or the names that come near.
 * Holds: AWS's names and short names count alike, large and small letters too.
 * Fails: FG_QUERY_UNKNOWN with near names.
 */

import { failure } from '../model/errors.ts';
import { nearNames, plain } from './near.ts';
import { SAVED_QUERIES } from './saved/list.ts';
import type { SavedQuery } from './saved-query.ts';
import { shortName } from './saved-query.ts';

/** Whether a question is a name, not SQL: one word of letters, digits and hyphens. No SQL statement of use is one word. */
export function isName(question: string): boolean {
  return /^[a-z][a-z0-9-]*$/i.test(question.trim());
}

/** The saved query of a name, AWS's (`VpcFlowLogsTopTalkers`) or short (`top-talkers`). */
export function findSaved(typed: string): SavedQuery {
  const word = plain(typed);
  const found = SAVED_QUERIES.find((query) => [query.name, shortName(query.name)].some((name) => plain(name) === word));
  if (found !== undefined) return found;
  const names = SAVED_QUERIES.map((query) => shortName(query.name));
  throw failure('FG_QUERY_UNKNOWN', typed, nearNames(typed.replace(/^VpcFlowLogs/i, ''), names));
}
