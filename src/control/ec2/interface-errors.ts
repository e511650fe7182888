/**
 * The errors of network interfaces and their addresses: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words.
 */
import { entry, errorsOf } from './error-table.ts';

export const INTERFACE_ERRORS = {
  noAddress: entry(
    'InvalidParameterValue',
    'emulated',
    'an address cannot be read',
    (address: string) => `invalid value for parameter address: ${address}`,
  ),
  otherRange: entry(
    'InvalidParameterValue',
    'reported',
    'an address is not within the subnet',
    (address: string) => `Address ${address} does not fall within the subnet's address range`,
  ),
  reserved: entry(
    'InvalidParameterValue',
    'reported',
    'an address is one of the first four or the last of the subnet',
    (address: string) => `Address ${address} is in subnet's reserved address range`,
  ),
  inUse: entry(
    'InvalidIPAddress.InUse',
    'model',
    'an address is that of another interface of the subnet',
    (address: string) => `Address ${address} is in use.`,
  ),
  twice: entry(
    'InvalidParameterValue',
    'unverified',
    'a request gives an address twice, or two primary ones',
    (address: string) => `Address ${address} is given twice.`,
  ),
  full: entry(
    'InsufficientFreeAddressesInSubnet',
    'model',
    'the subnet has fewer free addresses than are wanted',
    () => 'The specified subnet does not have enough free addresses to satisfy the request.',
  ),
  count: entry(
    'InvalidParameterValue',
    'unverified',
    'a count of addresses is below 0, or more than 1,000',
    (parameter: string, count: number) => `Value (${count}) for parameter ${parameter} is invalid.`,
  ),
  chosenAndCounted: entry(
    'InvalidParameterCombination',
    'unverified',
    'addresses are both named and counted',
    (one: string, other: string) => `The parameters ${one} and ${other} cannot be used together.`,
  ),
  noIpv6Block: entry(
    'InvalidParameterValue',
    'unverified',
    'IPv6 addresses are wanted in a subnet without an IPv6 block',
    (subnet: string) => `The subnet '${subnet}' has no IPv6 CIDR block.`,
  ),
  notAssigned: entry(
    'InvalidParameterValue',
    'unverified',
    'an address to be unassigned is not a secondary one of the interface',
    (address: string) => `Some of the specified addresses are not assigned to interface: ${address}`,
  ),
  primary: entry(
    'InvalidParameterValue',
    'unverified',
    'the primary address is to be unassigned',
    (address: string) => `The primary address ${address} cannot be unassigned.`,
  ),
  tooManyGroups: entry(
    'SecurityGroupsPerInterfaceLimitExceeded',
    'model',
    'an interface is to have more than 16 groups (the most that AWS raises its quota to)',
    () => 'The maximum number of security groups per interface has been reached.',
  ),
  otherNetwork: entry(
    'InvalidParameter',
    'reported',
    'an interface is to have a group of another VPC',
    (group: string, subnet: string) => `Security group ${group} and subnet ${subnet} belong to different networks.`,
  ),
  noGroups: entry(
    'InvalidParameterValue',
    'unverified',
    'an interface is to have no group',
    () => 'An interface must have at least one security group.',
  ),
  kind: entry(
    'InvalidParameterValue',
    'unverified',
    'InterfaceType is none of efa, efa-only, branch, trunk and interface',
    (kind: string) => `Value (${kind}) for parameter interfaceType is invalid.`,
  ),
  attached: entry(
    'InvalidParameterValue',
    'reported',
    'an interface to be deleted is attached',
    (id: string) => `Network interface '${id}' is currently in use.`,
  ),
  managed: entry(
    'OperationNotPermitted',
    'unverified',
    'an interface that a service made is to be changed, attached, detached or deleted',
    () => 'You are not allowed to manage requester-managed interfaces.',
  ),
  attachedTwice: entry(
    'InvalidNetworkInterface.InUse',
    'reported',
    'an interface to be attached is attached',
    (id: string) => `Interface: [${id}] in use.`,
  ),
  deviceTaken: entry(
    'InvalidParameterValue',
    'reported',
    'the instance has an interface of that device index',
    (instance: string, index: number) =>
      `Instance '${instance}' already has an interface attached at device index '${index}'.`,
  ),
  otherZone: entry(
    'InvalidParameterCombination',
    'reported',
    'interface and instance are in different zones or VPCs',
    () => 'You may not attach a network interface to an instance if they are not in the same availability zone',
  ),
  instanceState: entry(
    'IncorrectState',
    'model',
    'the instance is not pending, running, stopping or stopped',
    (instance: string) => `Instance '${instance}' is not 'running' or 'stopped'.`,
  ),
  noAttachment: entry(
    'InvalidAttachmentID.NotFound',
    'emulated',
    'no interface has an attachment of that id',
    (id: string) => `The network interface attachment ID '${id}' does not exist`,
  ),
  primaryInterface: entry(
    'OperationNotPermitted',
    'emulated',
    'the first interface of an instance is to be detached',
    () => 'The network interface at device index 0 and networkCard index 0 cannot be detached.',
  ),
} as const;

export const interfaceError = errorsOf(INTERFACE_ERRORS);
