/**
 * DescribeVpcEndpoints.
 *
 * In:    ids, filters, a page. Out: endpoints. Fails: `InvalidVpcEndpointId.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeVpcEndpoints", August 2026
 */
import type { DescribeVpcEndpointsRequest, DescribeVpcEndpointsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { Endpoint } from '../endpoints.ts';
import type { FilterTable } from '../filters.ts';

const FILTERS: FilterTable<Endpoint> = {
  'ip-address-type': 'IpAddressType',
  'service-name': 'ServiceName',
  'vpc-endpoint-id': 'VpcEndpointId',
  'vpc-endpoint-state': 'State',
  'vpc-endpoint-type': 'VpcEndpointType',
  'vpc-id': 'VpcId',
};

export const describeVpcEndpoints = readAction<DescribeVpcEndpointsRequest, DescribeVpcEndpointsResult>({
  name: 'DescribeVpcEndpoints',
  run(input, context) {
    const asked = { ...input, ids: input.VpcEndpointIds };
    const { items, ...next } = describeItems(context, 'VpcEndpoints', FILTERS, asked);
    return { VpcEndpoints: items, ...next };
  },
});
