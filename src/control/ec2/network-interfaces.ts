/**
 * Network interfaces: making one, for whoever it is made, and taking it away.
 *
 * In:    a subnet and what is wished for. Out: interfaces as they are described.
 * Holds: addresses are free and within the subnet; groups are of the VPC. Which interfaces an instance has, is told by the
 *        `Attachment` of these, and by nothing else.
 * Fails: as `interface-errors.ts` lists them, `….NotFound`, `….Malformed`.
 */
import type { Resources, WriteContext } from './action.ts';
import { endFlowLogs } from './end-flow-logs.ts';
import { itemWithId } from './find-items.ts';
import { interfaceError } from './interface-errors.ts';
import type { Items } from './items.ts';
import { addressesTaken, takeChosen, takeFree, takeFreeIpv6 } from './private-addresses.ts';
import { breakRoutes } from './route-tables.ts';
import { defaultGroupOf } from './security-groups.ts';
import type { Tag } from './tags.ts';

export type NetworkInterface = Items['NetworkInterfaces'];
type Subnet = Items['Subnets'];
type PrivateAddress = NonNullable<NetworkInterface['PrivateIpAddresses']>[number];

/** Quotas of AWS: Amazon VPC User Guide, August 2026; what they can be raised to. */
const MOST_GROUPS = 16;
const MOST_ADDRESSES = 1000;

/** What an interface is to be. */
export type InterfaceWish = {
  readonly subnet: Subnet;
  readonly description: string;
  /** Of the VPC's default group where it is not given; gateways have none. */
  readonly groupIds?: readonly string[];
  /** `interface`, `nat_gateway`, … */
  readonly kind: string;
  /** Null is the lowest free one. */
  readonly primary: string | null;
  readonly secondary: readonly string[];
  readonly secondaryCount: number;
  readonly ipv6: readonly string[];
  readonly ipv6Count: number;
  /** Who made it, and whether that was a service. */
  readonly requester: { readonly id: string; readonly managed: boolean };
  readonly sourceDestCheck: boolean;
  readonly attachment?: NetworkInterface['Attachment'];
  readonly timeouts?: NetworkInterface['ConnectionTrackingConfiguration'];
  readonly tags: readonly Tag[];
};

/** Makes an interface. */
export function addInterface(context: WriteContext, wish: InterfaceWish): NetworkInterface {
  const { account, newId, resources } = context;
  const { subnet, requester, attachment, timeouts } = wish;
  const taken = addressesTaken(resources, subnet.SubnetId ?? '');
  const chosen = wish.primary === null ? [] : [takeChosen(subnet, wish.primary, 4, taken)];
  const others = wish.secondary.map((text) => takeChosen(subnet, text, 4, taken));
  const [primary = ''] = chosen.length > 0 ? chosen : takeFree(subnet, 1, taken);
  const counted = takeFree(subnet, checkCount('secondaryPrivateIpAddressCount', wish.secondaryCount), taken);
  const six = [
    ...wish.ipv6.map((text) => takeChosen(subnet, text, 6, taken)),
    ...takeFreeIpv6(context, subnet, checkCount('ipv6AddressCount', wish.ipv6Count), taken),
  ];
  const made: NetworkInterface = {
    ...(attachment === undefined ? {} : { Attachment: attachment }),
    AvailabilityZone: subnet.AvailabilityZone,
    ...(timeouts === undefined ? {} : { ConnectionTrackingConfiguration: timeouts }),
    Description: wish.description,
    Groups: groupsOf(resources, subnet, wish.groupIds),
    InterfaceType: wish.kind,
    Ipv6Addresses: six.map((address) => ({ Ipv6Address: address, IsPrimaryIpv6: false })),
    MacAddress: macAddress(newId('')),
    NetworkInterfaceId: newId('eni-'),
    OwnerId: account,
    PrivateDnsName: privateName(context.region, primary),
    PrivateIpAddress: primary,
    PrivateIpAddresses: [primary, ...others, ...counted].map((address, i) =>
      privateAddress(context.region, address, i === 0),
    ),
    RequesterId: requester.id,
    RequesterManaged: requester.managed,
    SourceDestCheck: wish.sourceDestCheck,
    Status: attachment === undefined ? 'available' : 'in-use',
    SubnetId: subnet.SubnetId,
    TagSet: wish.tags,
    VpcId: subnet.VpcId,
    AvailabilityZoneId: subnet.AvailabilityZoneId,
  };
  resources.put('NetworkInterfaces', made);
  return made;
}

/** What all interfaces that a service makes for itself have in common. */
export function managedInterface({ newId, now }: WriteContext, subnet: Subnet, description: string): InterfaceWish {
  return {
    subnet,
    description,
    kind: 'interface',
    primary: null,
    secondary: [],
    secondaryCount: 0,
    ipv6: [],
    ipv6Count: 0,
    requester: { id: 'amazon-aws', managed: true },
    sourceDestCheck: true,
    attachment: {
      AttachTime: now.toISOString(),
      AttachmentId: newId('ela-attach-'),
      DeleteOnTermination: false,
      DeviceIndex: 1,
      InstanceOwnerId: 'amazon-aws',
      Status: 'attached',
    },
    tags: [],
  };
}

/** A count of addresses that a request wants. */
export function checkCount(parameter: string, count: number): number {
  if (count < 0 || count > MOST_ADDRESSES) throw interfaceError('count', parameter, count);
  return count;
}

/** The groups that an interface has, by their ids. */
export function groupsOf(
  resources: Resources,
  subnet: Subnet,
  ids: readonly string[] | undefined,
): NonNullable<NetworkInterface['Groups']> {
  const { VpcId: vpcId = '', SubnetId: subnetId = '' } = subnet;
  if (ids === undefined) return [nameOfGroup(defaultGroupOf(resources, vpcId))];
  if (ids.length > MOST_GROUPS) throw interfaceError('tooManyGroups');
  return [...new Set(ids)].map((id) => {
    const group = itemWithId(resources, 'SecurityGroups', id);
    if (group.VpcId !== vpcId) throw interfaceError('otherNetwork', id, subnetId);
    return nameOfGroup(group);
  });
}

function nameOfGroup({ GroupId, GroupName }: Items['SecurityGroups']): { GroupId?: string; GroupName?: string } {
  return { GroupId: GroupId ?? '', GroupName: GroupName ?? '' };
}

/** The name that AWS's DNS has for a private address. */
function privateName(region: string, address: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}

/** An address of an interface, as it is described. */
export function privateAddress(region: string, address: string, isPrimary: boolean): PrivateAddress {
  return { Primary: isPrimary, PrivateDnsName: privateName(region, address), PrivateIpAddress: address };
}

/** Locally administered, as AWS's are. */
function macAddress(random: string): string {
  return ['0a', 0, 2, 4, 6, 8].map((at) => (typeof at === 'string' ? at : random.slice(at, at + 2))).join(':');
}

/** The interfaces of an instance, in the order of their devices. */
export function interfacesOfInstance(resources: Resources, instance: Items['Instances']): NetworkInterface[] {
  return resources
    .where('NetworkInterfaces', 'Attachment.InstanceId', instance.InstanceId ?? '')
    .toSorted((a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0));
}

/** An interface that its owner may change: no service made it. */
export function ownInterface(resources: Resources, id: string): NetworkInterface {
  const item = itemWithId(resources, 'NetworkInterfaces', id);
  if (item.RequesterManaged === true) throw interfaceError('managed');
  return item;
}

/** The interface that has an attachment. */
export function interfaceAttachedAs(resources: Resources, attachmentId: string): NetworkInterface {
  const [found] = resources.where('NetworkInterfaces', 'Attachment.AttachmentId', attachmentId);
  if (found === undefined) throw interfaceError('noAttachment', attachmentId);
  return found;
}

/** Takes an interface away, and what hangs on it. */
export function removeInterface(context: WriteContext, item: NetworkInterface): void {
  const { NetworkInterfaceId: id = '' } = item;
  releaseAddresses(context, id, () => true);
  breakRoutes(context, item.VpcId ?? '', id);
  endFlowLogs(context, id);
  context.resources.remove('NetworkInterfaces', id);
}

/** Elastic addresses of an interface are free again, those of the private addresses that are meant. */
export function releaseAddresses(
  { resources }: WriteContext,
  interfaceId: string,
  isMeant: (privateAddress: string) => boolean,
): void {
  for (const one of resources.where('Addresses', 'NetworkInterfaceId', interfaceId)) {
    if (!isMeant(one.PrivateIpAddress ?? '')) continue;
    const {
      AssociationId: _,
      InstanceId: __,
      NetworkInterfaceId: ___,
      NetworkInterfaceOwnerId: ____,
      PrivateIpAddress: _____,
      ...free
    } = one;
    resources.put('Addresses', free);
  }
}
