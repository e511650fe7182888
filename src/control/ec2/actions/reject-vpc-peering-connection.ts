/**
 * RejectVpcPeeringConnection: the owner of the VPC that was asked for says no.
 *
 * In:    a connection that waits. Out: that it is done.
 * Fails: `OperationNotPermitted` for who was not asked, `InvalidStateTransition`, `InvalidVpcPeeringConnectionID.*`.
 * @see EC2 API Reference, "RejectVpcPeeringConnection", August 2026
 */
import type { RejectVpcPeeringConnectionRequest, RejectVpcPeeringConnectionResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { checkTransition, endPeering, findPeering, isOwnSide } from '../peering.ts';
import { peeringError } from '../peering-errors.ts';

export const rejectVpcPeeringConnection = writeAction<
  RejectVpcPeeringConnectionRequest,
  RejectVpcPeeringConnectionResult
>({
  name: 'RejectVpcPeeringConnection',
  run({ VpcPeeringConnectionId: id }, context) {
    const peering = findPeering(context, id);
    if (!isOwnSide(context, peering, 'AccepterVpcInfo')) throw peeringError('notAsked', context.account, 'reject', id);
    checkTransition(peering, ['pending-acceptance'], 'rejected');
    endPeering(context, peering, 'rejected', `Rejected by ${context.account}`);
    return { Return: true };
  },
});
