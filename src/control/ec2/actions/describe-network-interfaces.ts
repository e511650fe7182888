/**
 * DescribeNetworkInterfaces.
 *
 * In:    ids, filters, a page. Out: interfaces.
 * Fails: `InvalidNetworkInterfaceID.NotFound`, and those of filters and pages.
 * @see EC2 API Reference, "DescribeNetworkInterfaces", August 2026
 */
import type { DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { NetworkInterface } from '../network-interfaces.ts';

type Association = NonNullable<NetworkInterface['Association']>;

/** The elastic addresses of an interface. */
function associations(item: NetworkInterface): Association[] {
  return (item.PrivateIpAddresses ?? []).flatMap(({ Association: one }) => (one === undefined ? [] : [one]));
}

const FILTERS: FilterTable<NetworkInterface> = {
  'addresses.association.owner-id': (item) => associations(item).map((one) => one.IpOwnerId),
  'addresses.association.public-ip': (item) => associations(item).map((one) => one.PublicIp),
  'addresses.primary': (item) => item.PrivateIpAddresses?.map((one) => one.Primary),
  'addresses.private-ip-address': (item) => item.PrivateIpAddresses?.map((one) => one.PrivateIpAddress),
  'association.allocation-id': (item) => associations(item).map((one) => one.AllocationId),
  'association.association-id': (item) => associations(item).map((one) => one.AssociationId),
  'association.ip-owner-id': (item) => associations(item).map((one) => one.IpOwnerId),
  'association.public-dns-name': (item) => associations(item).map((one) => one.PublicDnsName),
  'association.public-ip': (item) => associations(item).map((one) => one.PublicIp),
  'attachment.attach-time': (item) => item.Attachment?.AttachTime,
  'attachment.attachment-id': (item) => item.Attachment?.AttachmentId,
  'attachment.delete-on-termination': (item) => item.Attachment?.DeleteOnTermination,
  'attachment.device-index': (item) => item.Attachment?.DeviceIndex,
  'attachment.instance-id': (item) => item.Attachment?.InstanceId,
  'attachment.instance-owner-id': (item) => item.Attachment?.InstanceOwnerId,
  'attachment.status': (item) => item.Attachment?.Status,
  'availability-zone': (item) => item.AvailabilityZone,
  'availability-zone-id': (item) => item.AvailabilityZoneId,
  description: (item) => item.Description,
  'group-id': (item) => item.Groups?.map((one) => one.GroupId),
  'group-name': (item) => item.Groups?.map((one) => one.GroupName),
  'interface-type': (item) => item.InterfaceType,
  'ipv6-addresses.ipv6-address': (item) => item.Ipv6Addresses?.map((one) => one.Ipv6Address),
  'mac-address': (item) => item.MacAddress,
  'network-interface-id': (item) => item.NetworkInterfaceId,
  'operator.managed': (item) => item.Operator?.Managed ?? false,
  'operator.principal': (item) => item.Operator?.Principal,
  'owner-id': (item) => item.OwnerId,
  'private-dns-name': (item) => item.PrivateDnsName,
  'private-ip-address': (item) => item.PrivateIpAddresses?.map((one) => one.PrivateIpAddress),
  'requester-id': (item) => item.RequesterId,
  'requester-managed': (item) => item.RequesterManaged,
  'source-dest-check': (item) => item.SourceDestCheck,
  status: (item) => item.Status,
  'subnet-id': (item) => item.SubnetId,
  'vpc-id': (item) => item.VpcId,
};

export const describeNetworkInterfaces = readAction<DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult>({
  name: 'DescribeNetworkInterfaces',
  run(input, context) {
    const { items, ...next } = describeItems(context, 'NetworkInterfaces', FILTERS, {
      ...input,
      ids: input.NetworkInterfaceIds,
    });
    return { NetworkInterfaces: items, ...next };
  },
});
