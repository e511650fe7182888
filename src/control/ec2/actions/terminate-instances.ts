/**
 * TerminateInstances: ends instances; interfaces that go with them go, others are free.
 *
 * In:    ids. Out: what state each was in, and that it is shutting down; it is terminated with the next look.
 * Holds: all of them end or none; one that has ended stays so. Routes to them stay, as black holes.
 * Fails: `InvalidInstanceID.*`, `OperationNotPermitted` for what is protected.
 * @see EC2 API Reference, "TerminateInstances", August 2026
 */
import type { TerminateInstancesRequest, TerminateInstancesResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { WriteContext } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemsWithIds } from '../find-items.ts';
import { instanceError } from '../instance-errors.ts';
import { STATES } from '../instances.ts';
import type { Instance } from '../instances.ts';
import { interfacesOfInstance, removeInterface } from '../network-interfaces.ts';
import { breakRoutes } from '../route-tables.ts';

export const terminateInstances = writeAction<TerminateInstancesRequest, TerminateInstancesResult>({
  name: 'TerminateInstances',
  run({ InstanceIds: ids }, context) {
    if (ids.length === 0) throw missingParameter('InstanceId');
    const items = itemsWithIds(context.resources, 'Instances', [...new Set(ids)]);
    const changes = items.map((item) => {
      const { InstanceId: id = '', State: before = STATES.running } = item;
      if (item.DisableApiTermination === true) throw instanceError('protectedFromEnd', id);
      const isOver = before.Name === 'terminated';
      if (!isOver) end(context, item);
      const now = isOver ? STATES.terminated : STATES['shutting-down'];
      return { InstanceId: id, CurrentState: now, PreviousState: before };
    });
    return { TerminatingInstances: changes };
  },
});

function end(context: WriteContext, item: Instance): void {
  const { now, resources } = context;
  for (const one of interfacesOfInstance(resources, item)) {
    if (one.Attachment?.DeleteOnTermination === true) removeInterface(context, one);
    else {
      const { Attachment: attachment, ...free } = one;
      resources.put('NetworkInterfaces', attachment === undefined ? one : { ...free, Status: 'available' });
      forgetInstance(context, one.NetworkInterfaceId ?? '');
    }
  }
  breakRoutes(context, item.VpcId ?? '', item.InstanceId ?? '');
  const { PrivateIpAddress: _address, SubnetId: _subnet, VpcId: _vpc, ...others } = item;
  resources.put('Instances', {
    ...others,
    State: STATES.terminated,
    StateReason: {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
    StateTransitionReason: `User initiated (${now.toISOString().slice(0, 19).replace('T', ' ')} GMT)`,
    EndedTime: now.toISOString(),
  });
}

/** Elastic addresses of an interface that stays are no longer the instance's. */
function forgetInstance({ resources }: WriteContext, interfaceId: string): void {
  for (const address of resources.where('Addresses', 'NetworkInterfaceId', interfaceId)) {
    const { InstanceId: instance, ...others } = address;
    if (instance !== undefined) resources.put('Addresses', others);
  }
}
