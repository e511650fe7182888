/**
 * The network as of a time: the answer of `GET /api/network`, as JSON.
 *
 * In:    nothing; `explain/network-view/` fills it. Out: plain data, for the console and for scripts.
 * Holds: things name each other by the ids of AWS. Lists are ascending by id; rules of a group and entries of an ACL come
 *        in the order in which they are asked. A name is the tag `Name`, of a group its GroupName; null where there is none.
 */

/** A rule of a group or an entry of an ACL. */
export type NetworkRule = {
  /** `sgr-…`, `acl-…/in/100`, as answers name it. */
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  readonly allow: boolean;
  /** Of ACL entries; 32767 for the last one. Null of groups. */
  readonly number: number | null;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `all`. */
  readonly protocol: string;
  /** `443`, `8000-8010`, of ICMP type or type/code; null: all. */
  readonly ports: string | null;
  /** A block, a group or a prefix list. */
  readonly peer: string;
  /** `ingress tcp 443 from 10.0.0.0/8`. */
  readonly says: string;
};

export type NetworkVpc = {
  readonly id: string;
  readonly name: string | null;
  readonly accountId: string;
  readonly region: string;
  readonly cidrs: readonly string[];
};

export type NetworkSubnet = {
  readonly id: string;
  readonly name: string | null;
  readonly vpcId: string;
  readonly cidrs: readonly string[];
  /** Id of the availability zone. */
  readonly azId: string | null;
  readonly aclId: string | null;
  readonly routeTableId: string | null;
};

export type NetworkInterface = {
  readonly id: string;
  readonly name: string | null;
  readonly accountId: string;
  readonly region: string;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly azId: string | null;
  readonly instanceId: string | null;
  readonly instanceName: string | null;
  /** `interface`, `nat_gateway`, …, as InterfaceType spells it. */
  readonly kind: string;
  /** Private ones, the primary one first. */
  readonly addresses: readonly string[];
  readonly publicAddresses: readonly string[];
  readonly groupIds: readonly string[];
  /** Flow logs that cover it. */
  readonly flowLogIds: readonly string[];
};

export type NetworkGroup = {
  readonly id: string;
  readonly name: string | null;
  readonly vpcId: string;
  readonly description: string | null;
  /** False: rules name it, and it is not described; its rules are not known. */
  readonly known: boolean;
  readonly rules: readonly NetworkRule[];
  readonly interfaceIds: readonly string[];
};

export type NetworkAcl = {
  readonly id: string;
  readonly name: string | null;
  readonly known: boolean;
  readonly rules: readonly NetworkRule[];
  readonly subnetIds: readonly string[];
};

export type NetworkRouteTable = {
  readonly id: string;
  readonly name: string | null;
  readonly subnetIds: readonly string[];
  readonly routes: readonly {
    readonly destination: string;
    /** `local`, `internet-gateway`, `nat-gateway`, `peering`, `blackhole`, … */
    readonly kind: string;
    readonly target: string;
    /** The interface that is next hop, where there is one. */
    readonly interfaceId: string | null;
  }[];
};

export type NetworkFlowLog = {
  readonly id: string;
  readonly name: string | null;
  readonly resourceId: string;
  readonly traffic: 'ALL' | 'ACCEPT' | 'REJECT';
};

export type NetworkAnswer = {
  /** Microseconds since 1970 UTC: the network as of then. */
  readonly atMicros: number;
  readonly vpcs: readonly NetworkVpc[];
  readonly subnets: readonly NetworkSubnet[];
  readonly interfaces: readonly NetworkInterface[];
  readonly groups: readonly NetworkGroup[];
  readonly acls: readonly NetworkAcl[];
  readonly routeTables: readonly NetworkRouteTable[];
  /** Active ones. */
  readonly peerings: readonly { readonly id: string; readonly vpcIds: readonly (string | null)[] }[];
  readonly flowLogs: readonly NetworkFlowLog[];
  /** Seconds since 1970 UTC at which facts changed, ascending: the last `CHANGES_TOLD`. */
  readonly changedSeconds: readonly number[];
  /** Times of changes before those. */
  readonly changesBefore: number;
  readonly notUnderstood: readonly string[];
};

/** Times of changes that are told. */
export const CHANGES_TOLD = 2000;
