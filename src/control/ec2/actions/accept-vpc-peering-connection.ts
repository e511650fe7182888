/**
 * AcceptVpcPeeringConnection: the owner of the VPC that was asked for says yes.
 *
 * In:    a connection. Out: it, active. Holds: both sides see it at once, with the blocks of both VPCs.
 * Fails: `OperationNotPermitted` for who was not asked, `InvalidStateTransition`, `InvalidVpcPeeringConnectionID.*`.
 * @see EC2 API Reference, "AcceptVpcPeeringConnection", August 2026
 */
import type { AcceptVpcPeeringConnectionRequest, AcceptVpcPeeringConnectionResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import {
  checkTransition,
  findPeering,
  isOwnSide,
  mendPeeringRoutes,
  NO_PEERING_OPTIONS,
  peeredVpc,
  putPeering,
  withoutExpiry,
} from '../peering.ts';
import { peeringError } from '../peering-errors.ts';

export const acceptVpcPeeringConnection = writeAction<
  AcceptVpcPeeringConnectionRequest,
  AcceptVpcPeeringConnectionResult
>({
  name: 'AcceptVpcPeeringConnection',
  run({ VpcPeeringConnectionId: id }, context) {
    const { account, region, resources } = context;
    const peering = findPeering(context, id);
    if (!isOwnSide(context, peering, 'AccepterVpcInfo')) throw peeringError('notAsked', account, 'accept', id);
    checkTransition(peering, ['pending-acceptance'], 'active');
    const { OwnerId: requester = '', Region: from = '', VpcId: theirs = '' } = peering.RequesterVpcInfo ?? {};
    const own = resources.get('Vpcs', peering.AccepterVpcInfo?.VpcId ?? '');
    const other = context.elsewhere(requester, from).get('Vpcs', theirs);
    if (own === undefined || other === undefined) throw peeringError('vpcGone', id);
    // Only inside a region there are options.
    const options = from === region ? { PeeringOptions: NO_PEERING_OPTIONS } : {};
    const active = putPeering(context, {
      ...withoutExpiry(peering),
      RequesterVpcInfo: { ...peeredVpc(other, requester, from), ...options },
      AccepterVpcInfo: { ...peeredVpc(own, account, region), ...options },
      Status: { Code: 'active', Message: 'Active' },
    });
    mendPeeringRoutes(context, active);
    return { VpcPeeringConnection: active };
  },
});
