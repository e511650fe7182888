/**
 * Which groups rules may refer to in place of an address.
 *
 * In:    a snapshot. Out: its groups with their members, and whether an interface sees another one as a member of a group.
 * Holds: a reference works inside a VPC and over a peering connection in one region (VPC User Guide, "Security group referencing", November 2024). What
 *        comes another way, as over a transit gateway, is taken by its address.
 */
import type { Paths } from '../../network/vpc/path.ts';
import type { Address, Interface, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { PeerGroups } from './cover.ts';

/** Addresses that an interface has, those of its prefixes too. */
function addressesOf(one: Interface): number {
  const delegated = one.prefixes.reduce((sum, { family, bits }) => sum + 2 ** ((family === 4 ? 32 : 128) - bits), 0);
  return one.addresses.length + delegated;
}

/** All groups that interfaces have. */
export function peerGroupsOf({ interfaces, groups }: VpcSnapshot): PeerGroups {
  const members = new Map<number, Set<number>>();
  for (const one of interfaces)
    for (const group of one.groups) {
      const own = members.get(group) ?? new Set<number>();
      own.add(one.number);
      members.set(group, own);
    }
  const sizes = interfaces.map(addressesOf);
  return {
    all: [...members].flatMap(([number, own]) => {
      const group = groups[number];
      if (!group?.known) return [];
      return [{ id: group.id, members: own, size: [...own].reduce((sum, one) => sum + (sizes[one] ?? 0), 0) }];
    }),
    addressesOf: (member) => sizes[member] ?? 0,
  };
}

/** Whether rules at an interface may refer to a group of another one, whose address this is. */
export function referableGroups(
  { interfaces, groups }: VpcSnapshot,
  paths: Paths,
  at: number,
  far: number,
  { family, words }: Address,
): boolean {
  const one = interfaces[at];
  const other = interfaces[far];
  if (!one || !other || !other.groups.some((group) => groups[group]?.known)) return false;
  if (one.vpc === other.vpc) return true;
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
  return paths.target(at, family, w0, w1, w2, w3)?.kind === 'peering';
}
