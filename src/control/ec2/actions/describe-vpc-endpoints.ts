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
  'ip-address-type': (one) => one.IpAddressType,
  'service-name': (one) => one.ServiceName,
  'vpc-endpoint-id': (one) => one.VpcEndpointId,
  'vpc-endpoint-state': (one) => one.State,
  'vpc-endpoint-type': (one) => one.VpcEndpointType,
  'vpc-id': (one) => one.VpcId,
};

export const describeVpcEndpoints = readAction<DescribeVpcEndpointsRequest, DescribeVpcEndpointsResult>({
  name: 'DescribeVpcEndpoints',
  run(input, context) {
    const asked = { ...input, ids: input.VpcEndpointIds };
    const { items, ...next } = describeItems(context, 'VpcEndpoints', FILTERS, asked);
    return { VpcEndpoints: items, ...next };
  },
});
