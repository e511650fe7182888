/**
 * Instances: nothing runs; they are there to have interfaces.
 *
 * In:    instances as they are kept. Out: as they are described, with what their interfaces tell.
 * Holds: addresses, groups and interfaces of an instance are those of its interfaces. One that was terminated is seen for an
 *        hour.
 */
import type { Resources } from './action.ts';
import type { Items, Plain } from './items.ts';
import type * as Sdk from '@aws-sdk/client-ec2';
import { interfacesOfInstance } from './network-interfaces.ts';
import type { NetworkInterface } from './network-interfaces.ts';

export type Instance = Items['Instances'];

const SEEN_MILLIS = 3_600_000;

/** The numbers that states have. */
export const STATES = {
  pending: { Code: 0, Name: 'pending' },
  running: { Code: 16, Name: 'running' },
  'shutting-down': { Code: 32, Name: 'shutting-down' },
  terminated: { Code: 48, Name: 'terminated' },
} as const;

/** Whether a type has processors of ARM: as m7g, c6gn, t4g, and a1. */
export function isArm(type: string): boolean {
  return type.startsWith('a1.') || /^[a-z]+\d+g[a-z]*\./.test(type);
}

/** An instance at a time; null where it is no longer seen. */
export function instanceAt(item: Instance, now: Date): Instance | null {
  return item.EndedTime !== undefined && Date.parse(item.EndedTime) + SEEN_MILLIS <= now.getTime() ? null : item;
}

/** An instance as it is described. */
export function describedInstance(resources: Resources, item: Instance): Plain<Sdk.Instance> {
  const interfaces = interfacesOfInstance(resources, item);
  const [first] = interfaces;
  if (first === undefined) return { ...item, NetworkInterfaces: [], SecurityGroups: [] };
  const { PublicIp: publicIp, PublicDnsName: publicName } = first.Association ?? {};
  return {
    ...item,
    NetworkInterfaces: interfaces.map(ofInstance),
    PrivateDnsName: first.PrivateDnsName,
    PrivateIpAddress: first.PrivateIpAddress,
    PublicDnsName: publicName ?? '',
    ...(publicIp === undefined ? {} : { PublicIpAddress: publicIp }),
    SecurityGroups: first.Groups,
    SourceDestCheck: first.SourceDestCheck,
  };
}

/** An interface as its instance has it. */
function ofInstance(item: NetworkInterface): Plain<Sdk.InstanceNetworkInterface> {
  const { Attachment: attachment, Ipv6Addresses: six } = item;
  return {
    ...(item.Association === undefined ? {} : { Association: item.Association }),
    ...(attachment === undefined ? {} : { Attachment: attachment }),
    Description: item.Description,
    Groups: item.Groups,
    Ipv6Addresses: six,
    MacAddress: item.MacAddress,
    NetworkInterfaceId: item.NetworkInterfaceId,
    OwnerId: item.OwnerId,
    PrivateDnsName: item.PrivateDnsName,
    PrivateIpAddress: item.PrivateIpAddress,
    PrivateIpAddresses: item.PrivateIpAddresses,
    SourceDestCheck: item.SourceDestCheck,
    Status: item.Status,
    SubnetId: item.SubnetId,
    VpcId: item.VpcId,
    InterfaceType: item.InterfaceType,
  };
}
