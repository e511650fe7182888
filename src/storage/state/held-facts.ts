/**
 * The things of one kind at a time, and when that changes next: what was told for a time to come begins and ends by itself.
 *
 * In:    a state file. Out: things with whose they are; a time. Holds: as believed now.
 * Fails: FG_STATE_*.
 */
import type { Item, PlacedItem } from './current-facts.ts';
import { FOREVER } from './migrations.ts';
import type { StateFile } from './state-file.ts';

const HELD = `SELECT account, region, facts.item, json FROM facts JOIN contents ON contents.id = content
  WHERE kind = :kind AND known_to = ${FOREVER} AND held_from <= :at AND held_to > :at ORDER BY facts.id`;
const NEXT = `SELECT min(at) AS at FROM (
  SELECT held_from AS at FROM facts WHERE kind = :kind AND known_to = ${FOREVER} AND held_from > :after
  UNION ALL SELECT held_to FROM facts
    WHERE kind = :kind AND known_to = ${FOREVER} AND held_to > :after AND held_to < ${FOREVER})`;

export type HeldFacts = {
  at(micros: number): readonly PlacedItem[];
  /** The first time after another at which one begins or ends; null where none does. */
  nextChange(afterMicros: number): number | null;
};

/** The things of one kind. */
export function openHeldFacts(state: StateFile, kind: string): HeldFacts {
  const held = state.database.prepare(HELD);
  const next = state.database.prepare(NEXT);
  return {
    at: (micros) =>
      state.reading(() =>
        held.all({ kind, at: micros }).map((row) => ({
          kind,
          account: String(row['account']),
          region: String(row['region']),
          id: String(row['item']),
          item: JSON.parse(String(row['json'])) as Item,
        })),
      ),
    nextChange: (afterMicros) => {
      const at = state.reading(() => next.get({ kind, after: afterMicros }))?.['at'];
      return typeof at === 'number' ? at : null;
    },
  };
}
