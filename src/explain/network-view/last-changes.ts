/**
 * What was changed last about the rules that an explanation rests on.
 *
 * In:    an explanation, the network over time, when things changed. Out: changes, the newest first; the words of rules.
 * Holds: a change is told of a rule that decides or comes near, and of a group, ACL or route table that was asked where a step
 *        does not pass: a rule that is gone is a reason too. What was so at the first import already is not told.
 */
import type { LastChange } from '../../api/explain-routes.ts';
import type { Explanation, Step } from '../../api/explanation.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { ItemChange } from '../../storage/state/item-changes.ts';
import type { ModelHistory } from '../../storage/state/open-model.ts';
import { changesFrom, ruleText } from '../rule-changes/rule-changes.ts';

/** Times that are looked at, each with the network before and after it. */
export const MOST_LOOKED_AT = 6;
/** Changes that are told. */
const MOST_TOLD = 12;

const OWNED = /^(?:sg|acl|rtb)-/;

/** Ids whose changes may have made the answer what it is: groups, ACLs, route tables, rules with an id of their own. */
export function questionedItems({ steps }: Explanation): readonly string[] {
  const stops = steps.filter(({ pass }) => !pass);
  // Of what passes on its way to a stop nobody asks who changed it.
  return [...new Set((stops.length > 0 ? stops : steps).flatMap(itemsOf))];
}

function itemsOf({ pass, ruleId, asked, nearMisses }: Step): readonly string[] {
  const rules = [ruleId, ...nearMisses.map((miss) => miss.ruleId)].filter((id) => id !== null);
  // Where it passes the rule that admits it is what matters.
  const owners = pass ? [] : asked.filter((id) => OWNED.test(id));
  return [...owners, ...rules.map((id) => (OWNED.test(id) ? id.slice(0, ends(id)) : id))];
}

/** `acl-…/in/100` is of `acl-…`. */
const ends = (id: string): number => (id.includes('/') ? id.indexOf('/') : id.length);

/** The changes. */
export function lastChanges(
  explanation: Explanation,
  history: ModelHistory,
  changes: readonly ItemChange[],
): LastChange[] {
  const items = new Set(questionedItems(explanation));
  const told: LastChange[] = [];
  for (const { atMicros, afterMicros, by } of changes.slice(0, MOST_LOOKED_AT)) {
    if (told.length >= MOST_TOLD) break;
    const before = history.at(atMicros - 1);
    const after = history.at(atMicros);
    const found = [
      ...changesFrom(before, after).filter(
        // What a group was made with is no change of it.
        ({ id, of }) => (items.has(id) || (of !== null && items.has(of))) && (of === null || hasOwner(before, of)),
      ),
      ...routeChanges(before, after, items),
    ];
    for (const change of found)
      told.push({
        ...change,
        atSeconds: atMicros / 1e6,
        afterSeconds: afterMicros === null ? null : afterMicros / 1e6,
        by,
      });
  }
  return told.slice(0, MOST_TOLD);
}

const hasOwner = ({ groups, acls }: VpcSnapshot, id: string): boolean =>
  groups.some((group) => group.id === id && group.known) || acls.some((acl) => acl.id === id);

function routeChanges(
  before: VpcSnapshot,
  after: VpcSnapshot,
  items: ReadonlySet<string>,
): Pick<LastChange, 'kind' | 'id' | 'of' | 'before' | 'after'>[] {
  const [was, is] = [routesOf(before, items), routesOf(after, items)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => was.get(key) !== is.get(key))
    .map((key) => ({
      kind: 'route',
      id: key,
      of: key.slice(0, ends(key)),
      before: was.get(key) ?? null,
      after: is.get(key) ?? null,
    }));
}

/** `rtb-…/10.0.0.0/16` to where it leads. */
function routesOf({ routeTables }: VpcSnapshot, items: ReadonlySet<string>): Map<string, string> {
  const routes = new Map<string, string>();
  for (const table of routeTables)
    if (items.has(table.id))
      for (const { destination, target } of table.routes)
        routes.set(`${table.id}/${formatCidr(destination)}`, `${target.kind} ${target.id}`);
  return routes;
}

/** What the rules of an explanation say, by id. */
export function rulesSaid({ steps, parts }: Explanation, { rules }: VpcSnapshot): Readonly<Record<string, string>> {
  const wanted = new Set([
    ...steps.flatMap(({ ruleId, nearMisses }) => [ruleId, ...nearMisses.map((miss) => miss.ruleId)]),
    ...parts.map(({ ruleId }) => ruleId),
  ]);
  return Object.fromEntries(rules.filter(({ id }) => wanted.has(id)).map((rule) => [rule.id, ruleText(rule)]));
}

/** Names of the things that an explanation tells of, by id. */
export function namesSaid(
  { question, steps }: Explanation,
  { interfaces }: VpcSnapshot,
  groupNames: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const ids = new Set([
    ...question.from.interfaceIds,
    ...question.to.interfaceIds,
    ...steps.flatMap(({ interfaceId, asked }) => [interfaceId ?? '', ...asked]),
  ]);
  const names: [string, string][] = [];
  for (const { id, interfaceTags, instanceTags, instanceId } of interfaces) {
    const name = interfaceTags['Name'] || instanceTags['Name'];
    if (ids.has(id) && name !== undefined && name !== '') names.push([id, name]);
    if (instanceId !== null && ids.has(id) && instanceTags['Name']) names.push([instanceId, instanceTags['Name']]);
  }
  for (const id of ids) {
    const name = groupNames.get(id);
    if (name !== undefined) names.push([id, name]);
  }
  return Object.fromEntries(names);
}
