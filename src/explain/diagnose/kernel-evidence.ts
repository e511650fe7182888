/**
 * Whether the kernel has judged the traffic of a question as the model says.
 *
 * In:    an explanation by rules, its visits, records of traffic that the kernel judged. Out: whether they confirm it.
 * Holds: only where both ends are single addresses or interfaces, for of others only those that were seen were judged. What is
 *        blocked was rejected at the step that decides, by its rule; what is allowed passed at each interface, there and back;
 *        and no record of the asked time says otherwise.
 * Fails: never.
 */
import type { Explanation } from '../../api/explanation.ts';
import type { Place } from './ends.ts';
import type { Visited } from './judge-visit.ts';
import type { World } from './world.ts';
import { interfaceAt } from './world.ts';

/** A record of what the kernel judged. */
export type Judged = {
  readonly interfaceId: string | null;
  readonly leg: 'request' | 'reply';
  readonly action: string;
  readonly stage: string;
  readonly ruleId: string;
  /** It is what the steps say of its interface and way. */
  readonly agrees: boolean;
};

/** Fields without which nothing can be said. */
export const KERNEL_FIELDS = ['interface-id', 'x-verdict-source', 'x-verdict-stage', 'x-rule-id'] as const;

/** Whether it may be asked at all. */
export function canConfirm({ certainty, outcome, parts }: Explanation, from: Place, to: Place): boolean {
  if (certainty !== 'certain' || parts.length > 0 || (outcome !== 'blocked' && outcome !== 'allowed')) return false;
  return [from, to].every(({ ranges, ends }) => ranges.length === 0 && ends.length === 1);
}

/** Whether they confirm it. */
export function confirms(
  world: World,
  { steps, deciding, outcome }: Explanation,
  visits: readonly Visited[],
  records: readonly Judged[],
): boolean {
  if (records.length === 0 || records.some(({ agrees }) => !agrees)) return false;
  if (outcome === 'allowed')
    return visits.every(({ at, leg }) => {
      const { id } = interfaceAt(world, at);
      return records.some((one) => one.interfaceId === id && one.leg === leg && one.action === 'ACCEPT');
    });
  const step = deciding === null ? undefined : steps[deciding];
  return records.some(
    ({ interfaceId, leg, action, stage, ruleId }) =>
      action === 'REJECT' &&
      interfaceId === step?.interfaceId &&
      leg === step.leg &&
      stage === step.stage &&
      ruleId === (step.ruleId ?? 'default-deny'),
  );
}
