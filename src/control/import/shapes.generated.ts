/** Made by `bin/node scripts/make-import-shapes.ts` from the schemas of the AWS SDK; do not edit it. */

/** The shape of each call's answer. */
export const ANSWERS: Readonly<Record<string, string>> = {
  'ec2.DescribeVpcs': 'DescribeVpcsResult',
  'ec2.DescribeSubnets': 'DescribeSubnetsResult',
  'ec2.DescribeNetworkInterfaces': 'DescribeNetworkInterfacesResult',
  'ec2.DescribeSecurityGroups': 'DescribeSecurityGroupsResult',
  'ec2.DescribeSecurityGroupRules': 'DescribeSecurityGroupRulesResult',
  'ec2.DescribeNetworkAcls': 'DescribeNetworkAclsResult',
  'ec2.DescribeRouteTables': 'DescribeRouteTablesResult',
  'ec2.DescribeVpcPeeringConnections': 'DescribeVpcPeeringConnectionsResult',
  'ec2.DescribeManagedPrefixLists': 'DescribeManagedPrefixListsResult',
  'ec2.DescribePrefixLists': 'DescribePrefixListsResult',
  'ec2.DescribeInternetGateways': 'DescribeInternetGatewaysResult',
  'ec2.DescribeEgressOnlyInternetGateways': 'DescribeEgressOnlyInternetGatewaysResult',
  'ec2.DescribeNatGateways': 'DescribeNatGatewaysResult',
  'ec2.DescribeVpnGateways': 'DescribeVpnGatewaysResult',
  'ec2.DescribeVpcEndpoints': 'DescribeVpcEndpointsResult',
  'ec2.DescribeTransitGateways': 'DescribeTransitGatewaysResult',
  'ec2.DescribeTransitGatewayVpcAttachments': 'DescribeTransitGatewayVpcAttachmentsResult',
  'ec2.DescribeInstances': 'DescribeInstancesResult',
  'ec2.DescribeAddresses': 'DescribeAddressesResult',
  'ec2.DescribeFlowLogs': 'DescribeFlowLogsResult',
  'ec2.DescribeVpcBlockPublicAccessOptions': 'DescribeVpcBlockPublicAccessOptionsResult',
  'ec2.DescribeVpcBlockPublicAccessExclusions': 'DescribeVpcBlockPublicAccessExclusionsResult',
  'ec2.DescribeVpcEncryptionControls': 'DescribeVpcEncryptionControlsResult',
  'elasticloadbalancing.DescribeLoadBalancers': 'DescribeLoadBalancersOutput',
  'autoscaling.DescribeAutoScalingGroups': 'AutoScalingGroupsType',
  'ecs.DescribeTasks': 'DescribeTasksResponse',
  'ec2.GetManagedPrefixListEntries': 'GetManagedPrefixListEntriesResult',
  'ecs.ListClusters': 'ListClustersResponse',
  'ecs.ListTasks': 'ListTasksResponse',
};

/**
 * The members of each shape: `Name`, `=xmlName` where that differs, and the type: `#` number, `?` boolean, `%` map,
 * `:Shape` structure, `[` and a type list, nothing text or a time.
 */
export const SHAPES: Readonly<Record<string, string>> = {
  'autoscaling.AcceleratorCountRequest':
    'Max# Min#',
  'autoscaling.AcceleratorTotalMemoryMiBRequest':
    'Max# Min#',
  'autoscaling.AutoScalingGroup':
    'AutoScalingGroupARN AutoScalingGroupName AvailabilityZoneDistribution:AvailabilityZoneDistribution AvailabilityZoneIds[ AvailabilityZoneImpairmentPolicy:AvailabilityZoneImpairmentPolicy AvailabilityZones[ CapacityRebalance? CapacityReservationSpecification:CapacityReservationSpecification Context CreatedTime DefaultCooldown# DefaultInstanceWarmup# DeletionProtection DesiredCapacity# DesiredCapacityType EnabledMetrics[:EnabledMetric HealthCheckGracePeriod# HealthCheckType InstanceLifecyclePolicy:InstanceLifecyclePolicy InstanceMaintenancePolicy:InstanceMaintenancePolicy Instances[:Instance LaunchConfigurationName LaunchTemplate:LaunchTemplateSpecification LoadBalancerNames[ MaxInstanceLifetime# MaxSize# MinSize# MixedInstancesPolicy:MixedInstancesPolicy NewInstancesProtectedFromScaleIn? Operator:Operator PlacementGroup PredictedCapacity# ServiceLinkedRoleARN Status SuspendedProcesses[:SuspendedProcess Tags[:TagDescription TargetGroupARNs[ TerminationPolicies[ TrafficSources[:TrafficSourceIdentifier VPCZoneIdentifier WarmPoolConfiguration:WarmPoolConfiguration WarmPoolSize#',
  'autoscaling.AutoScalingGroupsType':
    'AutoScalingGroups[:AutoScalingGroup NextToken',
  'autoscaling.AvailabilityZoneDistribution':
    'CapacityDistributionStrategy',
  'autoscaling.AvailabilityZoneImpairmentPolicy':
    'ImpairedZoneHealthCheckBehavior ZonalShiftEnabled?',
  'autoscaling.BaselineEbsBandwidthMbpsRequest':
    'Max# Min#',
  'autoscaling.BaselinePerformanceFactorsRequest':
    'Cpu:CpuPerformanceFactorRequest',
  'autoscaling.CapacityReservationSpecification':
    'CapacityReservationPreference CapacityReservationTarget:CapacityReservationTarget',
  'autoscaling.CapacityReservationTarget':
    'CapacityReservationIds[ CapacityReservationResourceGroupArns[',
  'autoscaling.CpuPerformanceFactorRequest':
    'References=Reference[:PerformanceFactorReferenceRequest',
  'autoscaling.DistributionSegment':
    'TargetCapacityTypes[',
  'autoscaling.EnabledMetric':
    'Granularity Metric',
  'autoscaling.Instance':
    'AvailabilityZone AvailabilityZoneId HealthStatus ImageId InstanceId InstanceType LaunchConfigurationName LaunchTemplate:LaunchTemplateSpecification LifecycleState ProtectedFromScaleIn? WeightedCapacity',
  'autoscaling.InstanceLifecyclePolicy':
    'RetentionTriggers:RetentionTriggers',
  'autoscaling.InstanceMaintenancePolicy':
    'MaxHealthyPercentage# MinHealthyPercentage#',
  'autoscaling.InstanceRequirements':
    'AcceleratorCount:AcceleratorCountRequest AcceleratorManufacturers[ AcceleratorNames[ AcceleratorTotalMemoryMiB:AcceleratorTotalMemoryMiBRequest AcceleratorTypes[ AllowedInstanceTypes[ BareMetal BaselineEbsBandwidthMbps:BaselineEbsBandwidthMbpsRequest BaselinePerformanceFactors:BaselinePerformanceFactorsRequest BurstablePerformance CpuManufacturers[ ExcludedInstanceTypes[ InstanceGenerations[ LocalStorage LocalStorageTypes[ MaxSpotPriceAsPercentageOfOptimalOnDemandPrice# MemoryGiBPerVCpu:MemoryGiBPerVCpuRequest MemoryMiB:MemoryMiBRequest NetworkBandwidthGbps:NetworkBandwidthGbpsRequest NetworkInterfaceCount:NetworkInterfaceCountRequest OnDemandMaxPricePercentageOverLowestPrice# RequireHibernateSupport? SpotMaxPricePercentageOverLowestPrice# TotalLocalStorageGB:TotalLocalStorageGBRequest VCpuCount:VCpuCountRequest',
  'autoscaling.InstanceReusePolicy':
    'ReuseOnScaleIn?',
  'autoscaling.InstancesDistribution':
    'DistributionSegments[:DistributionSegment OnDemandAllocationStrategy OnDemandBaseCapacity# OnDemandPercentageAboveBaseCapacity# SpotAllocationStrategy SpotInstancePools# SpotMaxPrice',
  'autoscaling.LaunchTemplate':
    'LaunchTemplateSpecification:LaunchTemplateSpecification Overrides[:LaunchTemplateOverrides',
  'autoscaling.LaunchTemplateOverrides':
    'ImageId InstanceRequirements:InstanceRequirements InstanceType LaunchTemplateSpecification:LaunchTemplateSpecification WeightedCapacity',
  'autoscaling.LaunchTemplateSpecification':
    'LaunchTemplateId LaunchTemplateName Version',
  'autoscaling.MemoryGiBPerVCpuRequest':
    'Max# Min#',
  'autoscaling.MemoryMiBRequest':
    'Max# Min#',
  'autoscaling.MixedInstancesPolicy':
    'InstancesDistribution:InstancesDistribution LaunchTemplate:LaunchTemplate',
  'autoscaling.NetworkBandwidthGbpsRequest':
    'Max# Min#',
  'autoscaling.NetworkInterfaceCountRequest':
    'Max# Min#',
  'autoscaling.Operator':
    'Principal',
  'autoscaling.PerformanceFactorReferenceRequest':
    'InstanceFamily',
  'autoscaling.RetentionTriggers':
    'TerminateHookAbandon',
  'autoscaling.SuspendedProcess':
    'ProcessName SuspensionReason',
  'autoscaling.TagDescription':
    'Key PropagateAtLaunch? ResourceId ResourceType Value',
  'autoscaling.TotalLocalStorageGBRequest':
    'Max# Min#',
  'autoscaling.TrafficSourceIdentifier':
    'Identifier Type',
  'autoscaling.VCpuCountRequest':
    'Max# Min#',
  'autoscaling.WarmPoolConfiguration':
    'InstanceReusePolicy:InstanceReusePolicy MaxGroupPreparedCapacity# MinSize# PoolState Status',
  'ec2.Address':
    'AllocationId=allocationId AssociationId=associationId CarrierIp=carrierIp CustomerOwnedIp=customerOwnedIp CustomerOwnedIpv4Pool=customerOwnedIpv4Pool Domain=domain InstanceId=instanceId NetworkBorderGroup=networkBorderGroup NetworkInterfaceId=networkInterfaceId NetworkInterfaceOwnerId=networkInterfaceOwnerId PrivateIpAddress=privateIpAddress PublicIp=publicIp PublicIpv4Pool=publicIpv4Pool ServiceManaged=serviceManaged SubnetId=subnetId Tags=tagSet[:Tag',
  'ec2.AttachmentEnaSrdSpecification':
    'EnaSrdEnabled=enaSrdEnabled? EnaSrdUdpSpecification=enaSrdUdpSpecification:AttachmentEnaSrdUdpSpecification',
  'ec2.AttachmentEnaSrdUdpSpecification':
    'EnaSrdUdpEnabled=enaSrdUdpEnabled?',
  'ec2.BlockPublicAccessStates':
    'InternetGatewayBlockMode=internetGatewayBlockMode',
  'ec2.CapacityReservationSpecificationResponse':
    'CapacityReservationPreference=capacityReservationPreference CapacityReservationTarget=capacityReservationTarget:CapacityReservationTargetResponse',
  'ec2.CapacityReservationTargetResponse':
    'CapacityReservationId=capacityReservationId CapacityReservationResourceGroupArn=capacityReservationResourceGroupArn',
  'ec2.CidrBlock':
    'CidrBlock=cidrBlock',
  'ec2.ConnectionTrackingConfiguration':
    'TcpEstablishedTimeout=tcpEstablishedTimeout# UdpStreamTimeout=udpStreamTimeout# UdpTimeout=udpTimeout#',
  'ec2.ConnectionTrackingSpecificationResponse':
    'TcpEstablishedTimeout=tcpEstablishedTimeout# UdpStreamTimeout=udpStreamTimeout# UdpTimeout=udpTimeout#',
  'ec2.CpuOptions':
    'AmdSevSnp=amdSevSnp CoreCount=coreCount# NestedVirtualization=nestedVirtualization ThreadsPerCore=threadsPerCore#',
  'ec2.DescribeAddressesResult':
    'Addresses=addressesSet[:Address',
  'ec2.DescribeEgressOnlyInternetGatewaysResult':
    'EgressOnlyInternetGateways=egressOnlyInternetGatewaySet[:EgressOnlyInternetGateway NextToken=nextToken',
  'ec2.DescribeFlowLogsResult':
    'FlowLogs=flowLogSet[:FlowLog NextToken=nextToken',
  'ec2.DescribeInstancesResult':
    'NextToken=nextToken Reservations=reservationSet[:Reservation',
  'ec2.DescribeInternetGatewaysResult':
    'InternetGateways=internetGatewaySet[:InternetGateway NextToken=nextToken',
  'ec2.DescribeManagedPrefixListsResult':
    'NextToken=nextToken PrefixLists=prefixListSet[:ManagedPrefixList',
  'ec2.DescribeNatGatewaysResult':
    'NatGateways=natGatewaySet[:NatGateway NextToken=nextToken',
  'ec2.DescribeNetworkAclsResult':
    'NetworkAcls=networkAclSet[:NetworkAcl NextToken=nextToken',
  'ec2.DescribeNetworkInterfacesResult':
    'NetworkInterfaces=networkInterfaceSet[:NetworkInterface NextToken=nextToken',
  'ec2.DescribePrefixListsResult':
    'NextToken=nextToken PrefixLists=prefixListSet[:PrefixList',
  'ec2.DescribeRouteTablesResult':
    'NextToken=nextToken RouteTables=routeTableSet[:RouteTable',
  'ec2.DescribeSecurityGroupRulesResult':
    'NextToken=nextToken SecurityGroupRules=securityGroupRuleSet[:SecurityGroupRule',
  'ec2.DescribeSecurityGroupsResult':
    'NextToken=nextToken SecurityGroups=securityGroupInfo[:SecurityGroup',
  'ec2.DescribeSubnetsResult':
    'NextToken=nextToken Subnets=subnetSet[:Subnet',
  'ec2.DescribeTransitGatewayVpcAttachmentsResult':
    'NextToken=nextToken TransitGatewayVpcAttachments=transitGatewayVpcAttachments[:TransitGatewayVpcAttachment',
  'ec2.DescribeTransitGatewaysResult':
    'NextToken=nextToken TransitGateways=transitGatewaySet[:TransitGateway',
  'ec2.DescribeVpcBlockPublicAccessExclusionsResult':
    'NextToken=nextToken VpcBlockPublicAccessExclusions=vpcBlockPublicAccessExclusionSet[:VpcBlockPublicAccessExclusion',
  'ec2.DescribeVpcBlockPublicAccessOptionsResult':
    'VpcBlockPublicAccessOptions=vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions',
  'ec2.DescribeVpcEncryptionControlsResult':
    'NextToken=nextToken VpcEncryptionControls=vpcEncryptionControlSet[:VpcEncryptionControl',
  'ec2.DescribeVpcEndpointsResult':
    'NextToken=nextToken VpcEndpoints=vpcEndpointSet[:VpcEndpoint',
  'ec2.DescribeVpcPeeringConnectionsResult':
    'NextToken=nextToken VpcPeeringConnections=vpcPeeringConnectionSet[:VpcPeeringConnection',
  'ec2.DescribeVpcsResult':
    'NextToken=nextToken Vpcs=vpcSet[:Vpc',
  'ec2.DescribeVpnGatewaysResult':
    'VpnGateways=vpnGatewaySet[:VpnGateway',
  'ec2.DestinationOptionsResponse':
    'FileFormat=fileFormat HiveCompatiblePartitions=hiveCompatiblePartitions? PerHourPartition=perHourPartition?',
  'ec2.DnsEntry':
    'DnsName=dnsName HostedZoneId=hostedZoneId',
  'ec2.DnsOptions':
    'DnsRecordIpType=dnsRecordIpType PrivateDnsOnlyForInboundResolverEndpoint=privateDnsOnlyForInboundResolverEndpoint? PrivateDnsPreference=privateDnsPreference PrivateDnsSpecifiedDomains=privateDnsSpecifiedDomainSet[',
  'ec2.EbsInstanceBlockDevice':
    'AssociatedResource=associatedResource AttachTime=attachTime DeleteOnTermination=deleteOnTermination? EbsCardIndex=ebsCardIndex# Operator=operator:OperatorResponse Status=status VolumeId=volumeId VolumeOwnerId=volumeOwnerId',
  'ec2.EgressOnlyInternetGateway':
    'Attachments=attachmentSet[:InternetGatewayAttachment EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId Tags=tagSet[:Tag',
  'ec2.ElasticGpuAssociation':
    'ElasticGpuAssociationId=elasticGpuAssociationId ElasticGpuAssociationState=elasticGpuAssociationState ElasticGpuAssociationTime=elasticGpuAssociationTime ElasticGpuId=elasticGpuId',
  'ec2.ElasticInferenceAcceleratorAssociation':
    'ElasticInferenceAcceleratorArn=elasticInferenceAcceleratorArn ElasticInferenceAcceleratorAssociationId=elasticInferenceAcceleratorAssociationId ElasticInferenceAcceleratorAssociationState=elasticInferenceAcceleratorAssociationState ElasticInferenceAcceleratorAssociationTime=elasticInferenceAcceleratorAssociationTime',
  'ec2.EnclaveOptions':
    'Enabled=enabled?',
  'ec2.EncryptionSupport':
    'EncryptionState=encryptionState StateMessage=stateMessage',
  'ec2.FlowLog':
    'CreationTime=creationTime DeliverCrossAccountRole=deliverCrossAccountRole DeliverLogsErrorMessage=deliverLogsErrorMessage DeliverLogsPermissionArn=deliverLogsPermissionArn DeliverLogsStatus=deliverLogsStatus DestinationOptions=destinationOptions:DestinationOptionsResponse FlowLogId=flowLogId FlowLogStatus=flowLogStatus LogDestination=logDestination LogDestinationType=logDestinationType LogFormat=logFormat LogGroupName=logGroupName MaxAggregationInterval=maxAggregationInterval# ResourceId=resourceId TagFieldSpecifications=tagFieldSpecificationSet[:TagFieldSpecificationResponse Tags=tagSet[:Tag TrafficType=trafficType',
  'ec2.GetManagedPrefixListEntriesResult':
    'Entries=entrySet[:PrefixListEntry NextToken=nextToken',
  'ec2.GroupIdentifier':
    'GroupId=groupId GroupName=groupName',
  'ec2.HibernationOptions':
    'Configured=configured?',
  'ec2.IamInstanceProfile':
    'Arn=arn Id=id',
  'ec2.IcmpTypeCode':
    'Code=code# Type=type#',
  'ec2.Instance':
    'AmiLaunchIndex=amiLaunchIndex# Architecture=architecture BlockDeviceMappings=blockDeviceMapping[:InstanceBlockDeviceMapping BootMode=bootMode CapacityBlockId=capacityBlockId CapacityReservationId=capacityReservationId CapacityReservationSpecification=capacityReservationSpecification:CapacityReservationSpecificationResponse ClientToken=clientToken CpuOptions=cpuOptions:CpuOptions CurrentInstanceBootMode=currentInstanceBootMode EbsOptimized=ebsOptimized? ElasticGpuAssociations=elasticGpuAssociationSet[:ElasticGpuAssociation ElasticInferenceAcceleratorAssociations=elasticInferenceAcceleratorAssociationSet[:ElasticInferenceAcceleratorAssociation EnaSupport=enaSupport? EnclaveOptions=enclaveOptions:EnclaveOptions HibernationOptions=hibernationOptions:HibernationOptions Hypervisor=hypervisor IamInstanceProfile=iamInstanceProfile:IamInstanceProfile ImageId=imageId InstanceId=instanceId InstanceLifecycle=instanceLifecycle InstanceType=instanceType Ipv6Address=ipv6Address KernelId=kernelId KeyName=keyName LaunchTime=launchTime Licenses=licenseSet[:LicenseConfiguration MaintenanceOptions=maintenanceOptions:InstanceMaintenanceOptions MetadataOptions=metadataOptions:InstanceMetadataOptionsResponse Monitoring=monitoring:Monitoring NetworkInterfaces=networkInterfaceSet[:InstanceNetworkInterface NetworkPerformanceOptions=networkPerformanceOptions:InstanceNetworkPerformanceOptions Operator=operator:OperatorResponse OutpostArn=outpostArn Placement=placement:Placement Platform=platform PlatformDetails=platformDetails PrivateDnsName=privateDnsName PrivateDnsNameOptions=privateDnsNameOptions:PrivateDnsNameOptionsResponse PrivateIpAddress=privateIpAddress ProductCodes=productCodes[:ProductCode PublicDnsName=dnsName PublicIpAddress=ipAddress RamdiskId=ramdiskId RootDeviceName=rootDeviceName RootDeviceType=rootDeviceType SecondaryInterfaces=secondaryInterfaceSet[:InstanceSecondaryInterface SecurityGroups=groupSet[:GroupIdentifier SourceDestCheck=sourceDestCheck? SpotInstanceRequestId=spotInstanceRequestId SriovNetSupport=sriovNetSupport State=instanceState:InstanceState StateReason=stateReason:StateReason StateTransitionReason=reason SubnetId=subnetId Tags=tagSet[:Tag TpmSupport=tpmSupport UsageOperation=usageOperation UsageOperationUpdateTime=usageOperationUpdateTime VirtualizationType=virtualizationType VpcId=vpcId',
  'ec2.InstanceAttachmentEnaSrdSpecification':
    'EnaSrdEnabled=enaSrdEnabled? EnaSrdUdpSpecification=enaSrdUdpSpecification:InstanceAttachmentEnaSrdUdpSpecification',
  'ec2.InstanceAttachmentEnaSrdUdpSpecification':
    'EnaSrdUdpEnabled=enaSrdUdpEnabled?',
  'ec2.InstanceBlockDeviceMapping':
    'DeviceName=deviceName Ebs=ebs:EbsInstanceBlockDevice',
  'ec2.InstanceIpv4Prefix':
    'Ipv4Prefix=ipv4Prefix',
  'ec2.InstanceIpv6Address':
    'Ipv6Address=ipv6Address IsPrimaryIpv6=isPrimaryIpv6?',
  'ec2.InstanceIpv6Prefix':
    'Ipv6Prefix=ipv6Prefix',
  'ec2.InstanceMaintenanceOptions':
    'AutoRecovery=autoRecovery RebootMigration=rebootMigration',
  'ec2.InstanceMetadataOptionsResponse':
    'HttpEndpoint=httpEndpoint HttpProtocolIpv6=httpProtocolIpv6 HttpPutResponseHopLimit=httpPutResponseHopLimit# HttpTokens=httpTokens InstanceMetadataTags=instanceMetadataTags State=state',
  'ec2.InstanceNetworkInterface':
    'Association=association:InstanceNetworkInterfaceAssociation Attachment=attachment:InstanceNetworkInterfaceAttachment ConnectionTrackingConfiguration=connectionTrackingConfiguration:ConnectionTrackingSpecificationResponse Description=description Groups=groupSet[:GroupIdentifier InterfaceType=interfaceType Ipv4Prefixes=ipv4PrefixSet[:InstanceIpv4Prefix Ipv6Addresses=ipv6AddressesSet[:InstanceIpv6Address Ipv6Prefixes=ipv6PrefixSet[:InstanceIpv6Prefix MacAddress=macAddress NetworkInterfaceId=networkInterfaceId Operator=operator:OperatorResponse OwnerId=ownerId PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress PrivateIpAddresses=privateIpAddressesSet[:InstancePrivateIpAddress SourceDestCheck=sourceDestCheck? Status=status SubnetId=subnetId VpcId=vpcId',
  'ec2.InstanceNetworkInterfaceAssociation':
    'CarrierIp=carrierIp CustomerOwnedIp=customerOwnedIp IpOwnerId=ipOwnerId PublicDnsName=publicDnsName PublicIp=publicIp',
  'ec2.InstanceNetworkInterfaceAttachment':
    'AttachTime=attachTime AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# EnaQueueCount=enaQueueCount# EnaSrdSpecification=enaSrdSpecification:InstanceAttachmentEnaSrdSpecification NetworkCardIndex=networkCardIndex# Status=status',
  'ec2.InstanceNetworkPerformanceOptions':
    'BandwidthWeighting=bandwidthWeighting',
  'ec2.InstancePrivateIpAddress':
    'Association=association:InstanceNetworkInterfaceAssociation Primary=primary? PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress',
  'ec2.InstanceSecondaryInterface':
    'Attachment=attachment:InstanceSecondaryInterfaceAttachment InterfaceType=interfaceType MacAddress=macAddress OwnerId=ownerId PrivateIpAddresses=privateIpAddressSet[:InstanceSecondaryInterfacePrivateIpAddress SecondaryInterfaceId=secondaryInterfaceId SecondaryNetworkId=secondaryNetworkId SecondarySubnetId=secondarySubnetId SourceDestCheck=sourceDestCheck? Status=status',
  'ec2.InstanceSecondaryInterfaceAttachment':
    'AttachTime=attachTime AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# NetworkCardIndex=networkCardIndex# Status=status',
  'ec2.InstanceSecondaryInterfacePrivateIpAddress':
    'PrivateIpAddress=privateIpAddress',
  'ec2.InstanceState':
    'Code=code# Name=name',
  'ec2.InternetGateway':
    'Attachments=attachmentSet[:InternetGatewayAttachment InternetGatewayId=internetGatewayId OwnerId=ownerId Tags=tagSet[:Tag',
  'ec2.InternetGatewayAttachment':
    'State=state VpcId=vpcId',
  'ec2.IpPermission':
    'FromPort=fromPort# IpProtocol=ipProtocol IpRanges=ipRanges[:IpRange Ipv6Ranges=ipv6Ranges[:Ipv6Range PrefixListIds=prefixListIds[:PrefixListId ToPort=toPort# UserIdGroupPairs=groups[:UserIdGroupPair',
  'ec2.IpRange':
    'CidrIp=cidrIp Description=description',
  'ec2.Ipv4PrefixSpecification':
    'Ipv4Prefix=ipv4Prefix',
  'ec2.Ipv6CidrBlock':
    'Ipv6CidrBlock=ipv6CidrBlock',
  'ec2.Ipv6PrefixSpecification':
    'Ipv6Prefix=ipv6Prefix',
  'ec2.Ipv6Range':
    'CidrIpv6=cidrIpv6 Description=description',
  'ec2.LastError':
    'Code=code Message=message',
  'ec2.LicenseConfiguration':
    'LicenseConfigurationArn=licenseConfigurationArn',
  'ec2.ManagedPrefixList':
    'AddressFamily=addressFamily IpamPrefixListResolverSyncEnabled=ipamPrefixListResolverSyncEnabled? IpamPrefixListResolverTargetId=ipamPrefixListResolverTargetId MaxEntries=maxEntries# OwnerId=ownerId PrefixListArn=prefixListArn PrefixListId=prefixListId PrefixListName=prefixListName State=state StateMessage=stateMessage Tags=tagSet[:Tag Version=version#',
  'ec2.Monitoring':
    'MetricCategoryIds=metricCategoryIdSet[ State=state',
  'ec2.NatGateway':
    'AttachedAppliances=attachedApplianceSet[:NatGatewayAttachedAppliance AutoProvisionZones=autoProvisionZones AutoScalingIps=autoScalingIps AvailabilityMode=availabilityMode ConnectivityType=connectivityType CreateTime=createTime DeleteTime=deleteTime FailureCode=failureCode FailureMessage=failureMessage NatGatewayAddresses=natGatewayAddressSet[:NatGatewayAddress NatGatewayId=natGatewayId ProvisionedBandwidth=provisionedBandwidth:ProvisionedBandwidth RouteTableId=routeTableId State=state SubnetId=subnetId Tags=tagSet[:Tag VpcId=vpcId',
  'ec2.NatGatewayAddress':
    'AllocationId=allocationId AssociationId=associationId AvailabilityZone=availabilityZone AvailabilityZoneId=availabilityZoneId FailureMessage=failureMessage IsPrimary=isPrimary? NetworkInterfaceId=networkInterfaceId PrivateIp=privateIp PublicIp=publicIp Status=status',
  'ec2.NatGatewayAttachedAppliance':
    'ApplianceArn=applianceArn AttachmentState=attachmentState FailureCode=failureCode FailureMessage=failureMessage ModificationState=modificationState Type=type VpcEndpointId=vpcEndpointId',
  'ec2.NetworkAcl':
    'Associations=associationSet[:NetworkAclAssociation Entries=entrySet[:NetworkAclEntry IsDefault=default? NetworkAclId=networkAclId OwnerId=ownerId Tags=tagSet[:Tag VpcId=vpcId',
  'ec2.NetworkAclAssociation':
    'NetworkAclAssociationId=networkAclAssociationId NetworkAclId=networkAclId SubnetId=subnetId',
  'ec2.NetworkAclEntry':
    'CidrBlock=cidrBlock Egress=egress? IcmpTypeCode=icmpTypeCode:IcmpTypeCode Ipv6CidrBlock=ipv6CidrBlock PortRange=portRange:PortRange Protocol=protocol RuleAction=ruleAction RuleNumber=ruleNumber#',
  'ec2.NetworkInterface':
    'AssociatedSubnets=associatedSubnetSet[ Association=association:NetworkInterfaceAssociation Attachment=attachment:NetworkInterfaceAttachment AvailabilityZone=availabilityZone AvailabilityZoneId=availabilityZoneId ConnectionTrackingConfiguration=connectionTrackingConfiguration:ConnectionTrackingConfiguration DenyAllIgwTraffic=denyAllIgwTraffic? Description=description Groups=groupSet[:GroupIdentifier InterfaceType=interfaceType Ipv4Prefixes=ipv4PrefixSet[:Ipv4PrefixSpecification Ipv6Address=ipv6Address Ipv6Addresses=ipv6AddressesSet[:NetworkInterfaceIpv6Address Ipv6Native=ipv6Native? Ipv6Prefixes=ipv6PrefixSet[:Ipv6PrefixSpecification MacAddress=macAddress NetworkInterfaceId=networkInterfaceId Operator=operator:OperatorResponse OutpostArn=outpostArn OwnerId=ownerId PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress PrivateIpAddresses=privateIpAddressesSet[:NetworkInterfacePrivateIpAddress PublicDnsName=publicDnsName PublicIpDnsNameOptions=publicIpDnsNameOptions:PublicIpDnsNameOptions RequesterId=requesterId RequesterManaged=requesterManaged? SourceDestCheck=sourceDestCheck? Status=status SubnetId=subnetId TagSet=tagSet[:Tag VpcId=vpcId',
  'ec2.NetworkInterfaceAssociation':
    'AllocationId=allocationId AssociationId=associationId CarrierIp=carrierIp CustomerOwnedIp=customerOwnedIp IpOwnerId=ipOwnerId PublicDnsName=publicDnsName PublicIp=publicIp',
  'ec2.NetworkInterfaceAttachment':
    'AttachTime=attachTime AttachmentId=attachmentId DeleteOnTermination=deleteOnTermination? DeviceIndex=deviceIndex# EnaQueueCount=enaQueueCount# EnaSrdSpecification=enaSrdSpecification:AttachmentEnaSrdSpecification InstanceId=instanceId InstanceOwnerId=instanceOwnerId NetworkCardIndex=networkCardIndex# Status=status',
  'ec2.NetworkInterfaceIpv6Address':
    'Ipv6Address=ipv6Address IsPrimaryIpv6=isPrimaryIpv6? PublicIpv6DnsName=publicIpv6DnsName',
  'ec2.NetworkInterfacePrivateIpAddress':
    'Association=association:NetworkInterfaceAssociation Primary=primary? PrivateDnsName=privateDnsName PrivateIpAddress=privateIpAddress',
  'ec2.OperatorResponse':
    'HiddenByDefault=hiddenByDefault? Managed=managed? Principal=principal',
  'ec2.PayerResponsibilityEntry':
    'PayerResponsibilityType=payerResponsibilityType Scope=scope',
  'ec2.Placement':
    'Affinity=affinity AvailabilityZone=availabilityZone AvailabilityZoneId=availabilityZoneId GroupId=groupId GroupName=groupName HostId=hostId HostResourceGroupArn=hostResourceGroupArn PartitionNumber=partitionNumber# SpreadDomain=spreadDomain Tenancy=tenancy',
  'ec2.PortRange':
    'From=from# To=to#',
  'ec2.PrefixList':
    'Cidrs=cidrSet[ PrefixListId=prefixListId PrefixListName=prefixListName',
  'ec2.PrefixListEntry':
    'Cidr=cidr Description=description',
  'ec2.PrefixListId':
    'Description=description PrefixListId=prefixListId',
  'ec2.PrivateDnsNameOptionsOnLaunch':
    'EnableResourceNameDnsAAAARecord=enableResourceNameDnsAAAARecord? EnableResourceNameDnsARecord=enableResourceNameDnsARecord? HostnameType=hostnameType',
  'ec2.PrivateDnsNameOptionsResponse':
    'EnableResourceNameDnsAAAARecord=enableResourceNameDnsAAAARecord? EnableResourceNameDnsARecord=enableResourceNameDnsARecord? HostnameType=hostnameType',
  'ec2.ProductCode':
    'ProductCodeId=productCode ProductCodeType=type',
  'ec2.PropagatingVgw':
    'GatewayId=gatewayId',
  'ec2.ProvisionedBandwidth':
    'ProvisionTime=provisionTime Provisioned=provisioned RequestTime=requestTime Requested=requested Status=status',
  'ec2.PublicIpDnsNameOptions':
    'DnsHostnameType=dnsHostnameType PublicDualStackDnsName=publicDualStackDnsName PublicIpv4DnsName=publicIpv4DnsName PublicIpv6DnsName=publicIpv6DnsName',
  'ec2.ReferencedSecurityGroup':
    'GroupId=groupId PeeringStatus=peeringStatus UserId=userId VpcId=vpcId VpcPeeringConnectionId=vpcPeeringConnectionId',
  'ec2.Reservation':
    'Groups=groupSet[:GroupIdentifier Instances=instancesSet[:Instance OwnerId=ownerId RequesterId=requesterId ReservationId=reservationId',
  'ec2.Route':
    'CarrierGatewayId=carrierGatewayId CoreNetworkArn=coreNetworkArn DestinationCidrBlock=destinationCidrBlock DestinationIpv6CidrBlock=destinationIpv6CidrBlock DestinationPrefixListId=destinationPrefixListId EgressOnlyInternetGatewayId=egressOnlyInternetGatewayId GatewayId=gatewayId InstanceId=instanceId InstanceOwnerId=instanceOwnerId IpAddress=ipAddress LocalGatewayId=localGatewayId NatGatewayId=natGatewayId NetworkInterfaceId=networkInterfaceId OdbNetworkArn=odbNetworkArn Origin=origin State=state TransitGatewayId=transitGatewayId VpcPeeringConnectionId=vpcPeeringConnectionId',
  'ec2.RouteTable':
    'Associations=associationSet[:RouteTableAssociation OwnerId=ownerId PropagatingVgws=propagatingVgwSet[:PropagatingVgw RouteTableId=routeTableId Routes=routeSet[:Route Tags=tagSet[:Tag VpcId=vpcId',
  'ec2.RouteTableAssociation':
    'AssociationState=associationState:RouteTableAssociationState GatewayId=gatewayId Main=main? PublicIpv4Pool=publicIpv4Pool RouteTableAssociationId=routeTableAssociationId RouteTableId=routeTableId SubnetId=subnetId',
  'ec2.RouteTableAssociationState':
    'State=state StatusMessage=statusMessage',
  'ec2.SecurityGroup':
    'Description=groupDescription GroupId=groupId GroupName=groupName IpPermissions=ipPermissions[:IpPermission IpPermissionsEgress=ipPermissionsEgress[:IpPermission OwnerId=ownerId SecurityGroupArn=securityGroupArn Tags=tagSet[:Tag VpcId=vpcId',
  'ec2.SecurityGroupIdentifier':
    'GroupId=groupId GroupName=groupName',
  'ec2.SecurityGroupRule':
    'CidrIpv4=cidrIpv4 CidrIpv6=cidrIpv6 Description=description FromPort=fromPort# GroupId=groupId GroupOwnerId=groupOwnerId IpProtocol=ipProtocol IsEgress=isEgress? PrefixListId=prefixListId ReferencedGroupInfo=referencedGroupInfo:ReferencedSecurityGroup SecurityGroupRuleArn=securityGroupRuleArn SecurityGroupRuleId=securityGroupRuleId Tags=tagSet[:Tag ToPort=toPort#',
  'ec2.StateReason':
    'Code=code Message=message',
  'ec2.Subnet':
    'AssignIpv6AddressOnCreation=assignIpv6AddressOnCreation? AvailabilityZone=availabilityZone AvailabilityZoneId=availabilityZoneId AvailableIpAddressCount=availableIpAddressCount# BlockPublicAccessStates=blockPublicAccessStates:BlockPublicAccessStates CidrBlock=cidrBlock CustomerOwnedIpv4Pool=customerOwnedIpv4Pool DefaultForAz=defaultForAz? EnableDns64=enableDns64? EnableLniAtDeviceIndex=enableLniAtDeviceIndex# Ipv6CidrBlockAssociationSet=ipv6CidrBlockAssociationSet[:SubnetIpv6CidrBlockAssociation Ipv6Native=ipv6Native? MapCustomerOwnedIpOnLaunch=mapCustomerOwnedIpOnLaunch? MapPublicIpOnLaunch=mapPublicIpOnLaunch? OutpostArn=outpostArn OwnerId=ownerId PrivateDnsNameOptionsOnLaunch=privateDnsNameOptionsOnLaunch:PrivateDnsNameOptionsOnLaunch State=state SubnetArn=subnetArn SubnetId=subnetId Tags=tagSet[:Tag Type=type VpcId=vpcId',
  'ec2.SubnetCidrBlockState':
    'State=state StatusMessage=statusMessage',
  'ec2.SubnetIpPrefixes':
    'IpPrefixes=ipPrefixSet[ SubnetId=subnetId',
  'ec2.SubnetIpv6CidrBlockAssociation':
    'AssociationId=associationId IpSource=ipSource Ipv6AddressAttribute=ipv6AddressAttribute Ipv6CidrBlock=ipv6CidrBlock Ipv6CidrBlockState=ipv6CidrBlockState:SubnetCidrBlockState',
  'ec2.Tag':
    'Key=key Value=value',
  'ec2.TagFieldSpecificationResponse':
    'ResourceType=resourceType TagKeys=tagKeySet[',
  'ec2.TransitGateway':
    'CreationTime=creationTime Description=description Options=options:TransitGatewayOptions OwnerId=ownerId State=state Tags=tagSet[:Tag TransitGatewayArn=transitGatewayArn TransitGatewayId=transitGatewayId',
  'ec2.TransitGatewayOptions':
    'AmazonSideAsn=amazonSideAsn# AssociationDefaultRouteTableId=associationDefaultRouteTableId AutoAcceptSharedAttachments=autoAcceptSharedAttachments DefaultRouteTableAssociation=defaultRouteTableAssociation DefaultRouteTablePropagation=defaultRouteTablePropagation DnsSupport=dnsSupport EncryptionSupport=encryptionSupport:EncryptionSupport MulticastSupport=multicastSupport PropagationDefaultRouteTableId=propagationDefaultRouteTableId SecurityGroupReferencingSupport=securityGroupReferencingSupport TransitGatewayCidrBlocks=transitGatewayCidrBlocks[ VpnEcmpSupport=vpnEcmpSupport',
  'ec2.TransitGatewayVpcAttachment':
    'CreationTime=creationTime Options=options:TransitGatewayVpcAttachmentOptions State=state SubnetIds=subnetIds[ Tags=tagSet[:Tag TransitGatewayAttachmentId=transitGatewayAttachmentId TransitGatewayId=transitGatewayId VpcId=vpcId VpcOwnerId=vpcOwnerId',
  'ec2.TransitGatewayVpcAttachmentOptions':
    'ApplianceModeSupport=applianceModeSupport DnsSupport=dnsSupport Ipv6Support=ipv6Support SecurityGroupReferencingSupport=securityGroupReferencingSupport',
  'ec2.UserIdGroupPair':
    'Description=description GroupId=groupId GroupName=groupName PeeringStatus=peeringStatus UserId=userId VpcId=vpcId VpcPeeringConnectionId=vpcPeeringConnectionId',
  'ec2.Vpc':
    'BlockPublicAccessStates=blockPublicAccessStates:BlockPublicAccessStates CidrBlock=cidrBlock CidrBlockAssociationSet=cidrBlockAssociationSet[:VpcCidrBlockAssociation DhcpOptionsId=dhcpOptionsId EncryptionControl=encryptionControl:VpcEncryptionControl InstanceTenancy=instanceTenancy Ipv6CidrBlockAssociationSet=ipv6CidrBlockAssociationSet[:VpcIpv6CidrBlockAssociation IsDefault=isDefault? OwnerId=ownerId State=state Tags=tagSet[:Tag VpcId=vpcId',
  'ec2.VpcAttachment':
    'State=state VpcId=vpcId',
  'ec2.VpcBlockPublicAccessExclusion':
    'CreationTimestamp=creationTimestamp DeletionTimestamp=deletionTimestamp ExclusionId=exclusionId InternetGatewayExclusionMode=internetGatewayExclusionMode LastUpdateTimestamp=lastUpdateTimestamp Reason=reason ResourceArn=resourceArn State=state Tags=tagSet[:Tag',
  'ec2.VpcBlockPublicAccessOptions':
    'AwsAccountId=awsAccountId AwsRegion=awsRegion ExclusionsAllowed=exclusionsAllowed InternetGatewayBlockMode=internetGatewayBlockMode LastUpdateTimestamp=lastUpdateTimestamp ManagedBy=managedBy Reason=reason State=state',
  'ec2.VpcCidrBlockAssociation':
    'AssociationId=associationId CidrBlock=cidrBlock CidrBlockState=cidrBlockState:VpcCidrBlockState',
  'ec2.VpcCidrBlockState':
    'State=state StatusMessage=statusMessage',
  'ec2.VpcEncryptionControl':
    'Mode=mode ResourceExclusions=resourceExclusions:VpcEncryptionControlExclusions State=state StateMessage=stateMessage Tags=tagSet[:Tag VpcEncryptionControlId=vpcEncryptionControlId VpcId=vpcId',
  'ec2.VpcEncryptionControlExclusion':
    'State=state StateMessage=stateMessage',
  'ec2.VpcEncryptionControlExclusions':
    'ApiGatewayV2=apiGatewayV2:VpcEncryptionControlExclusion EgressOnlyInternetGateway=egressOnlyInternetGateway:VpcEncryptionControlExclusion ElasticFileSystem=elasticFileSystem:VpcEncryptionControlExclusion GlobalAccelerator=globalAccelerator:VpcEncryptionControlExclusion InternetGateway=internetGateway:VpcEncryptionControlExclusion Lambda=lambda:VpcEncryptionControlExclusion NatGateway=natGateway:VpcEncryptionControlExclusion VirtualPrivateGateway=virtualPrivateGateway:VpcEncryptionControlExclusion VpcLattice=vpcLattice:VpcEncryptionControlExclusion VpcPeering=vpcPeering:VpcEncryptionControlExclusion',
  'ec2.VpcEndpoint':
    'CreationTimestamp=creationTimestamp DnsEntries=dnsEntrySet[:DnsEntry DnsOptions=dnsOptions:DnsOptions FailureReason=failureReason Groups=groupSet[:SecurityGroupIdentifier IpAddressType=ipAddressType Ipv4Prefixes=ipv4PrefixSet[:SubnetIpPrefixes Ipv6Prefixes=ipv6PrefixSet[:SubnetIpPrefixes LastError=lastError:LastError NetworkInterfaceIds=networkInterfaceIdSet[ OwnerId=ownerId PayerResponsibilities=payerResponsibilitySet[:PayerResponsibilityEntry PolicyDocument=policyDocument PrivateDnsEnabled=privateDnsEnabled? RequesterManaged=requesterManaged? ResourceConfigurationArn=resourceConfigurationArn RouteTableIds=routeTableIdSet[ ServiceName=serviceName ServiceNetworkArn=serviceNetworkArn ServiceRegion=serviceRegion State=state SubnetIds=subnetIdSet[ Tags=tagSet[:Tag VpcEndpointId=vpcEndpointId VpcEndpointType=vpcEndpointType VpcId=vpcId',
  'ec2.VpcIpv6CidrBlockAssociation':
    'AssociationId=associationId IpSource=ipSource Ipv6AddressAttribute=ipv6AddressAttribute Ipv6CidrBlock=ipv6CidrBlock Ipv6CidrBlockState=ipv6CidrBlockState:VpcCidrBlockState Ipv6Pool=ipv6Pool NetworkBorderGroup=networkBorderGroup',
  'ec2.VpcPeeringConnection':
    'AccepterVpcInfo=accepterVpcInfo:VpcPeeringConnectionVpcInfo ExpirationTime=expirationTime RequesterVpcInfo=requesterVpcInfo:VpcPeeringConnectionVpcInfo Status=status:VpcPeeringConnectionStateReason Tags=tagSet[:Tag VpcPeeringConnectionId=vpcPeeringConnectionId',
  'ec2.VpcPeeringConnectionOptionsDescription':
    'AllowDnsResolutionFromRemoteVpc=allowDnsResolutionFromRemoteVpc? AllowEgressFromLocalClassicLinkToRemoteVpc=allowEgressFromLocalClassicLinkToRemoteVpc? AllowEgressFromLocalVpcToRemoteClassicLink=allowEgressFromLocalVpcToRemoteClassicLink?',
  'ec2.VpcPeeringConnectionStateReason':
    'Code=code Message=message',
  'ec2.VpcPeeringConnectionVpcInfo':
    'CidrBlock=cidrBlock CidrBlockSet=cidrBlockSet[:CidrBlock Ipv6CidrBlockSet=ipv6CidrBlockSet[:Ipv6CidrBlock OwnerId=ownerId PeeringOptions=peeringOptions:VpcPeeringConnectionOptionsDescription Region=region VpcId=vpcId',
  'ec2.VpnGateway':
    'AmazonSideAsn=amazonSideAsn# AvailabilityZone=availabilityZone State=state Tags=tagSet[:Tag Type=type VpcAttachments=attachments[:VpcAttachment VpnGatewayId=vpnGatewayId',
  'ecs.Attachment':
    'details[:KeyValuePair id status type',
  'ecs.Attribute':
    'name targetId targetType value',
  'ecs.Container':
    'containerArn cpu exitCode# gpuIds[ gpuSharingStrategy:SharingStrategy healthStatus image imageDigest lastStatus managedAgents[:ManagedAgent memory memoryReservation name networkBindings[:NetworkBinding networkInterfaces[:NetworkInterface neuronDeviceIds[ reason runtimeId taskArn',
  'ecs.ContainerOverride':
    'command[ cpu# environmentFiles[:EnvironmentFile environment[:KeyValuePair memory# memoryReservation# name resourceRequirements[:ResourceRequirement',
  'ecs.DescribeTasksResponse':
    'failures[:Failure tasks[:Task',
  'ecs.EnvironmentFile':
    'type value',
  'ecs.EphemeralStorage':
    'sizeInGiB#',
  'ecs.Failure':
    'arn detail reason',
  'ecs.InferenceAccelerator':
    'deviceName deviceType',
  'ecs.InferenceAcceleratorOverride':
    'deviceName deviceType',
  'ecs.KeyValuePair':
    'name value',
  'ecs.ListClustersResponse':
    'clusterArns[ nextToken',
  'ecs.ListTasksResponse':
    'nextToken taskArns[',
  'ecs.ManagedAgent':
    'lastStartedAt lastStatus name reason',
  'ecs.NetworkBinding':
    'bindIP containerPort# containerPortRange hostPort# hostPortRange protocol',
  'ecs.NetworkInterface':
    'attachmentId ipv6Address privateIpv4Address',
  'ecs.NvidiaMpsAllocation':
    'maxComputePercent# memory#',
  'ecs.ResourceRequirement':
    'sharingStrategy:SharingStrategy type value',
  'ecs.SharingStrategy':
    'nvidiaMps:NvidiaMpsAllocation',
  'ecs.Tag':
    'key value',
  'ecs.Task':
    'attachments[:Attachment attributes[:Attribute availabilityZone capacityProviderName clusterArn connectivity connectivityAt containerInstanceArn containers[:Container cpu createdAt desiredStatus enableExecuteCommand? ephemeralStorage:EphemeralStorage executionStoppedAt fargateEphemeralStorage:TaskEphemeralStorage group healthStatus inferenceAccelerators[:InferenceAccelerator lastStatus launchType memory overrides:TaskOverride platformFamily platformVersion pullStartedAt pullStoppedAt startedAt startedBy stopCode stoppedAt stoppedReason stoppingAt tags[:Tag taskArn taskDefinitionArn version#',
  'ecs.TaskEphemeralStorage':
    'kmsKeyId sizeInGiB#',
  'ecs.TaskOverride':
    'containerOverrides[:ContainerOverride cpu ephemeralStorage:EphemeralStorage executionRoleArn inferenceAcceleratorOverrides[:InferenceAcceleratorOverride memory taskRoleArn',
  'elasticloadbalancing.AvailabilityZone':
    'LoadBalancerAddresses[:LoadBalancerAddress OutpostId SourceNatIpv6Prefixes[ SubnetId ZoneName',
  'elasticloadbalancing.DescribeLoadBalancersOutput':
    'LoadBalancers[:LoadBalancer NextMarker',
  'elasticloadbalancing.IpamPools':
    'Ipv4IpamPoolId',
  'elasticloadbalancing.LoadBalancer':
    'AvailabilityZones[:AvailabilityZone CanonicalHostedZoneId CreatedTime CustomerOwnedIpv4Pool DNSName EnablePrefixForIpv6SourceNat EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic IpAddressType IpamPools:IpamPools LoadBalancerArn LoadBalancerName Scheme SecurityGroups[ State:LoadBalancerState Type VpcId',
  'elasticloadbalancing.LoadBalancerAddress':
    'AllocationId IPv6Address IpAddress PrivateIPv4Address',
  'elasticloadbalancing.LoadBalancerState':
    'Code Reason',
};
