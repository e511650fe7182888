/**
 * A change that is being written: as the form has it, as text, as it stands in the address.
 *
 * In:    steps of the form, or text that was pasted. Out: JSON for the server; what is wrong with it; text again.
 * Holds: a change of ours goes through the form and back whole; what the form has no fields for stays text. A change that is too
 *        long for an address is not put there, and the screen says so.
 */

/** Steps that the form has fields for. */
export const FORM_STEPS = [
  'add-rule',
  'remove-rule',
  'add-entry',
  'remove-entry',
  'attach-group',
  'detach-group',
] as const;
export type FormStepKind = (typeof FORM_STEPS)[number];

/** All that a step of the form may have, as typed. */
export type FormStep = {
  readonly do: FormStepKind;
  /** Group, ACL. */
  readonly of: string;
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly ports: string;
  /** A block, group or prefix list; of an entry a block. */
  readonly peer: string;
  readonly number: string;
  readonly action: 'allow' | 'deny';
  readonly interface: string;
};

export const EMPTY_STEP: FormStep = {
  do: 'add-rule',
  of: '',
  direction: 'ingress',
  protocol: 'tcp',
  ports: '',
  peer: '',
  number: '',
  action: 'allow',
  interface: '',
};

type Json = Readonly<Record<string, unknown>>;

/** The step as our JSON has it. */
export function stepJson(step: FormStep): Json {
  const { of, direction, protocol, peer, number, action } = step;
  const ports = step.ports.trim() === '' ? {} : { ports: step.ports.trim() };
  switch (step.do) {
    case 'add-rule':
    case 'remove-rule':
      if (step.do === 'remove-rule' && of.startsWith('sgr-')) return { do: step.do, rule: of };
      return { do: step.do, group: of, direction, protocol, ...ports, peer: peer.trim() };
    case 'add-entry':
      return { do: step.do, acl: of, direction, number: Number(number), action, protocol, ...ports, cidr: peer.trim() };
    case 'remove-entry':
      return { do: step.do, acl: of, direction, number: Number(number) };
    case 'attach-group':
    case 'detach-group':
      return { do: step.do, group: of, interface: step.interface };
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The form's step of our JSON; null: it has no fields for it. */
function formStep(json: unknown): FormStep | null {
  if (typeof json !== 'object' || json === null) return null;
  const from = json as Json;
  const kind = FORM_STEPS.find((one) => one === from['do']);
  if (kind === undefined) return null;
  const step: FormStep = {
    do: kind,
    of: textOf(from['group'] ?? from['acl'] ?? from['rule']),
    direction: from['direction'] === 'egress' ? 'egress' : 'ingress',
    protocol: textOf(from['protocol'] ?? 'tcp'),
    ports: textOf(from['ports']),
    peer: textOf(from['peer'] ?? from['cidr']),
    number: textOf(from['number']),
    action: from['action'] === 'deny' ? 'deny' : 'allow',
    interface: textOf(from['interface']),
  };
  // What the form would lose stays text.
  return sameMembers(stepJson(step), from) ? step : null;
}

function sameMembers(made: Json, given: Json): boolean {
  const names = new Set([...Object.keys(made), ...Object.keys(given)]);
  return [...names].every((name) => textOf(made[name]) === textOf(given[name]) && typeof given[name] !== 'object');
}

/** Steps of a change that the form can show; null: it cannot. */
export function formSteps(change: unknown): readonly FormStep[] | null {
  if (typeof change !== 'object' || change === null) return null;
  const { changes, ...more } = change as Json;
  if (!Array.isArray(changes) || changes.length === 0 || Object.keys(more).length > 0) return null;
  const steps = changes.map(formStep);
  return steps.every((step) => step !== null) ? steps : null;
}

export type ReadText =
  | { readonly change: unknown; readonly fault: null }
  | { readonly change: null; readonly fault: string };

/** What was pasted. */
export function readText(text: string): ReadText {
  if (text.trim() === '') return { change: null, fault: 'Paste a change, or choose a file.' };
  try {
    const change: unknown = JSON.parse(text);
    if (typeof change !== 'object' || change === null || Array.isArray(change))
      return { change: null, fault: 'This is JSON, but not an object. A change is {"changes": [ … ]}.' };
    return { change, fault: null };
  } catch (error) {
    return { change: null, fault: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** What is wrong with a step, by field; empty: nothing. */
export function stepFaults(step: FormStep): Readonly<Partial<Record<keyof FormStep, string>>> {
  const faults: Partial<Record<keyof FormStep, string>> = {};
  const isEntry = step.do === 'add-entry' || step.do === 'remove-entry';
  if (step.of.trim() === '') faults.of = isEntry ? 'Choose an ACL.' : 'Choose a group.';
  if (isEntry && !(/^\d{1,5}$/u.test(step.number) && Number(step.number) >= 1 && Number(step.number) <= 32_766))
    faults.number = 'A number from 1 to 32766.';
  const isWhole = step.do === 'remove-rule' && step.of.startsWith('sgr-');
  const hasTraffic = (step.do === 'add-rule' || step.do === 'remove-rule' || step.do === 'add-entry') && !isWhole;
  if (hasTraffic && step.peer.trim() === '')
    faults.peer = isEntry ? 'Give a block.' : 'Give a block, group or prefix list.';
  if (step.do.endsWith('-group') && step.interface.trim() === '') faults.interface = 'Choose an interface.';
  return faults;
}

/** Characters of JSON that an address takes. */
export const MOST_IN_ADDRESS = 6000;
