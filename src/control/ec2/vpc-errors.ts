/**
 * The errors of VPCs, their address blocks and subnets: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words, or `UnsupportedOperation` for what is not here.
 */
import { entry, errorsOf } from './error-table.ts';

export const VPC_ERRORS = {
  noBlock: entry(
    'InvalidParameterValue',
    'emulated',
    'an address block cannot be read',
    (parameter: string, block: string) =>
      `Value (${block}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  ),
  vpcRange: entry(
    'InvalidVpc.Range',
    'emulated',
    'the block of a VPC is not /16 to /28, or of loopback, link-local, multicast or 0.0.0.0/8 addresses',
    (block: string) => `The CIDR '${block}' is invalid.`,
  ),
  vpcOverlap: entry(
    'InvalidVpc.Range',
    'unverified',
    'a block to be added to a VPC overlaps one that it has',
    (block: string, other: string) => `The CIDR '${block}' overlaps '${other}', which the VPC has.`,
  ),
  tooManyBlocks: entry(
    'CidrLimitExceeded',
    'emulated',
    'a VPC has as many blocks as it may have: 50 of IPv4, 5 of IPv6 (the most that AWS raises its quotas to)',
    (vpc: string, most: number) => `This network '${vpc}' has met its maximum number of allowed CIDRs: ${most}`,
  ),
  primaryBlock: entry(
    'OperationNotPermitted',
    'emulated',
    'the first block of a VPC is to be disassociated',
    (association: string) =>
      `The vpc CIDR block with association ID ${association} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
  ),
  blockInUse: entry(
    'DependencyViolation',
    'unverified',
    'a block to be disassociated holds a subnet (of a VPC), or addresses of interfaces (of a subnet)',
    (block: string) => `The CIDR '${block}' has dependencies and cannot be disassociated.`,
  ),
  vpcAssociation: entry(
    'InvalidVpcCidrBlockAssociationIdError.NotFound',
    'emulated',
    'no VPC has a block with that association id',
    (id: string) => `The vpc CIDR block association ID '${id}' does not exist`,
  ),
  subnetAssociation: entry(
    'InvalidSubnetCidrBlockAssociationID.NotFound',
    'emulated',
    'no subnet has a block with that association id',
    (id: string) => `The subnet CIDR block with association ID '${id}' does not exist`,
  ),
  subnetRange: entry(
    'InvalidSubnet.Range',
    'emulated',
    'the block of a subnet is not /16 to /28 (IPv6: /44 to /64 in steps of 4), or not within a block of its VPC',
    (block: string) => `The CIDR '${block}' is invalid.`,
  ),
  subnetConflict: entry(
    'InvalidSubnet.Conflict',
    'emulated',
    'the block of a subnet overlaps that of another',
    (block: string) => `The CIDR '${block}' conflicts with another subnet`,
  ),
  subnetHasBlock: entry(
    'OperationNotPermitted',
    'unverified',
    'a subnet that has an IPv6 block is to get another',
    (subnet: string) => `The subnet '${subnet}' has an IPv6 CIDR block.`,
  ),
  noIpv6Block: entry(
    'InvalidParameterValue',
    'unverified',
    'IPv6 addresses are wanted on creation in a subnet without an IPv6 block',
    (subnet: string) => `The subnet '${subnet}' has no IPv6 CIDR block.`,
  ),
  zone: entry(
    'InvalidParameterValue',
    'emulated',
    'a subnet is wanted in a zone that the region does not have',
    (zone: string, zones: string) =>
      `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones}.`,
  ),
  tenancy: entry(
    'UnsupportedTenancy',
    'emulated',
    'InstanceTenancy of a VPC is not default or dedicated',
    (tenancy: string) => `The tenancy value ${tenancy} is not supported.`,
  ),
  vpcDependency: entry(
    'DependencyViolation',
    'reported',
    'a VPC to be deleted has subnets, interfaces, gateways, peering connections, or groups, ACLs, route tables that are not its first',
    (vpc: string) => `The vpc '${vpc}' has dependencies and cannot be deleted.`,
  ),
  subnetDependency: entry(
    'DependencyViolation',
    'reported',
    'a subnet to be deleted has interfaces, instances or NAT gateways',
    (subnet: string) => `The subnet '${subnet}' has dependencies and cannot be deleted.`,
  ),
  oneAttribute: entry(
    'InvalidParameterCombination',
    'reported',
    'a Modify call has no attribute, or several where it takes one',
    (names: string) =>
      names === '' ? 'No attributes specified.' : `Fields for multiple attribute types specified: ${names}`,
  ),
  unknownAttribute: entry(
    'InvalidParameterValue',
    'emulated',
    'an attribute that there is not',
    (attribute: string) => `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
  ),
  notHere: entry(
    'UnsupportedOperation',
    'unverified',
    'what a parameter asks for is not part of flowgauge: address pools, IPAM, Outposts, IPv6-only subnets, address prefixes',
    (parameter: string) => `flowgauge does not know what ${parameter} asks for.`,
  ),
} as const;

export const vpcError = errorsOf(VPC_ERRORS);
