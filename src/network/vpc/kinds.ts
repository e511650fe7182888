/**
 * The kinds of things that a model is of, as the answers of AWS name their lists.
 *
 * In:    parsed JSON of an answer. Out: which of its members are kinds, and the id of an item.
 * Holds: an id names one thing in an account and region; what two accounts may both describe (a shared subnet, a peering
 *        connection) has the same id in both.
 */

/** Kinds, by the member that AWS gives them as, with the members that may be an item's id: the first that is given. */
export const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Vpcs', ['VpcId']],
  ['Subnets', ['SubnetId']],
  ['NetworkInterfaces', ['NetworkInterfaceId']],
  ['SecurityGroups', ['GroupId']],
  ['SecurityGroupRules', ['SecurityGroupRuleId']],
  ['NetworkAcls', ['NetworkAclId']],
  ['RouteTables', ['RouteTableId']],
  ['VpcPeeringConnections', ['VpcPeeringConnectionId']],
  ['ManagedPrefixLists', ['PrefixListId']],
  ['PrefixLists', ['PrefixListId']],
  ['InternetGateways', ['InternetGatewayId']],
  ['EgressOnlyInternetGateways', ['EgressOnlyInternetGatewayId']],
  ['NatGateways', ['NatGatewayId']],
  ['VpnGateways', ['VpnGatewayId']],
  ['VpcEndpoints', ['VpcEndpointId']],
  ['TransitGateways', ['TransitGatewayId']],
  ['TransitGatewayVpcAttachments', ['TransitGatewayAttachmentId']],
  ['Instances', ['InstanceId']],
  ['FlowLogs', ['FlowLogId']],
  ['DhcpOptions', ['DhcpOptionsId']],
  ['Addresses', ['AllocationId', 'PublicIp']],
  ['VpcBlockPublicAccessOptions', []],
  ['VpcBlockPublicAccessExclusions', ['ExclusionId']],
  ['VpcEncryptionControls', ['VpcEncryptionControlId', 'VpcId']],
  ['LoadBalancers', ['LoadBalancerArn']],
  ['LoadBalancerDescriptions', ['LoadBalancerName']],
  ['AutoScalingGroups', ['AutoScalingGroupARN', 'AutoScalingGroupName']],
  ['EcsTasks', ['taskArn']],
]);

/** The kind of which there is one in an account and region, and which is no list. */
export const SINGLE_KIND = 'VpcBlockPublicAccessOptions';

/** The account that a thing belongs to, as its item says; null where it does not. */
export function ownerOf(item: Readonly<Record<string, unknown>>): string | null {
  for (const member of ['OwnerId', 'AwsAccountId']) {
    const owner = item[member];
    if (typeof owner === 'string' && owner !== '') return owner;
  }
  return null;
}

/** Members that tell since when a thing has been: in use, where it can be there and not be used. */
const BEGINS: ReadonlyMap<string, readonly string[]> = new Map([
  ['NetworkInterfaces', ['Attachment', 'AttachTime']],
  ['Instances', ['LaunchTime']],
  ['NatGateways', ['CreateTime']],
  ['VpcEndpoints', ['CreationTimestamp']],
  ['TransitGateways', ['CreationTime']],
  ['TransitGatewayVpcAttachments', ['CreationTime']],
  ['FlowLogs', ['CreationTime']],
]);

/** Since when a thing has been, microseconds since 1970 UTC; null where its item does not say. */
export function beginOf(kind: string, item: unknown): number | null {
  let value = item;
  for (const member of BEGINS.get(kind) ?? [])
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined;
  const millis = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(millis) ? null : millis * 1000;
}
