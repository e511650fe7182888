/**
 * When things of the network were changed, and by whom as far as that is known.
 *
 * In:    a state file; ids of groups, rules, ACLs, route tables; a time. Out: the times at which what is known of them changed.
 * Holds: rules that are described apart count to their group. Of what was imported it is known between which two answers it
 *        changed; of what this host's API changed the moment, and whose key it was.
 */
import type { StateFile } from './state-file.ts';
import { FOREVER } from './migrations.ts';

/** A time at which things changed; microseconds since 1970 UTC. */
export type ItemChange = {
  readonly atMicros: number;
  /** When it was last seen as it was before; null: known to the moment, or nothing was known before. */
  readonly afterMicros: number | null;
  /** Null: imports do not tell. */
  readonly by: { readonly principal: string; readonly action: string } | null;
};

const OF_ITEMS = `
WITH asked AS (SELECT value AS id FROM json_each(:ids)),
touched AS (
  SELECT facts.kind, account, region, item, held_from, held_to FROM facts JOIN contents ON contents.id = content
  WHERE known_to = ${FOREVER} AND facts.kind IN ('SecurityGroups', 'SecurityGroupRules', 'NetworkAcls', 'RouteTables')
    AND (item IN (SELECT id FROM asked)
      OR (facts.kind = 'SecurityGroupRules' AND json ->> 'GroupId' IN (SELECT id FROM asked))))
SELECT DISTINCT kind, account, region, item, at FROM (
  SELECT kind, account, region, item, held_from AS at FROM touched
  UNION SELECT kind, account, region, item, held_to FROM touched WHERE held_to < ${FOREVER})
WHERE at <= :at ORDER BY at DESC`;

/**
 * The changes up to a time, the newest first; those of one moment are one.
 *
 * @param most  so many at most
 */
export function itemChanges(state: StateFile, ids: readonly string[], atMicros: number, most: number): ItemChange[] {
  return state.reading(() => {
    const rows = state.database
      .prepare(OF_ITEMS)
      .all({ ids: JSON.stringify(ids), at: Math.min(atMicros, FOREVER - 1) });
    const before = state.database.prepare(
      'SELECT max(at) AS at FROM answers WHERE kind = ? AND account = ? AND region = ? AND at < ? AND at > 0',
    );
    const made = state.database.prepare('SELECT principal, action, changes FROM audit WHERE at = ?');
    const found = new Map<number, ItemChange>();
    for (const row of rows) {
      const at = Number(row['at']);
      if (found.has(at)) continue;
      if (found.size === most) break;
      const by = made.all(at).find(({ changes }) => hasItem(String(changes), String(row['item'])));
      const seen = before.get(String(row['kind']), String(row['account']), String(row['region']), at)?.['at'];
      found.set(at, {
        atMicros: at,
        afterMicros: by === undefined && typeof seen === 'number' ? seen : null,
        by: by === undefined ? null : { principal: String(by['principal']), action: String(by['action']) },
      });
    }
    return [...found.values()];
  });
}

function hasItem(changes: string, id: string): boolean {
  return (JSON.parse(changes) as readonly { readonly id: string }[]).some((change) => change.id === id);
}
