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
