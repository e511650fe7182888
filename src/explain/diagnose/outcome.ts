/**
 * What the steps of a flow come to.
 *
 * In:    steps. Out: outcome, certainty, cause, and which step decides.
 * Holds: the first step that does not pass decides; where a route and a rule at the same interface both fail, the rule
 *        does, for it is asked before anything leaves. What is accepted and then lost is `unanswered`, never `blocked`.
 */
import type { Cause, Certainty, Outcome, Stage, Step } from '../../api/explanation.ts';

export type Decided = {
  readonly outcome: Outcome;
  readonly certainty: Certainty;
  readonly cause: Cause;
  readonly deciding: number | null;
};

const BLOCKS: Readonly<Partial<Record<Stage, Cause>>> = {
  'sg-egress': 'group',
  'sg-ingress': 'group',
  'nacl-egress': 'acl',
  'nacl-ingress': 'acl',
  'block-public-access': 'block-public-access',
  'encryption-controls': 'encryption-controls',
};
const LOSES: Readonly<Partial<Record<Stage, Cause>>> = {
  route: 'route',
  'public-address': 'public-address',
  'source-dest-check': 'source-dest-check',
  receiver: 'no-such-address',
};

/**
 * Decides.
 *
 * @param isOther  whether the far end of a peering connection is another account's
 */
export function decide(steps: readonly Step[], isOther: (peeringId: string) => boolean): Decided {
  const silent = steps.findIndex(({ stage }) => stage === 'never-logged');
  if (silent >= 0)
    return { outcome: 'not-logged', certainty: 'certain', cause: steps[silent]!.asked[0] as Cause, deciding: silent };
  const failed = firstFailing(steps);
  if (failed >= 0) return decidedBy(steps[failed]!, failed);
  const unknown = steps.findIndex(({ stage, reason }) => reason === 'not-known' && /^(far-side|sg-)/.test(stage));
  if (unknown >= 0) {
    const { stage, leadsTo } = steps[unknown]!;
    const isAccount = leadsTo?.kind.startsWith('peering') === true && isOther(leadsTo.id);
    const cause = stage !== 'far-side' ? 'group' : isAccount ? 'other-account' : 'far-side';
    return { outcome: 'unknown', certainty: 'not-explained', cause, deciding: unknown };
  }
  return { outcome: 'allowed', certainty: 'certain', cause: 'rules', deciding: null };
}

function firstFailing(steps: readonly Step[]): number {
  const first = steps.findIndex(({ pass }) => !pass);
  const { leg, stage, interfaceId } = steps[first] ?? {};
  if (stage !== 'route') return first;
  const isAsked = (one: Step): boolean => /^(sg-egress|nacl-egress|block|encryption)/.test(one.stage);
  const rule = steps.findIndex(
    (one, i) => i > first && !one.pass && one.leg === leg && one.interfaceId === interfaceId && isAsked(one),
  );
  return rule >= 0 ? rule : first;
}

function decidedBy({ stage, passingPorts, ports }: Step, deciding: number): Decided {
  const blocks = BLOCKS[stage];
  if (blocks === undefined)
    return { outcome: 'unanswered', certainty: 'not-explained', cause: LOSES[stage] ?? 'route', deciding };
  const isPart = ports !== null && passingPorts?.some(([from, to]) => from <= ports[1] && to >= ports[0]) === true;
  return { outcome: 'blocked', certainty: isPart ? 'one-of-several' : 'certain', cause: blocks, deciding };
}
