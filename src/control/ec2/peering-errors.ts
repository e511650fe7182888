/**
 * The errors of VPC peering connections: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words.
 */
import { entry, errorsOf } from './error-table.ts';

export const PEERING_ERRORS = {
  transition: entry(
    'InvalidStateTransition',
    'reported',
    'a connection is not where it could be accepted, rejected or deleted from',
    (id: string, from: string, to: string) =>
      `Invalid state transition for ${id}, attempted to transition from ${from} to ${to}`,
  ),
  notAsked: entry(
    'OperationNotPermitted',
    'reported',
    'who is not the accepter accepts or rejects; the accepter deletes what waits',
    (account: string, verb: string, id: string) => `User ${account} cannot ${verb} peering ${id}`,
  ),
  notActive: entry(
    'OperationNotPermitted',
    'reported',
    'options of a connection that is not active are to be changed',
    (id: string) => `Peering ${id} is not active. Peering options can be added only to active peerings.`,
  ),
  otherSide: entry(
    'OperationNotPermitted',
    'unverified',
    'options of the other side are to be changed',
    (account: string, side: string, id: string) => `User ${account} cannot modify the ${side} options of peering ${id}`,
  ),
  classicLink: entry(
    'UnsupportedOperation',
    'unverified',
    'an option of ClassicLink is to be true',
    () => 'ClassicLink is not available.',
  ),
  exists: entry(
    'VpcPeeringConnectionAlreadyExists',
    'model',
    'the two VPCs have a connection that waits or is active',
    (own: string, peer: string, id: string) =>
      `A VPC peering connection between ${own} and ${peer} already exists: ${id}`,
  ),
  itself: entry(
    'InvalidParameterValue',
    'unverified',
    'a VPC is to be peered with itself',
    (vpc: string) => `Value (${vpc}) for parameter PeerVpcId is invalid. A VPC cannot be peered with itself.`,
  ),
  vpcGone: entry(
    'InvalidVpcID.NotFound',
    'unverified',
    'a VPC of a connection that is to be accepted is gone',
    (id: string) => `A VPC of ${id} does not exist any more`,
  ),
} as const;

export const peeringError = errorsOf(PEERING_ERRORS);
