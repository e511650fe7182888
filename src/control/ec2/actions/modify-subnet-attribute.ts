/**
 * ModifySubnetAttribute: one attribute a call.
 *
 * In:    a subnet, one attribute with its value. Out: nothing.
 * Fails: `InvalidSubnetID.NotFound`, and as `vpc-errors.ts` lists them.
 * @see EC2 API Reference, "ModifySubnetAttribute", August 2026
 */
import type { ModifySubnetAttributeRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { oneOf } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import type { Input, Items } from '../items.ts';
import { refuseParameters } from '../not-here.ts';
import { vpcError } from '../vpc-errors.ts';

export const modifySubnetAttribute = writeAction<ModifySubnetAttributeRequest, object>({
  name: 'ModifySubnetAttribute',
  run(input, { resources }) {
    const subnet = itemWithId(resources, 'Subnets', input.SubnetId);
    refuseParameters(input, [
      'CustomerOwnedIpv4Pool',
      'DisableLniAtDeviceIndex',
      'EnableLniAtDeviceIndex',
      'MapCustomerOwnedIpOnLaunch',
    ]);
    const changes = changesIn(input, subnet);
    const [change] = changes;
    if (change === undefined || changes.length > 1)
      throw vpcError('oneAttribute', changes.flatMap((one) => Object.keys(one)).join(', '));
    if (change.AssignIpv6AddressOnCreation === true && (subnet.Ipv6CidrBlockAssociationSet?.length ?? 0) === 0)
      throw vpcError('noIpv6Block', input.SubnetId);
    resources.put('Subnets', { ...subnet, ...change });
    return {};
  },
});

type Subnet = Items['Subnets'];

function changesIn(input: Input<ModifySubnetAttributeRequest>, subnet: Subnet): Partial<Subnet>[] {
  const names = subnet.PrivateDnsNameOptionsOnLaunch ?? {};
  const type = oneOf('PrivateDnsHostnameTypeOnLaunch', input.PrivateDnsHostnameTypeOnLaunch, [
    'ip-name',
    'resource-name',
  ]);
  const flag = <T>(given: { readonly Value?: boolean } | undefined, change: (value: boolean) => T): T[] =>
    given?.Value === undefined ? [] : [change(given.Value)];
  return [
    ...flag(input.AssignIpv6AddressOnCreation, (value) => ({ AssignIpv6AddressOnCreation: value })),
    ...flag(input.MapPublicIpOnLaunch, (value) => ({ MapPublicIpOnLaunch: value })),
    ...flag(input.EnableDns64, (value) => ({ EnableDns64: value })),
    ...flag(input.EnableResourceNameDnsARecordOnLaunch, (value) => ({
      PrivateDnsNameOptionsOnLaunch: { ...names, EnableResourceNameDnsARecord: value },
    })),
    ...flag(input.EnableResourceNameDnsAAAARecordOnLaunch, (value) => ({
      PrivateDnsNameOptionsOnLaunch: { ...names, EnableResourceNameDnsAAAARecord: value },
    })),
    ...(type === undefined ? [] : [{ PrivateDnsNameOptionsOnLaunch: { ...names, HostnameType: type } }]),
  ];
}
