/**
 * DetachNetworkInterface.
 *
 * In:    the id of an attachment. Out: nothing.
 * Holds: it is detached at once, with Force or without.
 * Fails: as `interface-errors.ts` lists them: the first interface of an instance stays.
 * @see EC2 API Reference, "DetachNetworkInterface", August 2026
 */
import type { DetachNetworkInterfaceRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { interfaceError } from '../interface-errors.ts';
import { interfaceAttachedAs, ownInterface } from '../network-interfaces.ts';

export const detachNetworkInterface = writeAction<DetachNetworkInterfaceRequest, object>({
  name: 'DetachNetworkInterface',
  run({ AttachmentId: attachmentId }, { resources }) {
    const found = interfaceAttachedAs(resources, attachmentId);
    const { Attachment, ...rest } = ownInterface(resources, found.NetworkInterfaceId ?? '');
    if (Attachment?.DeviceIndex === 0) throw interfaceError('primaryInterface');
    resources.put('NetworkInterfaces', { ...rest, Status: 'available' });
    return {};
  },
});
