/**
 * Members of described things that nobody here has heard of: AWS adds some every month, and they may narrow what is read.
 *
 * In:    a kind and an item of it. Out: a line for each member that is given and not known; what it is about comes first.
 * Holds: known is what the AWS SDK describes, whether it is used or not, and what a model written by hand may say.
 */
import type { Described, KnownMembers } from './described.ts';
import { KINDS } from './kinds.ts';
import { KNOWN_MEMBERS } from './known-members.generated.ts';

/** Where EC2 says `TagSet` a model written by hand may say `Tags`. */
const BY_HAND = 'Tags';

/** What AWS tells in other answers (`DescribeVpcAttribute` and the like), and our own network keeps with the thing. */
const TOLD_ELSEWHERE: Readonly<Record<string, string>> = {
  Vpcs: ' EnableDnsSupport EnableDnsHostnames EnableNetworkAddressUsageMetrics',
  Instances: ' ReservationId DisableApiTermination DisableApiStop ShutdownBehavior EndedTime',
  VpcPeeringConnections: ' EndedTime',
};

const trees = new Map<string, KnownMembers>();

/** `A B{C D}` → A, and B with C and D below it. */
function treeOf(text: string): KnownMembers {
  const top = new Map<string, KnownMembers | null>([[BY_HAND, null]]);
  const open: Map<string, KnownMembers | null>[] = [top];
  for (const [, name = '', sign = ''] of text.matchAll(/([^\s{}]*)([{}]?)/gu)) {
    const last = open.at(-1)!;
    if (sign === '{') {
      const below = new Map<string, KnownMembers | null>();
      last.set(name, below);
      open.push(below);
      continue;
    }
    if (name !== '') last.set(name, null);
    if (sign === '}') open.pop();
  }
  return top;
}

function knownOf(kind: string): KnownMembers | null {
  const text = KNOWN_MEMBERS[kind];
  if (text === undefined) return null;
  const tree = trees.get(kind) ?? treeOf(text + (TOLD_ELSEWHERE[kind] ?? ''));
  trees.set(kind, tree);
  return tree;
}

/** What a line about an item of a kind is about, where that is not its id alone. */
const PLACES: Readonly<Record<string, (item: Described) => readonly string[]>> = {
  SecurityGroupRules: (item) => [item.text('GroupId')],
  TransitGatewayVpcAttachments: (item) => [`${item.text('TransitGatewayId')} in ${item.text('VpcId')}`],
  VpcEndpoints: (item) => [item.text('VpcEndpointId'), ...item.texts('NetworkInterfaceIds')],
  VpcEncryptionControls: (item) => [item.text('VpcId')],
  VpcBlockPublicAccessOptions: () => ['internet'],
  VpcBlockPublicAccessExclusions: (item) => [`${item.text('ResourceArn').split('/').at(-1)}, internet`],
  Addresses: (item) => [item.textOr('NetworkInterfaceId', item.textOr('AllocationId', item.textOr('PublicIp', '')))],
};

/**
 * Lines about an item.
 *
 * @param kind  a key of `KINDS`
 */
export function unknownMembers(kind: string, item: Described): readonly string[] {
  const known = knownOf(kind);
  const unknown = known === null ? [] : item.unknown(known);
  if (unknown.length === 0) return unknown;
  const id = (KINDS.get(kind) ?? []).find((member) => item.has(member));
  const places = PLACES[kind]?.(item) ?? [id === undefined ? kind : item.text(id)];
  return places.flatMap((place) =>
    unknown.map((path) => `${place}: it has ${path}, a member that is not known here and not followed`),
  );
}
