/**
 * DescribeVpcs.
 *
 * In:    ids, filters, a page. Out: VPCs.
 * Fails: `InvalidVpcID.NotFound`, and those of filters and pages.
 * @see EC2 API Reference, "DescribeVpcs", August 2026
 */
import type { DescribeVpcsRequest, DescribeVpcsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { Items } from '../items.ts';

const FILTERS: FilterTable<Items['Vpcs']> = {
  cidr: (vpc) => vpc.CidrBlock,
  'cidr-block-association.association-id': (vpc) => vpc.CidrBlockAssociationSet?.map((one) => one.AssociationId),
  'cidr-block-association.cidr-block': (vpc) => vpc.CidrBlockAssociationSet?.map((one) => one.CidrBlock),
  'cidr-block-association.state': (vpc) => vpc.CidrBlockAssociationSet?.map((one) => one.CidrBlockState?.State),
  'dhcp-options-id': (vpc) => vpc.DhcpOptionsId,
  'ipv6-cidr-block-association.association-id': (vpc) =>
    vpc.Ipv6CidrBlockAssociationSet?.map((one) => one.AssociationId),
  'ipv6-cidr-block-association.ipv6-cidr-block': (vpc) =>
    vpc.Ipv6CidrBlockAssociationSet?.map((one) => one.Ipv6CidrBlock),
  'ipv6-cidr-block-association.ipv6-pool': (vpc) => vpc.Ipv6CidrBlockAssociationSet?.map((one) => one.Ipv6Pool),
  'ipv6-cidr-block-association.state': (vpc) =>
    vpc.Ipv6CidrBlockAssociationSet?.map((one) => one.Ipv6CidrBlockState?.State),
  'is-default': (vpc) => vpc.IsDefault,
  isDefault: (vpc) => vpc.IsDefault,
  'owner-id': (vpc) => vpc.OwnerId,
  state: (vpc) => vpc.State,
  'vpc-id': (vpc) => vpc.VpcId,
};

export const describeVpcs = readAction<DescribeVpcsRequest, DescribeVpcsResult>({
  name: 'DescribeVpcs',
  run(input, context) {
    const { items, ...next } = describeItems(context, 'Vpcs', FILTERS, { ...input, ids: input.VpcIds });
    return { Vpcs: items, ...next };
  },
});
