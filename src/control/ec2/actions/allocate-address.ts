/**
 * AllocateAddress: an elastic address.
 *
 * In:    tags. Out: the address and its allocation. Fails: `AddressLimitExceeded`, `UnsupportedOperation`, those of tags.
 * @see EC2 API Reference, "AllocateAddress", August 2026
 */
import type { AllocateAddressRequest, AllocateAddressResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { oneOf } from '../errors.ts';
import { gatewayError } from '../gateway-errors.ts';
import { freePublicAddress } from '../public-addresses.ts';
import { tagsFor } from '../tags.ts';

const NOT_HERE = ['Address', 'PublicIpv4Pool', 'CustomerOwnedIpv4Pool', 'IpamPoolId'] as const;

export const allocateAddress = writeAction<AllocateAddressRequest, AllocateAddressResult>({
  name: 'AllocateAddress',
  run(input, context) {
    const stranger = NOT_HERE.find((member) => input[member] !== undefined && input[member] !== 'amazon');
    if (stranger !== undefined) throw gatewayError('notHere', stranger);
    if (oneOf('Domain', input.Domain, ['vpc', 'standard']) === 'standard') throw gatewayError('notHere', 'Domain');
    const address = {
      PublicIp: freePublicAddress(context),
      AllocationId: context.newId('eipalloc-'),
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: input.NetworkBorderGroup ?? context.region,
      Domain: 'vpc',
    };
    const tags = tagsFor('elastic-ip', input.TagSpecifications);
    context.resources.put('Addresses', { ...address, Tags: tags });
    return address;
  },
});
