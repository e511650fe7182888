/**
 * A change in the JSON of a Terraform plan: `terraform show -json PLAN`.
 *
 * In:    parsed JSON with the name of its file. Out: the steps, and what was left out.
 * Holds: resources that stay as they are make no step. What the plan will know only after it is applied is found by the references of the configuration, where
 *        these lead to one resource of the plan; else it is noted. Changed resources of other types are
 *        noted, each by its address. A group that is made anew has its address for an id.
 * Fails: FG_CHANGE_VALUE where members are not what Terraform prints.
 */
import type { ChangeNote, ChangeStep } from '../../api/change.ts';
import { failure } from '../../model/errors.ts';
import type { Change } from './change.ts';
import { createReferences } from './terraform-references.ts';
import { STEPS_OF } from './terraform-resources.ts';

/** Members of a resource before or after. */
export type Values = Readonly<Record<string, unknown>>;

/** A resource that changes, as `STEPS_OF` takes it. */
export type Resource = {
  readonly address: string;
  /** Null: it is made, or goes. */
  readonly before: Values | null;
  readonly after: Values | null;
  /** The text of a member, resolved where only references tell it; null where it is not given. */
  text(side: Values, member: string): string | null;
  /** Notes that a value is not known. */
  unknown(attribute: string): void;
  /** Whether the configuration gives a member that is known only after the plan is applied. */
  isUnknown(member: string): boolean;
  /** Whether something inside a member is known only after the plan is applied. */
  isPartlyUnknown(member: string): boolean;
};

/** Whether JSON is a plan. */
export function isPlan(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'resource_changes' in json;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `true`, Terraform's word for what it will know later, is anywhere in a value. */
function holdsTrue(value: unknown): boolean {
  // No recursion: how deep a file is nested is its own affair.
  const open = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (one === true) return true;
    if (typeof one === 'object' && one !== null) for (const member of Object.values(one)) open.push(member);
  }
  return false;
}

/** Members that are lists of blocks, by what is in the name of their type. */
const BLOCKS: readonly (readonly [type: RegExp, members: readonly string[]])[] = [
  [/_(?:security_group|network_acl)$/u, ['ingress', 'egress']],
  [/_route_table$/u, ['route']],
  [/_prefix_list$/u, ['entry']],
];

/** Refuses what would read as "no rules" although it is none of Terraform's lists. */
function refuseOddShapes(name: string, place: string, type: string, change: Values): void {
  const { actions } = change;
  if (!Array.isArray(actions) || !actions.every((action) => typeof action === 'string'))
    throw failure('FG_CHANGE_VALUE', name, `${place}.change.actions`, 'of another shape', 'a list of words');
  for (const side of ['before', 'after']) {
    const values = change[side] ?? null;
    if (values === null) continue;
    if (!isObject(values))
      throw failure('FG_CHANGE_VALUE', name, `${place}.change.${side}`, 'of another shape', 'an object or null');
    for (const member of BLOCKS.flatMap(([wanted, members]) => (wanted.test(type) ? members : []))) {
      const blocks = values[member] ?? [];
      if (!Array.isArray(blocks) || !blocks.every(isObject))
        throw failure(
          'FG_CHANGE_VALUE',
          name,
          `${place}.change.${side}.${member}`,
          'of another shape',
          'a list of blocks',
        );
    }
  }
}

/** Reads a plan. */
export function readPlan(name: string, json: unknown): Change {
  const { resource_changes: changes } = json as Values;
  if (!Array.isArray(changes)) throw failure('FG_CHANGE_VALUE', name, 'resource_changes', 'no list', 'a list');
  const references = createReferences(json as Values);
  const notes: ChangeNote[] = [];
  const removed: ChangeStep[] = [];
  const added: ChangeStep[] = [];
  for (const [at, one] of changes.entries()) {
    const place = `resource_changes[${at}]`;
    if (
      !isObject(one) ||
      !isObject(one['change']) ||
      typeof one['type'] !== 'string' ||
      typeof one['address'] !== 'string'
    )
      throw failure('FG_CHANGE_VALUE', name, place, 'of another shape', 'a resource with address, type and change');
    const { address, type, change } = one as { address: string; type: string; change: Values };
    const actions = Array.isArray(change['actions']) ? change['actions'].map(String) : null;
    if (one['mode'] === 'data' || actions?.every((action) => action === 'no-op' || action === 'read')) continue;
    const make = Object.hasOwn(STEPS_OF, type) ? STEPS_OF[type] : undefined;
    if (make === undefined) {
      notes.push({ kind: 'resource-left-out', address, type });
      continue;
    }
    refuseOddShapes(name, place, type, change);
    const unknownAfter = change['after_unknown'];
    const before = isObject(change['before']) ? change['before'] : null;
    const after = isObject(change['after']) ? change['after'] : null;
    const resource: Resource = {
      address,
      before,
      after,
      text(side, member) {
        const value = side[member];
        if (typeof value === 'string' && value !== '') return value;
        if (side !== after || !isObject(unknownAfter) || unknownAfter[member] !== true) return null;
        if (member === 'id') return typeof before?.['id'] === 'string' ? before['id'] : address;
        const found = references.resolve(address, member);
        if (found === null) resource.unknown(member);
        return found;
      },
      unknown: (attribute) => notes.push({ kind: 'value-unknown', address, attribute }),
      isUnknown: (member) =>
        isObject(unknownAfter) && unknownAfter[member] === true && references.isGiven(address, member),
      isPartlyUnknown: (member) => isObject(unknownAfter) && holdsTrue(unknownAfter[member]),
    };
    const steps = make(resource);
    removed.push(...steps.removed);
    added.push(...steps.added);
  }
  // What goes, goes first: a rule may move from one resource to another.
  return { name, steps: [...removed, ...added], notes };
}
