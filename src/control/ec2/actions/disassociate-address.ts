/**
 * DisassociateAddress: an elastic address is nobody's again.
 *
 * In:    an association, or the public address. Out: nothing; of an address that nobody has, too.
 * Fails: `InvalidAssociationID.NotFound`, `InvalidAddress.NotFound`, `AuthFailure` for that of a NAT gateway.
 * @see EC2 API Reference, "DisassociateAddress", August 2026
 */
import type { DisassociateAddressRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { gatewayError } from '../gateway-errors.ts';
import { addressNamed, isOfService, untieAddress } from '../public-addresses.ts';

export const disassociateAddress = writeAction<DisassociateAddressRequest, object>({
  name: 'DisassociateAddress',
  run({ AssociationId: id, PublicIp: ip }, context) {
    const { resources } = context;
    if (id === undefined && ip === undefined) throw missingParameter('AssociationId');
    const address =
      id === undefined
        ? addressNamed(resources, ip === undefined ? {} : { PublicIp: ip })
        : resources.where('Addresses', 'AssociationId', id)[0];
    if (address === undefined) throw gatewayError('noAssociation', id ?? '');
    if (isOfService(resources, address)) throw gatewayError('managed');
    untieAddress(context, address);
    return {};
  },
});
