/**
 * DescribeDhcpOptions.
 *
 * In:    ids, filters, a page. Out: sets of options. Fails: `InvalidDhcpOptionID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeDhcpOptions", August 2026
 */
import type { DescribeDhcpOptionsRequest, DescribeDhcpOptionsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { DhcpOptions } from '../dhcp-options.ts';
import type { FilterTable } from '../filters.ts';

const FILTERS: FilterTable<DhcpOptions> = {
  'dhcp-options-id': 'DhcpOptionsId',
  key: (one) => one.DhcpConfigurations?.map(({ Key }) => Key),
  'owner-id': 'OwnerId',
  value: (one) => one.DhcpConfigurations?.flatMap(({ Values }) => Values?.map(({ Value }) => Value) ?? []),
};

export const describeDhcpOptions = readAction<DescribeDhcpOptionsRequest, DescribeDhcpOptionsResult>({
  name: 'DescribeDhcpOptions',
  run(input, context) {
    const asked = { ...input, ids: input.DhcpOptionsIds };
    const { items, ...next } = describeItems(context, 'DhcpOptions', FILTERS, asked);
    return { DhcpOptions: items, ...next };
  },
});
