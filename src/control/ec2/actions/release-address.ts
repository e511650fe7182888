/**
 * ReleaseAddress: gives an elastic address back.
 *
 * In:    an allocation. Out: nothing. Fails: `InvalidIPAddress.InUse`, `AuthFailure` for that of a NAT gateway,
 *        `InvalidAllocationID.*`, `InvalidAddress.NotFound`.
 * @see EC2 API Reference, "ReleaseAddress", August 2026
 */
import type { ReleaseAddressRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { gatewayError } from '../gateway-errors.ts';
import { addressNamed, isOfService } from '../public-addresses.ts';

export const releaseAddress = writeAction<ReleaseAddressRequest, object>({
  name: 'ReleaseAddress',
  run(input, { resources }) {
    const address = addressNamed(resources, input);
    if (isOfService(resources, address)) throw gatewayError('managed');
    if (address.AssociationId !== undefined) throw gatewayError('addressInUse', address.PublicIp ?? '');
    resources.remove('Addresses', address.AllocationId ?? '');
    return {};
  },
});
