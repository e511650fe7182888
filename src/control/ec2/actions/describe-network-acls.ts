/**
 * DescribeNetworkAcls.
 *
 * In:    ids, filters, a page. Out: ACLs with their entries and subnets.
 * Fails: `InvalidNetworkAclID.NotFound`, and those of filters and pages.
 * @see EC2 API Reference, "DescribeNetworkAcls", August 2026
 */
import type { DescribeNetworkAclsRequest, DescribeNetworkAclsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { NetworkAcl } from '../network-acls.ts';

const FILTERS: FilterTable<NetworkAcl> = {
  'association.association-id': (acl) => acl.Associations?.map((one) => one.NetworkAclAssociationId),
  'association.network-acl-id': (acl) => acl.Associations?.map((one) => one.NetworkAclId),
  'association.subnet-id': (acl) => acl.Associations?.map((one) => one.SubnetId),
  default: (acl) => acl.IsDefault,
  'entry.cidr': (acl) => acl.Entries?.map((one) => one.CidrBlock),
  'entry.egress': (acl) => acl.Entries?.map((one) => one.Egress),
  'entry.icmp.code': (acl) => acl.Entries?.map((one) => one.IcmpTypeCode?.Code),
  'entry.icmp.type': (acl) => acl.Entries?.map((one) => one.IcmpTypeCode?.Type),
  'entry.ipv6-cidr': (acl) => acl.Entries?.map((one) => one.Ipv6CidrBlock),
  'entry.port-range.from': (acl) => acl.Entries?.map((one) => one.PortRange?.From),
  'entry.port-range.to': (acl) => acl.Entries?.map((one) => one.PortRange?.To),
  'entry.protocol': (acl) => acl.Entries?.map((one) => one.Protocol),
  'entry.rule-action': (acl) => acl.Entries?.map((one) => one.RuleAction),
  'entry.rule-number': (acl) => acl.Entries?.map((one) => one.RuleNumber),
  'network-acl-id': (acl) => acl.NetworkAclId,
  'owner-id': (acl) => acl.OwnerId,
  'vpc-id': (acl) => acl.VpcId,
};

export const describeNetworkAcls = readAction<DescribeNetworkAclsRequest, DescribeNetworkAclsResult>({
  name: 'DescribeNetworkAcls',
  run(input, context) {
    const { items, ...next } = describeItems(context, 'NetworkAcls', FILTERS, { ...input, ids: input.NetworkAclIds });
    return { NetworkAcls: items, ...next };
  },
});
