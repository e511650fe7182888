/**
 * Address blocks as requests give them, and how they lie to each other.
 *
 * In:    text, blocks. Out: blocks in canonical form, as EC2 makes them of what has host bits set.
 * Fails: `InvalidParameterValue` for what is no block of the family.
 */
import { contains, formatCidr, parseCidr } from '../../network/vpc/addresses.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';
import type { Ec2Error } from './errors.ts';
import { vpcError } from './vpc-errors.ts';

/** A block of a request. */
export function readBlock(
  parameter: string,
  text: string,
  family: 4 | 6,
  wrong: (parameter: string, text: string) => Ec2Error = (name, given) => vpcError('noBlock', name, given),
): Cidr {
  const block = parseCidr(text);
  if (block?.family !== family) throw wrong(parameter, text);
  return block;
}

/** A block of the state, which was checked before it came there. */
export function knownBlock(text: string): Cidr {
  const block = parseCidr(text);
  if (block === null) throw new TypeError(`${text} is no address block`);
  return block;
}

/** Whether all addresses of one block are in the other. */
export function isWithin(inner: Cidr, outer: Cidr): boolean {
  return inner.bits >= outer.bits && contains(outer, inner);
}

/** Whether two blocks have an address in common. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

/** The text of a block as it was read. */
export function canonicalBlock(parameter: string, text: string, family: 4 | 6): string {
  return formatCidr(readBlock(parameter, text, family));
}
