/**
 * AttachNetworkInterface.
 *
 * In:    an interface, an instance, the index of the device. Out: the id of the attachment.
 * Holds: it is attached at once.
 * Fails: as `interface-errors.ts` lists them.
 * @see EC2 API Reference, "AttachNetworkInterface", August 2026
 */
import type { AttachNetworkInterfaceRequest, AttachNetworkInterfaceResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { interfaceError } from '../interface-errors.ts';
import { interfacesOfInstance, ownInterface } from '../network-interfaces.ts';
import { refuseParameters } from '../not-here.ts';

const STATES = ['pending', 'running', 'stopping', 'stopped'];

export const attachNetworkInterface = writeAction<AttachNetworkInterfaceRequest, AttachNetworkInterfaceResult>({
  name: 'AttachNetworkInterface',
  run(input, { account, newId, now, resources }) {
    const { NetworkInterfaceId: id, InstanceId: instanceId, DeviceIndex: device, NetworkCardIndex: card = 0 } = input;
    refuseParameters(input, ['EnaQueueCount', 'EnaSrdSpecification']);
    const item = ownInterface(resources, id);
    const instance = itemWithId(resources, 'Instances', instanceId);
    if (item.Attachment !== undefined) throw interfaceError('attachedTwice', id);
    if (!STATES.includes(instance.State?.Name ?? '')) throw interfaceError('instanceState', instanceId);
    const isNear = instance.Placement?.AvailabilityZone === item.AvailabilityZone && instance.VpcId === item.VpcId;
    if (!isNear) throw interfaceError('otherZone');
    const others = interfacesOfInstance(resources, instance);
    if (others.some((one) => one.Attachment?.DeviceIndex === device))
      throw interfaceError('deviceTaken', instanceId, device);
    const attachmentId = newId('eni-attach-');
    resources.put('NetworkInterfaces', {
      ...item,
      Attachment: {
        AttachTime: now.toISOString(),
        AttachmentId: attachmentId,
        DeleteOnTermination: false,
        DeviceIndex: device,
        NetworkCardIndex: card,
        InstanceId: instanceId,
        InstanceOwnerId: account,
        Status: 'attached',
      },
      Status: 'in-use',
    });
    return { AttachmentId: attachmentId, NetworkCardIndex: card };
  },
});
