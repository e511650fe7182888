/**
 * AssociateAddress: an elastic address becomes that of a private address.
 *
 * In:    an allocation; an interface or an instance, and which of its addresses. Out: the association.
 * Holds: the VPC has an internet gateway. An association that there was ends, unless the request forbids it.
 * Fails: as `gateway-errors.ts` lists them, `….NotFound`, `….Malformed`.
 * @see EC2 API Reference, "AssociateAddress", August 2026
 */
import type { AssociateAddressRequest, AssociateAddressResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { gatewayError } from '../gateway-errors.ts';
import { interfaceError } from '../interface-errors.ts';
import type { Input } from '../items.ts';
import { interfacesOfInstance } from '../network-interfaces.ts';
import type { NetworkInterface } from '../network-interfaces.ts';
import { addressNamed, internetGatewayOf, isOfService, tieAddress, untieAddress } from '../public-addresses.ts';

export const associateAddress = writeAction<AssociateAddressRequest, AssociateAddressResult>({
  name: 'AssociateAddress',
  run(input, context) {
    const { resources } = context;
    const address = addressNamed(resources, input);
    const item = interfaceOf(resources, input);
    const { NetworkInterfaceId: interfaceId = '', VpcId: vpcId = '' } = item;
    if (item.RequesterManaged === true) throw interfaceError('managed');
    const privateAddress = input.PrivateIpAddress ?? item.PrivateIpAddress ?? '';
    const place = item.PrivateIpAddresses?.find((one) => one.PrivateIpAddress === privateAddress);
    if (place === undefined) throw gatewayError('notPrivate', privateAddress, interfaceId);
    if (internetGatewayOf(context, vpcId) === null) throw gatewayError('noGateway', vpcId);
    const { AllocationId: allocation = '', AssociationId: known } = address;
    if (known !== undefined) {
      if (address.NetworkInterfaceId === interfaceId && address.PrivateIpAddress === privateAddress)
        return { AssociationId: known };
      if (input.AllowReassociation === false || isOfService(resources, address))
        throw gatewayError('associated', allocation, known);
      untieAddress(context, address);
    }
    if (place.Association !== undefined && input.AllowReassociation === false)
      throw gatewayError('associated', interfaceId, place.Association.AssociationId ?? '');
    for (const other of resources.where('Addresses', 'NetworkInterfaceId', interfaceId))
      if (other.PrivateIpAddress === privateAddress) untieAddress(context, other);
    const tied = tieAddress(
      context,
      itemWithId(resources, 'Addresses', allocation),
      itemWithId(resources, 'NetworkInterfaces', interfaceId),
      privateAddress,
    );
    return { AssociationId: tied.AssociationId ?? '' };
  },
});

function interfaceOf(
  resources: Resources,
  { NetworkInterfaceId: id, InstanceId: instanceId }: Input<AssociateAddressRequest>,
): NetworkInterface {
  if (id !== undefined) return itemWithId(resources, 'NetworkInterfaces', id);
  if (instanceId === undefined) throw missingParameter('NetworkInterfaceId');
  const [first, second] = interfacesOfInstance(resources, itemWithId(resources, 'Instances', instanceId));
  if (first === undefined || second !== undefined) throw gatewayError('severalInterfaces', instanceId);
  return first;
}
