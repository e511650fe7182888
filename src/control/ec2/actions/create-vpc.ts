/**
 * CreateVpc.
 *
 * In:    a block, tenancy, tags, whether an IPv6 block is wanted. Out: the VPC, with its default security group, network ACL and
 *        main route table.
 * Holds: it is there at once; the answer says `pending` as AWS's does.
 * Fails: as `vpc-errors.ts` lists them.
 * @see EC2 API Reference, "CreateVpc", August 2026
 */
import type { CreateVpcRequest, CreateVpcResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { addDefaultDhcpOptions } from '../dhcp-options.ts';
import { missingParameter } from '../errors.ts';
import type { Items } from '../items.ts';
import { addNetworkAcl } from '../network-acls.ts';
import { refuseParameters } from '../not-here.ts';
import { addRouteTable } from '../route-tables.ts';
import { addGroup, DEFAULT_GROUP } from '../security-groups.ts';
import { tagsFor } from '../tags.ts';
import { addBlock, addIpv6Block } from '../vpc-blocks.ts';
import { vpcError } from '../vpc-errors.ts';

const TENANCIES = ['default', 'dedicated'];

export const createVpc = writeAction<CreateVpcRequest, CreateVpcResult>({
  name: 'CreateVpc',
  run(input, context) {
    const { account, newId, resources } = context;
    refuseParameters(input, [
      'Ipv4IpamPoolId',
      'Ipv4NetmaskLength',
      'Ipv6CidrBlock',
      'Ipv6IpamPoolId',
      'Ipv6NetmaskLength',
      'Ipv6Pool',
      'VpcEncryptionControl',
    ]);
    const { CidrBlock: block, InstanceTenancy: tenancy = 'default' } = input;
    if (block === undefined) throw missingParameter('CidrBlock');
    if (!TENANCIES.includes(tenancy)) throw vpcError('tenancy', tenancy);
    const first = addBlock(context, 'cidrBlock', block, null);
    const six =
      input.AmazonProvidedIpv6CidrBlock === true
        ? [addIpv6Block(context, input.Ipv6CidrBlockNetworkBorderGroup, null)]
        : [];
    const vpc: Items['Vpcs'] = {
      OwnerId: account,
      InstanceTenancy: tenancy,
      Ipv6CidrBlockAssociationSet: six,
      CidrBlockAssociationSet: [first],
      IsDefault: false,
      Tags: tagsFor('vpc', input.TagSpecifications),
      VpcId: newId('vpc-'),
      State: 'available',
      CidrBlock: first.CidrBlock,
      DhcpOptionsId: addDefaultDhcpOptions(context),
      EnableDnsSupport: true,
      EnableDnsHostnames: false,
      EnableNetworkAddressUsageMetrics: false,
    };
    resources.put('Vpcs', vpc);
    addNetworkAcl(context, vpc, true, []);
    addGroup(context, vpc, DEFAULT_GROUP, 'default VPC security group', []);
    addRouteTable(context, vpc, true, []);
    return {
      Vpc: {
        ...vpc,
        State: 'pending',
        Ipv6CidrBlockAssociationSet: six.map((one) => ({ ...one, Ipv6CidrBlockState: { State: 'associating' } })),
      },
    };
  },
});
