/**
 * The addresses of a subnet: which are free, and whether one that was chosen can be had.
 *
 * In:    a subnet and the interfaces in it. Out: addresses.
 * Holds: the first four addresses of a subnet and the last are nobody's, in both families. A free IPv4 address is the lowest
 *        one, a free IPv6 address a random one.
 * Fails: as `interface-errors.ts` lists them.
 * @see VPC User Guide, "Subnet CIDR blocks", August 2026
 */
import { contains, formatAddress, parseAddress } from '../../network/vpc/addresses.ts';
import type { Address, Cidr } from '../../network/vpc/snapshot.ts';
import type { Resources, WriteContext } from './action.ts';
import { knownBlock } from './address-blocks.ts';
import { interfaceError } from './interface-errors.ts';
import type { Items } from './items.ts';
import { ipv6BlocksOfSubnet } from './vpc-blocks.ts';

type Subnet = Items['Subnets'];

const RESERVED_FIRST = 4;
const RESERVED_LAST = 1;
const HALF = 64n;

/** The addresses that interfaces of a subnet have, of both families, as text. */
export function addressesTaken(resources: Resources, subnetId: string): Set<string> {
  const taken = new Set<string>();
  for (const one of resources.where('NetworkInterfaces', 'SubnetId', subnetId)) {
    for (const { PrivateIpAddress: address } of one.PrivateIpAddresses ?? []) taken.add(address ?? '');
    for (const { Ipv6Address: address } of one.Ipv6Addresses ?? []) taken.add(address ?? '');
  }
  return taken;
}

/** How many IPv4 addresses of a subnet are free. */
export function freeCount(resources: Resources, subnet: Subnet): number {
  if (subnet.CidrBlock === undefined) return 0;
  const { bits } = knownBlock(subnet.CidrBlock);
  let taken = 0;
  for (const one of resources.where('NetworkInterfaces', 'SubnetId', subnet.SubnetId ?? ''))
    taken += one.PrivateIpAddresses?.length ?? 0;
  return Math.max(0, 2 ** (32 - bits) - RESERVED_FIRST - RESERVED_LAST - taken);
}

/** The lowest free IPv4 addresses of a subnet, which are taken then. */
export function takeFree(subnet: Subnet, count: number, taken: Set<string>): string[] {
  if (count === 0) return [];
  const { bits, words } = ipv4BlockOf(subnet);
  const [first = 0] = words;
  const end = first + 2 ** (32 - bits) - RESERVED_LAST;
  const found: string[] = [];
  for (let word = first + RESERVED_FIRST; word < end && found.length < count; word++) {
    const address = formatAddress({ family: 4, words: [word] });
    if (taken.has(address)) continue;
    taken.add(address);
    found.push(address);
  }
  if (found.length < count) throw interfaceError('full');
  return found;
}

/** Random free IPv6 addresses of a subnet, which are taken then. */
export function takeFreeIpv6({ newId }: WriteContext, subnet: Subnet, count: number, taken: Set<string>): string[] {
  const found: string[] = [];
  if (count === 0) return found;
  const block = ipv6BlockOf(subnet);
  while (found.length < count) {
    const low = BigInt(`0x${newId('').slice(0, Number(HALF) / 4)}`);
    const address = formatAddress({
      family: 6,
      words: block.words.map((word, i) => {
        const random = i < 2 ? 0 : Number((low >> (i === 2 ? HALF / 2n : 0n)) & 0xffffffffn);
        return (word | random) >>> 0;
      }),
    });
    if (taken.has(address) || isReserved(parsed(address), block)) continue;
    taken.add(address);
    found.push(address);
  }
  return found;
}

/** An address that a request chose, which is taken then. */
export function takeChosen(subnet: Subnet, text: string, family: 4 | 6, taken: Set<string>): string {
  const read = parseAddress(text);
  if (read?.family !== family) throw interfaceError('noAddress', text);
  const block = family === 4 ? ipv4BlockOf(subnet) : ipv6BlockOf(subnet);
  const address = formatAddress(read);
  if (!contains(block, read)) throw interfaceError('otherRange', address);
  if (isReserved(read, block)) throw interfaceError('reserved', address);
  if (taken.has(address)) throw interfaceError('inUse', address);
  taken.add(address);
  return address;
}

function ipv4BlockOf({ CidrBlock: block }: Subnet): Cidr {
  if (block === undefined) throw interfaceError('full');
  return knownBlock(block);
}

function ipv6BlockOf(subnet: Subnet): Cidr {
  const [block] = ipv6BlocksOfSubnet(subnet);
  if (block === undefined) throw interfaceError('noIpv6Block', subnet.SubnetId ?? '');
  return knownBlock(block);
}

function parsed(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new TypeError(`${text} is no address`);
  return address;
}

const numberOf = (words: readonly number[]): bigint => words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);

function isReserved(address: Address, block: Cidr): boolean {
  const size = 1n << BigInt((block.family === 4 ? 32 : 128) - block.bits);
  const place = numberOf(address.words) - numberOf(block.words);
  return place < BigInt(RESERVED_FIRST) || place >= size - BigInt(RESERVED_LAST);
}
