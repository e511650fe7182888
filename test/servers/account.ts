/**
 * An account with one of everything that an import knows, made in a pretended AWS.
 *
 * In:    an endpoint and a region. Out: the ids of what was made.
 */
import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';

/** Makes it. */
export async function makeAccount(endpoint: string, region: string): Promise<Readonly<Record<string, string>>> {
  const settings = { endpoint, region };
  const client = new ec2.EC2Client(settings);
  const made: Record<string, string> = {};
  const keep = (name: string, id: string | undefined): string => {
    if (id === undefined) throw new Error(`${name} was not made`);
    return (made[name] = id);
  };
  const vpc = async (name: string, CidrBlock: string): Promise<string> => {
    const { Vpc } = await client.send(
      new ec2.CreateVpcCommand({ CidrBlock, AmazonProvidedIpv6CidrBlock: true, TagSpecifications: tags('vpc', name) }),
    );
    return keep(name, Vpc?.VpcId);
  };
  const tags = (ResourceType: ec2.ResourceType, name: string): ec2.TagSpecification[] => [
    { ResourceType, Tags: [{ Key: 'Name', Value: `${name} <of> "tests" & more` }] },
  ];
  const vpcA = await vpc('vpcA', '10.1.0.0/16');
  const vpcB = await vpc('vpcB', '10.2.0.0/16');
  const subnet = async (name: string, VpcId: string, CidrBlock: string, zone: string): Promise<string> => {
    const { Subnet } = await client.send(
      new ec2.CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${region}${zone}` }),
    );
    return keep(name, Subnet?.SubnetId);
  };
  const subnetA = await subnet('subnetA', vpcA, '10.1.0.0/24', 'a');
  const subnetA2 = await subnet('subnetA2', vpcA, '10.1.1.0/24', 'b');
  const subnetB = await subnet('subnetB', vpcB, '10.2.0.0/24', 'a');

  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}));
  const igw = keep('igw', InternetGateway?.InternetGatewayId);
  await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId: igw, VpcId: vpcA }));
  const { EgressOnlyInternetGateway } = await client.send(
    new ec2.CreateEgressOnlyInternetGatewayCommand({ VpcId: vpcA }),
  );
  const eigw = keep('eigw', EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId);
  const { AllocationId } = await client.send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }));
  const { NatGateway } = await client.send(new ec2.CreateNatGatewayCommand({ SubnetId: subnetA, AllocationId }));
  const nat = keep('nat', NatGateway?.NatGatewayId);
  const { VpcPeeringConnection } = await client.send(
    new ec2.CreateVpcPeeringConnectionCommand({ VpcId: vpcA, PeerVpcId: vpcB }),
  );
  const pcx = keep('pcx', VpcPeeringConnection?.VpcPeeringConnectionId);
  await client.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: pcx }));
  const { VpnGateway } = await client.send(new ec2.CreateVpnGatewayCommand({ Type: 'ipsec.1' }));
  keep('vgw', VpnGateway?.VpnGatewayId);
  const { TransitGateway } = await client.send(new ec2.CreateTransitGatewayCommand({ Description: 'hub' }));
  const tgw = keep('tgw', TransitGateway?.TransitGatewayId);
  await client.send(
    new ec2.CreateTransitGatewayVpcAttachmentCommand({ TransitGatewayId: tgw, VpcId: vpcA, SubnetIds: [subnetA] }),
  );

  const { RouteTable } = await client.send(new ec2.CreateRouteTableCommand({ VpcId: vpcA }));
  const rtb = keep('rtb', RouteTable?.RouteTableId);
  await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId: rtb, SubnetId: subnetA2 }));
  const route = (input: Omit<ec2.CreateRouteCommandInput, 'RouteTableId'>): Promise<unknown> =>
    client.send(new ec2.CreateRouteCommand({ RouteTableId: rtb, ...input }));
  await route({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: nat });
  await route({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: eigw });
  await route({ DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: pcx });
  await route({ DestinationCidrBlock: '10.9.0.0/16', TransitGatewayId: tgw });
  await route({ DestinationCidrBlock: '198.51.100.0/24', GatewayId: igw });

  const { PrefixList } = await client.send(
    new ec2.CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '203.0.113.0/24', Description: 'one' }, { Cidr: '192.0.2.0/24' }],
    }),
  );
  const list = keep('list', PrefixList?.PrefixListId);
  const group = async (name: string, VpcId: string): Promise<string> => {
    const { GroupId } = await client.send(
      new ec2.CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId }),
    );
    return keep(name, GroupId);
  };
  const web = await group('web', vpcA);
  const data = await group('data', vpcB);
  const allow = (GroupId: string, ...IpPermissions: ec2.IpPermission[]): Promise<unknown> =>
    client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  await allow(
    web,
    {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      Ipv6Ranges: [{ CidrIpv6: '::/0' }],
    },
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: list }] },
    { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
  );
  await allow(data, { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: web }] });

  const { NetworkAcl } = await client.send(new ec2.CreateNetworkAclCommand({ VpcId: vpcA }));
  const acl = keep('acl', NetworkAcl?.NetworkAclId);
  await client.send(
    new ec2.CreateNetworkAclEntryCommand({
      NetworkAclId: acl,
      RuleNumber: 100,
      Protocol: '6',
      RuleAction: 'allow',
      Egress: false,
      CidrBlock: '0.0.0.0/0',
      PortRange: { From: 443, To: 443 },
    }),
  );
  const { NetworkInterface } = await client.send(
    new ec2.CreateNetworkInterfaceCommand({
      SubnetId: subnetA,
      PrivateIpAddress: '10.1.0.99',
      Groups: [web],
      Description: 'an interface',
    }),
  );
  keep('eni', NetworkInterface?.NetworkInterfaceId);
  const run = async (name: string, SubnetId: string, GroupId: string): Promise<void> => {
    const { Instances } = await client.send(
      new ec2.RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        InstanceType: 'm5.large',
        MinCount: 1,
        MaxCount: 1,
        SubnetId,
        SecurityGroupIds: [GroupId],
        TagSpecifications: tags('instance', name),
      }),
    );
    keep(name, Instances?.[0]?.InstanceId);
  };
  await run('instanceA', subnetA, web);
  await run('instanceB', subnetB, data);
  const endpointTo = (ServiceName: string, more: Partial<ec2.CreateVpcEndpointCommandInput>): Promise<unknown> =>
    client.send(
      new ec2.CreateVpcEndpointCommand({ VpcId: vpcA, ServiceName: `com.amazonaws.${region}.${ServiceName}`, ...more }),
    );
  await endpointTo('s3', { VpcEndpointType: 'Gateway', RouteTableIds: [rtb] });
  await endpointTo('logs', { VpcEndpointType: 'Interface', SubnetIds: [subnetA], SecurityGroupIds: [web] });
  await client.send(
    new ec2.CreateFlowLogsCommand({
      ResourceIds: [vpcA],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::flow-logs',
      MaxAggregationInterval: 60,
    }),
  );
  client.destroy();

  const balancers = new elb.ElasticLoadBalancingV2Client(settings);
  await balancers.send(
    new elb.CreateLoadBalancerCommand({
      Name: 'front',
      Subnets: [subnetA, subnetA2],
      SecurityGroups: [web],
      Type: 'application',
    }),
  );
  balancers.destroy();
  const scaling = new autoscaling.AutoScalingClient(settings);
  await scaling.send(
    new autoscaling.CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'plain',
      ImageId: 'ami-12c6146b',
      InstanceType: 'm5.large',
    }),
  );
  await scaling.send(
    new autoscaling.CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'fleet',
      LaunchConfigurationName: 'plain',
      MinSize: 1,
      MaxSize: 1,
      VPCZoneIdentifier: subnetA,
      Tags: [
        { Key: 'team', Value: 'a', PropagateAtLaunch: true, ResourceId: 'fleet', ResourceType: 'auto-scaling-group' },
      ],
    }),
  );
  scaling.destroy();
  return made;
}
