/**
 * CreateNatGateway: a gateway in a subnet, with an interface and, where it is public, an elastic address.
 *
 * In:    a subnet, an allocation, tags. Out: the gateway, pending; it is available with the next look.
 * Holds: where the address is another's already, or the VPC has no internet gateway, it is made and has failed, as on AWS.
 * Fails: as `gateway-errors.ts` lists them, `….NotFound`, `….Malformed`, those of addresses and tags.
 * @see EC2 API Reference, "CreateNatGateway", August 2026
 */
import { randomUUID } from 'node:crypto';
import type { CreateNatGatewayRequest, CreateNatGatewayResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { WriteContext } from '../action.ts';
import { missingParameter, oneOf } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { gatewayError } from '../gateway-errors.ts';
import type { Input, Items } from '../items.ts';
import { natGatewayAt } from '../nat-gateways.ts';
import type { NatGateway } from '../nat-gateways.ts';
import { addInterface, managedInterface } from '../network-interfaces.ts';
import { internetGatewayOf, tieAddress } from '../public-addresses.ts';
import type { Address } from '../public-addresses.ts';
import { sweep } from '../seen-for-a-while.ts';
import { tagsFor } from '../tags.ts';

const NOT_HERE = [
  'SecondaryAllocationIds',
  'SecondaryPrivateIpAddresses',
  'SecondaryPrivateIpAddressCount',
  'AvailabilityZoneAddresses',
  'VpcId',
] as const;

export const createNatGateway = writeAction<CreateNatGatewayRequest, CreateNatGatewayResult>({
  name: 'CreateNatGateway',
  run(input, context) {
    const { newId, now, resources } = context;
    checkKind(input);
    const connectivity = oneOf('ConnectivityType', input.ConnectivityType, ['public', 'private']) ?? 'public';
    if (input.SubnetId === undefined) throw missingParameter('SubnetId');
    const subnet = itemWithId(resources, 'Subnets', input.SubnetId);
    const address = addressOf(context, connectivity, input.AllocationId);
    const made: NatGateway = {
      CreateTime: now.toISOString(),
      NatGatewayAddresses: [],
      NatGatewayId: newId('nat-'),
      State: 'pending',
      SubnetId: subnet.SubnetId,
      VpcId: subnet.VpcId,
      Tags: tagsFor('natgateway', input.TagSpecifications),
      ConnectivityType: connectivity,
    };
    sweep(context, 'NatGateways', natGatewayAt);
    const failure = failureOf(context, subnet, address);
    if (failure === null) {
      const addresses = [place(context, made, subnet, address, input.PrivateIpAddress ?? null)];
      resources.put('NatGateways', { ...made, State: 'available', NatGatewayAddresses: addresses });
    } else resources.put('NatGateways', { ...made, ...failure, State: 'failed', DeleteTime: now.toISOString() });
    const own = address?.AllocationId;
    const told = own === undefined ? [] : [{ AllocationId: own, IsPrimary: true, Status: 'associating' }];
    return { ClientToken: input.ClientToken ?? randomUUID(), NatGateway: { ...made, NatGatewayAddresses: told } };
  },
});

function checkKind(input: Input<CreateNatGatewayRequest>): void {
  const stranger = NOT_HERE.find((member) => input[member] !== undefined);
  if (stranger !== undefined) throw gatewayError('notHere', stranger);
  const mode = oneOf('AvailabilityMode', input.AvailabilityMode, ['zonal', 'regional']);
  if (mode === 'regional') throw gatewayError('notHere', 'AvailabilityMode');
}

function addressOf({ resources }: WriteContext, connectivity: string, allocation: string | undefined): Address | null {
  if (connectivity === 'private') {
    if (allocation !== undefined) throw gatewayError('privateWithAddress');
    return null;
  }
  if (allocation === undefined) throw missingParameter('AllocationId');
  return itemWithId(resources, 'Addresses', allocation);
}

function failureOf(
  context: WriteContext,
  { VpcId: vpcId = '' }: Items['Subnets'],
  address: Address | null,
): Pick<NatGateway, 'FailureCode' | 'FailureMessage'> | null {
  if (address === null) return null;
  if (address.AssociationId !== undefined)
    return {
      FailureCode: 'Resource.AlreadyAssociated',
      FailureMessage: `Elastic IP address [${address.AllocationId}] is already associated`,
    };
  if (internetGatewayOf(context, vpcId) === null)
    return { FailureCode: 'Gateway.NotAttached', FailureMessage: `Network ${vpcId} has no Internet gateway attached` };
  return null;
}

/** Makes the interface of a gateway, and gives it the elastic address. */
function place(
  context: WriteContext,
  { NatGatewayId: id }: NatGateway,
  subnet: Items['Subnets'],
  address: Address | null,
  primary: string | null,
): NonNullable<NatGateway['NatGatewayAddresses']>[number] {
  const item = addInterface(context, {
    ...managedInterface(context, subnet, `Interface for NAT Gateway ${id}`),
    groupIds: [],
    kind: 'nat_gateway',
    primary,
    sourceDestCheck: false,
  });
  const { NetworkInterfaceId: interfaceId, PrivateIpAddress: privateAddress = '' } = item;
  const own = { NetworkInterfaceId: interfaceId, PrivateIp: privateAddress, IsPrimary: true, Status: 'succeeded' };
  if (address === null) return own;
  const tied = tieAddress(context, address, item, privateAddress);
  return { AllocationId: tied.AllocationId, PublicIp: tied.PublicIp, AssociationId: tied.AssociationId, ...own };
}
