/**
 * Words for explanations: outcomes, stages, reasons, causes, and how sure they are.
 *
 * In:    members of the unions of `src/api/explanation.ts` and steps. Out: words for people.
 * Holds: every member has words, and a test says so. Nothing is said to be surer than the answer says it is.
 */
import type {
  Cause,
  Certainty,
  Explanation,
  NearMiss,
  Outcome,
  Reason,
  Stage,
  Step,
} from '../../../src/api/explanation.ts';

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  allowed: 'Allowed',
  blocked: 'Blocked',
  unanswered: 'Not answered',
  'not-logged': 'Not logged',
  unknown: 'Not known',
};

export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  'never-logged': 'Never logged',
  'source-dest-check': 'Source/destination check',
  route: 'Route',
  'block-public-access': 'Block Public Access',
  'encryption-controls': 'Encryption controls',
  'sg-egress': 'Security group, outbound',
  'nacl-egress': 'Network ACL, outbound',
  'public-address': 'Public address',
  receiver: 'Receiver',
  'far-side': 'Far side',
  'nacl-ingress': 'Network ACL, inbound',
  'sg-ingress': 'Security group, inbound',
  closed: 'Closed connection',
  answer: 'Answer',
};

/** What is never logged, and what a cause is. */
export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  rules: 'Rules and routes',
  'not-modelled': 'Nothing that is modelled rejects it',
  group: 'Security group',
  acl: 'Network ACL',
  'block-public-access': 'VPC Block Public Access',
  'encryption-controls': 'Encryption controls',
  route: 'Routing',
  'public-address': 'No public address',
  'source-dest-check': 'Source/destination check',
  'no-such-address': 'Nobody has the address',
  'other-account': 'Another account',
  'far-side': 'What is behind the gateway',
  'nobody-listens': 'Nobody answers',
  'closed-connection': 'The connection had ended',
  dhcp: 'DHCP',
  nd: 'IPv6 neighbour discovery',
  mld: 'IPv6 multicast listener discovery',
  dns: 'the resolver of the VPC',
  metadata: 'instance metadata',
  time: 'the time service',
  licence: 'licence activation',
  router: 'the reserved address of the router',
  'endpoint-nlb': 'an endpoint and its Network Load Balancer',
};

/** How sure, and where that comes from. */
export const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = {
  kernel: 'the host’s kernel judged it, and the record says so.',
  certain: 'by the rules as they are known for that time.',
  'one-of-several': 'addresses, interfaces or ports that were asked about differ, and this holds for a part of them.',
  'not-explained': 'groups, ACLs and controls that are known do not explain it.',
};

export const CERTAINTY_NAMES: Readonly<Record<Certainty, string>> = {
  kernel: 'From the kernel',
  certain: 'Certain',
  'one-of-several': 'One of several',
  'not-explained': 'Not explained',
};

const lead = ({ leadsTo }: Step): string => {
  if (leadsTo === null) return 'a gateway';
  return leadsTo.kind === leadsTo.id ? leadsTo.kind : `${leadsTo.kind.replaceAll('-', ' ')} ${leadsTo.id}`;
};
const asked = (step: Step): string => step.asked.join(', ');
const by = ({ ruleId }: Step): string => ruleId ?? 'A rule';

/** What a step came to. */
export const REASON_WORDS: Readonly<Record<Reason, (step: Step) => string>> = {
  rule: (step) => {
    if (step.stage === 'route') return `${by(step)} leads to ${lead(step)}.`;
    return `${by(step)} ${step.pass ? 'lets it pass' : 'denies it'}.`;
  },
  'no-rule-fits': (step) => `No rule of ${asked(step) || 'its groups'} fits: denied by default.`,
  tracked: ({ ruleId }) =>
    `Belongs to the connection${ruleId === null ? '' : ` that ${ruleId} admitted`}: groups let replies pass.`,
  untracked: (step) => `${by(step)} lets it pass; it is not tracked, so each packet is judged.`,
  'same-subnet': (step) => `${asked(step) || 'The ACL'} is not asked inside its subnet.`,
  'no-groups': () => 'The interface has no security groups.',
  'not-known': (step) =>
    step.stage === 'far-side'
      ? `What is behind ${lead(step)} is not known here.`
      : `${asked(step) || 'The ACL'} is not described, so its rules are not known.`,
  'no-route': (step) => `${asked(step) || 'The route table'} has no route to it.`,
  blackhole: (step) =>
    `${by(step)} is a blackhole: ${step.leadsTo?.id ?? 'its target'} is gone, detached or does not work.`,
  'not-in-zone': (step) => `${by(step)} leads to ${lead(step)}, which has no subnet in the interface's zone.`,
  'leads-elsewhere': (step) => `${by(step)} leads to ${lead(step)}, not to the receiver.`,
  'other-way': (step) => `${by(step)} leads to ${lead(step)}: another way than the request came.`,
  control: (step) => {
    if (step.stage === 'source-dest-check') return 'The check drops what is not addressed to or from the interface.';
    return step.pass ? 'The control lets it pass.' : 'The control rejects it.';
  },
  none: ({ stage }) => (stage === 'public-address' ? 'It has none, and the internet knows no other.' : 'It is off.'),
  held: () => 'It has one.',
  'nobody-holds-it': () => 'No interface that is known holds the address.',
  outside: (step) => `It leaves by ${lead(step)}.`,
  'never-logged': (step) => {
    const kind = CAUSE_WORDS[asked(step) as Cause] ?? asked(step);
    return `Traffic with ${kind}: no group or ACL judges it, and AWS writes no record.`;
  },
  'no-reply-recorded': () => 'Records show the request, and no reply.',
  refused: () => 'Records show nothing but resets.',
  closed: () => 'Records show it after the end of its connection (FIN or RST).',
};

/** What a step came to, as a sentence. */
export const stepText = (step: Step): string => REASON_WORDS[step.reason](step);

const ASPECTS: Readonly<Record<string, string>> = {
  source: 'the source',
  destination: 'the destination',
  family: 'the address family',
  protocol: 'the protocol',
  port: 'the port',
  'icmp-type': 'the ICMP type',
};

/** How near a rule comes. */
export function missText({ differsIn }: NearMiss): string {
  const aspects = differsIn.filter((aspect) => aspect !== 'order').map((aspect) => ASPECTS[aspect] ?? aspect);
  const but = aspects.length === 0 ? 'fits' : `fits but for ${aspects.join(' and ')}`;
  return differsIn.includes('order') ? `${but}, and comes after an entry that denies` : but;
}

/** One sentence: what decides, as carefully as the answer says it. */
export function verdictText(explanation: Explanation): string {
  const { outcome, certainty, cause, steps, deciding, parts } = explanation;
  const step = deciding === null ? null : (steps[deciding] ?? null);
  if (outcome === 'allowed') return 'Rules and routes let the request and its reply pass.';
  if (outcome === 'not-logged') return `AWS writes no record of traffic with ${CAUSE_WORDS[cause]}.`;
  if (cause === 'nobody-listens')
    return 'Not by policy: it is let through, and nobody answers. Look at the program and its host.';
  if (cause === 'closed-connection') return 'Not by a missing rule: the connection had ended. Nothing is to be opened.';
  if (cause === 'not-modelled')
    return 'The rules as of that time admit it: nothing that is known here explains the record.';
  if (cause === 'other-account') return 'This account lets it pass; what the other account has is not known here.';
  if (cause === 'far-side') return 'It passes as far as the network is known; what is behind is not known here.';
  if (step === null) return `${CAUSE_WORDS[cause]}.`;
  const where = `${STAGE_WORDS[step.stage]}${step.interfaceId === null ? '' : ` at ${step.interfaceId}`}`;
  if (outcome === 'unknown') return `What would decide is not known here: ${where}.`;
  const part = parts.length > 0 ? 'A part of it: ' : certainty === 'one-of-several' ? 'For some ports: ' : '';
  const back = step.leg === 'reply' ? 'on the way back, ' : '';
  const lost = outcome === 'unanswered' ? 'accepted, and lost: ' : '';
  return capital(`${part}${lost}${back}${where}. ${stepText(step)}`);
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
