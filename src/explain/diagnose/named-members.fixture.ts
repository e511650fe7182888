/**
 * For each member that is not followed the smallest model in which it matters, a question, and what the answer says.
 */
import type { DiagnoseQuestion } from './diagnose.ts';
import {
  EVERYWHERE,
  BASE,
  withInterface,
  routes,
  IGW_ROUTES,
  WITH_IGW,
  attachment,
  transit,
  nat,
  endpoint,
  byVgw,
  flowLog,
  byGroupOfB,
  withFirst,
  balancer,
  controls,
} from './usual-network.fixture.ts';
import type { Json } from './usual-network.fixture.ts';

type Case = {
  /** As `NOT_FOLLOWED` has it. */
  readonly member: string;
  readonly model: Json;
  readonly asks?: Partial<DiagnoseQuestion>;
  readonly says: string;
};

const WEB = { to: '198.51.100.7' };
const FAR = { to: 'eni-b10' };
const SIX = { from: 'fd00:a::10', to: 'fd00:b::10' };

/** In the order of the list of members. */
export const CASES: readonly Case[] = [
  {
    member: 'NetworkInterfaces[].Status',
    model: withInterface({ Status: 'available' }),
    says: 'eni-a10: its status is available',
  },
  {
    member: 'NetworkInterfaces[].Attachment.Status',
    model: withInterface({ Attachment: { Status: 'detaching' } }),
    says: 'eni-a10: its attachment is detaching',
  },
  {
    member: 'NetworkInterfaces[].ConnectionTrackingConfiguration',
    model: withInterface({ ConnectionTrackingConfiguration: { TcpEstablishedTimeout: 60 } }),
    says: 'eni-a10: tracks connections for times of its own',
  },
  {
    member: 'NetworkInterfaces[].DenyAllIgwTraffic',
    model: { ...IGW_ROUTES, ...withInterface({ DenyAllIgwTraffic: true }) },
    asks: { from: '2001:db8::1', to: 'fd00:a::10' },
    says: 'eni-a10, internet: it denies all traffic of internet gateways',
  },
  {
    member: 'NetworkInterfaces[].AssociatedSubnets',
    model: withInterface({ AssociatedSubnets: ['subnet-a', 'subnet-else'] }),
    says: 'eni-a10: it is in more subnets than one',
  },
  {
    member: 'NetworkInterfaces[].Association.CarrierIp',
    model: withInterface({ Association: { CarrierIp: '203.0.113.9' } }),
    says: 'eni-a10: it has an address that is neither private nor public (CarrierIp)',
  },
  {
    member: 'NetworkInterfaces[].PrivateIpAddresses[].Association.CarrierIp',
    model: withInterface({
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Association: { CarrierIp: '203.0.113.9' } }],
    }),
    says: 'eni-a10: it has an address that is neither private nor public (CarrierIp)',
  },
  {
    member: 'NetworkInterfaces[].Association.CustomerOwnedIp',
    model: withInterface({ Association: { CustomerOwnedIp: '198.51.100.9' } }),
    says: 'eni-a10: it has an address that is neither private nor public (CustomerOwnedIp)',
  },
  {
    member: 'NetworkInterfaces[].PrivateIpAddresses[].Association.CustomerOwnedIp',
    model: withInterface({
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Association: { CustomerOwnedIp: '198.51.100.9' } }],
    }),
    says: 'eni-a10: it has an address that is neither private nor public (CustomerOwnedIp)',
  },
  { member: 'Vpcs[].State', model: withFirst('Vpcs', { State: 'pending' }), says: 'vpc-a: its state is pending' },
  ...['ApiGatewayV2', 'GlobalAccelerator'].map((name) => ({
    member: `Vpcs[].EncryptionControl.ResourceExclusions.${name}.State`,
    model: withFirst('Vpcs', {
      EncryptionControl: { Mode: 'enforce', ResourceExclusions: { [name]: { State: 'enabled' } } },
    }),
    says: `vpc-a: ${name} may go unencrypted`,
  })),
  {
    member: 'Subnets[].State',
    model: withFirst('Subnets', { State: 'unavailable' }),
    says: 'subnet-a: its state is unavailable',
  },
  {
    member: 'Subnets[].EnableLniAtDeviceIndex',
    model: withFirst('Subnets', { EnableLniAtDeviceIndex: 1 }),
    says: 'subnet-a: an interface in it may be one of an Outpost',
  },
  {
    member: 'ManagedPrefixLists[].State',
    model: {
      ManagedPrefixLists: [{ PrefixListId: 'pl-1', State: 'modify-in-progress', Entries: [{ Cidr: '10.0.0.0/16' }] }],
      SecurityGroups: [
        ...(BASE['SecurityGroups'] as Json[]).filter((one) => one['GroupId'] !== 'sg-a'),
        {
          GroupId: 'sg-a',
          VpcId: 'vpc-a',
          IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
          IpPermissionsEgress: EVERYWHERE,
        },
      ],
    },
    says: 'pl-1: its state is modify-in-progress',
  },
  {
    member: 'Instances[].SecondaryInterfaces',
    model: {
      ...withInterface({ Attachment: { InstanceId: 'i-1' } }),
      Instances: [{ InstanceId: 'i-1', SecondaryInterfaces: [{ SecondaryInterfaceId: 'si-1' }] }],
    },
    says: 'i-1: it is in a secondary network too',
  },
  {
    member: 'LoadBalancers[].State.Code',
    model: balancer({ State: { Code: 'active_impaired' } }),
    says: 'eni-a10: its load balancer is active_impaired',
  },
  {
    member: 'LoadBalancers[].AvailabilityZones[].SourceNatIpv6Prefixes',
    model: balancer({ AvailabilityZones: [{ SourceNatIpv6Prefixes: ['fd00:a:1::/80'] }] }),
    says: 'eni-a10: its load balancer sends from fd00:a:1::/80 too',
  },
  {
    member: 'Instances[].State.Name',
    model: {
      ...withInterface({ Attachment: { InstanceId: 'i-1' } }),
      Instances: [{ InstanceId: 'i-1', State: { Name: 'stopped' } }],
    },
    says: 'i-1: it is stopped',
  },
  {
    member: 'Instances[].NetworkInterfaces[].ConnectionTrackingConfiguration',
    model: {
      Instances: [
        {
          InstanceId: 'i-1',
          NetworkInterfaces: [{ NetworkInterfaceId: 'eni-a10', ConnectionTrackingConfiguration: { UdpTimeout: 60 } }],
        },
      ],
    },
    says: 'eni-a10: tracks connections for times of its own',
  },
  {
    member: 'InternetGateways[].Attachments',
    model: {
      ...WITH_IGW,
      InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-a', State: 'detaching' }] }],
    },
    asks: WEB,
    says: 'igw-1 in vpc-a: its attachment is detaching',
  },
  {
    member: 'EgressOnlyInternetGateways[].Attachments',
    model: {
      ...IGW_ROUTES,
      EgressOnlyInternetGateways: [
        { EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ VpcId: 'vpc-a', State: 'attaching' }] },
      ],
    },
    asks: { to: '2001:db8::1' },
    says: 'eigw-1 in vpc-a: its attachment is attaching',
  },
  {
    member: 'VpnGateways[].VpcAttachments',
    model: byVgw({ VpcAttachments: [{ VpcId: 'vpc-a', State: 'detaching' }] }),
    asks: { to: '192.168.0.9' },
    says: 'vgw-1 in vpc-a: its attachment is detaching',
  },
  {
    member: 'VpnGateways[].State',
    model: byVgw({ State: 'pending' }),
    asks: { to: '192.168.0.9' },
    says: 'vgw-1: its state is pending',
  },
  { member: 'NatGateways[].State', model: nat({ State: 'deleting' }), asks: WEB, says: 'nat-1: its state is deleting' },
  {
    member: 'NatGateways[].RouteTableId',
    model: nat({ AvailabilityMode: 'regional', RouteTableId: 'rtb-own' }),
    asks: WEB,
    says: 'nat-1: its own route table rtb-own',
  },
  {
    member: 'NatGateways[].AttachedAppliances',
    model: nat({ AttachedAppliances: [{ Type: 'network-firewall-proxy', AttachmentState: 'attached' }] }),
    asks: WEB,
    says: 'nat-1: an appliance is attached to it (AttachedAppliances: network-firewall-proxy, attached)',
  },
  {
    member: 'NatGateways[].NatGatewayAddresses[].Status',
    model: nat({ NatGatewayAddresses: [{ PublicIp: '203.0.113.5', Status: 'failed' }] }),
    asks: WEB,
    says: 'nat-1: its address 203.0.113.5 is failed',
  },
  {
    member: 'VpcEndpoints[].State',
    model: endpoint({ State: 'PendingAcceptance' }),
    says: 'eni-a20: of vpce-1: its state is pendingacceptance',
  },
  {
    member: 'VpcEndpoints[].PolicyDocument',
    model: endpoint({ PolicyDocument: '{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}' }),
    says: 'eni-a20: of vpce-1: its policy (PolicyDocument) may deny',
  },
  {
    member: 'VpcEndpoints[].ResourceConfigurationArn',
    model: endpoint({ ResourceConfigurationArn: 'arn:aws:vpc-lattice:eu-west-1:1:resourceconfiguration/rcfg-1' }),
    says: 'eni-a20: of vpce-1: what is behind it (ResourceConfigurationArn) is not followed',
  },
  {
    member: 'VpcEndpoints[].ServiceNetworkArn',
    model: endpoint({ ServiceNetworkArn: 'arn:aws:vpc-lattice:eu-west-1:1:servicenetwork/sn-1' }),
    says: 'eni-a20: of vpce-1: what is behind it (ServiceNetworkArn) is not followed',
  },
  {
    member: 'TransitGateways[].State',
    model: transit({ State: 'modifying' }),
    asks: FAR,
    says: 'tgw-1: its state is modifying',
  },
  {
    member: 'TransitGateways[].Options.EncryptionSupport.EncryptionState',
    model: transit({ Options: { EncryptionSupport: { EncryptionState: 'enabled' } } }),
    asks: FAR,
    says: 'tgw-1: its encryption (EncryptionSupport) is enabled',
  },
  {
    member: 'TransitGateways[].Options.MulticastSupport',
    model: transit({ Options: { MulticastSupport: 'enable' } }),
    asks: { to: '239.1.2.3', protocol: 17 },
    says: 'multicast: tgw-1 carries it',
  },
  {
    member: 'TransitGateways[].Options.TransitGatewayCidrBlocks',
    model: transit({ Options: { TransitGatewayCidrBlocks: ['10.9.0.0/24'] } }),
    asks: FAR,
    says: 'tgw-1: 10.9.0.0/24 are its own',
  },
  {
    member: 'TransitGateways[].Options.SecurityGroupReferencingSupport',
    model: { ...transit({ Options: { SecurityGroupReferencingSupport: 'disable' } }), ...byGroupOfB },
    asks: FAR,
    says: 'tgw-1, groups of another VPC: it does not know them',
  },
  {
    member: 'TransitGatewayVpcAttachments[].State',
    model: attachment({ State: 'modifying' }),
    asks: FAR,
    says: 'tgw-1 in vpc-b: the state of tgw-attach-1 is modifying',
  },
  {
    member: 'TransitGatewayVpcAttachments[].Options.Ipv6Support',
    model: attachment({ Options: { Ipv6Support: 'disable' } }),
    asks: SIX,
    says: 'tgw-1 in vpc-b, IPv6: tgw-attach-1 has no IPv6',
  },
  {
    member: 'TransitGatewayVpcAttachments[].Options.SecurityGroupReferencingSupport',
    model: { ...attachment({ Options: { SecurityGroupReferencingSupport: 'disable' } }), ...byGroupOfB },
    asks: FAR,
    says: 'tgw-1 in vpc-b, groups of another VPC: tgw-attach-1 does not know them',
  },
  {
    member: 'RouteTables[].Associations[].PublicIpv4Pool',
    model: {
      ...WITH_IGW,
      RouteTables: [
        ...IGW_ROUTES.RouteTables,
        { RouteTableId: 'rtb-pool', VpcId: 'vpc-a', Associations: [{ PublicIpv4Pool: 'ipv4pool-ec2-1' }] },
      ],
    },
    asks: { from: WEB.to, to: 'eni-a10' },
    says: 'vpc-a, internet: rtb-pool routes what comes in for ipv4pool-ec2-1',
  },
  {
    member: 'RouteTables[].Routes[].IpAddress',
    model: {
      RouteTables: [
        routes('a', { DestinationCidrBlock: '10.1.0.0/16', NetworkInterfaceId: 'eni-a20', IpAddress: '10.0.1.99' }),
      ],
    },
    asks: FAR,
    says: 'rtb-a: its route to 10.1.0.0/16 names a next hop by address',
  },
  ...['ApiGatewayV2', 'GlobalAccelerator'].map((name) => ({
    member: `VpcEncryptionControls[].ResourceExclusions.${name}.State`,
    model: controls(name),
    says: `vpc-a: ${name} may go unencrypted`,
  })),
  {
    member: 'LoadBalancers[].EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic',
    model: balancer({ EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off' }),
    asks: { from: 'eni-a20', to: 'eni-a10' },
    says: 'eni-a10: what comes to its load balancer over PrivateLink passes its groups',
  },
  {
    member: 'FlowLogs[].FlowLogStatus',
    model: flowLog({ FlowLogStatus: 'PENDING' }),
    says: 'fl-1: its status is PENDING',
  },
  {
    member: 'FlowLogs[].DeliverLogsStatus',
    model: flowLog({ DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' }),
    says: 'fl-1: AWS says of its delivery FAILED',
  },
  {
    member: 'VpcBlockPublicAccessOptions.State',
    model: {
      ...WITH_IGW,
      VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'off', State: 'update-in-progress' },
    },
    asks: WEB,
    says: 'internet: an update of Block Public Access is in progress',
  },
  {
    member: 'VpcBlockPublicAccessOptions.ExclusionsAllowed',
    model: {
      ...WITH_IGW,
      VpcBlockPublicAccessOptions: {
        InternetGatewayBlockMode: 'block-bidirectional',
        ExclusionsAllowed: 'not-allowed',
      },
    },
    asks: WEB,
    says: 'internet: no exclusion of Block Public Access may be made',
  },
];
