/**
 * The network as a picture of traffic needs it.
 *
 * In:    a snapshot, and the descriptions that it is compiled of. Out: interfaces by id, routes, names, blocks.
 * Holds: as the snapshot; a network of which nothing is known has none of it.
 */
import { formatAddress, formatCidr } from '../../network/vpc/addresses.ts';
import { createPaths } from '../../network/vpc/path.ts';
import type { Paths } from '../../network/vpc/path.ts';
import type { Interface, VpcSnapshot } from '../../network/vpc/snapshot.ts';

export type KnownNetwork = {
  readonly snapshot: VpcSnapshot;
  readonly paths: Paths;
  /** Numbers by id. */
  readonly interfaces: ReadonlyMap<string, number>;
  /** Tag `Name`, of groups GroupName, by id. */
  readonly names: ReadonlyMap<string, string>;
};

type Item = Readonly<Record<string, unknown>>;

/** Kinds whose names are shown, with the member that is their id. */
const NAMED = [
  ['Vpcs', 'VpcId', 'Tags'],
  ['Subnets', 'SubnetId', 'Tags'],
  ['NetworkInterfaces', 'NetworkInterfaceId', 'TagSet'],
  ['NatGateways', 'NatGatewayId', 'Tags'],
  ['InternetGateways', 'InternetGatewayId', 'Tags'],
] as const;

/** @param described  by kind, as AWS spells it */
export function knownNetwork(
  snapshot: VpcSnapshot,
  described: Readonly<Record<string, readonly unknown[]>>,
): KnownNetwork {
  const names = new Map<string, string>();
  const add = (id: unknown, name: unknown): void => {
    if (typeof id === 'string' && typeof name === 'string' && name !== '') names.set(id, name);
  };
  for (const [kind, id, tags] of NAMED)
    for (const item of (described[kind] ?? []) as readonly Item[]) {
      const own = Array.isArray(item[tags]) ? (item[tags] as readonly Item[]) : [];
      add(item[id], own.find((tag) => tag['Key'] === 'Name')?.['Value']);
    }
  for (const item of (described['SecurityGroups'] ?? []) as readonly Item[]) add(item['GroupId'], item['GroupName']);
  // An interface without a name goes by its instance's, or by what it was made for.
  for (const item of (described['NetworkInterfaces'] ?? []) as readonly Item[])
    if (!names.has(String(item['NetworkInterfaceId']))) add(item['NetworkInterfaceId'], item['Description']);
  for (const { id, instanceTags } of snapshot.interfaces)
    if (instanceTags['Name'] !== undefined && !names.has(id)) add(id, instanceTags['Name']);
  return {
    snapshot,
    paths: createPaths(snapshot),
    interfaces: new Map(snapshot.interfaces.slice(1).map(({ id, number }) => [id, number])),
    names,
  };
}

/** Blocks of all VPCs of a network, each once. */
export function blocksOf({ snapshot }: KnownNetwork): string[] {
  return [...new Set(snapshot.vpcs.flatMap(({ cidrs }) => cidrs.map(formatCidr)))];
}

/** Public addresses that gateways make of private ones. */
export function publicAddressesOf({ snapshot }: KnownNetwork): string[] {
  return snapshot.interfaces.flatMap(({ translations = [] }) => translations.map(({ public4 }) => ipv4(public4)));
}

/** The first private address. */
export function addressOf({ addresses }: Interface): string | null {
  return addresses[0] === undefined ? null : formatAddress(addresses[0]);
}

const ipv4 = (word: number): string => formatAddress({ family: 4, words: [word] });
