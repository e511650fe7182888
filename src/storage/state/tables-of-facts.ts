/**
 * Facts in memory: by account and region, kind and id, and by members that somebody asked for.
 *
 * In:    a place, a kind, an id, what it became. Out: the same tables, their order and indexes up to date.
 * Holds: an order or an index is made when it is first asked for, and follows each change from then on.
 */
import type { Item } from './current-facts.ts';

/** A fact that holds: its row, and since when. Of one that a change has just put the row is 0. */
export type Fact = { readonly item: Item; readonly row: number; readonly from: number; readonly content: number };
export type Table = {
  readonly facts: Map<string, Fact>;
  /** Ids ascending; null until somebody wants all. */
  order: string[] | null;
  /** The items in that order; null until somebody wants them, and after each change. */
  list: readonly Item[] | null;
  readonly indexes: Map<string, Map<string, Set<string>>>;
};
export type Place = { readonly account: string; readonly region: string; tables: Map<string, Table> };

/** Puts a fact in place, or takes it away. */
export function set(place: Place, kind: string, id: string, fact: Fact | undefined): void {
  let table = place.tables.get(kind);
  if (table === undefined)
    place.tables.set(kind, (table = { facts: new Map(), order: null, list: null, indexes: new Map() }));
  const before = table.facts.get(id);
  if (fact === undefined) table.facts.delete(id);
  else table.facts.set(id, fact);
  table.list = null;
  if ((before === undefined) !== (fact === undefined)) reorder(table, id);
  for (const [member, index] of table.indexes) {
    const [old, now] = [memberOf(before?.item, member), memberOf(fact?.item, member)];
    if (old === now) continue;
    if (typeof old === 'string') {
      const ids = index.get(old);
      ids?.delete(id);
      if (ids?.size === 0) index.delete(old);
    }
    if (typeof now === 'string') addTo(index, now, id);
  }
}

/** The ids of a table, ascending; kept in that order from the first time that somebody wants them. */
export function orderOf(table: Table): string[] {
  return (table.order ??= [...table.facts.keys()].sort());
}

/** Puts a new id in its place, takes one that has gone away. */
function reorder({ order, facts }: Table, id: string): void {
  if (order === null) return;
  let [from, to] = [0, order.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (order[middle]! < id) from = middle + 1;
    else to = middle;
  }
  if (facts.has(id)) order.splice(from, 0, id);
  else order.splice(from, 1);
}

function addTo(index: Map<string, Set<string>>, value: string, id: string): void {
  const ids = index.get(value);
  if (ids === undefined) index.set(value, new Set([id]));
  else ids.add(id);
}

/** A member of an item, or of a structure in it. */
function memberOf(item: Item | undefined, member: string): unknown {
  const at = member.indexOf('.');
  if (at < 0) return item?.[member];
  const structure = item?.[member.slice(0, at)] as Item | undefined;
  return structure?.[member.slice(at + 1)];
}

/** The index of a member; made when it is first asked for. */
export function indexOf(table: Table, member: string): Map<string, Set<string>> {
  const found = table.indexes.get(member);
  if (found !== undefined) return found;
  const made = new Map<string, Set<string>>();
  for (const [id, { item }] of table.facts) {
    const value = memberOf(item, member);
    if (typeof value === 'string') addTo(made, value, id);
  }
  table.indexes.set(member, made);
  return made;
}
