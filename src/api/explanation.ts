/**
 * Why traffic passes or does not: the answer of `diagnose`, as JSON.
 *
 * In:    nothing; `explain/` fills it. Out: plain data, the same for `--json` and for a console.
 * Holds: steps are in the order in which the packets pass them, the request before its reply; those behind a step that
 *        does not pass are asked too, so that a fix opens all of them. Words for people are made by whoever shows it.
 */

/** A range of ports, both ends included. */
export type PortRange = readonly [from: number, to: number];

/**
 * - `allowed`: request and reply pass.
 * - `blocked`: a rule or control rejects it; a flow log shows REJECT.
 * - `unanswered`: what is accepted is lost or not answered: routing, nobody listens.
 * - `not-logged`: AWS writes no record of such traffic, and does not judge it.
 * - `unknown`: what would decide is not in the model.
 */
export type Outcome = 'allowed' | 'blocked' | 'unanswered' | 'not-logged' | 'unknown';

/**
 * - `kernel`: the kernel judged it; of two ends: as the rules say, at each interface, in all its records of the asked time. `certain`: the rules of
 *   the model decide it.
 * - `one-of-several`: addresses, interfaces or ports that were asked about differ; `parts` says how.
 * - `not-explained`: groups, ACLs and controls do not explain it; `cause` says what does, as far as it is known.
 */
export type Certainty = 'kernel' | 'certain' | 'one-of-several' | 'not-explained';

/** What the outcome comes from, as one word. */
export type Cause =
  | 'rules'
  /** Of rejected records: nothing that is modelled rejects them. */
  | 'not-modelled'
  | 'group'
  | 'acl'
  | 'block-public-access'
  | 'encryption-controls'
  | 'route'
  | 'public-address'
  | 'source-dest-check'
  | 'no-such-address'
  | 'other-account'
  | 'far-side'
  | 'nobody-listens'
  | 'closed-connection'
  | 'dhcp'
  | 'nd'
  | 'mld'
  | 'dns'
  | 'metadata'
  | 'time'
  | 'licence'
  | 'router'
  | 'endpoint-nlb';

export type Stage =
  | 'never-logged'
  | 'source-dest-check'
  | 'route'
  | 'block-public-access'
  | 'encryption-controls'
  | 'sg-egress'
  | 'nacl-egress'
  | 'public-address'
  | 'receiver'
  | 'far-side'
  | 'nacl-ingress'
  | 'sg-ingress'
  | 'closed'
  | 'answer';

/** Why a step is as it is, where the rule's id does not say it. */
export type Reason =
  | 'rule'
  | 'no-rule-fits'
  | 'tracked'
  | 'untracked'
  | 'same-subnet'
  | 'no-groups'
  | 'not-known'
  | 'no-route'
  | 'blackhole'
  /** A transit gateway has no subnet in the zone of the interface. */
  | 'not-in-zone'
  | 'leads-elsewhere'
  | 'other-way'
  | 'control'
  | 'none'
  | 'held'
  | 'nobody-holds-it'
  | 'outside'
  | 'never-logged'
  | 'no-reply-recorded'
  | 'refused'
  | 'closed';

/** A rule that fits but for one or two aspects. */
export type NearMiss = {
  readonly ruleId: string;
  /** `source` or `destination`, `family`, `protocol`, `port`, `icmp-type`; `order`: one before it denies. */
  readonly differsIn: readonly string[];
};

export type Step = {
  readonly leg: 'request' | 'reply';
  readonly stage: Stage;
  readonly interfaceId: string | null;
  /** `sgr-…`, `acl-…/in/100`, `rtb-…/10.0.0.0/16`; null where no rule decided. */
  readonly ruleId: string | null;
  readonly pass: boolean;
  readonly reason: Reason;
  /** Ids of what was asked: groups, ACL, route table; where a route leads. */
  readonly asked: readonly string[];
  readonly leadsTo: { readonly kind: string; readonly id: string } | null;
  /** Destination ports that were asked about; of replies the ports that clients choose from. */
  readonly ports: PortRange | null;
  /** Of replies: ports of 1024-65535 that pass. */
  readonly passingPorts: readonly PortRange[] | null;
  readonly nearMisses: readonly NearMiss[];
};

/** Addresses that were asked about together and do not fare alike. */
export type Part = {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Pairs of addresses, as text: there may be more than a number holds. */
  readonly pairs: string;
  readonly outcome: Outcome;
  readonly cause: Cause;
  readonly stage: Stage | null;
  readonly interfaceId: string | null;
  readonly ruleId: string | null;
};

export type Evidence = {
  readonly sql: string;
  /** Set: of what the kernel judged by groups and ACLs, alone. */
  readonly source?: 'kernel';
  /** Records that say what the steps say, and that say otherwise. */
  readonly agree: number;
  readonly disagree: number;
  readonly lastSeenSeconds: number | null;
  /** By interface and way: what the records say. */
  readonly seen: readonly {
    readonly interfaceId: string;
    readonly leg: 'request' | 'reply';
    readonly action: string;
    readonly records: number;
    readonly packets: number;
    readonly agrees: boolean;
  }[];
  /** Why there is no record, where there is none. */
  readonly noRecord: 'never-logged' | 'not-covered' | 'filtered' | 'none-seen' | null;
};

/** A permission as EC2 takes it. */
export type Permission = {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6: string }[];
  readonly UserIdGroupPairs?: readonly { readonly GroupId: string }[];
};

/** Where another account must make a change, of which only the VPC is known. */
type Elsewhere = { readonly OwnerId?: string; readonly VpcId?: string };

/** An action of the EC2 API with its parameters. */
export type Change =
  | (Elsewhere & {
      readonly action: 'AuthorizeSecurityGroupIngress' | 'AuthorizeSecurityGroupEgress';
      readonly GroupId?: string;
      readonly IpPermissions: readonly Permission[];
    })
  | {
      readonly action: 'CreateNetworkAclEntry';
      readonly NetworkAclId: string;
      readonly RuleNumber: number;
      readonly Protocol: string;
      readonly RuleAction: 'allow';
      readonly Egress: boolean;
      readonly CidrBlock?: string;
      readonly Ipv6CidrBlock?: string;
      readonly PortRange?: { readonly From: number; readonly To: number };
      readonly IcmpTypeCode?: { readonly Type: number; readonly Code: number };
    }
  | (Elsewhere & {
      readonly action: 'CreateRoute';
      readonly RouteTableId?: string;
      readonly DestinationCidrBlock?: string;
      readonly DestinationIpv6CidrBlock?: string;
      readonly VpcPeeringConnectionId?: string;
      readonly GatewayId?: string;
      readonly NatGatewayId?: string;
    })
  | {
      readonly action: 'ModifyNetworkInterfaceAttribute';
      readonly NetworkInterfaceId: string;
      readonly SourceDestCheck: { readonly Value: false };
    }
  | {
      readonly action: 'AssociateAddress';
      readonly NetworkInterfaceId: string;
      readonly PrivateIpAddress: string;
    }
  | {
      readonly action: 'CreateVpcBlockPublicAccessExclusion';
      readonly SubnetId: string;
      readonly InternetGatewayExclusionMode: 'allow-bidirectional' | 'allow-egress';
    };

/** What a change opens beyond what was asked: addresses times ports, at interfaces of the model. */
export type Opens = {
  /** How many addresses, as text. */
  readonly addresses: string;
  readonly ports: number;
  /** Interfaces that it opens for them, the one that was asked included. */
  readonly interfaces: number;
};

export type Fix = {
  /** All of them are needed. */
  readonly change: readonly Change[];
  readonly awsCli: readonly string[];
  readonly terraform: string;
  /** The same for `flowgauge replay --change FILE`; null where that has no words for it. */
  readonly replay: { readonly changes: readonly object[] } | null;
  /** Asked again with the change, request and reply pass. False: part of it is beyond the model. */
  readonly verified: boolean;
  /** For each change. */
  readonly opens: readonly Opens[];
  /** Other interfaces that it opens something at. */
  readonly alsoOpens: readonly string[];
};

/** One end of the question. */
export type End = {
  readonly text: string;
  readonly addresses: readonly string[];
  readonly interfaceIds: readonly string[];
};

export type Explanation = {
  readonly question: {
    readonly from: End;
    readonly to: End;
    readonly protocol: string;
    readonly port: number | null;
    /** Ports that the reply goes to. */
    readonly sourcePorts: PortRange | null;
  };
  readonly outcome: Outcome;
  readonly certainty: Certainty;
  readonly cause: Cause;
  readonly atMicros: number;
  readonly steps: readonly Step[];
  /** Position in `steps` of the one that decides; null where all pass. */
  readonly deciding: number | null;
  /** Empty where all that was asked about fares alike. */
  readonly parts: readonly Part[];
  readonly evidence: readonly Evidence[];
  readonly fixes: readonly Fix[];
  readonly notUnderstood: readonly string[];
};
