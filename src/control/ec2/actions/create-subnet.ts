/**
 * CreateSubnet.
 *
 * In:    a VPC, a block within it, a zone, tags; an IPv6 block too. Out: the subnet, under the VPC's default ACL.
 * Fails: as `vpc-errors.ts` lists them.
 * @see EC2 API Reference, "CreateSubnet", August 2026
 */
import type { CreateSubnetRequest, CreateSubnetResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import type { Items } from '../items.ts';
import { associateWithDefault } from '../network-acls.ts';
import { refuseParameters } from '../not-here.ts';
import { zonesOf } from '../regions.ts';
import type { Zone } from '../regions.ts';
import { describedSubnet, ipv6Association } from '../subnets.ts';
import { tagsFor } from '../tags.ts';
import { checkSubnetBlock } from '../vpc-blocks.ts';
import { vpcError } from '../vpc-errors.ts';

export const createSubnet = writeAction<CreateSubnetRequest, CreateSubnetResult>({
  name: 'CreateSubnet',
  run(input, context) {
    const { account, newId, region, resources } = context;
    const vpc = itemWithId(resources, 'Vpcs', input.VpcId);
    refuseParameters(input, [
      'Ipv4IpamPoolId',
      'Ipv4NetmaskLength',
      'Ipv6IpamPoolId',
      'Ipv6Native',
      'Ipv6NetmaskLength',
      'OutpostArn',
    ]);
    if (input.CidrBlock === undefined) throw missingParameter('CidrBlock');
    const zone = zoneOf(region, input.AvailabilityZone, input.AvailabilityZoneId);
    const block = checkSubnetBlock(resources, vpc, input.CidrBlock, 4);
    const six = input.Ipv6CidrBlock === undefined ? null : checkSubnetBlock(resources, vpc, input.Ipv6CidrBlock, 6);
    const id = newId('subnet-');
    const subnet: Items['Subnets'] = {
      AvailabilityZoneId: zone.id,
      MapCustomerOwnedIpOnLaunch: false,
      OwnerId: account,
      AssignIpv6AddressOnCreation: false,
      Ipv6CidrBlockAssociationSet: six === null ? [] : [ipv6Association(context, six)],
      Tags: tagsFor('subnet', input.TagSpecifications),
      SubnetArn: `arn:aws:ec2:${region}:${account}:subnet/${id}`,
      EnableDns64: false,
      Ipv6Native: false,
      PrivateDnsNameOptionsOnLaunch: {
        HostnameType: 'ip-name',
        EnableResourceNameDnsARecord: false,
        EnableResourceNameDnsAAAARecord: false,
      },
      SubnetId: id,
      State: 'available',
      VpcId: input.VpcId,
      CidrBlock: block,
      AvailabilityZone: zone.name,
      DefaultForAz: false,
      MapPublicIpOnLaunch: false,
    };
    resources.put('Subnets', subnet);
    associateWithDefault(context, input.VpcId, id);
    return { Subnet: describedSubnet(resources, subnet) };
  },
});

/** The zone that is meant; the first one where none is. */
function zoneOf(region: string, name: string | undefined, id: string | undefined): Zone {
  const zones = zonesOf(region);
  const found = zones.find(
    (zone) => (name === undefined || zone.name === name) && (id === undefined || zone.id === id),
  );
  if (found === undefined) throw vpcError('zone', name ?? id ?? '', zones.map((zone) => zone.name).join(', '));
  return found;
}
