/**
 * Our own fields (rule V9).
 *
 * In:    nothing. Out: fields whose names begin with `x-`.
 * Holds: they do not raise a format's version and appear only where a format names them; a format that names one splits
 *        records by what it shows (rule W6).
 */
import { field } from './field.ts';
import { NO_TRAFFIC } from './v2.ts';
import type { Decision } from '../../network/vpc/snapshot.ts';
import type { Field, Subject } from './field.ts';

/** The deciding rule (rule V2). */
function ruleText({ decision, snapshot }: Subject): string | null {
  if (decision.rule > 0) return snapshot.rules[decision.rule]?.id ?? null;
  return decision.action === 'REJECT' && isJudged(decision) && decision.stage !== 'host-firewall'
    ? 'default-deny'
    : null;
}

function isJudged(decision: Decision): boolean {
  return decision.stage !== 'not-judged' && decision.source !== 'none';
}

export const EXTENSION: readonly Field[] = [
  field({
    name: 'x-rule-id',
    version: 0,
    column: 'VARCHAR',
    from: 'decision',
    meaning:
      'The deciding rule. ACCEPT: the security group rule that admitted the packet that opened the connection. REJECT: the network ACL entry (`acl-…/in/100`, `/in/*` for the last) or `default-deny`.',
    absent: `where no rule was asked (no model, rejected by Block Public Access or encryption controls); ${NO_TRAFFIC}`,
    print: {
      kind: 'fixed',
      text: (subject) => (subject.decision.rejectReason === null ? ruleText(subject) : null),
    },
  }),
  field({
    name: 'x-verdict-stage',
    version: 0,
    column: 'VARCHAR',
    from: 'decision',
    meaning: 'Where it was decided: sg-egress, nacl-egress, nacl-ingress, sg-ingress, host-firewall or closed.',
    absent: `where nothing was asked; ${NO_TRAFFIC}`,
    print: { kind: 'fixed', text: ({ decision }) => (isJudged(decision) ? decision.stage : null) },
  }),
  field({
    name: 'x-verdict-source',
    version: 0,
    column: 'VARCHAR',
    from: 'decision',
    meaning:
      'Who decided: `kernel` where rules are enforced and the packet passed or was dropped, `model` where it was captured and judged by the rules.',
    absent: NO_TRAFFIC,
    print: { kind: 'fixed', text: ({ decision: { source } }) => (source === 'none' ? null : source) },
  }),
];
