/**
 * CreateVpcPeeringConnection: asks the owner of another VPC to connect it with one's own.
 *
 * In:    the own VPC; the other one, its account and region. Out: the connection, which waits to be accepted.
 * Holds: where the other VPC cannot be had, or blocks of the two overlap, the connection is made and has failed, and only the
 *        requester sees it.
 * Fails: `InvalidVpcID.*`, `VpcPeeringConnectionAlreadyExists`, `InvalidParameterValue`.
 * @see EC2 API Reference, "CreateVpcPeeringConnection", August 2026
 */
import type { CreateVpcPeeringConnectionRequest, CreateVpcPeeringConnectionResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { WriteContext } from '../action.ts';
import { invalidParameterValue, missingParameter } from '../errors.ts';
import { isIdOf, itemWithId, malformed } from '../find-items.ts';
import type { Items } from '../items.ts';
import { haveOverlap, peeredVpc, PENDING_MILLIS, peeringAt, putPeering } from '../peering.ts';
import type { Peering } from '../peering.ts';
import { peeringError } from '../peering-errors.ts';
import { isRegion } from '../regions.ts';
import { sweep } from '../seen-for-a-while.ts';
import { tagsFor } from '../tags.ts';

export const createVpcPeeringConnection = writeAction<
  CreateVpcPeeringConnectionRequest,
  CreateVpcPeeringConnectionResult
>({
  name: 'CreateVpcPeeringConnection',
  run(input, context) {
    const { account, region, now, resources } = context;
    const own = itemWithId(resources, 'Vpcs', input.VpcId);
    const { PeerVpcId: peerId, PeerOwnerId: owner = account, PeerRegion: peerRegion = region } = input;
    if (peerId === undefined) throw missingParameter('PeerVpcId');
    if (!isIdOf('Vpcs', peerId)) throw malformed('Vpcs', peerId);
    if (!/^\d{12}$/.test(owner)) throw invalidParameterValue('PeerOwnerId', owner, 'It must be the id of an account.');
    if (!isRegion(peerRegion)) throw invalidParameterValue('PeerRegion', peerRegion, 'There is no such region.');
    const isHere = owner === account && peerRegion === region;
    if (isHere && peerId === input.VpcId) throw peeringError('itself', peerId);
    const peer = isHere ? itemWithId(resources, 'Vpcs', peerId) : farVpc(context, owner, peerRegion, peerId);
    checkOthers(context, input.VpcId, peerId);
    sweep(context, 'VpcPeeringConnections', peeringAt);
    const tags = tagsFor('vpc-peering-connection', input.TagSpecifications);
    const asked: Peering = {
      AccepterVpcInfo: { OwnerId: owner, VpcId: peerId, Region: peerRegion },
      ExpirationTime: new Date(now.getTime() + PENDING_MILLIS).toISOString(),
      RequesterVpcInfo: peeredVpc(own, account, region),
      Status: { Code: 'initiating-request', Message: `Initiating Request to ${owner}` },
      Tags: tags,
      VpcPeeringConnectionId: context.newId('pcx-'),
    };
    if (peer === null || haveOverlap(own, peer))
      resources.put('VpcPeeringConnections', {
        ...asked,
        Status: {
          Code: 'failed',
          Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
        },
        EndedTime: now.toISOString(),
      });
    else
      putPeering(
        context,
        { ...asked, Status: { Code: 'pending-acceptance', Message: `Pending Acceptance by ${owner}` } },
        tags,
      );
    return { VpcPeeringConnection: asked };
  },
});

function farVpc(context: WriteContext, owner: string, region: string, id: string): Items['Vpcs'] | null {
  if (!context.isOwn(owner)) return null;
  return context.elsewhere(owner, region).get('Vpcs', id) ?? null;
}

/** Two VPCs have one connection, whoever asked for it. */
function checkOthers({ resources, now }: WriteContext, own: string, peer: string): void {
  for (const one of resources.list('VpcPeeringConnections')) {
    const ends = [one.RequesterVpcInfo?.VpcId, one.AccepterVpcInfo?.VpcId];
    const status = peeringAt(one, now)?.Status?.Code ?? '';
    if (ends.includes(own) && ends.includes(peer) && ['pending-acceptance', 'active'].includes(status))
      throw peeringError('exists', own, peer, one.VpcPeeringConnectionId ?? '');
  }
}
