/**
 * ModifyVpcPeeringConnectionOptions: whether names are resolved across an active connection. Each side sets its own.
 *
 * In:    a connection, options of one side or both. Out: the options that were set.
 * Holds: what ClassicLink needed is kept and is always false.
 * Fails: `OperationNotPermitted`, `UnsupportedOperation`, `InvalidVpcPeeringConnectionID.*`, `MissingParameter`.
 * @see EC2 API Reference, "ModifyVpcPeeringConnectionOptions", August 2026
 */
import type {
  ModifyVpcPeeringConnectionOptionsRequest,
  ModifyVpcPeeringConnectionOptionsResult,
  PeeringConnectionOptionsRequest,
} from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import type { Input } from '../items.ts';
import { findPeering, isOwnSide, NO_PEERING_OPTIONS, putPeering } from '../peering.ts';
import type { Peering } from '../peering.ts';
import { peeringError } from '../peering-errors.ts';

export const modifyVpcPeeringConnectionOptions = writeAction<
  ModifyVpcPeeringConnectionOptionsRequest,
  ModifyVpcPeeringConnectionOptionsResult
>({
  name: 'ModifyVpcPeeringConnectionOptions',
  run(input, context) {
    const { VpcPeeringConnectionId: id } = input;
    const { RequesterPeeringConnectionOptions: requester, AccepterPeeringConnectionOptions: accepter } = input;
    if (requester === undefined && accepter === undefined) throw missingParameter('RequesterPeeringConnectionOptions');
    const peering = findPeering(context, id);
    if (peering.Status?.Code !== 'active') throw peeringError('notActive', id);
    const change = (side: 'RequesterVpcInfo' | 'AccepterVpcInfo', given: typeof requester): Peering => {
      if (given === undefined) return peering;
      if (!isOwnSide(context, peering, side))
        throw peeringError('otherSide', context.account, side === 'AccepterVpcInfo' ? 'accepter' : 'requester', id);
      checkOptions(given);
      const info = peering[side];
      return {
        ...peering,
        [side]: { ...info, PeeringOptions: { ...NO_PEERING_OPTIONS, ...info?.PeeringOptions, ...given } },
      };
    };
    const { RequesterVpcInfo } = change('RequesterVpcInfo', requester);
    const { AccepterVpcInfo } = change('AccepterVpcInfo', accepter);
    putPeering(context, {
      ...peering,
      ...(RequesterVpcInfo && { RequesterVpcInfo }),
      ...(AccepterVpcInfo && { AccepterVpcInfo }),
    });
    return {
      ...(accepter === undefined ? {} : { AccepterPeeringConnectionOptions: AccepterVpcInfo?.PeeringOptions ?? {} }),
      ...(requester === undefined ? {} : { RequesterPeeringConnectionOptions: RequesterVpcInfo?.PeeringOptions ?? {} }),
    };
  },
});

function checkOptions(options: Input<PeeringConnectionOptionsRequest>): void {
  if (
    options.AllowEgressFromLocalClassicLinkToRemoteVpc === true ||
    options.AllowEgressFromLocalVpcToRemoteClassicLink === true
  )
    throw peeringError('classicLink');
}
