/**
 * References to groups in place of addresses.
 *
 * In:    the interfaces that need a port, and the groups of each. Out: groups that have them all and as few others as can be.
 * Holds: up to ten groups all choices are tried; more are chosen by what each adds. An interface is had by one of its groups.
 */

export type GroupOfPeers = {
  readonly id: string;
  /** Interfaces in it, by number, and the addresses that they have together. */
  readonly members: ReadonlySet<number>;
  readonly size: number;
};

/** Groups of which all choices are tried. */
const FEW = 10;

function sizeOf(choice: readonly GroupOfPeers[], addressesOf: (member: number) => number): number {
  const members = new Set(choice.flatMap((group) => [...group.members]));
  let size = 0;
  for (const member of members) size += addressesOf(member);
  return size;
}

/**
 * Chooses.
 *
 * @param peers   interfaces that each have one of the groups at least
 * @param groups  all groups of theirs
 */
export function chooseGroups(
  peers: ReadonlySet<number>,
  groups: readonly GroupOfPeers[],
  addressesOf: (member: number) => number,
): readonly GroupOfPeers[] {
  const useful = groups.filter((group) => [...peers].some((peer) => group.members.has(peer)));
  if (useful.length <= FEW) {
    let best: readonly GroupOfPeers[] = useful;
    let least = Infinity;
    for (let bits = 1; bits < 1 << useful.length; bits++) {
      const choice = useful.filter((_, at) => (bits & (1 << at)) !== 0);
      if (![...peers].every((peer) => choice.some((group) => group.members.has(peer)))) continue;
      const size = sizeOf(choice, addressesOf);
      if (size < least || (size === least && choice.length < best.length)) {
        least = size;
        best = choice;
      }
    }
    return best;
  }
  const left = new Set(peers);
  const chosen: GroupOfPeers[] = [];
  while (left.size > 0) {
    const worth = (group: GroupOfPeers): number =>
      [...left].filter((peer) => group.members.has(peer)).length / Math.max(1, group.size);
    const best = useful.reduce((one, other) => (worth(other) > worth(one) ? other : one));
    if (worth(best) === 0) break;
    chosen.push(best);
    for (const peer of best.members) left.delete(peer);
  }
  return chosen;
}
