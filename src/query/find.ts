/**
 * A saved query by what somebody typed.
 *
 * In:    a word. Out: the query it names, or the names that come near.
 * Holds: AWS's names and short names count alike, large and small letters too.
 * Fails: FG_QUERY_UNKNOWN with near names.
 */

import { failure } from '../model/errors.ts';
import { SAVED_QUERIES } from './saved/list.ts';
import type { SavedQuery } from './saved-query.ts';
import { shortName } from './saved-query.ts';

/** Whether a question is a name, not SQL: one word of letters, digits and hyphens. No SQL statement of use is one word. */
export function isName(question: string): boolean {
  return /^[a-z][a-z0-9-]*$/i.test(question.trim());
}

/** The saved query of a name, AWS's (`VpcFlowLogsTopTalkers`) or short (`top-talkers`). */
export function findSaved(typed: string): SavedQuery {
  const word = key(typed);
  const found = SAVED_QUERIES.find((query) => key(query.name) === word || key(shortName(query.name)) === word);
  if (found !== undefined) return found;
  throw failure('FG_QUERY_UNKNOWN', typed, nearNames(typed));
}

/** Short names near to what was typed, nearest first, three at most. */
export function nearNames(typed: string): readonly string[] {
  const word = key(typed).replace(/^vpcflowlogs/, '');
  return SAVED_QUERIES.map((query) => shortName(query.name))
    .map((name) => ({ name, far: key(name).includes(word) ? 0 : distance(word, key(name)) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function key(text: string): string {
  return text.trim().toLowerCase().replaceAll('-', '');
}

/** How many letters must be put in, left out or changed to get from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const change = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
