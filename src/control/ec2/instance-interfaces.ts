/**
 * The interfaces that a new instance gets: those that a request describes, and those that were there.
 *
 * In:    a request of RunInstances. Out: for each device where its interface comes from; then the interfaces, attached.
 * Holds: device 0 is there. What a request says of the instance is what it says of its only interface.
 * Fails: as `instance-errors.ts` and `interface-errors.ts` list them, `….NotFound`, `….Malformed`.
 */
import type { InstanceNetworkInterfaceSpecification, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { WriteContext } from './action.ts';
import { itemWithId } from './find-items.ts';
import { instanceError } from './instance-errors.ts';
import type { Input, Items } from './items.ts';
import { addInterface } from './network-interfaces.ts';
import type { NetworkInterface } from './network-interfaces.ts';
import { freePublicAddress, publicName, withAssociation } from './public-addresses.ts';
import type { Tag } from './tags.ts';

type Subnet = Items['Subnets'];

/** One device of a new instance. */
export type Device = {
  readonly index: number;
  readonly subnet: Subnet;
  readonly deleteWithInstance: boolean;
  /** An interface that is there already; null makes one. */
  readonly existing: string | null;
  readonly given: Input<InstanceNetworkInterfaceSpecification>;
};

/** The devices that a request describes. */
export function devicesOf({ resources }: WriteContext, input: Input<RunInstancesRequest>): Device[] {
  const { NetworkInterfaces: listed = [], SubnetId: subnetId, SecurityGroupIds: groups, SecurityGroups: names } = input;
  const { PrivateIpAddress: address, Ipv6AddressCount: sixCount, Ipv6Addresses: six } = input;
  if (listed.length === 0) {
    if (subnetId === undefined) throw instanceError('noSubnet');
    if (names !== undefined && names.length > 0) throw instanceError('groupNames');
    const given = {
      ...(groups === undefined ? {} : { Groups: groups }),
      ...(address === undefined ? {} : { PrivateIpAddress: address }),
      ...(sixCount === undefined ? {} : { Ipv6AddressCount: sixCount }),
      ...(six === undefined ? {} : { Ipv6Addresses: six }),
    };
    const subnet = itemWithId(resources, 'Subnets', subnetId);
    return [{ index: 0, subnet, deleteWithInstance: true, existing: null, given }];
  }
  if ([subnetId, groups, names, address, sixCount, six].some((one) => one !== undefined))
    throw instanceError('interfaceAndSubnet');
  const devices = listed.map((given): Device => {
    const { DeviceIndex: index = -1, NetworkInterfaceId: existing = null } = given;
    const place = existing === null ? given.SubnetId : freeInterface(resources, existing).SubnetId;
    if (place === undefined) throw instanceError('noSubnet');
    const subnet = itemWithId(resources, 'Subnets', place);
    const deleteWithInstance = given.DeleteOnTermination ?? existing === null;
    return { index, subnet, deleteWithInstance, existing, given };
  });
  const indexes = new Set(devices.map(({ index }) => index));
  if (!indexes.has(0) || indexes.has(-1) || indexes.size < devices.length) throw instanceError('noFirst');
  const places = new Set(devices.map(({ subnet }) => `${subnet.VpcId} ${subnet.AvailabilityZone}`));
  if (places.size > 1) throw instanceError('otherNetworks');
  const known = devices.flatMap(({ existing }) => existing ?? []);
  const twice = known.find((id, i) => known.indexOf(id) < i);
  if (twice !== undefined) throw instanceError('interfaceInUse', twice);
  return devices.sort((a, b) => a.index - b.index);
}

function freeInterface(resources: WriteContext['resources'], id: string): NetworkInterface {
  const item = itemWithId(resources, 'NetworkInterfaces', id);
  if (item.Attachment !== undefined) throw instanceError('interfaceInUse', id);
  return item;
}

/** Whether devices can be those of one instance only. */
export function isForOne(devices: readonly Device[]): boolean {
  return devices.some(
    ({ existing, given }) =>
      existing !== null ||
      given.PrivateIpAddress !== undefined ||
      (given.PrivateIpAddresses?.length ?? 0) > 0 ||
      (given.Ipv6Addresses?.length ?? 0) > 0,
  );
}

/** Gives an instance a device. */
export function addDevice(context: WriteContext, instanceId: string, device: Device, tags: readonly Tag[]): void {
  const { account, newId, now, resources } = context;
  const { existing, given, subnet } = device;
  const attachment = {
    AttachTime: now.toISOString(),
    AttachmentId: newId('eni-attach-'),
    DeleteOnTermination: device.deleteWithInstance,
    DeviceIndex: device.index,
    NetworkCardIndex: 0,
    InstanceId: instanceId,
    InstanceOwnerId: account,
    Status: 'attached',
  };
  if (existing !== null) {
    const item = freeInterface(resources, existing);
    resources.put('NetworkInterfaces', { ...item, Attachment: attachment, Status: 'in-use' });
    return;
  }
  const listed = given.PrivateIpAddresses ?? [];
  const primary = given.PrivateIpAddress ?? listed.find((one) => one.Primary === true)?.PrivateIpAddress ?? null;
  const sixCount = given.Ipv6AddressCount ?? (subnet.AssignIpv6AddressOnCreation === true ? 1 : 0);
  const six = (given.Ipv6Addresses ?? []).flatMap(({ Ipv6Address }) => Ipv6Address ?? []);
  const item = addInterface(context, {
    subnet,
    description: given.Description ?? '',
    ...(given.Groups === undefined || given.Groups.length === 0 ? {} : { groupIds: given.Groups }),
    kind: 'interface',
    primary,
    secondary: listed.flatMap(({ PrivateIpAddress: one }) => (one === undefined || one === primary ? [] : one)),
    secondaryCount: given.SecondaryPrivateIpAddressCount ?? 0,
    ipv6: six,
    ipv6Count: six.length > 0 ? 0 : sixCount,
    requester: { id: account, managed: false },
    sourceDestCheck: true,
    attachment,
    tags,
  });
  const wantsPublic = given.AssociatePublicIpAddress ?? (device.index === 0 && subnet.MapPublicIpOnLaunch === true);
  if (wantsPublic) givePublicAddress(context, item);
}

/** A public address that lasts as long as the interface: AWS's, not the account's. */
function givePublicAddress(context: WriteContext, item: NetworkInterface): void {
  const address = freePublicAddress(context);
  const name = publicName(context.region, address);
  const association = { IpOwnerId: 'amazon', PublicDnsName: name, PublicIp: address };
  context.resources.put('NetworkInterfaces', withAssociation(item, item.PrivateIpAddress ?? '', association));
}
