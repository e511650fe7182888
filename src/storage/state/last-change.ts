/**
 * When the network was changed last.
 *
 * In:    a state file. Out: a time; each change has one of its own, later than those of all changes before it.
 * Holds: calls that changed nothing, and changes of keys, are none. What was told before for a time to come counts when it was told.
 * Fails: FG_STATE_*.
 */
import type { StateFile } from './state-file.ts';

const LAST = `SELECT max(at) AS at FROM (SELECT max(at) AS at FROM audit WHERE changes <> '[]'
  UNION ALL SELECT max(recorded) FROM imports UNION ALL SELECT max(known_from) FROM facts)`;

/** Microseconds since 1970 UTC; 0: never. */
export function lastChange(state: StateFile): number {
  return state.reading(() => Number(state.database.prepare(LAST).get()?.['at'] ?? 0));
}
