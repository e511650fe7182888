/**
 * The calls that `import aws` makes, all of them read only: the one list that the live import, the docs and the list of
 * members are made from.
 *
 * Holds: an answer of a call is of one kind; lists that have no page size are whole in one answer.
 */

/** Services, as their host names and signatures spell them. */
export type Service = 'ec2' | 'elasticloadbalancing' | 'autoscaling' | 'ecs' | 'sts';

/** How a service is spoken to: EC2's and the plain Query protocol, or JSON; and its name in files of the AWS tools. */
export const SERVICES: Readonly<
  Record<Service, { readonly version: string; readonly config: string; readonly json?: true }>
> = {
  ec2: { version: '2016-11-15', config: 'ec2' },
  elasticloadbalancing: { version: '2015-12-01', config: 'elastic_load_balancing_v2' },
  autoscaling: { version: '2011-01-01', config: 'auto_scaling' },
  ecs: { version: 'AmazonEC2ContainerServiceV20141113', config: 'ecs', json: true },
  sts: { version: '2011-06-15', config: 'sts' },
};

/** One question, and what its answer is of. */
export type Call = {
  readonly service: Service;
  /** The action, and in the account's policy the permission. */
  readonly action: string;
  /** What the items of its answer are; a key of `KINDS`. */
  readonly kind: string;
  /** Members that give the items, from the answer down; items of a nested list are joined. Not given: `kind`. */
  readonly path?: readonly string[];
  /** The most items of a page that may be asked for; null where the action has no pages. */
  readonly page: number | null;
};

const ec2 = (action: string, kind: string, page: number | null = 1000, path?: readonly string[]): Call => ({
  service: 'ec2',
  action,
  kind,
  page,
  ...(path === undefined ? {} : { path }),
});

/** Calls of which each gives the things of one kind. */
export const CALLS: readonly Call[] = [
  ec2('DescribeVpcs', 'Vpcs'),
  ec2('DescribeSubnets', 'Subnets'),
  ec2('DescribeNetworkInterfaces', 'NetworkInterfaces'),
  ec2('DescribeSecurityGroups', 'SecurityGroups'),
  ec2('DescribeSecurityGroupRules', 'SecurityGroupRules'),
  ec2('DescribeNetworkAcls', 'NetworkAcls'),
  ec2('DescribeRouteTables', 'RouteTables', 100),
  ec2('DescribeVpcPeeringConnections', 'VpcPeeringConnections'),
  ec2('DescribeManagedPrefixLists', 'ManagedPrefixLists', 100, ['PrefixLists']),
  ec2('DescribePrefixLists', 'PrefixLists'),
  ec2('DescribeInternetGateways', 'InternetGateways'),
  ec2('DescribeEgressOnlyInternetGateways', 'EgressOnlyInternetGateways', 255),
  ec2('DescribeNatGateways', 'NatGateways'),
  ec2('DescribeVpnGateways', 'VpnGateways', null),
  ec2('DescribeVpcEndpoints', 'VpcEndpoints'),
  ec2('DescribeTransitGateways', 'TransitGateways'),
  ec2('DescribeTransitGatewayVpcAttachments', 'TransitGatewayVpcAttachments'),
  ec2('DescribeInstances', 'Instances', 1000, ['Reservations', 'Instances']),
  ec2('DescribeAddresses', 'Addresses', null),
  ec2('DescribeFlowLogs', 'FlowLogs'),
  ec2('DescribeVpcBlockPublicAccessOptions', 'VpcBlockPublicAccessOptions', null),
  ec2('DescribeVpcBlockPublicAccessExclusions', 'VpcBlockPublicAccessExclusions'),
  ec2('DescribeVpcEncryptionControls', 'VpcEncryptionControls'),
  { service: 'elasticloadbalancing', action: 'DescribeLoadBalancers', kind: 'LoadBalancers', page: 400 },
  { service: 'autoscaling', action: 'DescribeAutoScalingGroups', kind: 'AutoScalingGroups', page: 100 },
  { service: 'ecs', action: 'DescribeTasks', kind: 'EcsTasks', path: ['tasks'], page: null },
];

/** Calls that others need: names to ask for, entries of a list, who asks. */
export const HELPING_CALLS: readonly { readonly service: Service; readonly action: string; readonly why: string }[] = [
  { service: 'sts', action: 'GetCallerIdentity', why: 'which account it is' },
  { service: 'ec2', action: 'GetManagedPrefixListEntries', why: 'the entries of each managed prefix list' },
  { service: 'ecs', action: 'ListClusters', why: 'the clusters that have tasks' },
  { service: 'ecs', action: 'ListTasks', why: 'the tasks of each cluster' },
];
