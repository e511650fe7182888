/** Made by `bin/node scripts/make-ec2-shapes.ts` from the schemas of the AWS SDK; do not edit it. */

/** The shapes of what each operation takes and answers; '' where only its answers are read. */
export const OPERATIONS: Readonly<Record<string, readonly [request: string, answer: string]>> = {
  AcceptVpcPeeringConnection: ['AcceptVpcPeeringConnectionRequest', 'AcceptVpcPeeringConnectionResult'],
  AllocateAddress: ['AllocateAddressRequest', 'AllocateAddressResult'],
  AssignIpv6Addresses: ['AssignIpv6AddressesRequest', 'AssignIpv6AddressesResult'],
  AssignPrivateIpAddresses: ['AssignPrivateIpAddressesRequest', 'AssignPrivateIpAddressesResult'],
  AssociateAddress: ['AssociateAddressRequest', 'AssociateAddressResult'],
  AssociateDhcpOptions: ['AssociateDhcpOptionsRequest', 'unit'],
  AssociateRouteTable: ['AssociateRouteTableRequest', 'AssociateRouteTableResult'],
  AssociateSubnetCidrBlock: ['AssociateSubnetCidrBlockRequest', 'AssociateSubnetCidrBlockResult'],
  AssociateVpcCidrBlock: ['AssociateVpcCidrBlockRequest', 'AssociateVpcCidrBlockResult'],
  AttachInternetGateway: ['AttachInternetGatewayRequest', 'unit'],
  AttachNetworkInterface: ['AttachNetworkInterfaceRequest', 'AttachNetworkInterfaceResult'],
  AuthorizeSecurityGroupEgress: ['AuthorizeSecurityGroupEgressRequest', 'AuthorizeSecurityGroupEgressResult'],
  AuthorizeSecurityGroupIngress: ['AuthorizeSecurityGroupIngressRequest', 'AuthorizeSecurityGroupIngressResult'],
  CreateDhcpOptions: ['CreateDhcpOptionsRequest', 'CreateDhcpOptionsResult'],
  CreateEgressOnlyInternetGateway: ['CreateEgressOnlyInternetGatewayRequest', 'CreateEgressOnlyInternetGatewayResult'],
  CreateFlowLogs: ['CreateFlowLogsRequest', 'CreateFlowLogsResult'],
  CreateInternetGateway: ['CreateInternetGatewayRequest', 'CreateInternetGatewayResult'],
  CreateManagedPrefixList: ['CreateManagedPrefixListRequest', 'CreateManagedPrefixListResult'],
  CreateNatGateway: ['CreateNatGatewayRequest', 'CreateNatGatewayResult'],
  CreateNetworkAcl: ['CreateNetworkAclRequest', 'CreateNetworkAclResult'],
  CreateNetworkAclEntry: ['CreateNetworkAclEntryRequest', 'unit'],
  CreateNetworkInterface: ['CreateNetworkInterfaceRequest', 'CreateNetworkInterfaceResult'],
  CreateRoute: ['CreateRouteRequest', 'CreateRouteResult'],
  CreateRouteTable: ['CreateRouteTableRequest', 'CreateRouteTableResult'],
  CreateSecurityGroup: ['CreateSecurityGroupRequest', 'CreateSecurityGroupResult'],
  CreateSubnet: ['CreateSubnetRequest', 'CreateSubnetResult'],
  CreateTags: ['CreateTagsRequest', 'unit'],
  CreateVpc: ['CreateVpcRequest', 'CreateVpcResult'],
  CreateVpcEndpoint: ['CreateVpcEndpointRequest', 'CreateVpcEndpointResult'],
  CreateVpcPeeringConnection: ['CreateVpcPeeringConnectionRequest', 'CreateVpcPeeringConnectionResult'],
  DeleteDhcpOptions: ['DeleteDhcpOptionsRequest', 'unit'],
  DeleteEgressOnlyInternetGateway: ['DeleteEgressOnlyInternetGatewayRequest', 'DeleteEgressOnlyInternetGatewayResult'],
  DeleteFlowLogs: ['DeleteFlowLogsRequest', 'DeleteFlowLogsResult'],
  DeleteInternetGateway: ['DeleteInternetGatewayRequest', 'unit'],
  DeleteManagedPrefixList: ['DeleteManagedPrefixListRequest', 'DeleteManagedPrefixListResult'],
  DeleteNatGateway: ['DeleteNatGatewayRequest', 'DeleteNatGatewayResult'],
  DeleteNetworkAcl: ['DeleteNetworkAclRequest', 'unit'],
  DeleteNetworkAclEntry: ['DeleteNetworkAclEntryRequest', 'unit'],
  DeleteNetworkInterface: ['DeleteNetworkInterfaceRequest', 'unit'],
  DeleteRoute: ['DeleteRouteRequest', 'unit'],
  DeleteRouteTable: ['DeleteRouteTableRequest', 'unit'],
  DeleteSecurityGroup: ['DeleteSecurityGroupRequest', 'DeleteSecurityGroupResult'],
  DeleteSubnet: ['DeleteSubnetRequest', 'unit'],
  DeleteTags: ['DeleteTagsRequest', 'unit'],
  DeleteVpc: ['DeleteVpcRequest', 'unit'],
  DeleteVpcEndpoints: ['DeleteVpcEndpointsRequest', 'DeleteVpcEndpointsResult'],
  DeleteVpcPeeringConnection: ['DeleteVpcPeeringConnectionRequest', 'DeleteVpcPeeringConnectionResult'],
  DescribeAccountAttributes: ['DescribeAccountAttributesRequest', 'DescribeAccountAttributesResult'],
  DescribeAddresses: ['DescribeAddressesRequest', 'DescribeAddressesResult'],
  DescribeAddressesAttribute: ['DescribeAddressesAttributeRequest', 'DescribeAddressesAttributeResult'],
  DescribeAvailabilityZones: ['DescribeAvailabilityZonesRequest', 'DescribeAvailabilityZonesResult'],
  DescribeDhcpOptions: ['DescribeDhcpOptionsRequest', 'DescribeDhcpOptionsResult'],
  DescribeEgressOnlyInternetGateways: ['DescribeEgressOnlyInternetGatewaysRequest', 'DescribeEgressOnlyInternetGatewaysResult'],
  DescribeFlowLogs: ['DescribeFlowLogsRequest', 'DescribeFlowLogsResult'],
  DescribeInstanceAttribute: ['DescribeInstanceAttributeRequest', 'InstanceAttribute'],
  DescribeInstanceTypes: ['DescribeInstanceTypesRequest', 'DescribeInstanceTypesResult'],
  DescribeInstances: ['DescribeInstancesRequest', 'DescribeInstancesResult'],
  DescribeInternetGateways: ['DescribeInternetGatewaysRequest', 'DescribeInternetGatewaysResult'],
  DescribeManagedPrefixLists: ['DescribeManagedPrefixListsRequest', 'DescribeManagedPrefixListsResult'],
  DescribeNatGateways: ['DescribeNatGatewaysRequest', 'DescribeNatGatewaysResult'],
  DescribeNetworkAcls: ['DescribeNetworkAclsRequest', 'DescribeNetworkAclsResult'],
  DescribeNetworkInterfaceAttribute: ['DescribeNetworkInterfaceAttributeRequest', 'DescribeNetworkInterfaceAttributeResult'],
  DescribeNetworkInterfaces: ['DescribeNetworkInterfacesRequest', 'DescribeNetworkInterfacesResult'],
  DescribePrefixLists: ['DescribePrefixListsRequest', 'DescribePrefixListsResult'],
  DescribeRegions: ['DescribeRegionsRequest', 'DescribeRegionsResult'],
  DescribeRouteTables: ['DescribeRouteTablesRequest', 'DescribeRouteTablesResult'],
  DescribeSecurityGroupReferences: ['DescribeSecurityGroupReferencesRequest', 'DescribeSecurityGroupReferencesResult'],
  DescribeSecurityGroupRules: ['DescribeSecurityGroupRulesRequest', 'DescribeSecurityGroupRulesResult'],
  DescribeSecurityGroups: ['DescribeSecurityGroupsRequest', 'DescribeSecurityGroupsResult'],
  DescribeSubnets: ['DescribeSubnetsRequest', 'DescribeSubnetsResult'],
  DescribeTags: ['DescribeTagsRequest', 'DescribeTagsResult'],
  DescribeTransitGatewayVpcAttachments: ['', 'DescribeTransitGatewayVpcAttachmentsResult'],
  DescribeTransitGateways: ['', 'DescribeTransitGatewaysResult'],
  DescribeVpcAttribute: ['DescribeVpcAttributeRequest', 'DescribeVpcAttributeResult'],
  DescribeVpcBlockPublicAccessExclusions: ['', 'DescribeVpcBlockPublicAccessExclusionsResult'],
  DescribeVpcBlockPublicAccessOptions: ['', 'DescribeVpcBlockPublicAccessOptionsResult'],
  DescribeVpcEncryptionControls: ['', 'DescribeVpcEncryptionControlsResult'],
  DescribeVpcEndpointServices: ['DescribeVpcEndpointServicesRequest', 'DescribeVpcEndpointServicesResult'],
  DescribeVpcEndpoints: ['DescribeVpcEndpointsRequest', 'DescribeVpcEndpointsResult'],
  DescribeVpcPeeringConnections: ['DescribeVpcPeeringConnectionsRequest', 'DescribeVpcPeeringConnectionsResult'],
  DescribeVpcs: ['DescribeVpcsRequest', 'DescribeVpcsResult'],
  DescribeVpnGateways: ['', 'DescribeVpnGatewaysResult'],
  DetachInternetGateway: ['DetachInternetGatewayRequest', 'unit'],
  DetachNetworkInterface: ['DetachNetworkInterfaceRequest', 'unit'],
  DisassociateAddress: ['DisassociateAddressRequest', 'unit'],
  DisassociateRouteTable: ['DisassociateRouteTableRequest', 'unit'],
  DisassociateSubnetCidrBlock: ['DisassociateSubnetCidrBlockRequest', 'DisassociateSubnetCidrBlockResult'],
  DisassociateVpcCidrBlock: ['DisassociateVpcCidrBlockRequest', 'DisassociateVpcCidrBlockResult'],
  GetFlowLogsIntegrationTemplate: ['GetFlowLogsIntegrationTemplateRequest', 'GetFlowLogsIntegrationTemplateResult'],
  GetManagedPrefixListEntries: ['GetManagedPrefixListEntriesRequest', 'GetManagedPrefixListEntriesResult'],
  ModifyManagedPrefixList: ['ModifyManagedPrefixListRequest', 'ModifyManagedPrefixListResult'],
  ModifyNetworkInterfaceAttribute: ['ModifyNetworkInterfaceAttributeRequest', 'unit'],
  ModifySecurityGroupRules: ['ModifySecurityGroupRulesRequest', 'ModifySecurityGroupRulesResult'],
  ModifySubnetAttribute: ['ModifySubnetAttributeRequest', 'unit'],
  ModifyVpcAttribute: ['ModifyVpcAttributeRequest', 'unit'],
  ModifyVpcEndpoint: ['ModifyVpcEndpointRequest', 'ModifyVpcEndpointResult'],
  ModifyVpcPeeringConnectionOptions: ['ModifyVpcPeeringConnectionOptionsRequest', 'ModifyVpcPeeringConnectionOptionsResult'],
  RejectVpcPeeringConnection: ['RejectVpcPeeringConnectionRequest', 'RejectVpcPeeringConnectionResult'],
  ReleaseAddress: ['ReleaseAddressRequest', 'unit'],
  ReplaceNetworkAclAssociation: ['ReplaceNetworkAclAssociationRequest', 'ReplaceNetworkAclAssociationResult'],
  ReplaceNetworkAclEntry: ['ReplaceNetworkAclEntryRequest', 'unit'],
  ReplaceRoute: ['ReplaceRouteRequest', 'unit'],
  ReplaceRouteTableAssociation: ['ReplaceRouteTableAssociationRequest', 'ReplaceRouteTableAssociationResult'],
  ResetNetworkInterfaceAttribute: ['ResetNetworkInterfaceAttributeRequest', 'unit'],
  RevokeSecurityGroupEgress: ['RevokeSecurityGroupEgressRequest', 'RevokeSecurityGroupEgressResult'],
  RevokeSecurityGroupIngress: ['RevokeSecurityGroupIngressRequest', 'RevokeSecurityGroupIngressResult'],
  RunInstances: ['RunInstancesRequest', 'Reservation'],
  TerminateInstances: ['TerminateInstancesRequest', 'TerminateInstancesResult'],
  UnassignIpv6Addresses: ['UnassignIpv6AddressesRequest', 'UnassignIpv6AddressesResult'],
  UnassignPrivateIpAddresses: ['UnassignPrivateIpAddressesRequest', 'unit'],
  UpdateSecurityGroupRuleDescriptionsEgress: ['UpdateSecurityGroupRuleDescriptionsEgressRequest', 'UpdateSecurityGroupRuleDescriptionsEgressResult'],
  UpdateSecurityGroupRuleDescriptionsIngress: ['UpdateSecurityGroupRuleDescriptionsIngressRequest', 'UpdateSecurityGroupRuleDescriptionsIngressResult'],
};

/**
 * The members of each shape: `Name`, `=xmlName` and `~QueryName` where they differ, and the type: `#` number, `?`
 * boolean, `@` time, `*` bytes, `%` map, `:Shape` structure, `[` and a type list, nothing text; `!` it must be given.
 */
export const EC2_SHAPES: Readonly<Record<string, string>> = {
  'AcceptVpcPeeringConnectionRequest':
    'VpcPeeringConnectionId=vpcPeeringConnectionId! DryRun=dryRun?',
  'AcceptVpcPeeringConnectionResult':
    'VpcPeeringConnection=vpcPeeringConnection:VpcPeeringConnection',
  'AccountAttribute':
    'AttributeName=attributeName AttributeValues=attributeValueSet[:AccountAttributeValue',
  'AccountAttributeValue':
    'AttributeValue=attributeValue',
  'AddPrefixListEntry':
    'Cidr! Description',
  'Address':
    'AllocationId=allocationId AssociationId=associationId Domain=domain NetworkInterfaceId=networkInterfaceId NetworkInterfaceOwnerId=networkInterfaceOwnerId PrivateIpAddress=privateIpAddress Tags=tagSet[:Tag PublicIpv4Pool=publicIpv4Pool NetworkBorderGroup=networkBorderGroup CustomerOwnedIp=customerOwnedIp CustomerOwnedIpv4Pool=customerOwnedIpv4Pool CarrierIp=carrierIp SubnetId=subnetId ServiceManaged=serviceManaged InstanceId=instanceId PublicIp=publicIp',
  'AddressAttribute':
    'PublicIp=publicIp AllocationId=allocationId PtrRecord=ptrRecord PtrRecordUpdate=ptrRecordUpdate:PtrUpdateStatus',
  'AllocateAddressRequest':
    'Domain Address PublicIpv4Pool NetworkBorderGroup CustomerOwnedIpv4Pool TagSpecifications=TagSpecification[:TagSpecification IpamPoolId DryRun=dryRun?',
  'AllocateAddressResult':
    'AllocationId=allocationId PublicIpv4Pool=publicIpv4Pool NetworkBorderGroup=networkBorderGroup Domain=domain CustomerOwnedIp=customerOwnedIp CustomerOwnedIpv4Pool=customerOwnedIpv4Pool CarrierIp=carrierIp PublicIp=publicIp',
  'AssignIpv6AddressesRequest':
    'NetworkInterfaceId=networkInterfaceId! Ipv6PrefixCount# Ipv6Prefixes=Ipv6Prefix[ Ipv6Addresses=ipv6Addresses[ Ipv6AddressCount=ipv6AddressCount#',
  'AssignIpv6AddressesResult':
    'AssignedIpv6Addresses=assignedIpv6Addresses[ AssignedIpv6Prefixes=assignedIpv6PrefixSet[ NetworkInterfaceId=networkInterfaceId',
  'AssignPrivateIpAddressesRequest':
    'NetworkInterfaceId=networkInterfaceId! Ipv4Prefixes=Ipv4Prefix[ Ipv4PrefixCount# PrivateIpAddresses=privateIpAddress[ SecondaryPrivateIpAddressCount=secondaryPrivateIpAddressCount# AllowReassignment=allowReassignment?',
  'AssignPrivateIpAddressesResult':
    'NetworkInterfaceId=networkInterfaceId AssignedPrivateIpAddresses=assignedPrivateIpAddressesSet[:AssignedPrivateIpAddress AssignedIpv4Prefixes=assignedIpv4PrefixSet[:Ipv4PrefixSpecification',
  'AssignedPrivateIpAddress':
    'PrivateIpAddress=privateIpAddress',
  'AssociateAddressRequest':
    'AllocationId InstanceId PublicIp DryRun=dryRun? NetworkInterfaceId=networkInterfaceId PrivateIpAddress=privateIpAddress AllowReassociation=allowReassociation?',
  'AssociateAddressResult':
    'AssociationId=associationId',
  'AssociateDhcpOptionsRequest':
    'DhcpOptionsId! VpcId! DryRun=dryRun?',
  'AssociateRouteTableRequest':
    'RouteTableId=routeTableId! GatewayId PublicIpv4Pool DryRun=dryRun? SubnetId=subnetId',
  'AssociateRouteTableResult':
    'AssociationId=associationId AssociationState=associationState:RouteTableAssociationState',
  'AssociateSubnetCidrBlockRequest':
    'SubnetId=subnetId! Ipv6IpamPoolId Ipv6NetmaskLength# Ipv6CidrBlock=ipv6CidrBlock',
  'AssociateSubnetCidrBlockResult':
    'Ipv6CidrBlockAssociation=ipv6CidrBlockAssociation:SubnetIpv6CidrBlockAssociation SubnetId=subnetId',
  'AssociateVpcCidrBlockRequest':
    'VpcId=vpcId! CidrBlock Ipv6CidrBlockNetworkBorderGroup Ipv6Pool Ipv6CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength# Ipv6IpamPoolId Ipv6NetmaskLength# AmazonProvidedIpv6CidrBlock=amazonProvidedIpv6CidrBlock?',
  'AssociateVpcCidrBlockResult':
    'Ipv6CidrBlockAssociation=ipv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation CidrBlockAssociation=cidrBlockAssociation:VpcCidrBlockAssociation VpcId=vpcId',
  'AthenaIntegration':
    'IntegrationResultS3DestinationArn! PartitionLoadFrequency! PartitionStartDate@ PartitionEndDate@',
  'AttachInternetGatewayRequest':
    'InternetGatewayId=internetGatewayId! VpcId=vpcId! DryRun=dryRun?',
  'AttachNetworkInterfaceRequest':
    'NetworkInterfaceId=networkInterfaceId! InstanceId=instanceId! DeviceIndex=deviceIndex#! NetworkCardIndex# EnaSrdSpecification:EnaSrdSpecification EnaQueueCount# DryRun=dryRun?',
  'AttachNetworkInterfaceResult':
    'AttachmentId=attachmentId NetworkCardIndex=networkCardIndex#',
  'AttachmentEnaSrdSpecification':
    'EnaSrdEnabled=enaSrdEnabled? EnaSrdUdpSpecification=enaSrdUdpSpecification:AttachmentEnaSrdUdpSpecification',
  'AttachmentEnaSrdUdpSpecification':
    'EnaSrdUdpEnabled=enaSrdUdpEnabled?',
  'AttributeBooleanValue':
    'Value=value?',
  'AttributeValue':
    'Value=value',
  'AuthorizeSecurityGroupEgressRequest':
    'GroupId=groupId! TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun? SourceSecurityGroupName=sourceSecurityGroupName SourceSecurityGroupOwnerId=sourceSecurityGroupOwnerId IpProtocol=ipProtocol FromPort=fromPort# ToPort=toPort# CidrIp=cidrIp IpPermissions=ipPermissions[:IpPermission',
  'AuthorizeSecurityGroupEgressResult':
    'Return=return? SecurityGroupRules=securityGroupRuleSet[:SecurityGroupRule',
  'AuthorizeSecurityGroupIngressRequest':
    'CidrIp FromPort# GroupId GroupName IpPermissions[:IpPermission IpProtocol SourceSecurityGroupName SourceSecurityGroupOwnerId ToPort# TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun?',
  'AuthorizeSecurityGroupIngressResult':
    'Return=return? SecurityGroupRules=securityGroupRuleSet[:SecurityGroupRule',
  'AvailabilityZone':
    'OptInStatus=optInStatus Messages=messageSet[:AvailabilityZoneMessage RegionName=regionName ZoneName=zoneName ZoneId=zoneId GroupName=groupName NetworkBorderGroup=networkBorderGroup ZoneType=zoneType ParentZoneName=parentZoneName ParentZoneId=parentZoneId GroupLongName=groupLongName Geography=geographySet[:AvailabilityZoneGeography SubGeography=subGeographySet[:AvailabilityZoneSubGeography State=zoneState',
  'AvailabilityZoneAddress':
    'AvailabilityZone AvailabilityZoneId AllocationIds=AllocationId[',
  'AvailabilityZoneGeography':
    'Name=name',
  'AvailabilityZoneMessage':
    'Message=message',
  'AvailabilityZoneSubGeography':
    'Name=name',
  'BlockDeviceMapping':
    'Ebs=ebs:EbsBlockDevice NoDevice=noDevice DeviceName=deviceName VirtualName=virtualName',
  'BlockPublicAccessStates':
    'InternetGatewayBlockMode=internetGatewayBlockMode',
  'CapacityReservationSpecification':
    'CapacityReservationPreference CapacityReservationTarget:CapacityReservationTarget',
  'CapacityReservationSpecificationResponse':
    'CapacityReservationPreference=capacityReservationPreference CapacityReservationTarget=capacityReservationTarget:CapacityReservationTargetResponse',
  'CapacityReservationTarget':
    'CapacityReservationId CapacityReservationResourceGroupArn',
  'CapacityReservationTargetResponse':
    'CapacityReservationId=capacityReservationId CapacityReservationResourceGroupArn=capacityReservationResourceGroupArn',
  'CidrBlock':
    'CidrBlock=cidrBlock',
  'ConnectionTrackingConfiguration':
    'TcpEstablishedTimeout=tcpEstablishedTimeout# UdpStreamTimeout=udpStreamTimeout# UdpTimeout=udpTimeout#',
  'ConnectionTrackingSpecificationRequest':
    'TcpEstablishedTimeout# UdpStreamTimeout# UdpTimeout#',
  'ConnectionTrackingSpecificationResponse':
    'TcpEstablishedTimeout=tcpEstablishedTimeout# UdpStreamTimeout=udpStreamTimeout# UdpTimeout=udpTimeout#',
  'CpuOptions':
    'CoreCount=coreCount# ThreadsPerCore=threadsPerCore# AmdSevSnp=amdSevSnp NestedVirtualization=nestedVirtualization',
  'CpuOptionsRequest':
    'CoreCount# ThreadsPerCore# AmdSevSnp NestedVirtualization',
  'CreateDhcpOptionsRequest':
    'DhcpConfigurations=dhcpConfiguration[:NewDhcpConfiguration! TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun?',
  'CreateDhcpOptionsResult':
    'DhcpOptions=dhcpOptions:DhcpOptions',
  'CreateEgressOnlyInternetGatewayRequest':
    'VpcId! ClientToken DryRun? TagSpecifications=TagSpecification[:TagSpecification',
  'CreateEgressOnlyInternetGatewayResult':
    'ClientToken=clientToken EgressOnlyInternetGateway=egressOnlyInternetGateway:EgressOnlyInternetGateway',
  'CreateFlowLogsRequest':
    'ResourceIds=ResourceId[! ResourceType! DryRun? ClientToken DeliverLogsPermissionArn DeliverCrossAccountRole LogGroupName TrafficType LogDestinationType LogDestination LogFormat TagSpecifications=TagSpecification[:TagSpecification MaxAggregationInterval# DestinationOptions:DestinationOptionsRequest TagFieldSpecifications=TagFieldSpecification[:TagFieldSpecificationRequest',
  'CreateFlowLogsResult':
    'ClientToken=clientToken FlowLogIds=flowLogIdSet[ Unsuccessful=unsuccessful[:UnsuccessfulItem',
  'CreateInternetGatewayRequest':
    'TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun?',
  'CreateInternetGatewayResult':
    'InternetGateway=internetGateway:InternetGateway',
  'CreateManagedPrefixListRequest':
    'PrefixListName! MaxEntries#! AddressFamily! DryRun? Entries=Entry[:AddPrefixListEntry TagSpecifications=TagSpecification[:TagSpecification ClientToken',
  'CreateManagedPrefixListResult':
    'PrefixList=prefixList:ManagedPrefixList',
  'CreateNatGatewayRequest':
    'AvailabilityMode AllocationId ClientToken DryRun? SubnetId VpcId AvailabilityZoneAddresses=AvailabilityZoneAddress[:AvailabilityZoneAddress TagSpecifications=TagSpecification[:TagSpecification ConnectivityType PrivateIpAddress SecondaryAllocationIds=SecondaryAllocationId[ SecondaryPrivateIpAddresses=SecondaryPrivateIpAddress[ SecondaryPrivateIpAddressCount#',
  'CreateNatGatewayResult':
    'ClientToken=clientToken NatGateway=natGateway:NatGateway',
  'CreateNetworkAclEntryRequest':
    'NetworkAclId=networkAclId! RuleNumber=ruleNumber#! Protocol=protocol! RuleAction=ruleAction! Egress=egress?! DryRun=dryRun? CidrBlock=cidrBlock Ipv6CidrBlock=ipv6CidrBlock IcmpTypeCode=Icmp:IcmpTypeCode PortRange=portRange:PortRange',
  'CreateNetworkAclRequest':
    'VpcId=vpcId! TagSpecifications=TagSpecification[:TagSpecification ClientToken DryRun=dryRun?',
  'CreateNetworkAclResult':
    'NetworkAcl=networkAcl:NetworkAcl ClientToken=clientToken',
  'CreateNetworkInterfaceRequest':
    'SubnetId=subnetId! Ipv4Prefixes=Ipv4Prefix[:Ipv4PrefixSpecificationRequest Ipv4PrefixCount# Ipv6Prefixes=Ipv6Prefix[:Ipv6PrefixSpecificationRequest Ipv6PrefixCount# InterfaceType TagSpecifications=TagSpecification[:TagSpecification ClientToken EnablePrimaryIpv6? ConnectionTrackingSpecification:ConnectionTrackingSpecificationRequest Operator:OperatorRequest Description=description PrivateIpAddress=privateIpAddress Groups=SecurityGroupId[ PrivateIpAddresses=privateIpAddresses[:PrivateIpAddressSpecification SecondaryPrivateIpAddressCount=secondaryPrivateIpAddressCount# Ipv6Addresses=ipv6Addresses[:InstanceIpv6Address Ipv6AddressCount=ipv6AddressCount# DryRun=dryRun?',
  'CreateNetworkInterfaceResult':
    'NetworkInterface=networkInterface:NetworkInterface ClientToken=clientToken',
  'CreateRouteRequest':
    'RouteTableId=routeTableId! DestinationPrefixListId VpcEndpointId TransitGatewayId LocalGatewayId CarrierGatewayId CoreNetworkArn OdbNetworkArn DryRun=dryRun? DestinationCidrBlock=destinationCidrBlock GatewayId=gatewayId DestinationIpv6CidrBlock=destinationIpv6CidrBlock EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId InstanceId=instanceId NetworkInterfaceId=networkInterfaceId VpcPeeringConnectionId=vpcPeeringConnectionId NatGatewayId=natGatewayId',
  'CreateRouteResult':
    'Return=return?',
  'CreateRouteTableRequest':
    'VpcId=vpcId! TagSpecifications=TagSpecification[:TagSpecification ClientToken DryRun=dryRun?',
  'CreateRouteTableResult':
    'RouteTable=routeTable:RouteTable ClientToken=clientToken',
  'CreateSecurityGroupRequest':
    'Description=GroupDescription! GroupName! VpcId TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun?',
  'CreateSecurityGroupResult':
    'GroupId=groupId Tags=tagSet[:Tag SecurityGroupArn=securityGroupArn',
  'CreateSubnetRequest':
    'VpcId! TagSpecifications=TagSpecification[:TagSpecification AvailabilityZone AvailabilityZoneId CidrBlock Ipv6CidrBlock OutpostArn Ipv6Native? Ipv4IpamPoolId Ipv4NetmaskLength# Ipv6IpamPoolId Ipv6NetmaskLength# DryRun=dryRun?',
  'CreateSubnetResult':
    'Subnet=subnet:Subnet',
  'CreateTagsRequest':
    'Resources=ResourceId[! Tags=Tag[:Tag! DryRun=dryRun?',
  'CreateVpcEndpointRequest':
    'VpcId! DryRun? VpcEndpointType ServiceName PolicyDocument RouteTableIds=RouteTableId[ SubnetIds=SubnetId[ SecurityGroupIds=SecurityGroupId[ IpAddressType DnsOptions:DnsOptionsSpecification ClientToken PrivateDnsEnabled? TagSpecifications=TagSpecification[:TagSpecification SubnetConfigurations=SubnetConfiguration[:SubnetConfiguration ServiceNetworkArn ResourceConfigurationArn ServiceRegion',
  'CreateVpcEndpointResult':
    'VpcEndpoint=vpcEndpoint:VpcEndpoint ClientToken=clientToken',
  'CreateVpcPeeringConnectionRequest':
    'VpcId=vpcId! PeerRegion TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun? PeerVpcId=peerVpcId PeerOwnerId=peerOwnerId',
  'CreateVpcPeeringConnectionResult':
    'VpcPeeringConnection=vpcPeeringConnection:VpcPeeringConnection',
  'CreateVpcRequest':
    'CidrBlock Ipv6Pool Ipv6CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength# Ipv6IpamPoolId Ipv6NetmaskLength# Ipv6CidrBlockNetworkBorderGroup VpcEncryptionControl:VpcEncryptionControlConfiguration TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun? InstanceTenancy=instanceTenancy AmazonProvidedIpv6CidrBlock=amazonProvidedIpv6CidrBlock?',
  'CreateVpcResult':
    'Vpc=vpc:Vpc',
  'CreditSpecificationRequest':
    'CpuCredits!',
  'DefaultConnectionTrackingConfiguration':
    'DefaultTcpEstablishedTimeout=defaultTcpEstablishedTimeout# DefaultUdpTimeout=defaultUdpTimeout# DefaultUdpStreamTimeout=defaultUdpStreamTimeout#',
  'DeleteDhcpOptionsRequest':
    'DhcpOptionsId! DryRun=dryRun?',
  'DeleteEgressOnlyInternetGatewayRequest':
    'EgressOnlyInternetGatewayId! DryRun?',
  'DeleteEgressOnlyInternetGatewayResult':
    'ReturnCode=returnCode?',
  'DeleteFlowLogsRequest':
    'FlowLogIds=FlowLogId[! DryRun?',
  'DeleteFlowLogsResult':
    'Unsuccessful=unsuccessful[:UnsuccessfulItem',
  'DeleteInternetGatewayRequest':
    'InternetGatewayId=internetGatewayId! DryRun=dryRun?',
  'DeleteManagedPrefixListRequest':
    'PrefixListId! DryRun?',
  'DeleteManagedPrefixListResult':
    'PrefixList=prefixList:ManagedPrefixList',
  'DeleteNatGatewayRequest':
    'NatGatewayId! DryRun?',
  'DeleteNatGatewayResult':
    'NatGatewayId=natGatewayId',
  'DeleteNetworkAclEntryRequest':
    'NetworkAclId=networkAclId! RuleNumber=ruleNumber#! Egress=egress?! DryRun=dryRun?',
  'DeleteNetworkAclRequest':
    'NetworkAclId=networkAclId! DryRun=dryRun?',
  'DeleteNetworkInterfaceRequest':
    'NetworkInterfaceId=networkInterfaceId! DryRun=dryRun?',
  'DeleteRouteRequest':
    'RouteTableId=routeTableId! DestinationPrefixListId DryRun=dryRun? DestinationCidrBlock=destinationCidrBlock DestinationIpv6CidrBlock=destinationIpv6CidrBlock',
  'DeleteRouteTableRequest':
    'RouteTableId=routeTableId! DryRun=dryRun?',
  'DeleteSecurityGroupRequest':
    'GroupId GroupName DryRun=dryRun?',
  'DeleteSecurityGroupResult':
    'Return=return? GroupId=groupId',
  'DeleteSubnetRequest':
    'SubnetId! DryRun=dryRun?',
  'DeleteTagsRequest':
    'Resources=resourceId[! DryRun=dryRun? Tags=tag[:Tag',
  'DeleteVpcEndpointsRequest':
    'VpcEndpointIds=VpcEndpointId[! DryRun?',
  'DeleteVpcEndpointsResult':
    'Unsuccessful=unsuccessful[:UnsuccessfulItem',
  'DeleteVpcPeeringConnectionRequest':
    'VpcPeeringConnectionId=vpcPeeringConnectionId! DryRun=dryRun?',
  'DeleteVpcPeeringConnectionResult':
    'Return=return?',
  'DeleteVpcRequest':
    'VpcId! DryRun=dryRun?',
  'DescribeAccountAttributesRequest':
    'DryRun=dryRun? AttributeNames=attributeName[',
  'DescribeAccountAttributesResult':
    'AccountAttributes=accountAttributeSet[:AccountAttribute',
  'DescribeAddressesAttributeRequest':
    'AllocationIds=AllocationId[ Attribute NextToken MaxResults# DryRun?',
  'DescribeAddressesAttributeResult':
    'Addresses=addressSet[:AddressAttribute NextToken=nextToken',
  'DescribeAddressesRequest':
    'PublicIps=PublicIp[ DryRun=dryRun? Filters=Filter[:Filter AllocationIds=AllocationId[',
  'DescribeAddressesResult':
    'Addresses=addressesSet[:Address',
  'DescribeAvailabilityZonesRequest':
    'ZoneNames=ZoneName[ ZoneIds=ZoneId[ AllAvailabilityZones? DryRun=dryRun? Filters=Filter[:Filter',
  'DescribeAvailabilityZonesResult':
    'AvailabilityZones=availabilityZoneInfo[:AvailabilityZone',
  'DescribeDhcpOptionsRequest':
    'DhcpOptionsIds=DhcpOptionsId[ NextToken MaxResults# DryRun=dryRun? Filters=Filter[:Filter',
  'DescribeDhcpOptionsResult':
    'NextToken=nextToken DhcpOptions=dhcpOptionsSet[:DhcpOptions',
  'DescribeEgressOnlyInternetGatewaysRequest':
    'DryRun? EgressOnlyInternetGatewayIds=EgressOnlyInternetGatewayId[ MaxResults# NextToken Filters=Filter[:Filter',
  'DescribeEgressOnlyInternetGatewaysResult':
    'EgressOnlyInternetGateways=egressOnlyInternetGatewaySet[:EgressOnlyInternetGateway NextToken=nextToken',
  'DescribeFlowLogsRequest':
    'DryRun? Filter[:Filter FlowLogIds=FlowLogId[ MaxResults# NextToken',
  'DescribeFlowLogsResult':
    'FlowLogs=flowLogSet[:FlowLog NextToken=nextToken',
  'DescribeInstanceAttributeRequest':
    'InstanceId=instanceId! Attribute=attribute! DryRun=dryRun?',
  'DescribeInstanceTypesRequest':
    'DryRun? InstanceTypes=InstanceType[ Filters=Filter[:Filter MaxResults# NextToken IncludeUnsupportedInRegion?',
  'DescribeInstanceTypesResult':
    'InstanceTypes=instanceTypeSet[:InstanceTypeInfo NextToken=nextToken',
  'DescribeInstancesRequest':
    'InstanceIds=InstanceId[ IncludeManagedResources? DryRun=dryRun? Filters=Filter[:Filter NextToken=nextToken MaxResults=maxResults#',
  'DescribeInstancesResult':
    'NextToken=nextToken Reservations=reservationSet[:Reservation',
  'DescribeInternetGatewaysRequest':
    'NextToken MaxResults# DryRun=dryRun? InternetGatewayIds=internetGatewayId[ Filters=Filter[:Filter',
  'DescribeInternetGatewaysResult':
    'InternetGateways=internetGatewaySet[:InternetGateway NextToken=nextToken',
  'DescribeManagedPrefixListsRequest':
    'DryRun? Filters=Filter[:Filter MaxResults# NextToken PrefixListIds=PrefixListId[',
  'DescribeManagedPrefixListsResult':
    'NextToken=nextToken PrefixLists=prefixListSet[:ManagedPrefixList',
  'DescribeNatGatewaysRequest':
    'DryRun? Filter[:Filter MaxResults# NatGatewayIds=NatGatewayId[ NextToken',
  'DescribeNatGatewaysResult':
    'NatGateways=natGatewaySet[:NatGateway NextToken=nextToken',
  'DescribeNetworkAclsRequest':
    'NextToken MaxResults# DryRun=dryRun? NetworkAclIds=NetworkAclId[ Filters=Filter[:Filter',
  'DescribeNetworkAclsResult':
    'NetworkAcls=networkAclSet[:NetworkAcl NextToken=nextToken',
  'DescribeNetworkInterfaceAttributeRequest':
    'NetworkInterfaceId=networkInterfaceId! DryRun=dryRun? Attribute=attribute',
  'DescribeNetworkInterfaceAttributeResult':
    'Attachment=attachment:NetworkInterfaceAttachment Description=description:AttributeValue Groups=groupSet[:GroupIdentifier NetworkInterfaceId=networkInterfaceId SourceDestCheck=sourceDestCheck:AttributeBooleanValue AssociatePublicIpAddress=associatePublicIpAddress?',
  'DescribeNetworkInterfacesRequest':
    'NextToken MaxResults# IncludeManagedResources? DryRun=dryRun? NetworkInterfaceIds=NetworkInterfaceId[ Filters=filter[:Filter',
  'DescribeNetworkInterfacesResult':
    'NetworkInterfaces=networkInterfaceSet[:NetworkInterface NextToken=nextToken',
  'DescribePrefixListsRequest':
    'DryRun? Filters=Filter[:Filter MaxResults# NextToken PrefixListIds=PrefixListId[',
  'DescribePrefixListsResult':
    'NextToken=nextToken PrefixLists=prefixListSet[:PrefixList',
  'DescribeRegionsRequest':
    'RegionNames=RegionName[ AllRegions? DryRun=dryRun? Filters=Filter[:Filter',
  'DescribeRegionsResult':
    'Regions=regionInfo[:Region',
  'DescribeRouteTablesRequest':
    'NextToken MaxResults# DryRun=dryRun? RouteTableIds=RouteTableId[ Filters=Filter[:Filter',
  'DescribeRouteTablesResult':
    'RouteTables=routeTableSet[:RouteTable NextToken=nextToken',
  'DescribeSecurityGroupReferencesRequest':
    'GroupId[! DryRun?',
  'DescribeSecurityGroupReferencesResult':
    'SecurityGroupReferenceSet=securityGroupReferenceSet[:SecurityGroupReference',
  'DescribeSecurityGroupRulesRequest':
    'Filters=Filter[:Filter SecurityGroupRuleIds=SecurityGroupRuleId[ DryRun? NextToken MaxResults#',
  'DescribeSecurityGroupRulesResult':
    'SecurityGroupRules=securityGroupRuleSet[:SecurityGroupRule NextToken=nextToken',
  'DescribeSecurityGroupsRequest':
    'GroupIds=GroupId[ GroupNames=GroupName[ NextToken MaxResults# DryRun=dryRun? Filters=Filter[:Filter',
  'DescribeSecurityGroupsResult':
    'NextToken=nextToken SecurityGroups=securityGroupInfo[:SecurityGroup',
  'DescribeSubnetsRequest':
    'Filters=Filter[:Filter SubnetIds=SubnetId[ NextToken MaxResults# DryRun=dryRun?',
  'DescribeSubnetsResult':
    'NextToken=nextToken Subnets=subnetSet[:Subnet',
  'DescribeTagsRequest':
    'DryRun=dryRun? Filters=Filter[:Filter MaxResults=maxResults# NextToken=nextToken',
  'DescribeTagsResult':
    'NextToken=nextToken Tags=tagSet[:TagDescription',
  'DescribeTransitGatewayVpcAttachmentsResult':
    'TransitGatewayVpcAttachments=transitGatewayVpcAttachments[:TransitGatewayVpcAttachment NextToken=nextToken',
  'DescribeTransitGatewaysResult':
    'TransitGateways=transitGatewaySet[:TransitGateway NextToken=nextToken',
  'DescribeVpcAttributeRequest':
    'Attribute! VpcId! DryRun=dryRun?',
  'DescribeVpcAttributeResult':
    'EnableDnsHostnames=enableDnsHostnames:AttributeBooleanValue EnableDnsSupport=enableDnsSupport:AttributeBooleanValue EnableNetworkAddressUsageMetrics=enableNetworkAddressUsageMetrics:AttributeBooleanValue VpcId=vpcId',
  'DescribeVpcBlockPublicAccessExclusionsResult':
    'VpcBlockPublicAccessExclusions=vpcBlockPublicAccessExclusionSet[:VpcBlockPublicAccessExclusion NextToken=nextToken',
  'DescribeVpcBlockPublicAccessOptionsResult':
    'VpcBlockPublicAccessOptions=vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions',
  'DescribeVpcEncryptionControlsResult':
    'VpcEncryptionControls=vpcEncryptionControlSet[:VpcEncryptionControl NextToken=nextToken',
  'DescribeVpcEndpointServicesRequest':
    'DryRun? ServiceNames=ServiceName[ Filters=Filter[:Filter MaxResults# NextToken ServiceRegions=ServiceRegion[',
  'DescribeVpcEndpointServicesResult':
    'ServiceNames=serviceNameSet[ ServiceDetails=serviceDetailSet[:ServiceDetail NextToken=nextToken',
  'DescribeVpcEndpointsRequest':
    'DryRun? VpcEndpointIds=VpcEndpointId[ Filters=Filter[:Filter MaxResults# NextToken',
  'DescribeVpcEndpointsResult':
    'VpcEndpoints=vpcEndpointSet[:VpcEndpoint NextToken=nextToken',
  'DescribeVpcPeeringConnectionsRequest':
    'NextToken MaxResults# DryRun=dryRun? VpcPeeringConnectionIds=VpcPeeringConnectionId[ Filters=Filter[:Filter',
  'DescribeVpcPeeringConnectionsResult':
    'VpcPeeringConnections=vpcPeeringConnectionSet[:VpcPeeringConnection NextToken=nextToken',
  'DescribeVpcsRequest':
    'Filters=Filter[:Filter VpcIds=VpcId[ NextToken MaxResults# DryRun=dryRun?',
  'DescribeVpcsResult':
    'NextToken=nextToken Vpcs=vpcSet[:Vpc',
  'DescribeVpnGatewaysResult':
    'VpnGateways=vpnGatewaySet[:VpnGateway',
  'DestinationOptionsRequest':
    'FileFormat HiveCompatiblePartitions? PerHourPartition?',
  'DestinationOptionsResponse':
    'FileFormat=fileFormat HiveCompatiblePartitions=hiveCompatiblePartitions? PerHourPartition=perHourPartition?',
  'DetachInternetGatewayRequest':
    'InternetGatewayId=internetGatewayId! VpcId=vpcId! DryRun=dryRun?',
  'DetachNetworkInterfaceRequest':
    'AttachmentId=attachmentId! DryRun=dryRun? Force=force?',
  'DhcpConfiguration':
    'Key=key Values=valueSet[:AttributeValue',
  'DhcpOptions':
    'OwnerId=ownerId Tags=tagSet[:Tag DhcpOptionsId=dhcpOptionsId DhcpConfigurations=dhcpConfigurationSet[:DhcpConfiguration',
  'DisassociateAddressRequest':
    'AssociationId PublicIp DryRun=dryRun?',
  'DisassociateRouteTableRequest':
    'AssociationId=associationId! DryRun=dryRun?',
  'DisassociateSubnetCidrBlockRequest':
    'AssociationId=associationId!',
  'DisassociateSubnetCidrBlockResult':
    'Ipv6CidrBlockAssociation=ipv6CidrBlockAssociation:SubnetIpv6CidrBlockAssociation SubnetId=subnetId',
  'DisassociateVpcCidrBlockRequest':
    'AssociationId=associationId!',
  'DisassociateVpcCidrBlockResult':
    'Ipv6CidrBlockAssociation=ipv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation CidrBlockAssociation=cidrBlockAssociation:VpcCidrBlockAssociation VpcId=vpcId',
  'DiskInfo':
    'SizeInGB=sizeInGB# Count=count# Type=type',
  'DnsEntry':
    'DnsName=dnsName HostedZoneId=hostedZoneId',
  'DnsOptions':
    'DnsRecordIpType=dnsRecordIpType PrivateDnsOnlyForInboundResolverEndpoint=privateDnsOnlyForInboundResolverEndpoint? PrivateDnsPreference=privateDnsPreference PrivateDnsSpecifiedDomains=privateDnsSpecifiedDomainSet[',
  'DnsOptionsSpecification':
    'DnsRecordIpType PrivateDnsOnlyForInboundResolverEndpoint? PrivateDnsPreference PrivateDnsSpecifiedDomains=PrivateDnsSpecifiedDomain[',
  'EbsBlockDevice':
    'DeleteOnTermination=deleteOnTermination? Iops=iops# SnapshotId=snapshotId VolumeSize=volumeSize# VolumeType=volumeType KmsKeyId=kmsKeyId Throughput=throughput# OutpostArn=outpostArn AvailabilityZone=availabilityZone Encrypted=encrypted? VolumeInitializationRate# AvailabilityZoneId EbsCardIndex#',
  'EbsCardInfo':
    'EbsCardIndex=ebsCardIndex# BaselineBandwidthInMbps=baselineBandwidthInMbps# BaselineThroughputInMBps=baselineThroughputInMBps# BaselineIops=baselineIops# MaximumBandwidthInMbps=maximumBandwidthInMbps# MaximumThroughputInMBps=maximumThroughputInMBps# MaximumIops=maximumIops#',
  'EbsInfo':
    'EbsOptimizedSupport=ebsOptimizedSupport EncryptionSupport=encryptionSupport EbsOptimizedInfo=ebsOptimizedInfo:EbsOptimizedInfo NvmeSupport=nvmeSupport MaximumEbsAttachments=maximumEbsAttachments# AttachmentLimitType=attachmentLimitType MaximumEbsCards=maximumEbsCards# EbsCards=ebsCardSet[:EbsCardInfo',
  'EbsInstanceBlockDevice':
    'AttachTime=attachTime@ DeleteOnTermination=deleteOnTermination? Status=status VolumeId=volumeId AssociatedResource=associatedResource VolumeOwnerId=volumeOwnerId Operator=operator:OperatorResponse EbsCardIndex=ebsCardIndex#',
  'EbsOptimizedInfo':
    'BaselineBandwidthInMbps=baselineBandwidthInMbps# BaselineThroughputInMBps=baselineThroughputInMBps# BaselineIops=baselineIops# MaximumBandwidthInMbps=maximumBandwidthInMbps# MaximumThroughputInMBps=maximumThroughputInMBps# MaximumIops=maximumIops#',
  'EfaInfo':
    'MaximumEfaInterfaces=maximumEfaInterfaces#',
  'EgressOnlyInternetGateway':
    'Attachments=attachmentSet[:InternetGatewayAttachment EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId Tags=tagSet[:Tag',
  'ElasticGpuAssociation':
    'ElasticGpuId=elasticGpuId ElasticGpuAssociationId=elasticGpuAssociationId ElasticGpuAssociationState=elasticGpuAssociationState ElasticGpuAssociationTime=elasticGpuAssociationTime',
  'ElasticGpuSpecification':
    'Type!',
  'ElasticInferenceAccelerator':
    'Type! Count#',
  'ElasticInferenceAcceleratorAssociation':
    'ElasticInferenceAcceleratorArn=elasticInferenceAcceleratorArn ElasticInferenceAcceleratorAssociationId=elasticInferenceAcceleratorAssociationId ElasticInferenceAcceleratorAssociationState=elasticInferenceAcceleratorAssociationState ElasticInferenceAcceleratorAssociationTime=elasticInferenceAcceleratorAssociationTime@',
  'EnaSrdSpecification':
    'EnaSrdEnabled? EnaSrdUdpSpecification:EnaSrdUdpSpecification',
  'EnaSrdSpecificationRequest':
    'EnaSrdEnabled? EnaSrdUdpSpecification:EnaSrdUdpSpecificationRequest',
  'EnaSrdUdpSpecification':
    'EnaSrdUdpEnabled?',
  'EnaSrdUdpSpecificationRequest':
    'EnaSrdUdpEnabled?',
  'EnclaveOptions':
    'Enabled=enabled?',
  'EnclaveOptionsRequest':
    'Enabled?',
  'EncryptionSupport':
    'EncryptionState=encryptionState StateMessage=stateMessage',
  'Filter':
    'Name Values=Value[',
  'FlowLog':
    'CreationTime=creationTime@ DeliverLogsErrorMessage=deliverLogsErrorMessage DeliverLogsPermissionArn=deliverLogsPermissionArn DeliverCrossAccountRole=deliverCrossAccountRole DeliverLogsStatus=deliverLogsStatus FlowLogId=flowLogId FlowLogStatus=flowLogStatus LogGroupName=logGroupName ResourceId=resourceId TrafficType=trafficType LogDestinationType=logDestinationType LogDestination=logDestination LogFormat=logFormat Tags=tagSet[:Tag MaxAggregationInterval=maxAggregationInterval# DestinationOptions=destinationOptions:DestinationOptionsResponse TagFieldSpecifications=tagFieldSpecificationSet[:TagFieldSpecificationResponse',
  'FpgaDeviceInfo':
    'Name=name Manufacturer=manufacturer Count=count# MemoryInfo=memoryInfo:FpgaDeviceMemoryInfo',
  'FpgaDeviceMemoryInfo':
    'SizeInMiB=sizeInMiB#',
  'FpgaInfo':
    'Fpgas=fpgas[:FpgaDeviceInfo TotalFpgaMemoryInMiB=totalFpgaMemoryInMiB#',
  'GetFlowLogsIntegrationTemplateRequest':
    'FlowLogId! ConfigDeliveryS3DestinationArn! IntegrateServices=IntegrateService:IntegrateServices! DryRun?',
  'GetFlowLogsIntegrationTemplateResult':
    'Result=result',
  'GetManagedPrefixListEntriesRequest':
    'PrefixListId! DryRun? TargetVersion# MaxResults# NextToken',
  'GetManagedPrefixListEntriesResult':
    'Entries=entrySet[:PrefixListEntry NextToken=nextToken',
  'GpuDeviceInfo':
    'Name=name Manufacturer=manufacturer Count=count# LogicalGpuCount=logicalGpuCount# GpuPartitionSize=gpuPartitionSize# Workloads=workloadSet[ MemoryInfo=memoryInfo:GpuDeviceMemoryInfo',
  'GpuDeviceMemoryInfo':
    'SizeInMiB=sizeInMiB#',
  'GpuInfo':
    'Gpus=gpus[:GpuDeviceInfo TotalGpuMemoryInMiB=totalGpuMemoryInMiB#',
  'GroupIdentifier':
    'GroupId=groupId GroupName=groupName',
  'HibernationOptions':
    'Configured=configured?',
  'HibernationOptionsRequest':
    'Configured?',
  'IamInstanceProfile':
    'Arn=arn Id=id',
  'IamInstanceProfileSpecification':
    'Arn=arn Name=name',
  'IcmpTypeCode':
    'Code=code# Type=type#',
  'InferenceAcceleratorInfo':
    'Accelerators=accelerators[:InferenceDeviceInfo TotalInferenceMemoryInMiB=totalInferenceMemoryInMiB#',
  'InferenceDeviceInfo':
    'Count=count# Name=name Manufacturer=manufacturer MemoryInfo=memoryInfo:InferenceDeviceMemoryInfo',
  'InferenceDeviceMemoryInfo':
    'SizeInMiB=sizeInMiB#',
  'Instance':
    'Architecture=architecture BlockDeviceMappings=blockDeviceMapping[:InstanceBlockDeviceMapping ClientToken=clientToken EbsOptimized=ebsOptimized? EnaSupport=enaSupport? Hypervisor=hypervisor IamInstanceProfile=iamInstanceProfile:IamInstanceProfile InstanceLifecycle=instanceLifecycle ElasticGpuAssociations=elasticGpuAssociationSet[:ElasticGpuAssociation ElasticInferenceAcceleratorAssociations=elasticInferenceAcceleratorAssociationSet[:ElasticInferenceAcceleratorAssociation NetworkInterfaces=networkInterfaceSet[:InstanceNetworkInterface OutpostArn=outpostArn RootDeviceName=rootDeviceName RootDeviceType=rootDeviceType SecurityGroups=groupSet[:GroupIdentifier SourceDestCheck=sourceDestCheck? SpotInstanceRequestId=spotInstanceRequestId SriovNetSupport=sriovNetSupport StateReason=stateReason:StateReason Tags=tagSet[:Tag VirtualizationType=virtualizationType CpuOptions=cpuOptions:CpuOptions CapacityBlockId=capacityBlockId CapacityReservationId=capacityReservationId CapacityReservationSpecification=capacityReservationSpecification:CapacityReservationSpecificationResponse HibernationOptions=hibernationOptions:HibernationOptions Licenses=licenseSet[:LicenseConfiguration MetadataOptions=metadataOptions:InstanceMetadataOptionsResponse EnclaveOptions=enclaveOptions:EnclaveOptions BootMode=bootMode PlatformDetails=platformDetails UsageOperation=usageOperation UsageOperationUpdateTime=usageOperationUpdateTime@ PrivateDnsNameOptions=privateDnsNameOptions:PrivateDnsNameOptionsResponse Ipv6Address=ipv6Address TpmSupport=tpmSupport MaintenanceOptions=maintenanceOptions:InstanceMaintenanceOptions CurrentInstanceBootMode=currentInstanceBootMode NetworkPerformanceOptions=networkPerformanceOptions:InstanceNetworkPerformanceOptions Operator=operator:OperatorResponse SecondaryInterfaces=secondaryInterfaceSet[:InstanceSecondaryInterface InstanceId=instanceId ImageId=imageId State=instanceState:InstanceState PrivateDnsName=privateDnsName PublicDnsName=dnsName StateTransitionReason=reason KeyName=keyName AmiLaunchIndex=amiLaunchIndex# ProductCodes=productCodes[:ProductCode InstanceType=instanceType LaunchTime=launchTime@ Placement=placement:Placement KernelId=kernelId RamdiskId=ramdiskId Platform=platform Monitoring=monitoring:Monitoring SubnetId=subnetId VpcId=vpcId PrivateIpAddress=privateIpAddress PublicIpAddress=ipAddress',
  'InstanceAttachmentEnaSrdSpecification':
    'EnaSrdEnabled=enaSrdEnabled? EnaSrdUdpSpecification=enaSrdUdpSpecification:InstanceAttachmentEnaSrdUdpSpecification',
  'InstanceAttachmentEnaSrdUdpSpecification':
    'EnaSrdUdpEnabled=enaSrdUdpEnabled?',
  'InstanceAttribute':
    'BlockDeviceMappings=blockDeviceMapping[:InstanceBlockDeviceMapping DisableApiTermination=disableApiTermination:AttributeBooleanValue EnaSupport=enaSupport:AttributeBooleanValue EnclaveOptions=enclaveOptions:EnclaveOptions EbsOptimized=ebsOptimized:AttributeBooleanValue InstanceId=instanceId InstanceInitiatedShutdownBehavior=instanceInitiatedShutdownBehavior:AttributeValue InstanceType=instanceType:AttributeValue KernelId=kernel:AttributeValue ProductCodes=productCodes[:ProductCode RamdiskId=ramdisk:AttributeValue RootDeviceName=rootDeviceName:AttributeValue SourceDestCheck=sourceDestCheck:AttributeBooleanValue SriovNetSupport=sriovNetSupport:AttributeValue UserData=userData:AttributeValue DisableApiStop=disableApiStop:AttributeBooleanValue Groups=groupSet[:GroupIdentifier',
  'InstanceBlockDeviceMapping':
    'DeviceName=deviceName Ebs=ebs:EbsInstanceBlockDevice',
  'InstanceIpv4Prefix':
    'Ipv4Prefix=ipv4Prefix',
  'InstanceIpv6Address':
    'Ipv6Address=ipv6Address IsPrimaryIpv6=isPrimaryIpv6?',
  'InstanceIpv6Prefix':
    'Ipv6Prefix=ipv6Prefix',
  'InstanceMaintenanceOptions':
    'AutoRecovery=autoRecovery RebootMigration=rebootMigration',
  'InstanceMaintenanceOptionsRequest':
    'AutoRecovery',
  'InstanceMarketOptionsRequest':
    'MarketType SpotOptions:SpotMarketOptions',
  'InstanceMetadataOptionsRequest':
    'HttpTokens HttpPutResponseHopLimit# HttpEndpoint HttpProtocolIpv6 InstanceMetadataTags',
  'InstanceMetadataOptionsResponse':
    'State=state HttpTokens=httpTokens HttpPutResponseHopLimit=httpPutResponseHopLimit# HttpEndpoint=httpEndpoint HttpProtocolIpv6=httpProtocolIpv6 InstanceMetadataTags=instanceMetadataTags',
  'InstanceNetworkInterface':
    'Association=association:InstanceNetworkInterfaceAssociation Attachment=attachment:InstanceNetworkInterfaceAttachment Description=description Groups=groupSet[:GroupIdentifier Ipv6Addresses=ipv6AddressesSet[:InstanceIpv6Address MacAddress=macAddress NetworkInterfaceId=networkInterfaceId OwnerId=ownerId PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress PrivateIpAddresses=privateIpAddressesSet[:InstancePrivateIpAddress SourceDestCheck=sourceDestCheck? Status=status SubnetId=subnetId VpcId=vpcId InterfaceType=interfaceType Ipv4Prefixes=ipv4PrefixSet[:InstanceIpv4Prefix Ipv6Prefixes=ipv6PrefixSet[:InstanceIpv6Prefix ConnectionTrackingConfiguration=connectionTrackingConfiguration:ConnectionTrackingSpecificationResponse Operator=operator:OperatorResponse',
  'InstanceNetworkInterfaceAssociation':
    'CarrierIp=carrierIp CustomerOwnedIp=customerOwnedIp IpOwnerId=ipOwnerId PublicDnsName=publicDnsName PublicIp=publicIp',
  'InstanceNetworkInterfaceAttachment':
    'AttachTime=attachTime@ AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# Status=status NetworkCardIndex=networkCardIndex# EnaSrdSpecification=enaSrdSpecification:InstanceAttachmentEnaSrdSpecification EnaQueueCount=enaQueueCount#',
  'InstanceNetworkInterfaceSpecification':
    'AssociatePublicIpAddress=associatePublicIpAddress? DeleteOnTermination=deleteOnTermination? Description=description DeviceIndex=deviceIndex# Groups=SecurityGroupId[ Ipv6AddressCount=ipv6AddressCount# Ipv6Addresses=ipv6AddressesSet~Ipv6Addresses[:InstanceIpv6Address NetworkInterfaceId=networkInterfaceId PrivateIpAddress=privateIpAddress PrivateIpAddresses=privateIpAddressesSet~PrivateIpAddresses[:PrivateIpAddressSpecification SecondaryPrivateIpAddressCount=secondaryPrivateIpAddressCount# SubnetId=subnetId AssociateCarrierIpAddress? InterfaceType NetworkCardIndex# Ipv4Prefixes=Ipv4Prefix[:Ipv4PrefixSpecificationRequest Ipv4PrefixCount# Ipv6Prefixes=Ipv6Prefix[:Ipv6PrefixSpecificationRequest Ipv6PrefixCount# PrimaryIpv6? EnaSrdSpecification:EnaSrdSpecificationRequest ConnectionTrackingSpecification:ConnectionTrackingSpecificationRequest EnaQueueCount#',
  'InstanceNetworkPerformanceOptions':
    'BandwidthWeighting=bandwidthWeighting',
  'InstanceNetworkPerformanceOptionsRequest':
    'BandwidthWeighting',
  'InstancePrivateIpAddress':
    'Association=association:InstanceNetworkInterfaceAssociation Primary=primary? PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress',
  'InstanceSecondaryInterface':
    'Attachment=attachment:InstanceSecondaryInterfaceAttachment MacAddress=macAddress SecondaryInterfaceId=secondaryInterfaceId OwnerId=ownerId PrivateIpAddresses=privateIpAddressSet[:InstanceSecondaryInterfacePrivateIpAddress SourceDestCheck=sourceDestCheck? Status=status SecondarySubnetId=secondarySubnetId SecondaryNetworkId=secondaryNetworkId InterfaceType=interfaceType',
  'InstanceSecondaryInterfaceAttachment':
    'AttachTime=attachTime@ AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# Status=status NetworkCardIndex=networkCardIndex#',
  'InstanceSecondaryInterfacePrivateIpAddress':
    'PrivateIpAddress=privateIpAddress',
  'InstanceSecondaryInterfacePrivateIpAddressRequest':
    'PrivateIpAddress!',
  'InstanceSecondaryInterfaceSpecificationRequest':
    'DeleteOnTermination? DeviceIndex# PrivateIpAddresses=PrivateIpAddress[:InstanceSecondaryInterfacePrivateIpAddressRequest PrivateIpAddressCount# SecondarySubnetId InterfaceType NetworkCardIndex#',
  'InstanceState':
    'Code=code# Name=name',
  'InstanceStateChange':
    'InstanceId=instanceId CurrentState=currentState:InstanceState PreviousState=previousState:InstanceState',
  'InstanceStorageInfo':
    'TotalSizeInGB=totalSizeInGB# Disks=disks[:DiskInfo NvmeSupport=nvmeSupport EncryptionSupport=encryptionSupport',
  'InstanceTypeInfo':
    'InstanceType=instanceType CurrentGeneration=currentGeneration? FreeTierEligible=freeTierEligible? SupportedUsageClasses=supportedUsageClasses[ SupportedRootDeviceTypes=supportedRootDeviceTypes[ SupportedVirtualizationTypes=supportedVirtualizationTypes[ BareMetal=bareMetal? Hypervisor=hypervisor ProcessorInfo=processorInfo:ProcessorInfo VCpuInfo=vCpuInfo:VCpuInfo MemoryInfo=memoryInfo:MemoryInfo InstanceStorageSupported=instanceStorageSupported? InstanceStorageInfo=instanceStorageInfo:InstanceStorageInfo EbsInfo=ebsInfo:EbsInfo NetworkInfo=networkInfo:NetworkInfo GpuInfo=gpuInfo:GpuInfo FpgaInfo=fpgaInfo:FpgaInfo PlacementGroupInfo=placementGroupInfo:PlacementGroupInfo InferenceAcceleratorInfo=inferenceAcceleratorInfo:InferenceAcceleratorInfo HibernationSupported=hibernationSupported? BurstablePerformanceSupported=burstablePerformanceSupported? DedicatedHostsSupported=dedicatedHostsSupported? AutoRecoverySupported=autoRecoverySupported? SupportedBootModes=supportedBootModes[ NitroEnclavesSupport=nitroEnclavesSupport NitroTpmSupport=nitroTpmSupport NitroTpmInfo=nitroTpmInfo:NitroTpmInfo MediaAcceleratorInfo=mediaAcceleratorInfo:MediaAcceleratorInfo NeuronInfo=neuronInfo:NeuronInfo PhcSupport=phcSupport RebootMigrationSupport=rebootMigrationSupport SupportedInRegion=supportedInRegion?',
  'IntegrateServices':
    'AthenaIntegrations=AthenaIntegration[:AthenaIntegration',
  'InternetGateway':
    'Attachments=attachmentSet[:InternetGatewayAttachment InternetGatewayId=internetGatewayId OwnerId=ownerId Tags=tagSet[:Tag',
  'InternetGatewayAttachment':
    'State=state VpcId=vpcId',
  'IpPermission':
    'IpProtocol=ipProtocol FromPort=fromPort# ToPort=toPort# UserIdGroupPairs=groups[:UserIdGroupPair IpRanges=ipRanges[:IpRange Ipv6Ranges=ipv6Ranges[:Ipv6Range PrefixListIds=prefixListIds[:PrefixListId',
  'IpRange':
    'Description=description CidrIp=cidrIp',
  'Ipv4PrefixSpecification':
    'Ipv4Prefix=ipv4Prefix',
  'Ipv4PrefixSpecificationRequest':
    'Ipv4Prefix',
  'Ipv6CidrBlock':
    'Ipv6CidrBlock=ipv6CidrBlock',
  'Ipv6PrefixSpecification':
    'Ipv6Prefix=ipv6Prefix',
  'Ipv6PrefixSpecificationRequest':
    'Ipv6Prefix',
  'Ipv6Range':
    'Description=description CidrIpv6=cidrIpv6',
  'LastError':
    'Message=message Code=code',
  'LaunchTemplateSpecification':
    'LaunchTemplateId LaunchTemplateName Version',
  'LicenseConfiguration':
    'LicenseConfigurationArn=licenseConfigurationArn',
  'LicenseConfigurationRequest':
    'LicenseConfigurationArn',
  'ManagedPrefixList':
    'PrefixListId=prefixListId AddressFamily=addressFamily State=state StateMessage=stateMessage PrefixListArn=prefixListArn PrefixListName=prefixListName MaxEntries=maxEntries# Version=version# Tags=tagSet[:Tag OwnerId=ownerId IpamPrefixListResolverTargetId=ipamPrefixListResolverTargetId IpamPrefixListResolverSyncEnabled=ipamPrefixListResolverSyncEnabled?',
  'MediaAcceleratorInfo':
    'Accelerators=accelerators[:MediaDeviceInfo TotalMediaMemoryInMiB=totalMediaMemoryInMiB#',
  'MediaDeviceInfo':
    'Count=count# Name=name Manufacturer=manufacturer MemoryInfo=memoryInfo:MediaDeviceMemoryInfo',
  'MediaDeviceMemoryInfo':
    'SizeInMiB=sizeInMiB#',
  'MemoryInfo':
    'SizeInMiB=sizeInMiB#',
  'ModifyManagedPrefixListRequest':
    'PrefixListId! DryRun? CurrentVersion# PrefixListName AddEntries=AddEntry[:AddPrefixListEntry RemoveEntries=RemoveEntry[:RemovePrefixListEntry MaxEntries# IpamPrefixListResolverSyncEnabled?',
  'ModifyManagedPrefixListResult':
    'PrefixList=prefixList:ManagedPrefixList',
  'ModifyNetworkInterfaceAttributeRequest':
    'NetworkInterfaceId=networkInterfaceId! EnaSrdSpecification:EnaSrdSpecification EnablePrimaryIpv6? ConnectionTrackingSpecification:ConnectionTrackingSpecificationRequest AssociatePublicIpAddress? AssociatedSubnetIds=AssociatedSubnetId[ DryRun=dryRun? Description=description:AttributeValue SourceDestCheck=sourceDestCheck:AttributeBooleanValue Groups=SecurityGroupId[ Attachment=attachment:NetworkInterfaceAttachmentChanges',
  'ModifySecurityGroupRulesRequest':
    'GroupId! SecurityGroupRules=SecurityGroupRule[:SecurityGroupRuleUpdate! DryRun?',
  'ModifySecurityGroupRulesResult':
    'Return=return?',
  'ModifySubnetAttributeRequest':
    'SubnetId=subnetId! AssignIpv6AddressOnCreation:AttributeBooleanValue MapPublicIpOnLaunch:AttributeBooleanValue MapCustomerOwnedIpOnLaunch:AttributeBooleanValue CustomerOwnedIpv4Pool EnableDns64:AttributeBooleanValue PrivateDnsHostnameTypeOnLaunch EnableResourceNameDnsARecordOnLaunch:AttributeBooleanValue EnableResourceNameDnsAAAARecordOnLaunch:AttributeBooleanValue EnableLniAtDeviceIndex# DisableLniAtDeviceIndex:AttributeBooleanValue',
  'ModifyVpcAttributeRequest':
    'VpcId=vpcId! EnableDnsHostnames:AttributeBooleanValue EnableDnsSupport:AttributeBooleanValue EnableNetworkAddressUsageMetrics:AttributeBooleanValue',
  'ModifyVpcEndpointRequest':
    'VpcEndpointId! DryRun? ResetPolicy? PolicyDocument AddRouteTableIds=AddRouteTableId[ RemoveRouteTableIds=RemoveRouteTableId[ AddSubnetIds=AddSubnetId[ RemoveSubnetIds=RemoveSubnetId[ AddSecurityGroupIds=AddSecurityGroupId[ RemoveSecurityGroupIds=RemoveSecurityGroupId[ IpAddressType DnsOptions:DnsOptionsSpecification PrivateDnsEnabled? SubnetConfigurations=SubnetConfiguration[:SubnetConfiguration',
  'ModifyVpcEndpointResult':
    'Return=return?',
  'ModifyVpcPeeringConnectionOptionsRequest':
    'VpcPeeringConnectionId! AccepterPeeringConnectionOptions:PeeringConnectionOptionsRequest DryRun? RequesterPeeringConnectionOptions:PeeringConnectionOptionsRequest',
  'ModifyVpcPeeringConnectionOptionsResult':
    'AccepterPeeringConnectionOptions=accepterPeeringConnectionOptions:PeeringConnectionOptions RequesterPeeringConnectionOptions=requesterPeeringConnectionOptions:PeeringConnectionOptions',
  'Monitoring':
    'MetricCategoryIds=metricCategoryIdSet[ State=state',
  'NatGateway':
    'CreateTime=createTime@ DeleteTime=deleteTime@ FailureCode=failureCode FailureMessage=failureMessage NatGatewayAddresses=natGatewayAddressSet[:NatGatewayAddress NatGatewayId=natGatewayId ProvisionedBandwidth=provisionedBandwidth:ProvisionedBandwidth State=state SubnetId=subnetId VpcId=vpcId Tags=tagSet[:Tag ConnectivityType=connectivityType AvailabilityMode=availabilityMode AutoScalingIps=autoScalingIps AutoProvisionZones=autoProvisionZones AttachedAppliances=attachedApplianceSet[:NatGatewayAttachedAppliance RouteTableId=routeTableId',
  'NatGatewayAddress':
    'AllocationId=allocationId NetworkInterfaceId=networkInterfaceId PrivateIp=privateIp PublicIp=publicIp AssociationId=associationId IsPrimary=isPrimary? FailureMessage=failureMessage Status=status AvailabilityZone=availabilityZone AvailabilityZoneId=availabilityZoneId',
  'NatGatewayAttachedAppliance':
    'Type=type ApplianceArn=applianceArn VpcEndpointId=vpcEndpointId AttachmentState=attachmentState ModificationState=modificationState FailureCode=failureCode FailureMessage=failureMessage',
  'NetworkAcl':
    'Associations=associationSet[:NetworkAclAssociation Entries=entrySet[:NetworkAclEntry IsDefault=default? NetworkAclId=networkAclId Tags=tagSet[:Tag VpcId=vpcId OwnerId=ownerId',
  'NetworkAclAssociation':
    'NetworkAclAssociationId=networkAclAssociationId NetworkAclId=networkAclId SubnetId=subnetId',
  'NetworkAclEntry':
    'CidrBlock=cidrBlock Egress=egress? IcmpTypeCode=icmpTypeCode:IcmpTypeCode Ipv6CidrBlock=ipv6CidrBlock PortRange=portRange:PortRange Protocol=protocol RuleAction=ruleAction RuleNumber=ruleNumber#',
  'NetworkCardInfo':
    'NetworkCardIndex=networkCardIndex# NetworkPerformance=networkPerformance MaximumNetworkInterfaces=maximumNetworkInterfaces# AdditionalFlexibleNetworkInterfaces=additionalFlexibleNetworkInterfaces# BaselineBandwidthInGbps=baselineBandwidthInGbps# PeakBandwidthInGbps=peakBandwidthInGbps# DefaultEnaQueueCountPerInterface=defaultEnaQueueCountPerInterface# MaximumEnaQueueCount=maximumEnaQueueCount# MaximumEnaQueueCountPerInterface=maximumEnaQueueCountPerInterface# InterfaceTypes=interfaceTypeSet[',
  'NetworkInfo':
    'NetworkPerformance=networkPerformance MaximumNetworkInterfaces=maximumNetworkInterfaces# MaximumNetworkCards=maximumNetworkCards# DefaultNetworkCardIndex=defaultNetworkCardIndex# NetworkCards=networkCards[:NetworkCardInfo Ipv4AddressesPerInterface=ipv4AddressesPerInterface# Ipv6AddressesPerInterface=ipv6AddressesPerInterface# Ipv6Supported=ipv6Supported? EnaSupport=enaSupport EfaSupported=efaSupported? EfaInfo=efaInfo:EfaInfo EncryptionInTransitSupported=encryptionInTransitSupported? EnaSrdSupported=enaSrdSupported? BandwidthWeightings=bandwidthWeightings[ FlexibleEnaQueuesSupport=flexibleEnaQueuesSupport ConnectionTrackingConfiguration=connectionTrackingConfiguration:DefaultConnectionTrackingConfiguration SecondaryNetworkSupported=secondaryNetworkSupported? MaximumSecondaryNetworkInterfaces=maximumSecondaryNetworkInterfaces# Ipv4AddressesPerSecondaryInterface=ipv4AddressesPerSecondaryInterface#',
  'NetworkInterface':
    'Association=association:NetworkInterfaceAssociation Attachment=attachment:NetworkInterfaceAttachment AvailabilityZone=availabilityZone ConnectionTrackingConfiguration=connectionTrackingConfiguration:ConnectionTrackingConfiguration Description=description Groups=groupSet[:GroupIdentifier InterfaceType=interfaceType Ipv6Addresses=ipv6AddressesSet[:NetworkInterfaceIpv6Address MacAddress=macAddress NetworkInterfaceId=networkInterfaceId OutpostArn=outpostArn OwnerId=ownerId PrivateDnsName=privateDnsName PublicDnsName=publicDnsName PublicIpDnsNameOptions=publicIpDnsNameOptions:PublicIpDnsNameOptions PrivateIpAddress=privateIpAddress PrivateIpAddresses=privateIpAddressesSet[:NetworkInterfacePrivateIpAddress Ipv4Prefixes=ipv4PrefixSet[:Ipv4PrefixSpecification Ipv6Prefixes=ipv6PrefixSet[:Ipv6PrefixSpecification RequesterId=requesterId RequesterManaged=requesterManaged? SourceDestCheck=sourceDestCheck? Status=status SubnetId=subnetId TagSet=tagSet[:Tag VpcId=vpcId DenyAllIgwTraffic=denyAllIgwTraffic? Ipv6Native=ipv6Native? Ipv6Address=ipv6Address Operator=operator:OperatorResponse AssociatedSubnets=associatedSubnetSet[ AvailabilityZoneId=availabilityZoneId',
  'NetworkInterfaceAssociation':
    'AllocationId=allocationId AssociationId=associationId IpOwnerId=ipOwnerId PublicDnsName=publicDnsName PublicIp=publicIp CustomerOwnedIp=customerOwnedIp CarrierIp=carrierIp',
  'NetworkInterfaceAttachment':
    'AttachTime=attachTime@ AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# NetworkCardIndex=networkCardIndex# InstanceId=instanceId InstanceOwnerId=instanceOwnerId Status=status EnaSrdSpecification=enaSrdSpecification:AttachmentEnaSrdSpecification EnaQueueCount=enaQueueCount#',
  'NetworkInterfaceAttachmentChanges':
    'DefaultEnaQueueCount? EnaQueueCount# AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination?',
  'NetworkInterfaceIpv6Address':
    'Ipv6Address=ipv6Address PublicIpv6DnsName=publicIpv6DnsName IsPrimaryIpv6=isPrimaryIpv6?',
  'NetworkInterfacePrivateIpAddress':
    'Association=association:NetworkInterfaceAssociation Primary=primary? PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress',
  'NeuronDeviceCoreInfo':
    'Count=count# Version=version#',
  'NeuronDeviceInfo':
    'Count=count# Name=name CoreInfo=coreInfo:NeuronDeviceCoreInfo MemoryInfo=memoryInfo:NeuronDeviceMemoryInfo',
  'NeuronDeviceMemoryInfo':
    'SizeInMiB=sizeInMiB#',
  'NeuronInfo':
    'NeuronDevices=neuronDevices[:NeuronDeviceInfo TotalNeuronDeviceMemoryInMiB=totalNeuronDeviceMemoryInMiB#',
  'NewDhcpConfiguration':
    'Key=key Values=Value[',
  'NitroTpmInfo':
    'SupportedVersions=supportedVersions[',
  'OperatorRequest':
    'Principal',
  'OperatorResponse':
    'Managed=managed? Principal=principal HiddenByDefault=hiddenByDefault?',
  'PayerResponsibilityEntry':
    'Scope=scope PayerResponsibilityType=payerResponsibilityType',
  'PeeringConnectionOptions':
    'AllowDnsResolutionFromRemoteVpc=allowDnsResolutionFromRemoteVpc? AllowEgressFromLocalClassicLinkToRemoteVpc=allowEgressFromLocalClassicLinkToRemoteVpc? AllowEgressFromLocalVpcToRemoteClassicLink=allowEgressFromLocalVpcToRemoteClassicLink?',
  'PeeringConnectionOptionsRequest':
    'AllowDnsResolutionFromRemoteVpc? AllowEgressFromLocalClassicLinkToRemoteVpc? AllowEgressFromLocalVpcToRemoteClassicLink?',
  'Placement':
    'AvailabilityZoneId=availabilityZoneId Affinity=affinity GroupName=groupName PartitionNumber=partitionNumber# HostId=hostId Tenancy=tenancy SpreadDomain=spreadDomain HostResourceGroupArn=hostResourceGroupArn GroupId=groupId AvailabilityZone=availabilityZone',
  'PlacementGroupInfo':
    'SupportedStrategies=supportedStrategies[',
  'PortRange':
    'From=from# To=to#',
  'PrefixList':
    'Cidrs=cidrSet[ PrefixListId=prefixListId PrefixListName=prefixListName',
  'PrefixListEntry':
    'Cidr=cidr Description=description',
  'PrefixListId':
    'Description=description PrefixListId=prefixListId',
  'PrivateDnsDetails':
    'PrivateDnsName=privateDnsName',
  'PrivateDnsNameOptionsOnLaunch':
    'HostnameType=hostnameType EnableResourceNameDnsARecord=enableResourceNameDnsARecord? EnableResourceNameDnsAAAARecord=enableResourceNameDnsAAAARecord?',
  'PrivateDnsNameOptionsRequest':
    'HostnameType EnableResourceNameDnsARecord? EnableResourceNameDnsAAAARecord?',
  'PrivateDnsNameOptionsResponse':
    'HostnameType=hostnameType EnableResourceNameDnsARecord=enableResourceNameDnsARecord? EnableResourceNameDnsAAAARecord=enableResourceNameDnsAAAARecord?',
  'PrivateIpAddressSpecification':
    'Primary=primary? PrivateIpAddress=privateIpAddress',
  'ProcessorInfo':
    'SupportedArchitectures=supportedArchitectures[ SustainedClockSpeedInGhz=sustainedClockSpeedInGhz# SupportedFeatures=supportedFeatures[ Manufacturer=manufacturer',
  'ProductCode':
    'ProductCodeId=productCode ProductCodeType=type',
  'PropagatingVgw':
    'GatewayId=gatewayId',
  'ProvisionedBandwidth':
    'ProvisionTime=provisionTime@ Provisioned=provisioned RequestTime=requestTime@ Requested=requested Status=status',
  'PtrUpdateStatus':
    'Value=value Status=status Reason=reason',
  'PublicIpDnsNameOptions':
    'DnsHostnameType=dnsHostnameType PublicIpv4DnsName=publicIpv4DnsName PublicIpv6DnsName=publicIpv6DnsName PublicDualStackDnsName=publicDualStackDnsName',
  'ReferencedSecurityGroup':
    'GroupId=groupId PeeringStatus=peeringStatus UserId=userId VpcId=vpcId VpcPeeringConnectionId=vpcPeeringConnectionId',
  'Region':
    'OptInStatus=optInStatus Geography=geographySet[:RegionGeography RegionName=regionName Endpoint=regionEndpoint',
  'RegionGeography':
    'Name=name',
  'RejectVpcPeeringConnectionRequest':
    'VpcPeeringConnectionId=vpcPeeringConnectionId! DryRun=dryRun?',
  'RejectVpcPeeringConnectionResult':
    'Return=return?',
  'ReleaseAddressRequest':
    'AllocationId PublicIp NetworkBorderGroup DryRun=dryRun?',
  'RemovePrefixListEntry':
    'Cidr!',
  'ReplaceNetworkAclAssociationRequest':
    'AssociationId=associationId! NetworkAclId=networkAclId! DryRun=dryRun?',
  'ReplaceNetworkAclAssociationResult':
    'NewAssociationId=newAssociationId',
  'ReplaceNetworkAclEntryRequest':
    'NetworkAclId=networkAclId! RuleNumber=ruleNumber#! Protocol=protocol! RuleAction=ruleAction! Egress=egress?! DryRun=dryRun? CidrBlock=cidrBlock Ipv6CidrBlock=ipv6CidrBlock IcmpTypeCode=Icmp:IcmpTypeCode PortRange=portRange:PortRange',
  'ReplaceRouteRequest':
    'RouteTableId=routeTableId! DestinationPrefixListId VpcEndpointId LocalTarget? TransitGatewayId LocalGatewayId CarrierGatewayId CoreNetworkArn OdbNetworkArn DryRun=dryRun? DestinationCidrBlock=destinationCidrBlock GatewayId=gatewayId DestinationIpv6CidrBlock=destinationIpv6CidrBlock EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId InstanceId=instanceId NetworkInterfaceId=networkInterfaceId VpcPeeringConnectionId=vpcPeeringConnectionId NatGatewayId=natGatewayId',
  'ReplaceRouteTableAssociationRequest':
    'AssociationId=associationId! RouteTableId=routeTableId! DryRun=dryRun?',
  'ReplaceRouteTableAssociationResult':
    'NewAssociationId=newAssociationId AssociationState=associationState:RouteTableAssociationState',
  'Reservation':
    'ReservationId=reservationId OwnerId=ownerId RequesterId=requesterId Groups=groupSet[:GroupIdentifier Instances=instancesSet[:Instance',
  'ResetNetworkInterfaceAttributeRequest':
    'NetworkInterfaceId=networkInterfaceId! DryRun=dryRun? SourceDestCheck=sourceDestCheck',
  'RevokeSecurityGroupEgressRequest':
    'GroupId=groupId! SecurityGroupRuleIds=SecurityGroupRuleId[ DryRun=dryRun? SourceSecurityGroupName=sourceSecurityGroupName SourceSecurityGroupOwnerId=sourceSecurityGroupOwnerId IpProtocol=ipProtocol FromPort=fromPort# ToPort=toPort# CidrIp=cidrIp IpPermissions=ipPermissions[:IpPermission',
  'RevokeSecurityGroupEgressResult':
    'Return=return? UnknownIpPermissions=unknownIpPermissionSet[:IpPermission RevokedSecurityGroupRules=revokedSecurityGroupRuleSet[:RevokedSecurityGroupRule',
  'RevokeSecurityGroupIngressRequest':
    'CidrIp FromPort# GroupId GroupName IpPermissions[:IpPermission IpProtocol SourceSecurityGroupName SourceSecurityGroupOwnerId ToPort# SecurityGroupRuleIds=SecurityGroupRuleId[ DryRun=dryRun?',
  'RevokeSecurityGroupIngressResult':
    'Return=return? UnknownIpPermissions=unknownIpPermissionSet[:IpPermission RevokedSecurityGroupRules=revokedSecurityGroupRuleSet[:RevokedSecurityGroupRule',
  'RevokedSecurityGroupRule':
    'SecurityGroupRuleId=securityGroupRuleId GroupId=groupId IsEgress=isEgress? IpProtocol=ipProtocol FromPort=fromPort# ToPort=toPort# CidrIpv4=cidrIpv4 CidrIpv6=cidrIpv6 PrefixListId=prefixListId ReferencedGroupId=referencedGroupId Description=description',
  'Route':
    'DestinationCidrBlock=destinationCidrBlock DestinationIpv6CidrBlock=destinationIpv6CidrBlock DestinationPrefixListId=destinationPrefixListId EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId GatewayId=gatewayId InstanceId=instanceId InstanceOwnerId=instanceOwnerId NatGatewayId=natGatewayId TransitGatewayId=transitGatewayId LocalGatewayId=localGatewayId CarrierGatewayId=carrierGatewayId NetworkInterfaceId=networkInterfaceId Origin=origin State=state VpcPeeringConnectionId=vpcPeeringConnectionId CoreNetworkArn=coreNetworkArn OdbNetworkArn=odbNetworkArn IpAddress=ipAddress',
  'RouteTable':
    'Associations=associationSet[:RouteTableAssociation PropagatingVgws=propagatingVgwSet[:PropagatingVgw RouteTableId=routeTableId Routes=routeSet[:Route Tags=tagSet[:Tag VpcId=vpcId OwnerId=ownerId',
  'RouteTableAssociation':
    'Main=main? RouteTableAssociationId=routeTableAssociationId RouteTableId=routeTableId SubnetId=subnetId GatewayId=gatewayId PublicIpv4Pool=publicIpv4Pool AssociationState=associationState:RouteTableAssociationState',
  'RouteTableAssociationState':
    'State=state StatusMessage=statusMessage',
  'RunInstancesMonitoringEnabled':
    'Enabled=enabled?! MetricCategoryIds=MetricCategoryId[',
  'RunInstancesRequest':
    'MaxCount#! MinCount#! BlockDeviceMappings=BlockDeviceMapping[:BlockDeviceMapping ImageId InstanceType Ipv6AddressCount# Ipv6Addresses=Ipv6Address[:InstanceIpv6Address KernelId KeyName Monitoring:RunInstancesMonitoringEnabled Placement:Placement RamdiskId SecurityGroupIds=SecurityGroupId[ SecurityGroups=SecurityGroup[ SubnetId UserData ElasticGpuSpecification[:ElasticGpuSpecification ElasticInferenceAccelerators=ElasticInferenceAccelerator[:ElasticInferenceAccelerator TagSpecifications=TagSpecification[:TagSpecification LaunchTemplate:LaunchTemplateSpecification InstanceMarketOptions:InstanceMarketOptionsRequest CreditSpecification:CreditSpecificationRequest CpuOptions:CpuOptionsRequest CapacityReservationSpecification:CapacityReservationSpecification HibernationOptions:HibernationOptionsRequest LicenseSpecifications=LicenseSpecification[:LicenseConfigurationRequest MetadataOptions:InstanceMetadataOptionsRequest EnclaveOptions:EnclaveOptionsRequest PrivateDnsNameOptions:PrivateDnsNameOptionsRequest MaintenanceOptions:InstanceMaintenanceOptionsRequest DisableApiStop? EnablePrimaryIpv6? NetworkPerformanceOptions:InstanceNetworkPerformanceOptionsRequest Operator:OperatorRequest SecondaryInterfaces=SecondaryInterface[:InstanceSecondaryInterfaceSpecificationRequest DryRun=dryRun? DisableApiTermination=disableApiTermination? InstanceInitiatedShutdownBehavior=instanceInitiatedShutdownBehavior PrivateIpAddress=privateIpAddress ClientToken=clientToken AdditionalInfo=additionalInfo NetworkInterfaces=networkInterface[:InstanceNetworkInterfaceSpecification IamInstanceProfile=iamInstanceProfile:IamInstanceProfileSpecification EbsOptimized=ebsOptimized?',
  'SecurityGroup':
    'GroupId=groupId IpPermissionsEgress=ipPermissionsEgress[:IpPermission Tags=tagSet[:Tag VpcId=vpcId SecurityGroupArn=securityGroupArn OwnerId=ownerId GroupName=groupName Description=groupDescription IpPermissions=ipPermissions[:IpPermission',
  'SecurityGroupIdentifier':
    'GroupId=groupId GroupName=groupName',
  'SecurityGroupReference':
    'GroupId=groupId ReferencingVpcId=referencingVpcId VpcPeeringConnectionId=vpcPeeringConnectionId TransitGatewayId=transitGatewayId',
  'SecurityGroupRule':
    'SecurityGroupRuleId=securityGroupRuleId GroupId=groupId GroupOwnerId=groupOwnerId IsEgress=isEgress? IpProtocol=ipProtocol FromPort=fromPort# ToPort=toPort# CidrIpv4=cidrIpv4 CidrIpv6=cidrIpv6 PrefixListId=prefixListId ReferencedGroupInfo=referencedGroupInfo:ReferencedSecurityGroup Description=description Tags=tagSet[:Tag SecurityGroupRuleArn=securityGroupRuleArn',
  'SecurityGroupRuleDescription':
    'SecurityGroupRuleId Description',
  'SecurityGroupRuleRequest':
    'IpProtocol FromPort# ToPort# CidrIpv4 CidrIpv6 PrefixListId ReferencedGroupId Description',
  'SecurityGroupRuleUpdate':
    'SecurityGroupRuleId! SecurityGroupRule:SecurityGroupRuleRequest',
  'ServiceDetail':
    'ServiceName=serviceName ServiceId=serviceId ServiceType=serviceType[:ServiceTypeDetail ServiceRegion=serviceRegion AvailabilityZoneIds=availabilityZoneIdSet[ AvailabilityZones=availabilityZoneSet[ Owner=owner BaseEndpointDnsNames=baseEndpointDnsNameSet[ PrivateDnsName=privateDnsName PrivateDnsNames=privateDnsNameSet[:PrivateDnsDetails VpcEndpointPolicySupported=vpcEndpointPolicySupported? AcceptanceRequired=acceptanceRequired? ManagesVpcEndpoints=managesVpcEndpoints? PayerResponsibility=payerResponsibility Tags=tagSet[:Tag PrivateDnsNameVerificationState=privateDnsNameVerificationState SupportedIpAddressTypes=supportedIpAddressTypeSet[',
  'ServiceTypeDetail':
    'ServiceType=serviceType',
  'SpotMarketOptions':
    'MaxPrice SpotInstanceType BlockDurationMinutes# ValidUntil@ InstanceInterruptionBehavior',
  'StateReason':
    'Code=code Message=message',
  'Subnet':
    'AvailabilityZoneId=availabilityZoneId EnableLniAtDeviceIndex=enableLniAtDeviceIndex# MapCustomerOwnedIpOnLaunch=mapCustomerOwnedIpOnLaunch? CustomerOwnedIpv4Pool=customerOwnedIpv4Pool OwnerId=ownerId AssignIpv6AddressOnCreation=assignIpv6AddressOnCreation? Ipv6CidrBlockAssociationSet=ipv6CidrBlockAssociationSet[:SubnetIpv6CidrBlockAssociation Tags=tagSet[:Tag SubnetArn=subnetArn OutpostArn=outpostArn EnableDns64=enableDns64? Ipv6Native=ipv6Native? PrivateDnsNameOptionsOnLaunch=privateDnsNameOptionsOnLaunch:PrivateDnsNameOptionsOnLaunch BlockPublicAccessStates=blockPublicAccessStates:BlockPublicAccessStates Type=type SubnetId=subnetId State=state VpcId=vpcId CidrBlock=cidrBlock AvailableIpAddressCount=availableIpAddressCount# AvailabilityZone=availabilityZone DefaultForAz=defaultForAz? MapPublicIpOnLaunch=mapPublicIpOnLaunch?',
  'SubnetCidrBlockState':
    'State=state StatusMessage=statusMessage',
  'SubnetConfiguration':
    'SubnetId Ipv4 Ipv6',
  'SubnetIpPrefixes':
    'SubnetId=subnetId IpPrefixes=ipPrefixSet[',
  'SubnetIpv6CidrBlockAssociation':
    'AssociationId=associationId Ipv6CidrBlock=ipv6CidrBlock Ipv6CidrBlockState=ipv6CidrBlockState:SubnetCidrBlockState Ipv6AddressAttribute=ipv6AddressAttribute IpSource=ipSource',
  'Tag':
    'Key=key Value=value',
  'TagDescription':
    'Key=key ResourceId=resourceId ResourceType=resourceType Value=value',
  'TagFieldSpecificationRequest':
    'ResourceType TagKeys=TagKey[',
  'TagFieldSpecificationResponse':
    'ResourceType=resourceType TagKeys=tagKeySet[',
  'TagSpecification':
    'ResourceType=resourceType Tags=Tag[:Tag',
  'TerminateInstancesRequest':
    'InstanceIds=InstanceId[! Force? SkipOsShutdown? DryRun=dryRun?',
  'TerminateInstancesResult':
    'TerminatingInstances=instancesSet[:InstanceStateChange',
  'TransitGateway':
    'TransitGatewayId=transitGatewayId TransitGatewayArn=transitGatewayArn State=state OwnerId=ownerId Description=description CreationTime=creationTime@ Options=options:TransitGatewayOptions Tags=tagSet[:Tag',
  'TransitGatewayOptions':
    'AmazonSideAsn=amazonSideAsn# TransitGatewayCidrBlocks=transitGatewayCidrBlocks[ AutoAcceptSharedAttachments=autoAcceptSharedAttachments DefaultRouteTableAssociation=defaultRouteTableAssociation AssociationDefaultRouteTableId=associationDefaultRouteTableId DefaultRouteTablePropagation=defaultRouteTablePropagation PropagationDefaultRouteTableId=propagationDefaultRouteTableId VpnEcmpSupport=vpnEcmpSupport DnsSupport=dnsSupport SecurityGroupReferencingSupport=securityGroupReferencingSupport MulticastSupport=multicastSupport EncryptionSupport=encryptionSupport:EncryptionSupport',
  'TransitGatewayVpcAttachment':
    'TransitGatewayAttachmentId=transitGatewayAttachmentId TransitGatewayId=transitGatewayId VpcId=vpcId VpcOwnerId=vpcOwnerId State=state SubnetIds=subnetIds[ CreationTime=creationTime@ Options=options:TransitGatewayVpcAttachmentOptions Tags=tagSet[:Tag',
  'TransitGatewayVpcAttachmentOptions':
    'DnsSupport=dnsSupport SecurityGroupReferencingSupport=securityGroupReferencingSupport Ipv6Support=ipv6Support ApplianceModeSupport=applianceModeSupport',
  'UnassignIpv6AddressesRequest':
    'NetworkInterfaceId=networkInterfaceId! Ipv6Prefixes=Ipv6Prefix[ Ipv6Addresses=ipv6Addresses[',
  'UnassignIpv6AddressesResult':
    'NetworkInterfaceId=networkInterfaceId UnassignedIpv6Addresses=unassignedIpv6Addresses[ UnassignedIpv6Prefixes=unassignedIpv6PrefixSet[',
  'UnassignPrivateIpAddressesRequest':
    'NetworkInterfaceId=networkInterfaceId! Ipv4Prefixes=Ipv4Prefix[ PrivateIpAddresses=privateIpAddress[',
  'UnsuccessfulItem':
    'Error=error:UnsuccessfulItemError ResourceId=resourceId',
  'UnsuccessfulItemError':
    'Code=code Message=message',
  'UpdateSecurityGroupRuleDescriptionsEgressRequest':
    'DryRun? GroupId GroupName IpPermissions[:IpPermission SecurityGroupRuleDescriptions=SecurityGroupRuleDescription[:SecurityGroupRuleDescription',
  'UpdateSecurityGroupRuleDescriptionsEgressResult':
    'Return=return?',
  'UpdateSecurityGroupRuleDescriptionsIngressRequest':
    'DryRun? GroupId GroupName IpPermissions[:IpPermission SecurityGroupRuleDescriptions=SecurityGroupRuleDescription[:SecurityGroupRuleDescription',
  'UpdateSecurityGroupRuleDescriptionsIngressResult':
    'Return=return?',
  'UserIdGroupPair':
    'Description=description UserId=userId GroupName=groupName GroupId=groupId VpcId=vpcId VpcPeeringConnectionId=vpcPeeringConnectionId PeeringStatus=peeringStatus',
  'VCpuInfo':
    'DefaultVCpus=defaultVCpus# DefaultCores=defaultCores# DefaultThreadsPerCore=defaultThreadsPerCore# ValidCores=validCores[# ValidThreadsPerCore=validThreadsPerCore[#',
  'Vpc':
    'OwnerId=ownerId InstanceTenancy=instanceTenancy Ipv6CidrBlockAssociationSet=ipv6CidrBlockAssociationSet[:VpcIpv6CidrBlockAssociation CidrBlockAssociationSet=cidrBlockAssociationSet[:VpcCidrBlockAssociation IsDefault=isDefault? EncryptionControl=encryptionControl:VpcEncryptionControl Tags=tagSet[:Tag BlockPublicAccessStates=blockPublicAccessStates:BlockPublicAccessStates VpcId=vpcId State=state CidrBlock=cidrBlock DhcpOptionsId=dhcpOptionsId',
  'VpcAttachment':
    'VpcId=vpcId State=state',
  'VpcBlockPublicAccessExclusion':
    'ExclusionId=exclusionId InternetGatewayExclusionMode=internetGatewayExclusionMode ResourceArn=resourceArn State=state Reason=reason CreationTimestamp=creationTimestamp@ LastUpdateTimestamp=lastUpdateTimestamp@ DeletionTimestamp=deletionTimestamp@ Tags=tagSet[:Tag',
  'VpcBlockPublicAccessOptions':
    'AwsAccountId=awsAccountId AwsRegion=awsRegion State=state InternetGatewayBlockMode=internetGatewayBlockMode Reason=reason LastUpdateTimestamp=lastUpdateTimestamp@ ManagedBy=managedBy ExclusionsAllowed=exclusionsAllowed',
  'VpcCidrBlockAssociation':
    'AssociationId=associationId CidrBlock=cidrBlock CidrBlockState=cidrBlockState:VpcCidrBlockState',
  'VpcCidrBlockState':
    'State=state StatusMessage=statusMessage',
  'VpcEncryptionControl':
    'VpcId=vpcId VpcEncryptionControlId=vpcEncryptionControlId Mode=mode State=state StateMessage=stateMessage ResourceExclusions=resourceExclusions:VpcEncryptionControlExclusions Tags=tagSet[:Tag',
  'VpcEncryptionControlConfiguration':
    'Mode! InternetGatewayExclusion EgressOnlyInternetGatewayExclusion NatGatewayExclusion VirtualPrivateGatewayExclusion VpcPeeringExclusion LambdaExclusion VpcLatticeExclusion ElasticFileSystemExclusion GlobalAcceleratorExclusion ApiGatewayV2Exclusion',
  'VpcEncryptionControlExclusion':
    'State=state StateMessage=stateMessage',
  'VpcEncryptionControlExclusions':
    'InternetGateway=internetGateway:VpcEncryptionControlExclusion EgressOnlyInternetGateway=egressOnlyInternetGateway:VpcEncryptionControlExclusion NatGateway=natGateway:VpcEncryptionControlExclusion VirtualPrivateGateway=virtualPrivateGateway:VpcEncryptionControlExclusion VpcPeering=vpcPeering:VpcEncryptionControlExclusion Lambda=lambda:VpcEncryptionControlExclusion VpcLattice=vpcLattice:VpcEncryptionControlExclusion ElasticFileSystem=elasticFileSystem:VpcEncryptionControlExclusion GlobalAccelerator=globalAccelerator:VpcEncryptionControlExclusion ApiGatewayV2=apiGatewayV2:VpcEncryptionControlExclusion',
  'VpcEndpoint':
    'VpcEndpointId=vpcEndpointId VpcEndpointType=vpcEndpointType VpcId=vpcId ServiceName=serviceName State=state PolicyDocument=policyDocument RouteTableIds=routeTableIdSet[ SubnetIds=subnetIdSet[ Groups=groupSet[:SecurityGroupIdentifier IpAddressType=ipAddressType DnsOptions=dnsOptions:DnsOptions PrivateDnsEnabled=privateDnsEnabled? RequesterManaged=requesterManaged? NetworkInterfaceIds=networkInterfaceIdSet[ DnsEntries=dnsEntrySet[:DnsEntry CreationTimestamp=creationTimestamp@ Tags=tagSet[:Tag OwnerId=ownerId LastError=lastError:LastError Ipv4Prefixes=ipv4PrefixSet[:SubnetIpPrefixes Ipv6Prefixes=ipv6PrefixSet[:SubnetIpPrefixes FailureReason=failureReason ServiceNetworkArn=serviceNetworkArn ResourceConfigurationArn=resourceConfigurationArn ServiceRegion=serviceRegion PayerResponsibilities=payerResponsibilitySet[:PayerResponsibilityEntry',
  'VpcIpv6CidrBlockAssociation':
    'AssociationId=associationId Ipv6CidrBlock=ipv6CidrBlock Ipv6CidrBlockState=ipv6CidrBlockState:VpcCidrBlockState NetworkBorderGroup=networkBorderGroup Ipv6Pool=ipv6Pool Ipv6AddressAttribute=ipv6AddressAttribute IpSource=ipSource',
  'VpcPeeringConnection':
    'AccepterVpcInfo=accepterVpcInfo:VpcPeeringConnectionVpcInfo ExpirationTime=expirationTime@ RequesterVpcInfo=requesterVpcInfo:VpcPeeringConnectionVpcInfo Status=status:VpcPeeringConnectionStateReason Tags=tagSet[:Tag VpcPeeringConnectionId=vpcPeeringConnectionId',
  'VpcPeeringConnectionOptionsDescription':
    'AllowDnsResolutionFromRemoteVpc=allowDnsResolutionFromRemoteVpc? AllowEgressFromLocalClassicLinkToRemoteVpc=allowEgressFromLocalClassicLinkToRemoteVpc? AllowEgressFromLocalVpcToRemoteClassicLink=allowEgressFromLocalVpcToRemoteClassicLink?',
  'VpcPeeringConnectionStateReason':
    'Code=code Message=message',
  'VpcPeeringConnectionVpcInfo':
    'CidrBlock=cidrBlock Ipv6CidrBlockSet=ipv6CidrBlockSet[:Ipv6CidrBlock CidrBlockSet=cidrBlockSet[:CidrBlock OwnerId=ownerId PeeringOptions=peeringOptions:VpcPeeringConnectionOptionsDescription VpcId=vpcId Region=region',
  'VpnGateway':
    'AmazonSideAsn=amazonSideAsn# Tags=tagSet[:Tag VpnGatewayId=vpnGatewayId State=state Type=type AvailabilityZone=availabilityZone VpcAttachments=attachments[:VpcAttachment',
  'unit':
    '',
};
