/**
 * The facts that hold now, as actions see them.
 *
 * In:    current facts of the state file. Out: things of an account and region, typed by kind.
 * Holds: the id of an item is that of its kind's id member.
 */
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import type { Change, Found } from './action.ts';
import { idOf } from './items.ts';
import type { Kind } from './items.ts';

/** Things of an account and region. */
export function resourcesOf(facts: CurrentFacts, account: string, region: string): Change {
  const scope = facts.scope(account, region);
  return {
    get: (kind, id) => scope.get(kind, id),
    list: (kind) => scope.list(kind),
    where: (kind, member, value) => scope.where(kind, member, value),
    count: (kind, member, value) => scope.count(kind, member, value),
    put: (kind, item) => scope.put(kind, idOf(kind, item), item),
    remove: (kind, id) => scope.remove(kind, id),
  };
}

/** A thing, whoever has it. */
export function findAnywhere<K extends Kind>(facts: CurrentFacts, kind: K, id: string): Found<K> | undefined {
  return facts.find(kind, id);
}
