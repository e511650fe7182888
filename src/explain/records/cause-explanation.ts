/**
 * A cause of rejected records as an explanation: the question that its example asks, answered as of its time.
 *
 * In:    a cause with its example, the model over time. Out: an explanation, of the type that two ends are answered with.
 * Holds: what the records say goes before what the rules say: the outcome is `blocked`, certainty and deciding step are the
 *        cause's. Nothing is proposed where no rule is to blame, or where the rules let the example's conversation pass.
 * Fails: never; what cannot be asked, such as an address that the model does not know, is an explanation without steps.
 */
import type { Cause as CauseWord, Evidence, Explanation, PortRange, Step } from '../../api/explanation.ts';
import type { Met, RejectCause } from '../../api/rejects.ts';
import { FlowgaugeError } from '../../model/errors.ts';
import { createDiagnoser } from '../diagnose/diagnose.ts';
import type { Diagnoser } from '../diagnose/diagnose.ts';
import { ALL_CLIENT_PORTS, LINUX_PORTS } from '../diagnose/flow.ts';
import { versionOf } from './cause-groups.ts';
import { conversationOf, likeSql } from './example-conversation.ts';
import type { ExampleConversation } from './example-conversation.ts';
import type { ModelTimes } from './model-times.ts';

export type Unexplained = Omit<RejectCause, 'explanation'>;

/** Explains causes; networks of several times are made ready once. */
export function causeExplainer(times: ModelTimes): (cause: Unexplained) => Explanation {
  const diagnosers = new Map<number, Diagnoser>();
  const diagnoserOf = (version: number): Diagnoser => {
    const known = diagnosers.get(version) ?? createDiagnoser(times.asked(version).snapshot);
    // One is kept: causes of one time come one after another, and a network may be large.
    if (!diagnosers.has(version)) diagnosers.clear();
    diagnosers.set(version, known);
    return known;
  };
  return (cause) => {
    const conversation = conversationOf(cause.example);
    const asked = conversation === null ? null : ask(diagnoserOf(versionOf(cause.example, times)), conversation, cause);
    return ofRecords(asked ?? notAsked(cause, conversation), cause, conversation?.leg ?? 'request');
  };
}

function ask(diagnoser: Diagnoser, conversation: ExampleConversation, cause: Unexplained): Explanation | null {
  const { from, to, protocol, port, clientPort } = conversation;
  const question = { from, to, protocol, port, sourcePorts: clientPortsOf(clientPort), atMicros: atMicrosOf(cause) };
  try {
    return diagnoser.diagnose(question).explanation;
  } catch (error) {
    if (error instanceof FlowgaugeError && error.owner === 'command-line') return null;
    throw error;
  }
}

/** The ports of clients that one is of, so that what is proposed lets the next connection in too. */
function clientPortsOf(port: number | null): PortRange | null {
  if (port === null) return null;
  const among = ([from, to]: PortRange): boolean => port >= from && port <= to;
  return [LINUX_PORTS, ALL_CLIENT_PORTS].find(among) ?? [port, port];
}

const atMicrosOf = ({ example }: Unexplained): number => (example.startSeconds ?? 0) * 1e6;

function notAsked(cause: Unexplained, conversation: ExampleConversation | null): Explanation {
  const { example } = cause;
  const end = (text: string): Explanation['question']['from'] => ({ text, addresses: [text], interfaceIds: [] });
  const { from = example.srcaddr, to = example.dstaddr, protocol, port = null, clientPort = null } = conversation ?? {};
  return {
    question: {
      from: end(from),
      to: end(to),
      protocol: protocol === undefined ? '' : (WORDS[protocol] ?? String(protocol)),
      port,
      sourcePorts: clientPortsOf(clientPort),
    },
    outcome: 'blocked',
    certainty: 'not-explained',
    cause: 'not-modelled',
    atMicros: atMicrosOf(cause),
    steps: [],
    deciding: null,
    parts: [],
    evidence: [],
    fixes: [],
    notUnderstood: [],
  };
}

const WORDS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** What the records say, in the place of what rules say of a conversation that begins. */
function ofRecords(asked: Explanation, cause: Unexplained, leg: Step['leg']): Explanation {
  const [met] = cause.met;
  const steps = met?.stage === 'closed' ? withClosed(asked.steps, met, leg) : asked.steps;
  const found = met === undefined ? -1 : steps.findIndex((step) => decides(step, met, leg));
  const isRules = found >= 0 && met?.stage !== 'closed';
  return {
    ...asked,
    steps,
    outcome: 'blocked',
    certainty: met === undefined || met.stage === 'closed' ? 'not-explained' : cause.certainty,
    cause: causeWord(met),
    deciding: found < 0 ? null : found,
    evidence: [evidenceOf(cause, leg, found >= 0)],
    fixes: isRules ? asked.fixes : [],
  };
}

/** The step that is the one which records met. */
function decides(step: Step, met: Met, leg: Step['leg']): boolean {
  if (step.pass || step.leg !== leg) return false;
  if (met.rejectReason !== null)
    return step.stage === (met.rejectReason === 'BPA' ? 'block-public-access' : 'encryption-controls');
  return step.stage === met.stage && step.interfaceId === met.interfaceId;
}

function withClosed(steps: readonly Step[], met: Met, leg: Step['leg']): readonly Step[] {
  const isGroups = (step: Step): boolean =>
    step.leg === leg && step.interfaceId === met.interfaceId && step.stage.startsWith('sg-');
  const closed: Step = {
    leg,
    stage: 'closed',
    interfaceId: met.interfaceId,
    ruleId: null,
    pass: false,
    reason: 'closed',
    asked: [],
    leadsTo: null,
    ports: null,
    passingPorts: null,
    nearMisses: [],
  };
  const at = steps.findIndex(isGroups);
  return at < 0 ? [...steps, closed] : steps.with(at, closed);
}

function causeWord(met: Met | undefined): CauseWord {
  if (met === undefined) return 'not-modelled';
  if (met.rejectReason !== null) return met.rejectReason === 'BPA' ? 'block-public-access' : 'encryption-controls';
  if (met.stage === 'closed') return 'closed-connection';
  if (met.stage === null) return 'not-modelled';
  return met.stage.startsWith('nacl-') ? 'acl' : 'group';
}

function evidenceOf(cause: Unexplained, leg: Step['leg'], agrees: boolean): Evidence {
  const { example, records, packets, lastSeconds, interfaceId } = cause;
  return {
    sql: likeSql(example),
    agree: agrees ? records : 0,
    disagree: agrees ? 0 : records,
    lastSeenSeconds: lastSeconds,
    seen: [{ interfaceId: interfaceId ?? example.interfaceId ?? '', leg, action: 'REJECT', records, packets, agrees }],
    noRecord: null,
  };
}
