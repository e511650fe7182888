/**
 * ResetNetworkInterfaceAttribute: the source/destination check as it was at first.
 *
 * In:    an interface. Out: nothing.
 * Fails: `InvalidNetworkInterfaceID.NotFound`, `OperationNotPermitted` for one that a service made.
 * @see EC2 API Reference, "ResetNetworkInterfaceAttribute", August 2026
 */
import type { ResetNetworkInterfaceAttributeRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { ownInterface } from '../network-interfaces.ts';

export const resetNetworkInterfaceAttribute = writeAction<ResetNetworkInterfaceAttributeRequest, object>({
  name: 'ResetNetworkInterfaceAttribute',
  run({ NetworkInterfaceId: id, SourceDestCheck: word }, { resources }) {
    const item = ownInterface(resources, id);
    if (word === undefined) throw missingParameter('SourceDestCheck');
    resources.put('NetworkInterfaces', { ...item, SourceDestCheck: true });
    return {};
  },
});
