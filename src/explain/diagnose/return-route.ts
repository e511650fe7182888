/**
 * Whether a reply goes back to where its request came from.
 *
 * In:    an interface that the request entered, and the address that it came from. Out: one step.
 * Holds: another way that ends at the same interface is one too (`other-way`): groups and ACLs do not mind. A reply to
 *        the internet must leave by the internet gateway that has the public address.
 */
import type { Step } from '../../api/explanation.ts';
import type { Address } from '../../network/vpc/snapshot.ts';
import type { Hop } from './flow.ts';
import { nextHop } from './next-hop.ts';
import { routeStep } from './route-step.ts';
import type { World } from './world.ts';

/**
 * The step of the way back.
 *
 * @param hops  all that the request passed: a reply may leave out those between
 */
export function returnStep(world: World, { at, cameBy, cameFrom }: Hop, to: Address, hops: readonly Hop[]): Step {
  const next = nextHop(world, at, to);
  const { link } = next;
  const isBack = (): boolean => {
    if (link === null) return false;
    if (cameBy === 'internet') return link === 'internet';
    // Beyond the model: it was the way back that told how it came.
    if (cameFrom === 0) return link === cameBy;
    return next.at !== 0 && next.at !== at && hops.some((hop) => hop.at === next.at);
  };
  const pass = isBack();
  const step = routeStep(world, 'reply', at, next, pass);
  const isAsBefore = next.at === cameFrom && (link === cameBy || cameBy === 'appliance');
  const isOther = pass && cameFrom !== 0 && !isAsBefore;
  return isOther ? { ...step, reason: 'other-way' } : step;
}
