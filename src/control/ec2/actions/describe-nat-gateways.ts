/**
 * DescribeNatGateways: those that are there, and for an hour those that are not any more.
 *
 * In:    ids, filters, a page. Out: gateways. Fails: `NatGatewayNotFound`, `NatGatewayMalformed`, those of filters and pages.
 * @see EC2 API Reference, "DescribeNatGateways", August 2026
 */
import type { DescribeNatGatewaysRequest, DescribeNatGatewaysResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import { natGatewayAt } from '../nat-gateways.ts';
import type { NatGateway } from '../nat-gateways.ts';

const FILTERS: FilterTable<NatGateway> = {
  'connectivity-type': 'ConnectivityType',
  'nat-gateway-id': 'NatGatewayId',
  state: 'State',
  'subnet-id': 'SubnetId',
  'vpc-id': 'VpcId',
};

export const describeNatGateways = readAction<DescribeNatGatewaysRequest, DescribeNatGatewaysResult>({
  name: 'DescribeNatGateways',
  run(input, context) {
    // The parameter is `Filter`, where other calls have `Filters`.
    const asked = { ...input, ids: input.NatGatewayIds, Filters: input.Filter };
    const { items, ...next } = describeItems(context, 'NatGateways', FILTERS, asked, natGatewayAt);
    return { NatGateways: items, ...next };
  },
});
