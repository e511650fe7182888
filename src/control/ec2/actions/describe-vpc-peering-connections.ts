/**
 * DescribeVpcPeeringConnections: those that the caller asked for, and those it was asked for.
 *
 * In:    ids, filters, a page. Out: connections. Fails: `InvalidVpcPeeringConnectionID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeVpcPeeringConnections", August 2026
 */
import type { DescribeVpcPeeringConnectionsRequest, DescribeVpcPeeringConnectionsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import { peeringAt } from '../peering.ts';
import type { Peering } from '../peering.ts';

const FILTERS: FilterTable<Peering> = {
  'accepter-vpc-info.cidr-block': (one) => one.AccepterVpcInfo?.CidrBlock,
  'accepter-vpc-info.owner-id': (one) => one.AccepterVpcInfo?.OwnerId,
  'accepter-vpc-info.vpc-id': (one) => one.AccepterVpcInfo?.VpcId,
  'expiration-time': (one) => one.ExpirationTime,
  'requester-vpc-info.cidr-block': (one) => one.RequesterVpcInfo?.CidrBlock,
  'requester-vpc-info.owner-id': (one) => one.RequesterVpcInfo?.OwnerId,
  'requester-vpc-info.vpc-id': (one) => one.RequesterVpcInfo?.VpcId,
  'status-code': (one) => one.Status?.Code,
  'status-message': (one) => one.Status?.Message,
  'vpc-peering-connection-id': (one) => one.VpcPeeringConnectionId,
};

export const describeVpcPeeringConnections = readAction<
  DescribeVpcPeeringConnectionsRequest,
  DescribeVpcPeeringConnectionsResult
>({
  name: 'DescribeVpcPeeringConnections',
  run(input, context) {
    const { items, ...next } = describeItems(
      context,
      'VpcPeeringConnections',
      FILTERS,
      { ...input, ids: input.VpcPeeringConnectionIds },
      peeringAt,
    );
    return { VpcPeeringConnections: items, ...next };
  },
});
