/**
 * DescribeSubnets.
 *
 * In:    ids, filters, a page. Out: subnets, with the count of their free addresses.
 * Fails: `InvalidSubnetID.NotFound`, and those of filters and pages.
 * @see EC2 API Reference, "DescribeSubnets", August 2026
 */
import type { DescribeSubnetsRequest, DescribeSubnetsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { Items } from '../items.ts';
import { describedSubnet } from '../subnets.ts';

const filters = (resources: Resources): FilterTable<Items['Subnets']> => ({
  'availability-zone': (subnet) => subnet.AvailabilityZone,
  availabilityZone: (subnet) => subnet.AvailabilityZone,
  'availability-zone-id': (subnet) => subnet.AvailabilityZoneId,
  availabilityZoneId: (subnet) => subnet.AvailabilityZoneId,
  'available-ip-address-count': (subnet) => describedSubnet(resources, subnet).AvailableIpAddressCount,
  'cidr-block': (subnet) => subnet.CidrBlock,
  cidr: (subnet) => subnet.CidrBlock,
  cidrBlock: (subnet) => subnet.CidrBlock,
  'customer-owned-ipv4-pool': (subnet) => subnet.CustomerOwnedIpv4Pool,
  'default-for-az': (subnet) => subnet.DefaultForAz,
  defaultForAz: (subnet) => subnet.DefaultForAz,
  'enable-dns64': (subnet) => subnet.EnableDns64,
  'enable-lni-at-device-index': (subnet) => subnet.EnableLniAtDeviceIndex,
  'ipv6-cidr-block-association.association-id': (subnet) =>
    subnet.Ipv6CidrBlockAssociationSet?.map((one) => one.AssociationId),
  'ipv6-cidr-block-association.ipv6-cidr-block': (subnet) =>
    subnet.Ipv6CidrBlockAssociationSet?.map((one) => one.Ipv6CidrBlock),
  'ipv6-cidr-block-association.state': (subnet) =>
    subnet.Ipv6CidrBlockAssociationSet?.map((one) => one.Ipv6CidrBlockState?.State),
  'ipv6-native': (subnet) => subnet.Ipv6Native,
  'map-customer-owned-ip-on-launch': (subnet) => subnet.MapCustomerOwnedIpOnLaunch,
  'map-public-ip-on-launch': (subnet) => subnet.MapPublicIpOnLaunch,
  'outpost-arn': (subnet) => subnet.OutpostArn,
  'owner-id': (subnet) => subnet.OwnerId,
  'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': (subnet) =>
    subnet.PrivateDnsNameOptionsOnLaunch?.EnableResourceNameDnsARecord,
  'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': (subnet) =>
    subnet.PrivateDnsNameOptionsOnLaunch?.EnableResourceNameDnsAAAARecord,
  'private-dns-name-options-on-launch.hostname-type': (subnet) => subnet.PrivateDnsNameOptionsOnLaunch?.HostnameType,
  state: (subnet) => subnet.State,
  'subnet-arn': (subnet) => subnet.SubnetArn,
  'subnet-id': (subnet) => subnet.SubnetId,
  'vpc-id': (subnet) => subnet.VpcId,
});

export const describeSubnets = readAction<DescribeSubnetsRequest, DescribeSubnetsResult>({
  name: 'DescribeSubnets',
  run(input, context) {
    const { resources } = context;
    const { items, ...next } = describeItems(context, 'Subnets', filters(resources), {
      ...input,
      ids: input.SubnetIds,
    });
    return { Subnets: items.map((subnet) => describedSubnet(resources, subnet)), ...next };
  },
});
