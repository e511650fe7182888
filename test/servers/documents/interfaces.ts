/** What aws-cli prints of network interfaces, instances and elastic addresses. */
import { ACCOUNT, KEY_IDS, REGION } from '../../../src/control/ec2/ec2.fixture.ts';
import { refused } from '../document-steps.ts';
import type { Step } from '../document-steps.ts';

const dnsName = (address: string): string => `ip-${address.replaceAll('.', '-')}.${REGION}.compute.internal`;
const address = (text: string, isPrimary = false): object => ({
  Primary: isPrimary,
  PrivateDnsName: dnsName(text),
  PrivateIpAddress: text,
});
const WEB = [{ GroupName: 'web', GroupId: '<sg-web>' }];
const DEFAULT = [{ GroupName: 'default', GroupId: '<sg-default>' }];
/** What an interface has, whoever tells of it. */
const ETH = {
  AvailabilityZone: `${REGION}a`,
  AvailabilityZoneId: 'euw1-az1',
  Description: 'eth one',
  Groups: WEB,
  InterfaceType: 'interface',
  Ipv6Addresses: [] as object[],
  MacAddress: '<mac-eth>',
  NetworkInterfaceId: '<eni-eth>',
  OwnerId: ACCOUNT,
  PrivateDnsName: dnsName('10.0.1.10'),
  PrivateIpAddress: '10.0.1.10',
  PrivateIpAddresses: [address('10.0.1.10', true)],
  RequesterId: KEY_IDS.operate,
  RequesterManaged: false,
  SourceDestCheck: true,
  Status: 'pending',
  SubnetId: '<subnet-a>',
  TagSet: [{ Key: 'Name', Value: 'eth' }],
  VpcId: '<vpc-a>',
};
const NETWORK: readonly Step[] = [
  ['create-vpc --cidr-block 10.0.0.0/16 --amazon-provided-ipv6-cidr-block --query Vpc.VpcId', '<vpc-a>'],
  ['describe-vpcs --vpc-ids <vpc-a> --query Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock', '<net6-a>'],
  [
    `create-subnet --vpc-id <vpc-a> --cidr-block 10.0.1.0/24 --ipv6-cidr-block <net6-a/64> --availability-zone ${REGION}a --query Subnet.SubnetId`,
    '<subnet-a>',
  ],
  ['create-security-group --vpc-id <vpc-a> --group-name web --description web --query GroupId', '<sg-web>'],
  [
    'describe-security-groups --filters Name=group-name,Values=default Name=vpc-id,Values=<vpc-a> --query SecurityGroups[].GroupId',
    ['<sg-default>'],
  ],
];

export const INTERFACES: readonly Step[] = [
  ...NETWORK,
  [
    "create-network-interface --subnet-id <subnet-a> --description 'eth one' --groups <sg-web> --private-ip-address 10.0.1.10 --tag-specifications 'ResourceType=network-interface,Tags=[{Key=Name,Value=eth}]'",
    { NetworkInterface: ETH, ClientToken: '<token-eth>' },
  ],
  [
    'create-network-interface --subnet-id <subnet-a> --private-ip-address 10.0.1.10',
    refused('InvalidIPAddress.InUse', 'Address 10.0.1.10 is in use.'),
  ],
  [
    'assign-private-ip-addresses --network-interface-id <eni-eth> --private-ip-addresses 10.0.1.11 10.0.1.12',
    {
      NetworkInterfaceId: '<eni-eth>',
      AssignedPrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.11' }, { PrivateIpAddress: '10.0.1.12' }],
      AssignedIpv4Prefixes: [],
    },
  ],
  ['unassign-private-ip-addresses --network-interface-id <eni-eth> --private-ip-addresses 10.0.1.11', null],
  [
    'assign-ipv6-addresses --network-interface-id <eni-eth> --ipv6-address-count 1',
    { AssignedIpv6Addresses: ['<ip6-eth>'], AssignedIpv6Prefixes: [], NetworkInterfaceId: '<eni-eth>' },
  ],
  ['modify-network-interface-attribute --network-interface-id <eni-eth> --no-source-dest-check', null],
  ["modify-network-interface-attribute --network-interface-id <eni-eth> --description 'Value=eth two'", null],
  ['modify-network-interface-attribute --network-interface-id <eni-eth> --groups <sg-default> <sg-web>', null],
  [
    'describe-network-interfaces --network-interface-ids <eni-eth>',
    {
      NetworkInterfaces: [
        {
          ...ETH,
          Description: 'eth two',
          Groups: [...DEFAULT, ...WEB],
          Ipv6Addresses: [{ Ipv6Address: '<ip6-eth>', IsPrimaryIpv6: false }],
          PrivateIpAddresses: [address('10.0.1.10', true), address('10.0.1.12')],
          SourceDestCheck: false,
          Status: 'available',
        },
      ],
    },
  ],
  ['reset-network-interface-attribute --network-interface-id <eni-eth> --source-dest-check true', null],
  [
    'describe-network-interface-attribute --network-interface-id <eni-eth> --attribute sourceDestCheck',
    { NetworkInterfaceId: '<eni-eth>', SourceDestCheck: { Value: true } },
  ],
  [
    'unassign-ipv6-addresses --network-interface-id <eni-eth> --ipv6-addresses <ip6-eth>',
    { NetworkInterfaceId: '<eni-eth>', UnassignedIpv6Addresses: ['<ip6-eth>'], UnassignedIpv6Prefixes: [] },
  ],
  ['delete-network-interface --network-interface-id <eni-eth>', null],
  [
    'delete-network-interface --network-interface-id <eni-eth>',
    refused('InvalidNetworkInterfaceID.NotFound', "The networkInterface ID '<eni-eth>' does not exist"),
  ],
];

const INSTANCE = {
  AmiLaunchIndex: 0,
  Architecture: 'x86_64',
  BlockDeviceMappings: [],
  ClientToken: '<token-web>',
  EbsOptimized: false,
  EnaSupport: true,
  Hypervisor: 'xen',
  ImageId: 'ami-0a',
  InstanceId: '<i-web>',
  InstanceType: 't3.micro',
  KeyName: 'mine',
  LaunchTime: '<time>',
  MetadataOptions: {
    State: 'applied',
    HttpTokens: 'optional',
    HttpPutResponseHopLimit: 1,
    HttpEndpoint: 'enabled',
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: 'disabled',
  },
  Monitoring: { State: 'disabled' },
  NetworkInterfaces: [
    {
      Attachment: {
        AttachTime: '<time>',
        AttachmentId: '<eni-attach-first>',
        DeleteOnTermination: true,
        DeviceIndex: 0,
        Status: 'attached',
        NetworkCardIndex: 0,
      },
      Description: '',
      Groups: WEB,
      Ipv6Addresses: [],
      MacAddress: '<mac-first>',
      NetworkInterfaceId: '<eni-first>',
      OwnerId: ACCOUNT,
      PrivateDnsName: dnsName('10.0.1.77'),
      PrivateIpAddress: '10.0.1.77',
      PrivateIpAddresses: [address('10.0.1.77', true)],
      SourceDestCheck: true,
      Status: 'in-use',
      SubnetId: '<subnet-a>',
      VpcId: '<vpc-a>',
      InterfaceType: 'interface',
    },
  ],
  Placement: { AvailabilityZone: `${REGION}a`, GroupName: '', Tenancy: 'default' },
  PrivateDnsName: dnsName('10.0.1.77'),
  PrivateIpAddress: '10.0.1.77',
  ProductCodes: [],
  PublicDnsName: '',
  RootDeviceName: '/dev/xvda',
  RootDeviceType: 'ebs',
  SecurityGroups: WEB,
  SourceDestCheck: true,
  State: { Code: 0, Name: 'pending' },
  StateTransitionReason: '',
  SubnetId: '<subnet-a>',
  Tags: [{ Key: 'Name', Value: 'web' }],
  VirtualizationType: 'hvm',
  VpcId: '<vpc-a>',
};
const ADDRESS = {
  PublicIp: '<ip-a>',
  AllocationId: '<eipalloc-a>',
  PublicIpv4Pool: 'amazon',
  NetworkBorderGroup: REGION,
  Domain: 'vpc',
};

export const INSTANCES: readonly Step[] = [
  ...NETWORK,
  [
    "run-instances --image-id ami-0a --instance-type t3.micro --key-name mine --count 1 --subnet-id <subnet-a> --security-group-ids <sg-web> --private-ip-address 10.0.1.77 --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=web}]'",
    { ReservationId: '<r-web>', OwnerId: ACCOUNT, Groups: [], Instances: [INSTANCE] },
  ],
  [
    'describe-instances --filters Name=private-ip-address,Values=10.0.1.7?',
    {
      Reservations: [
        {
          ReservationId: '<r-web>',
          OwnerId: ACCOUNT,
          Groups: [],
          Instances: [{ ...INSTANCE, State: { Code: 16, Name: 'running' } }],
        },
      ],
    },
  ],
  ['create-network-interface --subnet-id <subnet-a> --query NetworkInterface.NetworkInterfaceId', '<eni-second>'],
  [
    'attach-network-interface --network-interface-id <eni-second> --instance-id <i-web> --device-index 1',
    { AttachmentId: '<eni-attach-second>', NetworkCardIndex: 0 },
  ],
  [
    'describe-network-interfaces --network-interface-ids <eni-second> --query NetworkInterfaces[].[Status,Attachment]',
    [
      [
        'in-use',
        {
          AttachTime: '<time>',
          AttachmentId: '<eni-attach-second>',
          DeleteOnTermination: false,
          DeviceIndex: 1,
          InstanceId: '<i-web>',
          InstanceOwnerId: ACCOUNT,
          NetworkCardIndex: 0,
          Status: 'attached',
        },
      ],
    ],
  ],
  [
    'delete-network-interface --network-interface-id <eni-second>',
    refused('InvalidParameterValue', "Network interface '<eni-second>' is currently in use."),
  ],
  ["allocate-address --domain vpc --tag-specifications 'ResourceType=elastic-ip,Tags=[{Key=Name,Value=a}]'", ADDRESS],
  [
    'associate-address --allocation-id <eipalloc-a> --network-interface-id <eni-second>',
    refused('Gateway.NotAttached', 'Network <vpc-a> is not attached to any internet gateway'),
  ],
  ['create-internet-gateway --query InternetGateway.InternetGatewayId', '<igw-a>'],
  ['attach-internet-gateway --internet-gateway-id <igw-a> --vpc-id <vpc-a>', null],
  [
    'associate-address --allocation-id <eipalloc-a> --network-interface-id <eni-second>',
    { AssociationId: '<eipassoc-a>' },
  ],
  [
    'describe-addresses --allocation-ids <eipalloc-a>',
    {
      Addresses: [
        {
          ...ADDRESS,
          InstanceId: '<i-web>',
          AssociationId: '<eipassoc-a>',
          NetworkInterfaceId: '<eni-second>',
          NetworkInterfaceOwnerId: ACCOUNT,
          PrivateIpAddress: '10.0.1.4',
          Tags: [{ Key: 'Name', Value: 'a' }],
        },
      ],
    },
  ],
  ['release-address --allocation-id <eipalloc-a>', refused('InvalidIPAddress.InUse', 'Address <ip-a> is in use.')],
  ['disassociate-address --association-id <eipassoc-a>', null],
  ['release-address --allocation-id <eipalloc-a>', null],
  [
    'release-address --allocation-id <eipalloc-a>',
    refused('InvalidAllocationID.NotFound', "The allocation ID '<eipalloc-a>' does not exist"),
  ],
  ['detach-network-interface --attachment-id <eni-attach-second>', null],
  [
    'detach-network-interface --attachment-id <eni-attach-first>',
    refused(
      'OperationNotPermitted',
      'The network interface at device index 0 and networkCard index 0 cannot be detached.',
    ),
  ],
  [
    'terminate-instances --instance-ids <i-web>',
    {
      TerminatingInstances: [
        {
          CurrentState: { Code: 32, Name: 'shutting-down' },
          InstanceId: '<i-web>',
          PreviousState: { Code: 16, Name: 'running' },
        },
      ],
    },
  ],
  [
    'describe-network-interfaces --query NetworkInterfaces[].[NetworkInterfaceId,Status] --output text',
    '<eni-second>\tavailable',
  ],
];
