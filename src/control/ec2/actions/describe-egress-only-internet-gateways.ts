/**
 * DescribeEgressOnlyInternetGateways.
 *
 * In:    ids, filters of tags, a page. Out: gateways. Fails: `InvalidGatewayID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeEgressOnlyInternetGateways", August 2026
 */
import type {
  DescribeEgressOnlyInternetGatewaysRequest,
  DescribeEgressOnlyInternetGatewaysResult,
} from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';

export const describeEgressOnlyInternetGateways = readAction<
  DescribeEgressOnlyInternetGatewaysRequest,
  DescribeEgressOnlyInternetGatewaysResult
>({
  name: 'DescribeEgressOnlyInternetGateways',
  run(input, context) {
    const asked = { ...input, ids: input.EgressOnlyInternetGatewayIds };
    const { items, ...next } = describeItems(context, 'EgressOnlyInternetGateways', {}, asked);
    return { EgressOnlyInternetGateways: items, ...next };
  },
});
