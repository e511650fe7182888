/**
 * CreateDhcpOptions: what hosts of a VPC are told by DHCP. Kept and described; nobody is told here.
 *
 * In:    options with their values, tags. Out: the set. Fails: `InvalidParameterValue`, those of tags.
 * @see EC2 API Reference, "CreateDhcpOptions", August 2026
 */
import type { CreateDhcpOptionsRequest, CreateDhcpOptionsResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { tagsFor } from '../tags.ts';

const KEYS = new Set([
  'domain-name-servers',
  'domain-name',
  'ntp-servers',
  'netbios-name-servers',
  'netbios-node-type',
  'ipv6-address-preferred-lease-time',
]);

export const createDhcpOptions = writeAction<CreateDhcpOptionsRequest, CreateDhcpOptionsResult>({
  name: 'CreateDhcpOptions',
  run(input, { account, newId, resources }) {
    const options = {
      OwnerId: account,
      Tags: tagsFor('dhcp-options', input.TagSpecifications),
      DhcpOptionsId: newId('dopt-'),
      DhcpConfigurations: input.DhcpConfigurations.map(({ Key: key = '', Values: values = [] }) => {
        if (!KEYS.has(key) || values.length === 0) throw endpointError('optionsKey', key);
        return { Key: key, Values: values.map((value) => ({ Value: value })) };
      }),
    };
    resources.put('DhcpOptions', options);
    return { DhcpOptions: options };
  },
});
