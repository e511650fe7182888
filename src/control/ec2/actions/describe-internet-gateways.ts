/**
 * DescribeInternetGateways.
 *
 * In:    ids, filters, a page. Out: gateways. Fails: `InvalidInternetGatewayID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeInternetGateways", August 2026
 */
import type { DescribeInternetGatewaysRequest, DescribeInternetGatewaysResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { Items } from '../items.ts';

const FILTERS: FilterTable<Items['InternetGateways']> = {
  'attachment.state': (one) => one.Attachments?.map(({ State }) => State),
  'attachment.vpc-id': (one) => one.Attachments?.map(({ VpcId }) => VpcId),
  'internet-gateway-id': 'InternetGatewayId',
  'owner-id': 'OwnerId',
};

export const describeInternetGateways = readAction<DescribeInternetGatewaysRequest, DescribeInternetGatewaysResult>({
  name: 'DescribeInternetGateways',
  run(input, context) {
    const { items, ...next } = describeItems(context, 'InternetGateways', FILTERS, {
      ...input,
      ids: input.InternetGatewayIds,
    });
    return { InternetGateways: items, ...next };
  },
});
