/**
 * The errors of internet gateways, NAT gateways and elastic addresses: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words, or `UnsupportedOperation` for what is not here.
 */
import { entry, errorsOf } from './error-table.ts';

export const GATEWAY_ERRORS = {
  attached: entry(
    'Resource.AlreadyAssociated',
    'emulated',
    'an internet gateway to be attached is attached',
    (gateway: string, vpc: string) => `resource ${gateway} is already attached to network ${vpc}`,
  ),
  vpcHasOne: entry(
    'InvalidParameterValue',
    'reported',
    'the VPC has an internet gateway',
    (vpc: string) => `Network ${vpc} already has an internet gateway attached`,
  ),
  notAttached: entry(
    'Gateway.NotAttached',
    'emulated',
    'an internet gateway to be detached is not attached to that VPC',
    (gateway: string, vpc: string) => `resource ${gateway} is not attached to network ${vpc}`,
  ),
  publicAddresses: entry(
    'DependencyViolation',
    'reported',
    'interfaces of the VPC have public addresses',
    (vpc: string) =>
      `Network ${vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
  ),
  gatewayInUse: entry(
    'DependencyViolation',
    'emulated',
    'an internet gateway to be deleted is attached',
    (gateway: string) => `The internetGateway '${gateway}' has dependencies and cannot be deleted.`,
  ),
  noGateway: entry(
    'Gateway.NotAttached',
    'reported',
    'the VPC of an interface that is to have an elastic address has no internet gateway',
    (vpc: string) => `Network ${vpc} is not attached to any internet gateway`,
  ),
  associated: entry(
    'Resource.AlreadyAssociated',
    'reported',
    'an elastic address, or the private address, has an association and AllowReassociation is false; that of a NAT gateway stays in any case',
    (id: string, association: string) => `resource ${id} is already associated with associate-id ${association}`,
  ),
  noAssociation: entry(
    'InvalidAssociationID.NotFound',
    'emulated',
    'no elastic address has an association of that id',
    (id: string) => `The association ID '${id}' does not exist`,
  ),
  addressInUse: entry(
    'InvalidIPAddress.InUse',
    'reported',
    'an elastic address to be released is associated',
    (address: string) => `Address ${address} is in use.`,
  ),
  managed: entry(
    'AuthFailure',
    'reported',
    'the elastic address of a NAT gateway is to be released or disassociated',
    () => 'You do not have permission to access the specified resource.',
  ),
  noAddress: entry(
    'InvalidAddress.NotFound',
    'emulated',
    'no elastic address is that public address',
    (address: string) => `Address '${address}' not found.`,
  ),
  severalInterfaces: entry(
    'InvalidInstanceID',
    'reported',
    'an elastic address is for an instance with several interfaces',
    (instance: string) =>
      `There are multiple interfaces attached to instance '${instance}'. Please specify an interface ID for the operation instead.`,
  ),
  notPrivate: entry(
    'InvalidParameterValue',
    'reported',
    'the private address is none of the interface',
    (address: string, id: string) => `Address ${address} is not assigned to interface: ${id}`,
  ),
  addressesLimit: entry(
    'AddressLimitExceeded',
    'emulated',
    'all addresses of 198.18.0.0/15 are taken',
    () => 'The maximum number of addresses has been reached.',
  ),
  privateWithAddress: entry(
    'InvalidParameterCombination',
    'unverified',
    'a private NAT gateway is to have an elastic address',
    () => 'AllocationId cannot be used with a private NAT gateway.',
  ),
  deletedNat: entry(
    'NatGatewayNotFound',
    'reported',
    'a NAT gateway to be deleted is deleted',
    (id: string) => `NAT gateway ${id} was not found`,
  ),
  notHere: entry(
    'UnsupportedOperation',
    'unverified',
    'address pools, addresses that are chosen, EC2-Classic, secondary addresses of NAT gateways, regional NAT gateways',
    (parameter: string) => `flowgauge does not know what ${parameter} asks for.`,
  ),
} as const;

export const gatewayError = errorsOf(GATEWAY_ERRORS);
