/**
 * DeleteNetworkInterface: with its flow logs. Routes to it become black holes, elastic addresses are free again.
 *
 * In:    an id. Out: nothing.
 * Fails: as `interface-errors.ts` lists them: not while it is attached, nor one that a service made.
 * @see EC2 API Reference, "DeleteNetworkInterface", August 2026
 */
import type { DeleteNetworkInterfaceRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { interfaceError } from '../interface-errors.ts';
import { ownInterface, removeInterface } from '../network-interfaces.ts';

export const deleteNetworkInterface = writeAction<DeleteNetworkInterfaceRequest, object>({
  name: 'DeleteNetworkInterface',
  run({ NetworkInterfaceId: id }, context) {
    const item = ownInterface(context.resources, id);
    if (item.Attachment !== undefined) throw interfaceError('attached', id);
    removeInterface(context, item);
    return {};
  },
});
