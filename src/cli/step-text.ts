/**
 * The words for one step, and for what decides.
 *
 * In:    steps of an explanation. Out: half a line.
 */
import type { Cause, Explanation, Stage, Step } from '../api/explanation.ts';

const STAGES: Readonly<Record<Stage, string>> = {
  'never-logged': 'never logged',
  'source-dest-check': 'source/dest check',
  route: 'route',
  'block-public-access': 'block public access',
  'encryption-controls': 'encryption controls',
  'sg-egress': 'group, out',
  'nacl-egress': 'ACL, out',
  'public-address': 'public address',
  receiver: 'receiver',
  'far-side': 'far side',
  'nacl-ingress': 'ACL, in',
  'sg-ingress': 'group, in',
  closed: 'closed connection',
  answer: 'answer',
};

/** A stage as people call it. */
export function stageText(stage: Stage): string {
  return STAGES[stage];
}

const KINDS: Readonly<Partial<Record<Cause, string>>> = {
  dns: 'the resolver of the VPC',
  dhcp: 'DHCP',
  nd: 'IPv6 neighbour discovery',
  mld: 'IPv6 multicast listeners',
  metadata: 'instance metadata',
  time: 'the time service',
  licence: 'licence activation',
  router: 'the reserved address of the router',
  'endpoint-nlb': 'an endpoint and its load balancer',
};

/** What a step came to. */
export function stepText(step: Step): string {
  const asked = step.asked.join(', ');
  const to = step.leadsTo === null ? '' : ` to ${leadText(step.leadsTo)}`;
  switch (step.reason) {
    case 'rule':
      return step.stage === 'route' ? `${step.ruleId}${to}` : `${step.ruleId}${ofGroup(step, asked)}`;
    case 'no-rule-fits':
      return `no rule of ${asked} fits`;
    case 'tracked':
      return `belongs to the connection${step.ruleId === null ? '' : ` that ${step.ruleId} admitted`}`;
    case 'untracked':
      return `${step.ruleId} (not tracked: each packet is judged)`;
    case 'same-subnet':
      return `${asked} is not asked inside its subnet`;
    case 'no-groups':
      return 'has no groups';
    case 'not-known':
      return step.stage === 'far-side'
        ? `not in the model: behind${to.replace(' to', '') || ' a gateway'}`
        : `${asked || 'ACL'} is not given`;
    case 'no-route':
      return `${asked || 'the route table'} has no route`;
    case 'blackhole':
      return `${step.ruleId} is a blackhole: ${step.leadsTo?.id} is gone, detached or does not work`;
    case 'not-in-zone':
      return `${step.ruleId} leads${to}, which has no subnet in the zone of the interface`;
    case 'leads-elsewhere':
      return `${step.ruleId} leads${to}, not back there or to the receiver`;
    case 'other-way':
      return `${step.ruleId}${to}: another way than the request came`;
    case 'control':
      return controlText(step);
    case 'none':
      return step.stage === 'public-address' ? 'has none, and the internet knows no other' : 'off';
    case 'held':
      return 'has one';
    case 'nobody-holds-it':
      return 'no interface of the model holds the address';
    case 'outside':
      return `leaves${to}`;
    case 'never-logged':
      return `${KINDS[asked as Cause] ?? asked}: no group or ACL judges it, and no record is written`;
    case 'no-reply-recorded':
      return 'records show the request and no reply';
    case 'refused':
      return 'records show nothing but resets';
    case 'closed':
      return 'records show it after the end of its connection (FIN or RST)';
  }
}

function ofGroup({ stage }: Step, asked: string): string {
  return stage.startsWith('sg-') && asked !== '' ? ` of ${asked}` : '';
}

function controlText({ stage, pass }: Step): string {
  if (stage === 'source-dest-check') return 'drops what is not its own';
  return pass ? 'lets it pass' : 'rejects it';
}

function leadText({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return kind === id ? kind : `${kind} ${id}`;
}

/** One sentence: what decides, and how sure that is. */
export function causeText(explanation: Explanation): string {
  const { outcome, certainty, cause, steps, deciding, parts } = explanation;
  const step = deciding === null ? null : steps[deciding]!;
  const part = parts.length > 0 ? 'part of it: ' : certainty === 'one-of-several' ? 'for some ports: ' : '';
  const where =
    step === null ? '' : `${stageText(step.stage)}${step.interfaceId === null ? '' : ` at ${step.interfaceId}`}`;
  const back = step?.leg === 'reply' && cause !== 'nobody-listens' ? 'on the way back, ' : '';
  if (outcome === 'allowed')
    return `rules and routes let the request and its reply pass${certainty === 'kernel' ? ' (the kernel let them pass)' : ''}`;
  if (outcome === 'not-logged') return `AWS writes no record of traffic with ${KINDS[cause] ?? cause}`;
  if (cause === 'nobody-listens')
    return 'not by policy: it is let through, and nobody answers; look at the program and its host';
  if (cause === 'closed-connection') return 'not by a missing rule: the connection had ended; nothing is to be opened';
  if (cause === 'other-account') return 'this account lets it pass; what the other account has is not in the model';
  if (cause === 'far-side') return 'the model lets it pass as far as it goes; what is behind it is not in the model';
  if (outcome === 'unknown') return `what would decide is not in the model: ${where}`;
  const how = outcome === 'unanswered' ? 'accepted, and lost: ' : '';
  const sure = certainty === 'kernel' ? ' (the kernel dropped it)' : '';
  return `${part}${how}${back}${where}: ${stepText(step!)}${sure}`;
}
