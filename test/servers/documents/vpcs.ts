/** What aws-cli prints of VPCs, subnets, their blocks and DHCP options. */
import { ACCOUNT, REGION } from '../../../src/control/ec2/ec2.fixture.ts';
import { refused } from '../document-steps.ts';
import type { Step } from '../document-steps.ts';

const NAMED = [{ Key: 'Name', Value: 'a b' }];
const vpc = (id: string, block: string, state: string) => ({
  CidrBlock: block,
  DhcpOptionsId: '<dopt-default>',
  State: state,
  VpcId: `<vpc-${id}>`,
  OwnerId: ACCOUNT,
  InstanceTenancy: 'default',
  Ipv6CidrBlockAssociationSet: [] as object[],
  CidrBlockAssociationSet: [
    { AssociationId: `<vpc-cidr-assoc-${id}>`, CidrBlock: block, CidrBlockState: { State: 'associated' } },
  ] as object[],
  IsDefault: false,
  Tags: [] as object[],
});
const added = (state: string) => ({
  AssociationId: '<vpc-cidr-assoc-added>',
  CidrBlock: '10.1.0.0/16',
  CidrBlockState: { State: state },
});
const six = (state: string) => ({
  AssociationId: '<vpc-cidr-assoc-six>',
  Ipv6CidrBlock: '<net6-a>',
  Ipv6CidrBlockState: { State: state },
  NetworkBorderGroup: REGION,
  Ipv6Pool: 'Amazon',
  Ipv6AddressAttribute: 'public',
  IpSource: 'amazon',
});
const subnetSix = (state: string) => ({
  AssociationId: '<subnet-cidr-assoc-a>',
  Ipv6CidrBlock: '<net6-a/64>',
  Ipv6CidrBlockState: { State: state },
  Ipv6AddressAttribute: 'public',
  IpSource: 'amazon',
});
const SUBNET = {
  AvailabilityZone: `${REGION}b`,
  AvailabilityZoneId: 'euw1-az2',
  AvailableIpAddressCount: 251,
  CidrBlock: '10.0.1.0/24',
  DefaultForAz: false,
  MapPublicIpOnLaunch: false,
  MapCustomerOwnedIpOnLaunch: false,
  State: 'available',
  SubnetId: '<subnet-a>',
  VpcId: '<vpc-a>',
  OwnerId: ACCOUNT,
  AssignIpv6AddressOnCreation: false,
  Ipv6CidrBlockAssociationSet: [] as object[],
  Tags: NAMED,
  SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/<subnet-a>`,
  EnableDns64: false,
  Ipv6Native: false,
  PrivateDnsNameOptionsOnLaunch: {
    HostnameType: 'ip-name',
    EnableResourceNameDnsARecord: false,
    EnableResourceNameDnsAAAARecord: false,
  },
};
const DHCP = {
  DhcpConfigurations: [
    { Key: 'domain-name', Values: [{ Value: 'example.internal' }] },
    { Key: 'domain-name-servers', Values: [{ Value: '10.0.0.2' }, { Value: '192.0.2.53' }] },
  ],
  DhcpOptionsId: '<dopt-own>',
  OwnerId: ACCOUNT,
  Tags: [],
};

export const VPCS: readonly Step[] = [
  [
    "create-vpc --cidr-block 10.0.0.0/16 --tag-specifications 'ResourceType=vpc,Tags=[{Key=Name,Value=a b}]'",
    { Vpc: { ...vpc('a', '10.0.0.0/16', 'pending'), Tags: NAMED } },
  ],
  [
    'associate-vpc-cidr-block --vpc-id <vpc-a> --cidr-block 10.1.0.0/16',
    { CidrBlockAssociation: added('associating'), VpcId: '<vpc-a>' },
  ],
  [
    'associate-vpc-cidr-block --vpc-id <vpc-a> --amazon-provided-ipv6-cidr-block',
    { Ipv6CidrBlockAssociation: six('associating'), VpcId: '<vpc-a>' },
  ],
  [
    'describe-vpcs --vpc-ids <vpc-a>',
    {
      Vpcs: [
        {
          ...vpc('a', '10.0.0.0/16', 'available'),
          Tags: NAMED,
          Ipv6CidrBlockAssociationSet: [six('associated')],
          CidrBlockAssociationSet: [
            ...vpc('a', '10.0.0.0/16', 'available').CidrBlockAssociationSet,
            added('associated'),
          ],
        },
      ],
    },
  ],
  ['modify-vpc-attribute --vpc-id <vpc-a> --enable-dns-hostnames', null],
  [
    'describe-vpc-attribute --vpc-id <vpc-a> --attribute enableDnsHostnames',
    { VpcId: '<vpc-a>', EnableDnsHostnames: { Value: true } },
  ],
  [
    `create-subnet --vpc-id <vpc-a> --cidr-block 10.0.1.0/24 --availability-zone ${REGION}b --tag-specifications 'ResourceType=subnet,Tags=[{Key=Name,Value=a b}]'`,
    { Subnet: SUBNET },
  ],
  [
    'associate-subnet-cidr-block --subnet-id <subnet-a> --ipv6-cidr-block <net6-a/64>',
    { Ipv6CidrBlockAssociation: subnetSix('associating'), SubnetId: '<subnet-a>' },
  ],
  ['modify-subnet-attribute --subnet-id <subnet-a> --map-public-ip-on-launch', null],
  ['modify-subnet-attribute --subnet-id <subnet-a> --assign-ipv6-address-on-creation', null],
  [
    'describe-subnets --filters Name=tag:Name,Values=a?b',
    {
      Subnets: [
        {
          ...SUBNET,
          MapPublicIpOnLaunch: true,
          AssignIpv6AddressOnCreation: true,
          Ipv6CidrBlockAssociationSet: [subnetSix('associated')],
        },
      ],
    },
  ],
  [
    "create-dhcp-options --dhcp-configurations Key=domain-name,Values=example.internal 'Key=domain-name-servers,Values=10.0.0.2,192.0.2.53'",
    { DhcpOptions: DHCP },
  ],
  ['associate-dhcp-options --vpc-id <vpc-a> --dhcp-options-id <dopt-own>', null],
  [
    'describe-dhcp-options --filters Name=key,Values=domain-name-servers --dhcp-options-ids <dopt-own>',
    { DhcpOptions: [DHCP] },
  ],
  [
    'delete-dhcp-options --dhcp-options-id <dopt-own>',
    refused('DependencyViolation', "The dhcpOptions '<dopt-own>' has dependencies and cannot be deleted."),
  ],
  ['associate-dhcp-options --vpc-id <vpc-a> --dhcp-options-id default', null],
  ['delete-dhcp-options --dhcp-options-id <dopt-own>', null],
  ['create-tags --resources <vpc-a> <subnet-a> --tags Key=team,Value=net Key=Name,Value=', null],
  [
    'describe-tags --filters Name=resource-id,Values=<subnet-a>',
    {
      Tags: [
        { Key: 'Name', ResourceId: '<subnet-a>', ResourceType: 'subnet', Value: '' },
        { Key: 'team', ResourceId: '<subnet-a>', ResourceType: 'subnet', Value: 'net' },
      ],
    },
  ],
  ['delete-tags --resources <subnet-a> --tags Key=team,Value=other', null],
  ['delete-tags --resources <subnet-a> --tags Key=Name', null],
  [
    'describe-tags --filters Name=resource-id,Values=<subnet-a>',
    { Tags: [{ Key: 'team', ResourceId: '<subnet-a>', ResourceType: 'subnet', Value: 'net' }] },
  ],
  [
    'disassociate-subnet-cidr-block --association-id <subnet-cidr-assoc-a>',
    { Ipv6CidrBlockAssociation: subnetSix('disassociating'), SubnetId: '<subnet-a>' },
  ],
  [
    'disassociate-vpc-cidr-block --association-id <vpc-cidr-assoc-six>',
    { Ipv6CidrBlockAssociation: six('disassociating'), VpcId: '<vpc-a>' },
  ],
  [
    'disassociate-vpc-cidr-block --association-id <vpc-cidr-assoc-added>',
    { CidrBlockAssociation: added('disassociating'), VpcId: '<vpc-a>' },
  ],
  [
    'disassociate-vpc-cidr-block --association-id <vpc-cidr-assoc-a>',
    refused(
      'OperationNotPermitted',
      'The vpc CIDR block with association ID <vpc-cidr-assoc-a> may not be disassociated. It is the primary IPv4 CIDR block of the VPC',
    ),
  ],
  [
    'delete-vpc --vpc-id <vpc-a>',
    refused('DependencyViolation', "The vpc '<vpc-a>' has dependencies and cannot be deleted."),
  ],
  ['delete-subnet --subnet-id <subnet-a>', null],
  [
    'delete-subnet --subnet-id <subnet-a>',
    refused('InvalidSubnetID.NotFound', "The subnet ID '<subnet-a>' does not exist"),
  ],
  ['delete-vpc --vpc-id <vpc-a>', null],
  ['delete-vpc --vpc-id <vpc-a>', refused('InvalidVpcID.NotFound', "The vpc ID '<vpc-a>' does not exist")],
];
