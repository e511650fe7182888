/**
 * ModifyNetworkInterfaceAttribute: one attribute a call.
 *
 * In:    an interface, one of: description, groups, the source/destination check, whether it goes with its instance, how long idle
 *        connections are tracked. Out: nothing.
 * Fails: as `interface-errors.ts` lists them, `InvalidParameterCombination` for none or several attributes.
 * @see EC2 API Reference, "ModifyNetworkInterfaceAttribute", August 2026
 */
import type { ModifyNetworkInterfaceAttributeRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { checkTimeouts } from '../connection-timeouts.ts';
import { itemWithId } from '../find-items.ts';
import { interfaceError } from '../interface-errors.ts';
import type { Input } from '../items.ts';
import { groupsOf, ownInterface } from '../network-interfaces.ts';
import type { NetworkInterface } from '../network-interfaces.ts';
import { refuseParameters } from '../not-here.ts';
import { vpcError } from '../vpc-errors.ts';

export const modifyNetworkInterfaceAttribute = writeAction<ModifyNetworkInterfaceAttributeRequest, object>({
  name: 'ModifyNetworkInterfaceAttribute',
  run(input, { resources }) {
    const item = ownInterface(resources, input.NetworkInterfaceId);
    refuseParameters(input, [
      'AssociatePublicIpAddress',
      'AssociatedSubnetIds',
      'EnaSrdSpecification',
      'EnablePrimaryIpv6',
    ]);
    const changes = changesIn(input, item, resources);
    const [change] = changes;
    if (change === undefined || changes.length > 1)
      throw vpcError('oneAttribute', changes.flatMap((one) => Object.keys(one)).join(', '));
    resources.put('NetworkInterfaces', { ...item, ...change });
    return {};
  },
});

function changesIn(
  input: Input<ModifyNetworkInterfaceAttributeRequest>,
  item: NetworkInterface,
  resources: Resources,
): Partial<NetworkInterface>[] {
  const { Attachment: attachment, Groups: groups, ConnectionTrackingSpecification: timeouts } = input;
  if (groups?.length === 0) throw interfaceError('noGroups');
  return [
    ...(input.Description === undefined ? [] : [{ Description: input.Description.Value ?? '' }]),
    ...(input.SourceDestCheck?.Value === undefined ? [] : [{ SourceDestCheck: input.SourceDestCheck.Value }]),
    ...(groups === undefined
      ? []
      : [{ Groups: groupsOf(resources, itemWithId(resources, 'Subnets', item.SubnetId ?? ''), groups) }]),
    ...(timeouts === undefined ? [] : [{ ConnectionTrackingConfiguration: checkTimeouts(timeouts) }]),
    ...(attachment === undefined ? [] : [{ Attachment: changedAttachment(attachment, item) }]),
  ];
}

type Attachment = NonNullable<NetworkInterface['Attachment']>;

function changedAttachment(
  given: NonNullable<Input<ModifyNetworkInterfaceAttributeRequest>['Attachment']>,
  item: NetworkInterface,
): Attachment {
  refuseParameters(given, ['DefaultEnaQueueCount', 'EnaQueueCount']);
  const { Attachment: before } = item;
  const { AttachmentId: id = '', DeleteOnTermination: goes } = given;
  if (before === undefined || before.AttachmentId !== id) throw interfaceError('noAttachment', id);
  return goes === undefined ? before : { ...before, DeleteOnTermination: goes };
}
