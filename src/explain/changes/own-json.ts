/**
 * A change in our own JSON: `{"changes": [{"do": "add-rule", …}, …]}`; docs/replay.md has every step.
 *
 * In:    parsed JSON with the name of its file. Out: the steps.
 * Holds: a step has all that it needs and nothing that is not known; the words inside are read when it is applied.
 * Fails: FG_CHANGE_VALUE names file, step, member and what would do.
 */
import type { ChangeStep } from '../../api/change.ts';
import { failure } from '../../model/errors.ts';
import type { Change } from './change.ts';

type Kind = 'id' | 'direction' | 'number' | 'action' | 'text' | 'ports' | 'list' | 'texts';

const RULE = { protocol: 'text', ports: 'ports', peer: 'text' } as const;
const ENTRY = { number: 'number', action: 'action', protocol: 'text', ports: 'ports', cidr: 'text' } as const;
const ROUTE = { destination: 'text', target: 'id' } as const;

/** Members of each step. */
const STEPS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  'add-group': { group: 'id' },
  'add-rule': { group: 'id', direction: 'direction', ...RULE },
  'remove-rule': { group: 'id', direction: 'direction', ...RULE },
  'replace-rules': { group: 'id', direction: 'direction', rules: 'list' },
  'add-entry': { acl: 'id', direction: 'direction', ...ENTRY },
  'replace-entry': { acl: 'id', direction: 'direction', ...ENTRY },
  'remove-entry': { acl: 'id', direction: 'direction', number: 'number' },
  'replace-entries': { acl: 'id', direction: 'direction', entries: 'list' },
  'add-route': { table: 'id', ...ROUTE },
  'replace-route': { table: 'id', ...ROUTE },
  'remove-route': { table: 'id', destination: 'text' },
  'replace-routes': { table: 'id', routes: 'list' },
  'add-prefix': { list: 'id', cidr: 'text' },
  'remove-prefix': { list: 'id', cidr: 'text' },
  'replace-prefixes': { list: 'id', cidrs: 'texts' },
  'attach-group': { group: 'id', interface: 'id' },
  'detach-group': { group: 'id', interface: 'id' },
};
const OF_LISTS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  rules: RULE,
  entries: ENTRY,
  routes: ROUTE,
};

const WANTED: Readonly<Record<Kind, string>> = {
  id: 'an id such as sg-0a1b2c3d4e5f60718',
  direction: 'ingress or egress',
  number: 'a whole number from 1 to 32766',
  action: 'allow or deny',
  text: 'a text',
  ports: 'a port, or two with a hyphen such as 8000-8010, or all',
  list: 'a list of objects',
  texts: 'a list of texts',
};

function fits(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'direction':
      return value === 'ingress' || value === 'egress';
    case 'action':
      return value === 'allow' || value === 'deny';
    case 'number':
      return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 32_766;
    case 'list':
      return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'ports':
      return Number.isInteger(value) || (typeof value === 'string' && value !== '');
    case 'id':
    case 'text':
      return typeof value === 'string' && value !== '';
  }
}

/** Whether JSON is a change of ours. */
export function isOwnChange(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'changes' in json;
}

/** Reads one. */
export function readOwnChange(name: string, json: unknown): Change {
  const list = (json as { changes: unknown }).changes;
  if (!Array.isArray(list)) throw failure('FG_CHANGE_VALUE', name, 'changes', show(list), 'a list of steps');
  return { name, steps: list.map((step, at) => readStep(name, `changes[${at}]`, step)), notes: [] };
}

function readStep(name: string, place: string, json: unknown): ChangeStep {
  const step = objectAt(name, place, json);
  const verb = step['do'];
  const members = typeof verb === 'string' && Object.hasOwn(STEPS, verb) ? STEPS[verb] : undefined;
  if (members === undefined)
    throw failure('FG_CHANGE_VALUE', name, `${place}.do`, show(verb), `one of ${Object.keys(STEPS).join(', ')}`);
  // A rule may be named by its own id instead.
  const wanted = verb === 'remove-rule' && 'rule' in step ? { rule: 'id' as const } : members;
  return { do: verb, ...readMembers(name, place, step, wanted, ['do']) } as ChangeStep;
}

function readMembers(
  name: string,
  place: string,
  json: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, Kind>>,
  known: readonly string[],
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const key of Object.keys(json))
    if (!Object.hasOwn(wanted, key) && !known.includes(key))
      throw failure('FG_CHANGE_VALUE', name, `${place}.${key}`, show(json[key]), `left out: no such member`);
  for (const [key, kind] of Object.entries(wanted)) {
    const value = json[key];
    if (value === undefined && kind === 'ports') continue;
    if (!fits(kind, value)) throw failure('FG_CHANGE_VALUE', name, `${place}.${key}`, show(value), WANTED[kind]);
    const inside = OF_LISTS[key];
    read[key] =
      kind === 'list' && inside !== undefined
        ? (value as unknown[]).map((one, at) =>
            readMembers(name, `${place}.${key}[${at}]`, objectAt(name, place, one), inside, []),
          )
        : kind === 'ports'
          ? String(value)
          : value;
  }
  return read;
}

function objectAt(name: string, place: string, json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw failure('FG_CHANGE_VALUE', name, place, show(json), 'an object');
  return json as Readonly<Record<string, unknown>>;
}

/** A value as JSON; what is nested too deep to be walked is said to be. */
function show(value: unknown): string {
  let text;
  try {
    text = JSON.stringify(value) ?? 'absent';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    text = 'nested too deep to be shown';
  }
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
