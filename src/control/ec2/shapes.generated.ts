/** Made by `bin/node scripts/make-ec2-shapes.ts` from the schemas of the AWS SDK; do not edit it. */

/** The shapes of what each operation takes and answers; '' where only its answers are read. */
export const OPERATIONS: Readonly<Record<string, readonly [request: string, answer: string]>> = {
  AcceptVpcPeeringConnection: ['AcceptVpcPeeringConnectionRequest', 'AcceptVpcPeeringConnectionResult'],
  CreateFlowLogs: ['CreateFlowLogsRequest', 'CreateFlowLogsResult'],
  CreateTags: ['CreateTagsRequest', 'unit'],
  CreateVpcPeeringConnection: ['CreateVpcPeeringConnectionRequest', 'CreateVpcPeeringConnectionResult'],
  DeleteFlowLogs: ['DeleteFlowLogsRequest', 'DeleteFlowLogsResult'],
  DeleteTags: ['DeleteTagsRequest', 'unit'],
  DeleteVpcPeeringConnection: ['DeleteVpcPeeringConnectionRequest', 'DeleteVpcPeeringConnectionResult'],
  DescribeAccountAttributes: ['DescribeAccountAttributesRequest', 'DescribeAccountAttributesResult'],
  DescribeAddresses: ['', 'DescribeAddressesResult'],
  DescribeAvailabilityZones: ['DescribeAvailabilityZonesRequest', 'DescribeAvailabilityZonesResult'],
  DescribeEgressOnlyInternetGateways: ['', 'DescribeEgressOnlyInternetGatewaysResult'],
  DescribeFlowLogs: ['DescribeFlowLogsRequest', 'DescribeFlowLogsResult'],
  DescribeInstances: ['', 'DescribeInstancesResult'],
  DescribeInternetGateways: ['', 'DescribeInternetGatewaysResult'],
  DescribeManagedPrefixLists: ['', 'DescribeManagedPrefixListsResult'],
  DescribeNatGateways: ['', 'DescribeNatGatewaysResult'],
  DescribeNetworkAcls: ['', 'DescribeNetworkAclsResult'],
  DescribeNetworkInterfaces: ['', 'DescribeNetworkInterfacesResult'],
  DescribePrefixLists: ['', 'DescribePrefixListsResult'],
  DescribeRegions: ['DescribeRegionsRequest', 'DescribeRegionsResult'],
  DescribeRouteTables: ['', 'DescribeRouteTablesResult'],
  DescribeSecurityGroupRules: ['', 'DescribeSecurityGroupRulesResult'],
  DescribeSecurityGroups: ['', 'DescribeSecurityGroupsResult'],
  DescribeSubnets: ['', 'DescribeSubnetsResult'],
  DescribeTags: ['DescribeTagsRequest', 'DescribeTagsResult'],
  DescribeTransitGatewayVpcAttachments: ['', 'DescribeTransitGatewayVpcAttachmentsResult'],
  DescribeTransitGateways: ['', 'DescribeTransitGatewaysResult'],
  DescribeVpcBlockPublicAccessExclusions: ['', 'DescribeVpcBlockPublicAccessExclusionsResult'],
  DescribeVpcBlockPublicAccessOptions: ['', 'DescribeVpcBlockPublicAccessOptionsResult'],
  DescribeVpcEncryptionControls: ['', 'DescribeVpcEncryptionControlsResult'],
  DescribeVpcEndpoints: ['', 'DescribeVpcEndpointsResult'],
  DescribeVpcPeeringConnections: ['DescribeVpcPeeringConnectionsRequest', 'DescribeVpcPeeringConnectionsResult'],
  DescribeVpcs: ['', 'DescribeVpcsResult'],
  DescribeVpnGateways: ['', 'DescribeVpnGatewaysResult'],
  GetFlowLogsIntegrationTemplate: ['GetFlowLogsIntegrationTemplateRequest', 'GetFlowLogsIntegrationTemplateResult'],
  GetManagedPrefixListEntries: ['', 'GetManagedPrefixListEntriesResult'],
  ModifyVpcPeeringConnectionOptions: ['ModifyVpcPeeringConnectionOptionsRequest', 'ModifyVpcPeeringConnectionOptionsResult'],
  RejectVpcPeeringConnection: ['RejectVpcPeeringConnectionRequest', 'RejectVpcPeeringConnectionResult'],
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
  'Address':
    'AllocationId=allocationId AssociationId=associationId Domain=domain NetworkInterfaceId=networkInterfaceId NetworkInterfaceOwnerId=networkInterfaceOwnerId PrivateIpAddress=privateIpAddress Tags=tagSet[:Tag PublicIpv4Pool=publicIpv4Pool NetworkBorderGroup=networkBorderGroup CustomerOwnedIp=customerOwnedIp CustomerOwnedIpv4Pool=customerOwnedIpv4Pool CarrierIp=carrierIp SubnetId=subnetId ServiceManaged=serviceManaged InstanceId=instanceId PublicIp=publicIp',
  'AthenaIntegration':
    'IntegrationResultS3DestinationArn! PartitionLoadFrequency! PartitionStartDate@ PartitionEndDate@',
  'AttachmentEnaSrdSpecification':
    'EnaSrdEnabled=enaSrdEnabled? EnaSrdUdpSpecification=enaSrdUdpSpecification:AttachmentEnaSrdUdpSpecification',
  'AttachmentEnaSrdUdpSpecification':
    'EnaSrdUdpEnabled=enaSrdUdpEnabled?',
  'AvailabilityZone':
    'OptInStatus=optInStatus Messages=messageSet[:AvailabilityZoneMessage RegionName=regionName ZoneName=zoneName ZoneId=zoneId GroupName=groupName NetworkBorderGroup=networkBorderGroup ZoneType=zoneType ParentZoneName=parentZoneName ParentZoneId=parentZoneId GroupLongName=groupLongName Geography=geographySet[:AvailabilityZoneGeography SubGeography=subGeographySet[:AvailabilityZoneSubGeography State=zoneState',
  'AvailabilityZoneGeography':
    'Name=name',
  'AvailabilityZoneMessage':
    'Message=message',
  'AvailabilityZoneSubGeography':
    'Name=name',
  'BlockPublicAccessStates':
    'InternetGatewayBlockMode=internetGatewayBlockMode',
  'CapacityReservationSpecificationResponse':
    'CapacityReservationPreference=capacityReservationPreference CapacityReservationTarget=capacityReservationTarget:CapacityReservationTargetResponse',
  'CapacityReservationTargetResponse':
    'CapacityReservationId=capacityReservationId CapacityReservationResourceGroupArn=capacityReservationResourceGroupArn',
  'CidrBlock':
    'CidrBlock=cidrBlock',
  'ConnectionTrackingConfiguration':
    'TcpEstablishedTimeout=tcpEstablishedTimeout# UdpStreamTimeout=udpStreamTimeout# UdpTimeout=udpTimeout#',
  'ConnectionTrackingSpecificationResponse':
    'TcpEstablishedTimeout=tcpEstablishedTimeout# UdpStreamTimeout=udpStreamTimeout# UdpTimeout=udpTimeout#',
  'CpuOptions':
    'CoreCount=coreCount# ThreadsPerCore=threadsPerCore# AmdSevSnp=amdSevSnp NestedVirtualization=nestedVirtualization',
  'CreateFlowLogsRequest':
    'ResourceIds=ResourceId[! ResourceType! DryRun? ClientToken DeliverLogsPermissionArn DeliverCrossAccountRole LogGroupName TrafficType LogDestinationType LogDestination LogFormat TagSpecifications=TagSpecification[:TagSpecification MaxAggregationInterval# DestinationOptions:DestinationOptionsRequest TagFieldSpecifications=TagFieldSpecification[:TagFieldSpecificationRequest',
  'CreateFlowLogsResult':
    'ClientToken=clientToken FlowLogIds=flowLogIdSet[ Unsuccessful=unsuccessful[:UnsuccessfulItem',
  'CreateTagsRequest':
    'Resources=ResourceId[! Tags=Tag[:Tag! DryRun=dryRun?',
  'CreateVpcPeeringConnectionRequest':
    'VpcId=vpcId! PeerRegion TagSpecifications=TagSpecification[:TagSpecification DryRun=dryRun? PeerVpcId=peerVpcId PeerOwnerId=peerOwnerId',
  'CreateVpcPeeringConnectionResult':
    'VpcPeeringConnection=vpcPeeringConnection:VpcPeeringConnection',
  'DeleteFlowLogsRequest':
    'FlowLogIds=FlowLogId[! DryRun?',
  'DeleteFlowLogsResult':
    'Unsuccessful=unsuccessful[:UnsuccessfulItem',
  'DeleteTagsRequest':
    'Resources=resourceId[! DryRun=dryRun? Tags=tag[:Tag',
  'DeleteVpcPeeringConnectionRequest':
    'VpcPeeringConnectionId=vpcPeeringConnectionId! DryRun=dryRun?',
  'DeleteVpcPeeringConnectionResult':
    'Return=return?',
  'DescribeAccountAttributesRequest':
    'DryRun=dryRun? AttributeNames=attributeName[',
  'DescribeAccountAttributesResult':
    'AccountAttributes=accountAttributeSet[:AccountAttribute',
  'DescribeAddressesResult':
    'Addresses=addressesSet[:Address',
  'DescribeAvailabilityZonesRequest':
    'ZoneNames=ZoneName[ ZoneIds=ZoneId[ AllAvailabilityZones? DryRun=dryRun? Filters=Filter[:Filter',
  'DescribeAvailabilityZonesResult':
    'AvailabilityZones=availabilityZoneInfo[:AvailabilityZone',
  'DescribeEgressOnlyInternetGatewaysResult':
    'EgressOnlyInternetGateways=egressOnlyInternetGatewaySet[:EgressOnlyInternetGateway NextToken=nextToken',
  'DescribeFlowLogsRequest':
    'DryRun? Filter[:Filter FlowLogIds=FlowLogId[ MaxResults# NextToken',
  'DescribeFlowLogsResult':
    'FlowLogs=flowLogSet[:FlowLog NextToken=nextToken',
  'DescribeInstancesResult':
    'NextToken=nextToken Reservations=reservationSet[:Reservation',
  'DescribeInternetGatewaysResult':
    'InternetGateways=internetGatewaySet[:InternetGateway NextToken=nextToken',
  'DescribeManagedPrefixListsResult':
    'NextToken=nextToken PrefixLists=prefixListSet[:ManagedPrefixList',
  'DescribeNatGatewaysResult':
    'NatGateways=natGatewaySet[:NatGateway NextToken=nextToken',
  'DescribeNetworkAclsResult':
    'NetworkAcls=networkAclSet[:NetworkAcl NextToken=nextToken',
  'DescribeNetworkInterfacesResult':
    'NetworkInterfaces=networkInterfaceSet[:NetworkInterface NextToken=nextToken',
  'DescribePrefixListsResult':
    'NextToken=nextToken PrefixLists=prefixListSet[:PrefixList',
  'DescribeRegionsRequest':
    'RegionNames=RegionName[ AllRegions? DryRun=dryRun? Filters=Filter[:Filter',
  'DescribeRegionsResult':
    'Regions=regionInfo[:Region',
  'DescribeRouteTablesResult':
    'RouteTables=routeTableSet[:RouteTable NextToken=nextToken',
  'DescribeSecurityGroupRulesResult':
    'SecurityGroupRules=securityGroupRuleSet[:SecurityGroupRule NextToken=nextToken',
  'DescribeSecurityGroupsResult':
    'NextToken=nextToken SecurityGroups=securityGroupInfo[:SecurityGroup',
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
  'DescribeVpcBlockPublicAccessExclusionsResult':
    'VpcBlockPublicAccessExclusions=vpcBlockPublicAccessExclusionSet[:VpcBlockPublicAccessExclusion NextToken=nextToken',
  'DescribeVpcBlockPublicAccessOptionsResult':
    'VpcBlockPublicAccessOptions=vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions',
  'DescribeVpcEncryptionControlsResult':
    'VpcEncryptionControls=vpcEncryptionControlSet[:VpcEncryptionControl NextToken=nextToken',
  'DescribeVpcEndpointsResult':
    'VpcEndpoints=vpcEndpointSet[:VpcEndpoint NextToken=nextToken',
  'DescribeVpcPeeringConnectionsRequest':
    'NextToken MaxResults# DryRun=dryRun? VpcPeeringConnectionIds=VpcPeeringConnectionId[ Filters=Filter[:Filter',
  'DescribeVpcPeeringConnectionsResult':
    'VpcPeeringConnections=vpcPeeringConnectionSet[:VpcPeeringConnection NextToken=nextToken',
  'DescribeVpcsResult':
    'NextToken=nextToken Vpcs=vpcSet[:Vpc',
  'DescribeVpnGatewaysResult':
    'VpnGateways=vpnGatewaySet[:VpnGateway',
  'DestinationOptionsRequest':
    'FileFormat HiveCompatiblePartitions? PerHourPartition?',
  'DestinationOptionsResponse':
    'FileFormat=fileFormat HiveCompatiblePartitions=hiveCompatiblePartitions? PerHourPartition=perHourPartition?',
  'DnsEntry':
    'DnsName=dnsName HostedZoneId=hostedZoneId',
  'DnsOptions':
    'DnsRecordIpType=dnsRecordIpType PrivateDnsOnlyForInboundResolverEndpoint=privateDnsOnlyForInboundResolverEndpoint? PrivateDnsPreference=privateDnsPreference PrivateDnsSpecifiedDomains=privateDnsSpecifiedDomainSet[',
  'EbsInstanceBlockDevice':
    'AttachTime=attachTime@ DeleteOnTermination=deleteOnTermination? Status=status VolumeId=volumeId AssociatedResource=associatedResource VolumeOwnerId=volumeOwnerId Operator=operator:OperatorResponse EbsCardIndex=ebsCardIndex#',
  'EgressOnlyInternetGateway':
    'Attachments=attachmentSet[:InternetGatewayAttachment EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId Tags=tagSet[:Tag',
  'ElasticGpuAssociation':
    'ElasticGpuId=elasticGpuId ElasticGpuAssociationId=elasticGpuAssociationId ElasticGpuAssociationState=elasticGpuAssociationState ElasticGpuAssociationTime=elasticGpuAssociationTime',
  'ElasticInferenceAcceleratorAssociation':
    'ElasticInferenceAcceleratorArn=elasticInferenceAcceleratorArn ElasticInferenceAcceleratorAssociationId=elasticInferenceAcceleratorAssociationId ElasticInferenceAcceleratorAssociationState=elasticInferenceAcceleratorAssociationState ElasticInferenceAcceleratorAssociationTime=elasticInferenceAcceleratorAssociationTime@',
  'EnclaveOptions':
    'Enabled=enabled?',
  'EncryptionSupport':
    'EncryptionState=encryptionState StateMessage=stateMessage',
  'Filter':
    'Name Values=Value[',
  'FlowLog':
    'CreationTime=creationTime@ DeliverLogsErrorMessage=deliverLogsErrorMessage DeliverLogsPermissionArn=deliverLogsPermissionArn DeliverCrossAccountRole=deliverCrossAccountRole DeliverLogsStatus=deliverLogsStatus FlowLogId=flowLogId FlowLogStatus=flowLogStatus LogGroupName=logGroupName ResourceId=resourceId TrafficType=trafficType LogDestinationType=logDestinationType LogDestination=logDestination LogFormat=logFormat Tags=tagSet[:Tag MaxAggregationInterval=maxAggregationInterval# DestinationOptions=destinationOptions:DestinationOptionsResponse TagFieldSpecifications=tagFieldSpecificationSet[:TagFieldSpecificationResponse',
  'GetFlowLogsIntegrationTemplateRequest':
    'FlowLogId! ConfigDeliveryS3DestinationArn! IntegrateServices=IntegrateService:IntegrateServices! DryRun?',
  'GetFlowLogsIntegrationTemplateResult':
    'Result=result',
  'GetManagedPrefixListEntriesResult':
    'Entries=entrySet[:PrefixListEntry NextToken=nextToken',
  'GroupIdentifier':
    'GroupId=groupId GroupName=groupName',
  'HibernationOptions':
    'Configured=configured?',
  'IamInstanceProfile':
    'Arn=arn Id=id',
  'IcmpTypeCode':
    'Code=code# Type=type#',
  'Instance':
    'Architecture=architecture BlockDeviceMappings=blockDeviceMapping[:InstanceBlockDeviceMapping ClientToken=clientToken EbsOptimized=ebsOptimized? EnaSupport=enaSupport? Hypervisor=hypervisor IamInstanceProfile=iamInstanceProfile:IamInstanceProfile InstanceLifecycle=instanceLifecycle ElasticGpuAssociations=elasticGpuAssociationSet[:ElasticGpuAssociation ElasticInferenceAcceleratorAssociations=elasticInferenceAcceleratorAssociationSet[:ElasticInferenceAcceleratorAssociation NetworkInterfaces=networkInterfaceSet[:InstanceNetworkInterface OutpostArn=outpostArn RootDeviceName=rootDeviceName RootDeviceType=rootDeviceType SecurityGroups=groupSet[:GroupIdentifier SourceDestCheck=sourceDestCheck? SpotInstanceRequestId=spotInstanceRequestId SriovNetSupport=sriovNetSupport StateReason=stateReason:StateReason Tags=tagSet[:Tag VirtualizationType=virtualizationType CpuOptions=cpuOptions:CpuOptions CapacityBlockId=capacityBlockId CapacityReservationId=capacityReservationId CapacityReservationSpecification=capacityReservationSpecification:CapacityReservationSpecificationResponse HibernationOptions=hibernationOptions:HibernationOptions Licenses=licenseSet[:LicenseConfiguration MetadataOptions=metadataOptions:InstanceMetadataOptionsResponse EnclaveOptions=enclaveOptions:EnclaveOptions BootMode=bootMode PlatformDetails=platformDetails UsageOperation=usageOperation UsageOperationUpdateTime=usageOperationUpdateTime@ PrivateDnsNameOptions=privateDnsNameOptions:PrivateDnsNameOptionsResponse Ipv6Address=ipv6Address TpmSupport=tpmSupport MaintenanceOptions=maintenanceOptions:InstanceMaintenanceOptions CurrentInstanceBootMode=currentInstanceBootMode NetworkPerformanceOptions=networkPerformanceOptions:InstanceNetworkPerformanceOptions Operator=operator:OperatorResponse SecondaryInterfaces=secondaryInterfaceSet[:InstanceSecondaryInterface InstanceId=instanceId ImageId=imageId State=instanceState:InstanceState PrivateDnsName=privateDnsName PublicDnsName=dnsName StateTransitionReason=reason KeyName=keyName AmiLaunchIndex=amiLaunchIndex# ProductCodes=productCodes[:ProductCode InstanceType=instanceType LaunchTime=launchTime@ Placement=placement:Placement KernelId=kernelId RamdiskId=ramdiskId Platform=platform Monitoring=monitoring:Monitoring SubnetId=subnetId VpcId=vpcId PrivateIpAddress=privateIpAddress PublicIpAddress=ipAddress',
  'InstanceAttachmentEnaSrdSpecification':
    'EnaSrdEnabled=enaSrdEnabled? EnaSrdUdpSpecification=enaSrdUdpSpecification:InstanceAttachmentEnaSrdUdpSpecification',
  'InstanceAttachmentEnaSrdUdpSpecification':
    'EnaSrdUdpEnabled=enaSrdUdpEnabled?',
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
  'InstanceMetadataOptionsResponse':
    'State=state HttpTokens=httpTokens HttpPutResponseHopLimit=httpPutResponseHopLimit# HttpEndpoint=httpEndpoint HttpProtocolIpv6=httpProtocolIpv6 InstanceMetadataTags=instanceMetadataTags',
  'InstanceNetworkInterface':
    'Association=association:InstanceNetworkInterfaceAssociation Attachment=attachment:InstanceNetworkInterfaceAttachment Description=description Groups=groupSet[:GroupIdentifier Ipv6Addresses=ipv6AddressesSet[:InstanceIpv6Address MacAddress=macAddress NetworkInterfaceId=networkInterfaceId OwnerId=ownerId PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress PrivateIpAddresses=privateIpAddressesSet[:InstancePrivateIpAddress SourceDestCheck=sourceDestCheck? Status=status SubnetId=subnetId VpcId=vpcId InterfaceType=interfaceType Ipv4Prefixes=ipv4PrefixSet[:InstanceIpv4Prefix Ipv6Prefixes=ipv6PrefixSet[:InstanceIpv6Prefix ConnectionTrackingConfiguration=connectionTrackingConfiguration:ConnectionTrackingSpecificationResponse Operator=operator:OperatorResponse',
  'InstanceNetworkInterfaceAssociation':
    'CarrierIp=carrierIp CustomerOwnedIp=customerOwnedIp IpOwnerId=ipOwnerId PublicDnsName=publicDnsName PublicIp=publicIp',
  'InstanceNetworkInterfaceAttachment':
    'AttachTime=attachTime@ AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# Status=status NetworkCardIndex=networkCardIndex# EnaSrdSpecification=enaSrdSpecification:InstanceAttachmentEnaSrdSpecification EnaQueueCount=enaQueueCount#',
  'InstanceNetworkPerformanceOptions':
    'BandwidthWeighting=bandwidthWeighting',
  'InstancePrivateIpAddress':
    'Association=association:InstanceNetworkInterfaceAssociation Primary=primary? PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress',
  'InstanceSecondaryInterface':
    'Attachment=attachment:InstanceSecondaryInterfaceAttachment MacAddress=macAddress SecondaryInterfaceId=secondaryInterfaceId OwnerId=ownerId PrivateIpAddresses=privateIpAddressSet[:InstanceSecondaryInterfacePrivateIpAddress SourceDestCheck=sourceDestCheck? Status=status SecondarySubnetId=secondarySubnetId SecondaryNetworkId=secondaryNetworkId InterfaceType=interfaceType',
  'InstanceSecondaryInterfaceAttachment':
    'AttachTime=attachTime@ AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# Status=status NetworkCardIndex=networkCardIndex#',
  'InstanceSecondaryInterfacePrivateIpAddress':
    'PrivateIpAddress=privateIpAddress',
  'InstanceState':
    'Code=code# Name=name',
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
  'Ipv6CidrBlock':
    'Ipv6CidrBlock=ipv6CidrBlock',
  'Ipv6PrefixSpecification':
    'Ipv6Prefix=ipv6Prefix',
  'Ipv6Range':
    'Description=description CidrIpv6=cidrIpv6',
  'LastError':
    'Message=message Code=code',
  'LicenseConfiguration':
    'LicenseConfigurationArn=licenseConfigurationArn',
  'ManagedPrefixList':
    'PrefixListId=prefixListId AddressFamily=addressFamily State=state StateMessage=stateMessage PrefixListArn=prefixListArn PrefixListName=prefixListName MaxEntries=maxEntries# Version=version# Tags=tagSet[:Tag OwnerId=ownerId IpamPrefixListResolverTargetId=ipamPrefixListResolverTargetId IpamPrefixListResolverSyncEnabled=ipamPrefixListResolverSyncEnabled?',
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
  'NetworkInterface':
    'Association=association:NetworkInterfaceAssociation Attachment=attachment:NetworkInterfaceAttachment AvailabilityZone=availabilityZone ConnectionTrackingConfiguration=connectionTrackingConfiguration:ConnectionTrackingConfiguration Description=description Groups=groupSet[:GroupIdentifier InterfaceType=interfaceType Ipv6Addresses=ipv6AddressesSet[:NetworkInterfaceIpv6Address MacAddress=macAddress NetworkInterfaceId=networkInterfaceId OutpostArn=outpostArn OwnerId=ownerId PrivateDnsName=privateDnsName PublicDnsName=publicDnsName PublicIpDnsNameOptions=publicIpDnsNameOptions:PublicIpDnsNameOptions PrivateIpAddress=privateIpAddress PrivateIpAddresses=privateIpAddressesSet[:NetworkInterfacePrivateIpAddress Ipv4Prefixes=ipv4PrefixSet[:Ipv4PrefixSpecification Ipv6Prefixes=ipv6PrefixSet[:Ipv6PrefixSpecification RequesterId=requesterId RequesterManaged=requesterManaged? SourceDestCheck=sourceDestCheck? Status=status SubnetId=subnetId TagSet=tagSet[:Tag VpcId=vpcId DenyAllIgwTraffic=denyAllIgwTraffic? Ipv6Native=ipv6Native? Ipv6Address=ipv6Address Operator=operator:OperatorResponse AssociatedSubnets=associatedSubnetSet[ AvailabilityZoneId=availabilityZoneId',
  'NetworkInterfaceAssociation':
    'AllocationId=allocationId AssociationId=associationId IpOwnerId=ipOwnerId PublicDnsName=publicDnsName PublicIp=publicIp CustomerOwnedIp=customerOwnedIp CarrierIp=carrierIp',
  'NetworkInterfaceAttachment':
    'AttachTime=attachTime@ AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# NetworkCardIndex=networkCardIndex# InstanceId=instanceId InstanceOwnerId=instanceOwnerId Status=status EnaSrdSpecification=enaSrdSpecification:AttachmentEnaSrdSpecification EnaQueueCount=enaQueueCount#',
  'NetworkInterfaceIpv6Address':
    'Ipv6Address=ipv6Address PublicIpv6DnsName=publicIpv6DnsName IsPrimaryIpv6=isPrimaryIpv6?',
  'NetworkInterfacePrivateIpAddress':
    'Association=association:NetworkInterfaceAssociation Primary=primary? PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress',
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
  'PortRange':
    'From=from# To=to#',
  'PrefixList':
    'Cidrs=cidrSet[ PrefixListId=prefixListId PrefixListName=prefixListName',
  'PrefixListEntry':
    'Cidr=cidr Description=description',
  'PrefixListId':
    'Description=description PrefixListId=prefixListId',
  'PrivateDnsNameOptionsOnLaunch':
    'HostnameType=hostnameType EnableResourceNameDnsARecord=enableResourceNameDnsARecord? EnableResourceNameDnsAAAARecord=enableResourceNameDnsAAAARecord?',
  'PrivateDnsNameOptionsResponse':
    'HostnameType=hostnameType EnableResourceNameDnsARecord=enableResourceNameDnsARecord? EnableResourceNameDnsAAAARecord=enableResourceNameDnsAAAARecord?',
  'ProductCode':
    'ProductCodeId=productCode ProductCodeType=type',
  'PropagatingVgw':
    'GatewayId=gatewayId',
  'ProvisionedBandwidth':
    'ProvisionTime=provisionTime@ Provisioned=provisioned RequestTime=requestTime@ Requested=requested Status=status',
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
  'Reservation':
    'ReservationId=reservationId OwnerId=ownerId RequesterId=requesterId Groups=groupSet[:GroupIdentifier Instances=instancesSet[:Instance',
  'Route':
    'DestinationCidrBlock=destinationCidrBlock DestinationIpv6CidrBlock=destinationIpv6CidrBlock DestinationPrefixListId=destinationPrefixListId EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId GatewayId=gatewayId InstanceId=instanceId InstanceOwnerId=instanceOwnerId NatGatewayId=natGatewayId TransitGatewayId=transitGatewayId LocalGatewayId=localGatewayId CarrierGatewayId=carrierGatewayId NetworkInterfaceId=networkInterfaceId Origin=origin State=state VpcPeeringConnectionId=vpcPeeringConnectionId CoreNetworkArn=coreNetworkArn OdbNetworkArn=odbNetworkArn IpAddress=ipAddress',
  'RouteTable':
    'Associations=associationSet[:RouteTableAssociation PropagatingVgws=propagatingVgwSet[:PropagatingVgw RouteTableId=routeTableId Routes=routeSet[:Route Tags=tagSet[:Tag VpcId=vpcId OwnerId=ownerId',
  'RouteTableAssociation':
    'Main=main? RouteTableAssociationId=routeTableAssociationId RouteTableId=routeTableId SubnetId=subnetId GatewayId=gatewayId PublicIpv4Pool=publicIpv4Pool AssociationState=associationState:RouteTableAssociationState',
  'RouteTableAssociationState':
    'State=state StatusMessage=statusMessage',
  'SecurityGroup':
    'GroupId=groupId IpPermissionsEgress=ipPermissionsEgress[:IpPermission Tags=tagSet[:Tag VpcId=vpcId SecurityGroupArn=securityGroupArn OwnerId=ownerId GroupName=groupName Description=groupDescription IpPermissions=ipPermissions[:IpPermission',
  'SecurityGroupIdentifier':
    'GroupId=groupId GroupName=groupName',
  'SecurityGroupRule':
    'SecurityGroupRuleId=securityGroupRuleId GroupId=groupId GroupOwnerId=groupOwnerId IsEgress=isEgress? IpProtocol=ipProtocol FromPort=fromPort# ToPort=toPort# CidrIpv4=cidrIpv4 CidrIpv6=cidrIpv6 PrefixListId=prefixListId ReferencedGroupInfo=referencedGroupInfo:ReferencedSecurityGroup Description=description Tags=tagSet[:Tag SecurityGroupRuleArn=securityGroupRuleArn',
  'StateReason':
    'Code=code Message=message',
  'Subnet':
    'AvailabilityZoneId=availabilityZoneId EnableLniAtDeviceIndex=enableLniAtDeviceIndex# MapCustomerOwnedIpOnLaunch=mapCustomerOwnedIpOnLaunch? CustomerOwnedIpv4Pool=customerOwnedIpv4Pool OwnerId=ownerId AssignIpv6AddressOnCreation=assignIpv6AddressOnCreation? Ipv6CidrBlockAssociationSet=ipv6CidrBlockAssociationSet[:SubnetIpv6CidrBlockAssociation Tags=tagSet[:Tag SubnetArn=subnetArn OutpostArn=outpostArn EnableDns64=enableDns64? Ipv6Native=ipv6Native? PrivateDnsNameOptionsOnLaunch=privateDnsNameOptionsOnLaunch:PrivateDnsNameOptionsOnLaunch BlockPublicAccessStates=blockPublicAccessStates:BlockPublicAccessStates Type=type SubnetId=subnetId State=state VpcId=vpcId CidrBlock=cidrBlock AvailableIpAddressCount=availableIpAddressCount# AvailabilityZone=availabilityZone DefaultForAz=defaultForAz? MapPublicIpOnLaunch=mapPublicIpOnLaunch?',
  'SubnetCidrBlockState':
    'State=state StatusMessage=statusMessage',
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
  'TransitGateway':
    'TransitGatewayId=transitGatewayId TransitGatewayArn=transitGatewayArn State=state OwnerId=ownerId Description=description CreationTime=creationTime@ Options=options:TransitGatewayOptions Tags=tagSet[:Tag',
  'TransitGatewayOptions':
    'AmazonSideAsn=amazonSideAsn# TransitGatewayCidrBlocks=transitGatewayCidrBlocks[ AutoAcceptSharedAttachments=autoAcceptSharedAttachments DefaultRouteTableAssociation=defaultRouteTableAssociation AssociationDefaultRouteTableId=associationDefaultRouteTableId DefaultRouteTablePropagation=defaultRouteTablePropagation PropagationDefaultRouteTableId=propagationDefaultRouteTableId VpnEcmpSupport=vpnEcmpSupport DnsSupport=dnsSupport SecurityGroupReferencingSupport=securityGroupReferencingSupport MulticastSupport=multicastSupport EncryptionSupport=encryptionSupport:EncryptionSupport',
  'TransitGatewayVpcAttachment':
    'TransitGatewayAttachmentId=transitGatewayAttachmentId TransitGatewayId=transitGatewayId VpcId=vpcId VpcOwnerId=vpcOwnerId State=state SubnetIds=subnetIds[ CreationTime=creationTime@ Options=options:TransitGatewayVpcAttachmentOptions Tags=tagSet[:Tag',
  'TransitGatewayVpcAttachmentOptions':
    'DnsSupport=dnsSupport SecurityGroupReferencingSupport=securityGroupReferencingSupport Ipv6Support=ipv6Support ApplianceModeSupport=applianceModeSupport',
  'UnsuccessfulItem':
    'Error=error:UnsuccessfulItemError ResourceId=resourceId',
  'UnsuccessfulItemError':
    'Code=code Message=message',
  'UserIdGroupPair':
    'Description=description UserId=userId GroupName=groupName GroupId=groupId VpcId=vpcId VpcPeeringConnectionId=vpcPeeringConnectionId PeeringStatus=peeringStatus',
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
