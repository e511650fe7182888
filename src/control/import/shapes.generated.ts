/** Made by `bin/node scripts/make-import-shapes.ts` from the schemas of the AWS SDK; do not edit it. */

/** The shape of each call's answer. */
export const ANSWERS: Readonly<Record<string, string>> = {
  'elasticloadbalancing.DescribeLoadBalancers': 'DescribeLoadBalancersOutput',
  'autoscaling.DescribeAutoScalingGroups': 'AutoScalingGroupsType',
  'ecs.DescribeTasks': 'DescribeTasksResponse',
  'ecs.ListClusters': 'ListClustersResponse',
  'ecs.ListTasks': 'ListTasksResponse',
};

/**
 * The members of each shape: `Name`, `=xmlName` and `~QueryName` where they differ, and the type: `#` number, `?`
 * boolean, `@` time, `*` bytes, `%` map, `:Shape` structure, `[` and a type list, nothing text; `!` it must be given.
 */
export const SHAPES: Readonly<Record<string, string>> = {
  'autoscaling.AcceleratorCountRequest':
    'Min# Max#',
  'autoscaling.AcceleratorTotalMemoryMiBRequest':
    'Min# Max#',
  'autoscaling.AutoScalingGroup':
    'AutoScalingGroupName! MinSize#! MaxSize#! DesiredCapacity#! DefaultCooldown#! AvailabilityZones[! HealthCheckType! CreatedTime@! AutoScalingGroupARN LaunchConfigurationName LaunchTemplate:LaunchTemplateSpecification MixedInstancesPolicy:MixedInstancesPolicy PredictedCapacity# AvailabilityZoneIds[ LoadBalancerNames[ TargetGroupARNs[ HealthCheckGracePeriod# Instances[:Instance SuspendedProcesses[:SuspendedProcess PlacementGroup VPCZoneIdentifier EnabledMetrics[:EnabledMetric Status Tags[:TagDescription TerminationPolicies[ NewInstancesProtectedFromScaleIn? ServiceLinkedRoleARN MaxInstanceLifetime# CapacityRebalance? WarmPoolConfiguration:WarmPoolConfiguration WarmPoolSize# Context DesiredCapacityType DefaultInstanceWarmup# TrafficSources[:TrafficSourceIdentifier InstanceMaintenancePolicy:InstanceMaintenancePolicy DeletionProtection AvailabilityZoneDistribution:AvailabilityZoneDistribution AvailabilityZoneImpairmentPolicy:AvailabilityZoneImpairmentPolicy CapacityReservationSpecification:CapacityReservationSpecification InstanceLifecyclePolicy:InstanceLifecyclePolicy Operator:Operator',
  'autoscaling.AutoScalingGroupsType':
    'AutoScalingGroups[:AutoScalingGroup! NextToken',
  'autoscaling.AvailabilityZoneDistribution':
    'CapacityDistributionStrategy',
  'autoscaling.AvailabilityZoneImpairmentPolicy':
    'ZonalShiftEnabled? ImpairedZoneHealthCheckBehavior',
  'autoscaling.BaselineEbsBandwidthMbpsRequest':
    'Min# Max#',
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
    'Metric Granularity',
  'autoscaling.Instance':
    'InstanceId! AvailabilityZone! LifecycleState! HealthStatus! ProtectedFromScaleIn?! InstanceType AvailabilityZoneId LaunchConfigurationName LaunchTemplate:LaunchTemplateSpecification ImageId WeightedCapacity',
  'autoscaling.InstanceLifecyclePolicy':
    'RetentionTriggers:RetentionTriggers',
  'autoscaling.InstanceMaintenancePolicy':
    'MinHealthyPercentage# MaxHealthyPercentage#',
  'autoscaling.InstanceRequirements':
    'VCpuCount:VCpuCountRequest! MemoryMiB:MemoryMiBRequest! CpuManufacturers[ MemoryGiBPerVCpu:MemoryGiBPerVCpuRequest ExcludedInstanceTypes[ InstanceGenerations[ SpotMaxPricePercentageOverLowestPrice# MaxSpotPriceAsPercentageOfOptimalOnDemandPrice# OnDemandMaxPricePercentageOverLowestPrice# BareMetal BurstablePerformance RequireHibernateSupport? NetworkInterfaceCount:NetworkInterfaceCountRequest LocalStorage LocalStorageTypes[ TotalLocalStorageGB:TotalLocalStorageGBRequest BaselineEbsBandwidthMbps:BaselineEbsBandwidthMbpsRequest AcceleratorTypes[ AcceleratorCount:AcceleratorCountRequest AcceleratorManufacturers[ AcceleratorNames[ AcceleratorTotalMemoryMiB:AcceleratorTotalMemoryMiBRequest NetworkBandwidthGbps:NetworkBandwidthGbpsRequest AllowedInstanceTypes[ BaselinePerformanceFactors:BaselinePerformanceFactorsRequest',
  'autoscaling.InstanceReusePolicy':
    'ReuseOnScaleIn?',
  'autoscaling.InstancesDistribution':
    'OnDemandAllocationStrategy OnDemandBaseCapacity# OnDemandPercentageAboveBaseCapacity# SpotAllocationStrategy SpotInstancePools# SpotMaxPrice DistributionSegments[:DistributionSegment',
  'autoscaling.LaunchTemplate':
    'LaunchTemplateSpecification:LaunchTemplateSpecification Overrides[:LaunchTemplateOverrides',
  'autoscaling.LaunchTemplateOverrides':
    'InstanceType WeightedCapacity LaunchTemplateSpecification:LaunchTemplateSpecification InstanceRequirements:InstanceRequirements ImageId',
  'autoscaling.LaunchTemplateSpecification':
    'LaunchTemplateId LaunchTemplateName Version',
  'autoscaling.MemoryGiBPerVCpuRequest':
    'Min# Max#',
  'autoscaling.MemoryMiBRequest':
    'Min#! Max#',
  'autoscaling.MixedInstancesPolicy':
    'LaunchTemplate:LaunchTemplate InstancesDistribution:InstancesDistribution',
  'autoscaling.NetworkBandwidthGbpsRequest':
    'Min# Max#',
  'autoscaling.NetworkInterfaceCountRequest':
    'Min# Max#',
  'autoscaling.Operator':
    'Principal!',
  'autoscaling.PerformanceFactorReferenceRequest':
    'InstanceFamily',
  'autoscaling.RetentionTriggers':
    'TerminateHookAbandon',
  'autoscaling.SuspendedProcess':
    'ProcessName SuspensionReason',
  'autoscaling.TagDescription':
    'ResourceId ResourceType Key Value PropagateAtLaunch?',
  'autoscaling.TotalLocalStorageGBRequest':
    'Min# Max#',
  'autoscaling.TrafficSourceIdentifier':
    'Identifier! Type',
  'autoscaling.VCpuCountRequest':
    'Min#! Max#',
  'autoscaling.WarmPoolConfiguration':
    'MaxGroupPreparedCapacity# MinSize# PoolState Status InstanceReusePolicy:InstanceReusePolicy',
  'ecs.Attachment':
    'id type status details[:KeyValuePair',
  'ecs.Attribute':
    'name! value targetType targetId',
  'ecs.Container':
    'containerArn taskArn name image imageDigest runtimeId lastStatus exitCode# reason networkBindings[:NetworkBinding networkInterfaces[:NetworkInterface healthStatus managedAgents[:ManagedAgent cpu memory memoryReservation gpuIds[ neuronDeviceIds[ gpuSharingStrategy:SharingStrategy',
  'ecs.ContainerOverride':
    'name command[ environment[:KeyValuePair environmentFiles[:EnvironmentFile cpu# memory# memoryReservation# resourceRequirements[:ResourceRequirement',
  'ecs.DescribeTasksResponse':
    'tasks[:Task failures[:Failure',
  'ecs.EnvironmentFile':
    'value! type!',
  'ecs.EphemeralStorage':
    'sizeInGiB#!',
  'ecs.Failure':
    'arn reason detail',
  'ecs.InferenceAccelerator':
    'deviceName! deviceType!',
  'ecs.InferenceAcceleratorOverride':
    'deviceName deviceType',
  'ecs.KeyValuePair':
    'name value',
  'ecs.ListClustersResponse':
    'clusterArns[ nextToken',
  'ecs.ListTasksResponse':
    'taskArns[ nextToken',
  'ecs.ManagedAgent':
    'lastStartedAt@ name reason lastStatus',
  'ecs.NetworkBinding':
    'bindIP containerPort# hostPort# protocol containerPortRange hostPortRange',
  'ecs.NetworkInterface':
    'attachmentId privateIpv4Address ipv6Address',
  'ecs.NvidiaMpsAllocation':
    'memory#! maxComputePercent#',
  'ecs.ResourceRequirement':
    'type! value sharingStrategy:SharingStrategy',
  'ecs.SharingStrategy':
    'nvidiaMps:NvidiaMpsAllocation',
  'ecs.Tag':
    'key value',
  'ecs.Task':
    'attachments[:Attachment attributes[:Attribute availabilityZone capacityProviderName clusterArn connectivity connectivityAt@ containerInstanceArn containers[:Container cpu createdAt@ desiredStatus enableExecuteCommand? executionStoppedAt@ group healthStatus inferenceAccelerators[:InferenceAccelerator lastStatus launchType memory overrides:TaskOverride platformVersion platformFamily pullStartedAt@ pullStoppedAt@ startedAt@ startedBy stopCode stoppedAt@ stoppedReason stoppingAt@ tags[:Tag taskArn taskDefinitionArn version# ephemeralStorage:EphemeralStorage fargateEphemeralStorage:TaskEphemeralStorage',
  'ecs.TaskEphemeralStorage':
    'sizeInGiB# kmsKeyId',
  'ecs.TaskOverride':
    'containerOverrides[:ContainerOverride cpu inferenceAcceleratorOverrides[:InferenceAcceleratorOverride executionRoleArn memory taskRoleArn ephemeralStorage:EphemeralStorage',
  'elasticloadbalancing.AvailabilityZone':
    'ZoneName SubnetId OutpostId LoadBalancerAddresses[:LoadBalancerAddress SourceNatIpv6Prefixes[',
  'elasticloadbalancing.DescribeLoadBalancersOutput':
    'LoadBalancers[:LoadBalancer NextMarker',
  'elasticloadbalancing.IpamPools':
    'Ipv4IpamPoolId',
  'elasticloadbalancing.LoadBalancer':
    'LoadBalancerArn DNSName CanonicalHostedZoneId CreatedTime@ LoadBalancerName Scheme VpcId State:LoadBalancerState Type AvailabilityZones[:AvailabilityZone SecurityGroups[ IpAddressType CustomerOwnedIpv4Pool EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic EnablePrefixForIpv6SourceNat IpamPools:IpamPools',
  'elasticloadbalancing.LoadBalancerAddress':
    'IpAddress AllocationId PrivateIPv4Address IPv6Address',
  'elasticloadbalancing.LoadBalancerState':
    'Code Reason',
};
