/**
 * DescribeInstances: those that are there, and for an hour those that were terminated, by their reservations.
 *
 * In:    ids, filters, a page. Out: reservations. Fails: `InvalidInstanceID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeInstances", August 2026
 */
import type { DescribeInstancesRequest, DescribeInstancesResult, Instance as SdkInstance } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import { describedInstance, instanceAt } from '../instances.ts';
import type { Instance } from '../instances.ts';
import type { Plain } from '../items.ts';

type Described = Plain<SdkInstance>;
type Interface = NonNullable<Described['NetworkInterfaces']>[number];
type Found = string | number | boolean | undefined | null | readonly (string | number | boolean | undefined | null)[];

/** Of what an instance and its reservation tell themselves. */
const OWN: FilterTable<Instance> = {
  architecture: 'Architecture',
  'availability-zone': (one) => one.Placement?.AvailabilityZone,
  'client-token': 'ClientToken',
  hypervisor: 'Hypervisor',
  'image-id': 'ImageId',
  'instance-id': 'InstanceId',
  'instance-state-code': (one) => one.State?.Code,
  'instance-state-name': (one) => one.State?.Name,
  'instance-type': 'InstanceType',
  'key-name': 'KeyName',
  'launch-index': (one) => one.AmiLaunchIndex,
  'launch-time': 'LaunchTime',
  'monitoring-state': (one) => one.Monitoring?.State,
  'reservation-id': 'ReservationId',
  'root-device-type': 'RootDeviceType',
  'subnet-id': 'SubnetId',
  tenancy: (one) => one.Placement?.Tenancy,
  'virtualization-type': 'VirtualizationType',
  'vpc-id': 'VpcId',
};

const ofInterfaces =
  (look: (one: Interface) => string | number | boolean | undefined | null) =>
  (one: Described): Found =>
    one.NetworkInterfaces?.map(look);
const ofGroups = (member: 'GroupId' | 'GroupName') => (one: Described) =>
  one.NetworkInterfaces?.flatMap(({ Groups }) => Groups?.map((group) => group[member]) ?? []);

/** Of what its interfaces tell. */
const OF_INTERFACES: Readonly<Record<string, (one: Described) => Found>> = {
  'dns-name': (one) => one.PublicDnsName,
  'instance.group-id': ofGroups('GroupId'),
  'instance.group-name': ofGroups('GroupName'),
  'ip-address': (one) => one.PublicIpAddress,
  'network-interface.addresses.private-ip-address': (one) =>
    one.NetworkInterfaces?.flatMap((item) => item.PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress)),
  'network-interface.attachment.attachment-id': ofInterfaces((item) => item.Attachment?.AttachmentId),
  'network-interface.availability-zone': (one) => one.Placement?.AvailabilityZone,
  'network-interface.group-id': ofGroups('GroupId'),
  'network-interface.mac-address': ofInterfaces((item) => item.MacAddress),
  'network-interface.network-interface-id': ofInterfaces((item) => item.NetworkInterfaceId),
  'network-interface.private-dns-name': ofInterfaces((item) => item.PrivateDnsName),
  'network-interface.source-dest-check': ofInterfaces((item) => item.SourceDestCheck),
  'network-interface.status': ofInterfaces((item) => item.Status),
  'network-interface.subnet-id': ofInterfaces((item) => item.SubnetId),
  'network-interface.vpc-id': ofInterfaces((item) => item.VpcId),
  'private-dns-name': (one) => one.PrivateDnsName,
  'private-ip-address': (one) => one.PrivateIpAddress,
  'source-dest-check': (one) => one.SourceDestCheck,
};

function filtersOf(resources: Resources, account: string): FilterTable<Instance> {
  const others = Object.entries(OF_INTERFACES).map(
    ([name, look]) => [name, (one: Instance): Found => look(describedInstance(resources, one))] as const,
  );
  return { ...OWN, 'owner-id': () => account, ...Object.fromEntries(others) };
}

export const describeInstances = readAction<DescribeInstancesRequest, DescribeInstancesResult>({
  name: 'DescribeInstances',
  run(input, context) {
    const { account, resources } = context;
    const { items, ...next } = describeItems(
      context,
      'Instances',
      filtersOf(resources, account),
      { ...input, ids: input.InstanceIds },
      instanceAt,
    );
    const reservations = Map.groupBy(items, ({ ReservationId: id, InstanceId: own }) => id ?? own ?? '');
    return {
      Reservations: [...reservations].map(([id, instances]) => ({
        ReservationId: id,
        OwnerId: account,
        Groups: [],
        Instances: instances.map((item) => describedInstance(resources, item)),
      })),
      ...next,
    };
  },
});
