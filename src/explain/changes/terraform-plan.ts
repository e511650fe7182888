/**
 * A change in the JSON of a Terraform plan: `terraform show -json PLAN`.
 *
 * In:    parsed JSON with the name of its file. Out: the steps, and what was left out.
 * Holds: resources that stay as they are make no step. What the plan will know only after it is applied is found by the references of the configuration, where
 *        these lead to one resource of the plan; else it is noted. Changed resources of other types are
 *        noted, each by its address. A group that is made anew has its address for an id.
 * Fails: FG_CHANGE_VALUE where members are not what Terraform prints.
 */
import { failure } from '../../model/errors.ts';
import type { Change, ChangeNote, Step } from './change.ts';
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
};

/** Whether JSON is a plan. */
export function isPlan(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'resource_changes' in json;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a plan. */
export function readPlan(name: string, json: unknown): Change {
  const { resource_changes: changes } = json as Values;
  if (!Array.isArray(changes)) throw failure('FG_CHANGE_VALUE', name, 'resource_changes', 'no list', 'a list');
  const references = createReferences(json as Values);
  const notes: ChangeNote[] = [];
  const removed: Step[] = [];
  const added: Step[] = [];
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
    const actions = Array.isArray(change['actions']) ? change['actions'].map(String) : [];
    if (one['mode'] === 'data' || actions.every((action) => action === 'no-op' || action === 'read')) continue;
    const make = Object.hasOwn(STEPS_OF, type) ? STEPS_OF[type] : undefined;
    if (make === undefined) {
      notes.push({ kind: 'resource-left-out', address, type });
      continue;
    }
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
    };
    const steps = make(resource);
    removed.push(...steps.removed);
    added.push(...steps.added);
  }
  // What goes, goes first: a rule may move from one resource to another.
  return { name, steps: [...removed, ...added], notes };
}
