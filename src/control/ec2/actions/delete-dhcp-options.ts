/**
 * DeleteDhcpOptions: takes options away that no VPC has.
 *
 * In:    options. Out: nothing. Fails: `DependencyViolation`, `InvalidDhcpOptionID.*`.
 * @see EC2 API Reference, "DeleteDhcpOptions", August 2026
 */
import type { DeleteDhcpOptionsRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { itemWithId } from '../find-items.ts';

export const deleteDhcpOptions = writeAction<DeleteDhcpOptionsRequest, object>({
  name: 'DeleteDhcpOptions',
  run({ DhcpOptionsId: id }, { resources }) {
    itemWithId(resources, 'DhcpOptions', id);
    if (resources.where('Vpcs', 'DhcpOptionsId', id).length > 0) throw endpointError('optionsInUse', id);
    resources.remove('DhcpOptions', id);
    return {};
  },
});
