/**
 * An entry of what is not followed: members, and the lines that name them.
 */
import type { Described } from './described.ts';

/** What a line may need beside its own item. */
export type Around = {
  /** Interfaces whose description is this: all that ties them to a load balancer. */
  interfacesDescribed(description: string): readonly string[];
  /** Whether a route of a VPC for IPv6 leads to a gateway. */
  routesIpv6(vpcId: string, targetId: string): boolean;
  /** Whether a rule of a group names a group of another VPC. */
  rulesNameFarGroups(): boolean;
};

/** Members that are not followed, and the lines of an item that has them. */
export type NotFollowed = {
  /** Begins of paths as `docs/import-members.md` has them. */
  readonly members: readonly string[];
  /** The model follows most of what they say, and the lines are of the rest. */
  readonly partly?: true;
  readonly lines: (item: Described, around: Around) => readonly string[];
};

/** Nothing to be named. */
export const NO_LINES: readonly string[] = [];

/** Lines about a state; `usual` need no word, `followed` are what the model follows. */
export function ofState(id: string, usual: readonly string[]) {
  return (item: Described): readonly string[] => {
    const state = item.textOr('State', 'available').toLowerCase();
    return usual.includes(state) ? NO_LINES : [`${item.text(id)}: its state is ${state}; it is taken to work`];
  };
}
