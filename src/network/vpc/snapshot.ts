/**
 * The network and the flow logs at one instant.
 *
 * In:    nothing; `model.ts` compiles describe-shaped JSON into it. Out: plain data that can be posted to a worker.
 * Holds: deeply frozen; a change makes a new version. A position in an array is the number by which everything else
 *        refers to the entry, and position 0 is a placeholder for none.
 */

/** An address: `words` has one u32 (family 4) or four, most significant first. */
export type Address = { readonly family: 4 | 6; readonly words: readonly number[] };
/** An address block; host bits are 0. */
export type Cidr = Address & { readonly bits: number };

/** What an elastic network interface is for, as `InterfaceType` of DescribeNetworkInterfaces spells it. */
export type InterfaceKind = string;

export type EcsNames = {
  readonly clusterArn: string | null;
  readonly clusterName: string | null;
  readonly containerInstanceArn: string | null;
  readonly containerInstanceId: string | null;
  readonly containerId: string | null;
  readonly secondContainerId: string | null;
  readonly serviceName: string | null;
  readonly taskDefinitionArn: string | null;
  readonly taskArn: string | null;
  readonly taskId: string | null;
};

export type Tags = Readonly<Record<string, string>>;

/** An elastic network interface, with what `record/` prints of it. */
export type Interface = {
  readonly number: number;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  /** Positions in the snapshot; 0 where not known. */
  readonly vpc: number;
  readonly subnet: number;
  /** Null for requester-managed interfaces and where none is attached. */
  readonly instanceId: string | null;
  readonly azId: string | null;
  readonly sublocationType: string | null;
  readonly sublocationId: string | null;
  readonly kind: InterfaceKind;
  /** The word of the fields interface-type and next-hop-interface-type; null for kinds that have none. */
  readonly kindWord: string | null;
  /** Regional NAT gateway and the like, whose records have no interface: the field resource-id. */
  readonly resourceId: string | null;
  /** Primary private IPv4 as u32; null where it has none. */
  readonly primary4: number | null;
  /** All private addresses it holds, primary first. */
  readonly addresses: readonly Address[];
  /** Delegated prefixes; their addresses are held too. */
  readonly prefixes: readonly Cidr[];
  /** Public IPv4 addresses by the private ones that an internet gateway makes them of; absent: none. */
  readonly translations?: readonly { readonly private4: number; readonly public4: number }[];
  /** Lower-case with colons; null where not known. */
  readonly mac: string | null;
  /** Positions in `groups`; empty for kinds that take none: judged by ACLs alone (rule V1). */
  readonly groups: readonly number[];
  readonly sourceDestCheck: boolean;
  /** True: windows are at most 60 s whatever was asked (rule W2). */
  readonly nitro: boolean;
  readonly interfaceTags: Tags;
  readonly instanceTags: Tags;
  /** Tags of the instance's Auto Scaling group; null where it is in none. */
  readonly asgTags: Tags | null;
  readonly ecs: EcsNames | null;
};

export type Peer =
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  | { readonly kind: 'prefix-list'; readonly id: string; readonly entries: readonly Cidr[] }
  /** `members`: the private addresses that members of the group hold now. */
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly members: readonly Address[];
      readonly prefixes: readonly Cidr[];
    };

/** A rule of a group or an entry of a network ACL. */
export type Rule = {
  readonly number: number;
  /** `sgr-…`, or `sg-…/in/tcp/22-22/0.0.0.0/0` where the model has no id; `acl-…/in/100`, `acl-…/in/*` (rule V2). */
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  readonly allow: boolean;
  /** ACL entries: evaluation order; 32767 for the last. Groups: 0. */
  readonly order: number;
  /** IANA number; -1 all. */
  readonly protocol: number;
  /** Destination ports, both ends included; 0 to 65535 where the rule has none. */
  readonly fromPort: number;
  readonly toPort: number;
  /** -1 all. */
  readonly icmpType: number;
  readonly icmpCode: number;
  /** The source of an ingress rule, the destination of an egress rule. */
  readonly peer: Peer;
};

export type Group = {
  readonly number: number;
  readonly id: string;
  readonly vpcId: string;
  readonly known: boolean;
  readonly ingress: readonly number[];
  readonly egress: readonly number[];
};
/** Entries in order of evaluation, the last (`*`) included. */
export type Acl = {
  readonly number: number;
  readonly id: string;
  readonly known: boolean;
  readonly ingress: readonly number[];
  readonly egress: readonly number[];
};
export type Subnet = {
  readonly number: number;
  readonly id: string;
  readonly vpc: number;
  readonly cidrs: readonly Cidr[];
  readonly azId: string | null;
  /** Position in `acls`. */
  readonly acl: number;
  /** Position in `routeTables`. */
  readonly routeTable: number;
};
export type Vpc = {
  readonly number: number;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly cidrs: readonly Cidr[];
  /** Its encryption controls; null where off (field encryption-status, rule V1). */
  readonly encryption: 'monitor' | 'enforce' | null;
  /** What traffic may leave by unencrypted although controls are enforced: `internet-gateway`, `vpc-peering`, …. */
  readonly encryptionExclusions?: readonly string[];
  /** Rule P6: true in a model that was given or imported, false in the host's own. */
  readonly hidesNeverLogged: boolean;
};

/** One end of a peering connection. */
export type PeeringEnd = {
  readonly vpcId: string | null;
  readonly accountId: string | null;
  readonly region: string | null;
  readonly cidrs: readonly Cidr[];
};

/** What a route leads to. */
export type RouteTarget = {
  readonly kind:
    | 'local'
    | 'internet-gateway'
    | 'virtual-private-gateway'
    | 'peering'
    | 'peering-inter-region'
    | 'local-gateway'
    | 'gateway-endpoint'
    | 'nat-gateway'
    | 'transit-gateway'
    | 'interface'
    | 'egress-only-internet-gateway'
    | 'blackhole'
    | 'other';
  readonly id: string;
  /** The interface that is next hop: of an instance, a NAT gateway, an endpoint, a transit gateway attachment; 0 none known. */
  readonly interface: number;
  /** All of them where there is one in each of several zones: a sender's is the one in its own. */
  readonly interfaces?: readonly number[];
  /** Ids of the zones from which a transit gateway is reached; absent: not told, taken for all. */
  readonly zones?: readonly string[];
  /** Position of the VPC at the other end of a peering connection; absent or 0 where the model does not give it. */
  readonly peerVpc?: number;
  /** The VPC at the other end of a peering connection as that describes it, be it in the model or of somebody else. */
  readonly peer?: PeeringEnd;
};
export type Route = { readonly destination: Cidr; readonly target: RouteTarget };
export type RouteTable = { readonly number: number; readonly id: string; readonly routes: readonly Route[] };

/** A peering connection that is active. `vpc`: position of the VPC, 0 where the model does not have it. */
export type Peering = { readonly id: string; readonly ends: readonly (PeeringEnd & { readonly vpc: number })[] };

export type FileFormat = 'plain-text' | 'parquet';
/** Where a flow log is delivered, as CreateFlowLogs takes it. */
export type DestinationSpec =
  | {
      readonly type: 's3';
      readonly bucket: string;
      /** Without slashes at its ends; '' none. */
      readonly prefix: string;
      readonly fileFormat: FileFormat;
      readonly hive: boolean;
      readonly hourly: boolean;
    }
  | { readonly type: 'cloud-watch-logs'; readonly logGroup: string; readonly roleArn: string | null }
  | { readonly type: 'kinesis-data-firehose'; readonly streamArn: string };

/** What one observation was decided to be; its position in the decision table is the number that flows carry. */
export type Decision = {
  readonly interface: number;
  readonly direction: 'ingress' | 'egress' | null;
  readonly action: 'ACCEPT' | 'REJECT' | null;
  readonly stage:
    | 'sg-egress'
    | 'nacl-egress'
    | 'nacl-ingress'
    | 'sg-ingress'
    | 'host-firewall'
    | 'closed'
    | 'not-judged';
  /** Position in `rules`; 0: default deny, or nothing judged. */
  readonly rule: number;
  readonly rejectReason: 'BPA' | 'EC' | null;
  readonly source: 'kernel' | 'model' | 'none';
};

export type FlowLog = {
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly resourceId: string;
  /** Positions in `interfaces`, ascending. */
  readonly interfaces: readonly number[];
  readonly tagKeys: readonly {
    readonly kind: 'instance' | 'network-interface' | 'auto-scaling-group';
    readonly keys: readonly string[];
  }[];
  readonly traffic: 'ALL' | 'ACCEPT' | 'REJECT';
  /** As asked; an interface of Nitro has windows of 60 s whatever this says (rule W2). */
  readonly intervalSeconds: 60 | 600;
  /** `${version} ${account-id} …`; parsed by `record/format.ts`. */
  readonly format: string;
  readonly destination: DestinationSpec;
  readonly tags: Tags;
  /** Creation in seconds since 1970 UTC; null where the model does not say. Its first window begins here (rule W5). */
  readonly createdSeconds: number | null;
};

export type VpcSnapshot = {
  readonly version: number;
  readonly validFromMicros: number;
  readonly interfaces: readonly Interface[];
  readonly rules: readonly Rule[];
  readonly groups: readonly Group[];
  readonly acls: readonly Acl[];
  readonly subnets: readonly Subnet[];
  readonly vpcs: readonly Vpc[];
  readonly routeTables: readonly RouteTable[];
  readonly flowLogs: readonly FlowLog[];
  /** VPC Block Public Access as it holds for a VPC or subnet (rule V1): position of the subnet → mode. */
  readonly blockPublicAccess: readonly {
    readonly subnet: number;
    readonly mode: 'block-bidirectional' | 'block-ingress';
  }[];
  /** Active ones; absent: none. */
  readonly peerings?: readonly Peering[];
  /** What was left out because it is not understood; every answer names it. */
  readonly notUnderstood: readonly string[];
};
