/** What aws-cli prints of route tables, gateways and endpoints. */
import { ACCOUNT, REGION } from '../../../src/control/ec2/ec2.fixture.ts';
import { refused } from '../document-steps.ts';
import type { Step } from '../document-steps.ts';

const LOCAL = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
const table = (routes: readonly object[], associations: readonly object[]): object => ({
  Associations: associations,
  PropagatingVgws: [],
  RouteTableId: '<rtb-own>',
  Routes: routes,
  Tags: [],
  VpcId: '<vpc-a>',
  OwnerId: ACCOUNT,
});
const ASSOCIATED = { AssociationState: { State: 'associated' } };
const NETWORK: readonly Step[] = [
  ['create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId', '<vpc-a>'],
  [
    `create-subnet --vpc-id <vpc-a> --cidr-block 10.0.1.0/24 --availability-zone ${REGION}a --query Subnet.SubnetId`,
    '<subnet-a>',
  ],
];

export const ROUTES: readonly Step[] = [
  ...NETWORK,
  [
    "create-internet-gateway --tag-specifications 'ResourceType=internet-gateway,Tags=[{Key=Name,Value=out}]'",
    {
      InternetGateway: {
        Attachments: [],
        InternetGatewayId: '<igw-a>',
        OwnerId: ACCOUNT,
        Tags: [{ Key: 'Name', Value: 'out' }],
      },
    },
  ],
  ['attach-internet-gateway --internet-gateway-id <igw-a> --vpc-id <vpc-a>', null],
  [
    'describe-internet-gateways --filters Name=attachment.vpc-id,Values=<vpc-a>',
    {
      InternetGateways: [
        {
          Attachments: [{ State: 'available', VpcId: '<vpc-a>' }],
          InternetGatewayId: '<igw-a>',
          OwnerId: ACCOUNT,
          Tags: [{ Key: 'Name', Value: 'out' }],
        },
      ],
    },
  ],
  [
    'create-egress-only-internet-gateway --vpc-id <vpc-a>',
    {
      ClientToken: '<token-eigw>',
      EgressOnlyInternetGateway: {
        Attachments: [{ State: 'attached', VpcId: '<vpc-a>' }],
        EgressOnlyInternetGatewayId: '<eigw-a>',
        Tags: [],
      },
    },
  ],
  ['create-route-table --vpc-id <vpc-a>', { RouteTable: table([LOCAL], []), ClientToken: '<token-rtb>' }],
  ['create-route --route-table-id <rtb-own> --destination-cidr-block 0.0.0.0/0 --gateway-id <igw-a>', { Return: true }],
  [
    'create-route --route-table-id <rtb-own> --destination-cidr-block 0.0.0.0/0 --gateway-id <igw-a>',
    refused('RouteAlreadyExists', 'The route identified by 0.0.0.0/0 already exists.'),
  ],
  [
    'create-route --route-table-id <rtb-own> --destination-ipv6-cidr-block ::/0 --egress-only-internet-gateway-id <eigw-a>',
    { Return: true },
  ],
  [
    'associate-route-table --route-table-id <rtb-own> --subnet-id <subnet-a>',
    { AssociationId: '<rtbassoc-a>', ...ASSOCIATED },
  ],
  [
    'describe-route-tables --route-table-ids <rtb-own>',
    {
      RouteTables: [
        table(
          [
            LOCAL,
            { DestinationCidrBlock: '0.0.0.0/0', GatewayId: '<igw-a>', Origin: 'CreateRoute', State: 'active' },
            {
              DestinationIpv6CidrBlock: '::/0',
              EgressOnlyInternetGatewayId: '<eigw-a>',
              Origin: 'CreateRoute',
              State: 'active',
            },
          ],
          [
            {
              Main: false,
              RouteTableAssociationId: '<rtbassoc-a>',
              RouteTableId: '<rtb-own>',
              SubnetId: '<subnet-a>',
              ...ASSOCIATED,
            },
          ],
        ),
      ],
    },
  ],
  [
    'delete-route-table --route-table-id <rtb-own>',
    refused('DependencyViolation', "The routeTable '<rtb-own>' has dependencies and cannot be deleted."),
  ],
  [
    'describe-route-tables --filters Name=association.main,Values=true Name=vpc-id,Values=<vpc-a> --query RouteTables[].RouteTableId',
    ['<rtb-main>'],
  ],
  [
    'replace-route-table-association --association-id <rtbassoc-a> --route-table-id <rtb-main>',
    { NewAssociationId: '<rtbassoc-b>', ...ASSOCIATED },
  ],
  ['disassociate-route-table --association-id <rtbassoc-b>', null],
  [
    'disassociate-route-table --association-id <rtbassoc-b>',
    refused('InvalidAssociationID.NotFound', "The association ID '<rtbassoc-b>' does not exist"),
  ],
  ['allocate-address --query [AllocationId,PublicIp]', ['<eipalloc-a>', '<ip-a>']],
  [
    'create-nat-gateway --subnet-id <subnet-a> --allocation-id <eipalloc-a>',
    {
      ClientToken: '<token-nat>',
      NatGateway: {
        CreateTime: '<time>',
        NatGatewayAddresses: [{ AllocationId: '<eipalloc-a>', IsPrimary: true, Status: 'associating' }],
        NatGatewayId: '<nat-a>',
        State: 'pending',
        SubnetId: '<subnet-a>',
        VpcId: '<vpc-a>',
        Tags: [],
        ConnectivityType: 'public',
      },
    },
  ],
  ['replace-route --route-table-id <rtb-own> --destination-cidr-block 0.0.0.0/0 --nat-gateway-id <nat-a>', null],
  [
    'describe-nat-gateways --nat-gateway-ids <nat-a>',
    {
      NatGateways: [
        {
          CreateTime: '<time>',
          NatGatewayAddresses: [
            {
              AllocationId: '<eipalloc-a>',
              NetworkInterfaceId: '<eni-nat>',
              PrivateIp: '10.0.1.4',
              PublicIp: '<ip-a>',
              AssociationId: '<eipassoc-nat>',
              IsPrimary: true,
              Status: 'succeeded',
            },
          ],
          NatGatewayId: '<nat-a>',
          State: 'available',
          SubnetId: '<subnet-a>',
          VpcId: '<vpc-a>',
          Tags: [],
          ConnectivityType: 'public',
        },
      ],
    },
  ],
  ['delete-nat-gateway --nat-gateway-id <nat-a>', { NatGatewayId: '<nat-a>' }],
  ['delete-nat-gateway --nat-gateway-id nat-0', refused('NatGatewayNotFound', 'NAT gateway nat-0 was not found')],
  [
    'describe-route-tables --route-table-ids <rtb-own> --query RouteTables[].Routes[].[DestinationCidrBlock,NatGatewayId,State]',
    [
      ['10.0.0.0/16', null, 'active'],
      ['0.0.0.0/0', '<nat-a>', 'blackhole'],
      [null, null, 'active'],
    ],
  ],
  ['delete-route --route-table-id <rtb-own> --destination-cidr-block 0.0.0.0/0', null],
  [
    'delete-route --route-table-id <rtb-own> --destination-cidr-block 0.0.0.0/0',
    refused('InvalidRoute.NotFound', 'no route with destination-cidr-block 0.0.0.0/0 in route table <rtb-own>'),
  ],
  ['delete-route-table --route-table-id <rtb-own>', null],
  ['delete-egress-only-internet-gateway --egress-only-internet-gateway-id <eigw-a>', { ReturnCode: true }],
  [
    'delete-internet-gateway --internet-gateway-id <igw-a>',
    refused('DependencyViolation', "The internetGateway '<igw-a>' has dependencies and cannot be deleted."),
  ],
  ['detach-internet-gateway --internet-gateway-id <igw-a> --vpc-id <vpc-a>', null],
  ['delete-internet-gateway --internet-gateway-id <igw-a>', null],
];

const POLICY = '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';
const ENDPOINT = {
  VpcId: '<vpc-a>',
  PolicyDocument: POLICY,
  RouteTableIds: [] as string[],
  SubnetIds: [] as string[],
  Groups: [] as object[],
  IpAddressType: 'ipv4',
  PrivateDnsEnabled: false,
  RequesterManaged: false,
  NetworkInterfaceIds: [] as string[],
  DnsEntries: [] as object[],
  CreationTimestamp: '<time>',
  Tags: [],
  OwnerId: ACCOUNT,
};

export const ENDPOINTS: readonly Step[] = [
  ...NETWORK,
  ['describe-route-tables --filters Name=vpc-id,Values=<vpc-a> --query RouteTables[].RouteTableId', ['<rtb-main>']],
  [
    `create-vpc-endpoint --vpc-id <vpc-a> --service-name com.amazonaws.${REGION}.s3 --route-table-ids <rtb-main> --client-token mine`,
    {
      VpcEndpoint: {
        ...ENDPOINT,
        VpcEndpointId: '<vpce-s3>',
        VpcEndpointType: 'Gateway',
        ServiceName: `com.amazonaws.${REGION}.s3`,
        State: 'available',
        RouteTableIds: ['<rtb-main>'],
      },
      ClientToken: 'mine',
    },
  ],
  ['describe-security-groups --filters Name=vpc-id,Values=<vpc-a> --query SecurityGroups[].GroupId', ['<sg-default>']],
  [
    `create-vpc-endpoint --vpc-id <vpc-a> --vpc-endpoint-type Interface --service-name com.amazonaws.${REGION}.sqs --subnet-ids <subnet-a> --no-private-dns-enabled --query VpcEndpoint.[State,VpcEndpointId,NetworkInterfaceIds,Groups,SubnetIds]`,
    ['pending', '<vpce-sqs>', ['<eni-sqs>'], [{ GroupId: '<sg-default>', GroupName: 'default' }], ['<subnet-a>']],
  ],
  ['modify-vpc-endpoint --vpc-endpoint-id <vpce-s3> --remove-route-table-ids <rtb-main>', { Return: true }],
  [
    'describe-vpc-endpoints --vpc-endpoint-ids <vpce-s3>',
    {
      VpcEndpoints: [
        {
          ...ENDPOINT,
          VpcEndpointId: '<vpce-s3>',
          VpcEndpointType: 'Gateway',
          ServiceName: `com.amazonaws.${REGION}.s3`,
          State: 'available',
        },
      ],
    },
  ],
  [
    'delete-vpc-endpoints --vpc-endpoint-ids <vpce-s3> <vpce-sqs> vpce-0',
    {
      Unsuccessful: [
        {
          Error: { Code: 'InvalidVpcEndpointId.NotFound', Message: "The Vpc Endpoint Id 'vpce-0' does not exist" },
          ResourceId: 'vpce-0',
        },
      ],
    },
  ],
  ['describe-vpc-endpoints --query VpcEndpoints[].State', []],
];
