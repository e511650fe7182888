/**
 * What descriptions say that may decide and that nothing here follows: it is named in answers, never passed over.
 *
 * In:    a described thing. Out: lines for `notUnderstood`; what each is about stands before its colon (`about.ts`).
 * Holds: only what is other than usual is named: a running instance and an endpoint that is available need no word. Every
 *        member that `docs/import-members.md` calls not understood has an entry here; a test compares them, and another
 *        one shows for each entry that an answer names it. Members that are not known at all are `unknown-members.ts`'s.
 */
import type { Described } from './described.ts';
import { ENDS_NOT_FOLLOWED } from './not-followed-ends.ts';
import type { Around, NotFollowed } from './not-followed-entry.ts';
import { NO_LINES } from './not-followed-entry.ts';
import { WAYS_NOT_FOLLOWED } from './not-followed-ways.ts';

/** By kind: what is not followed. */
export const NOT_FOLLOWED: Readonly<Record<string, readonly NotFollowed[]>> = {
  ...ENDS_NOT_FOLLOWED,
  ...WAYS_NOT_FOLLOWED,
};

/** Lines about an item of a kind. */
export function notFollowed(kind: string, item: Described, around: Around): readonly string[] {
  const entries = NOT_FOLLOWED[kind];
  return entries === undefined ? NO_LINES : entries.flatMap(({ lines }) => lines(item, around));
}
