/**
 * What rules were used for: the answer of `rule-hits`, as JSON.
 *
 * In:    nothing; `explain/rule-hits/` fills it. Out: plain data, the same for `--json` and for a console.
 * Holds: times are seconds since 1970 UTC, null where nothing was met.
 */
export type Wider = {
  /** Null where the rule has no ports. */
  readonly ports: { readonly allowed: number; readonly used: number } | null;
  readonly addresses: {
    readonly allowed: string;
    readonly used: number;
    /** The smallest blocks around those that were used. */
    readonly within: readonly string[];
  };
  /** Protocols that were used, of a rule for all. */
  readonly protocols: readonly number[] | null;
};

export type RuleHits = {
  readonly ruleId: string;
  /** Id of the group or ACL. */
  readonly of: string;
  readonly direction: 'ingress' | 'egress';
  /** `ingress tcp 22 from 10.0.0.0/8`. */
  readonly says: string;
  readonly conversations: number;
  readonly packets: number;
  readonly bytes: number;
  readonly firstSeconds: number | null;
  readonly lastSeconds: number | null;
  readonly peers: number;
  readonly hasMorePeers: boolean;
  /** The smallest blocks around the peers. */
  readonly peersWithin: readonly string[];
  /** Ports with how many conversations, the most first. */
  readonly ports: readonly { readonly port: number; readonly conversations: number }[];
  readonly unused: boolean;
  /** Ids of the rules that take its place; null: it decides something. */
  readonly shadowedBy: readonly string[] | null;
  readonly wider: Wider | null;
};

export type RuleHitsReport = {
  readonly rules: readonly RuleHits[];
  readonly conversations: {
    /** With accepted packets. */
    readonly accepted: number;
    /** Of those, that a rule of a group or, where there is none, an ACL was given. */
    readonly attributed: number;
    /** No rule admits them as of their time, or their interface is not in the model. */
    readonly notAdmitted: number;
    readonly interfaceUnknown: number;
    /** A group that is not given admits them. */
    readonly byUnknownGroup: number;
    /** Rules that are no longer there. */
    readonly byRulesThatAreGone: number;
  };
  readonly firstSeconds: number | null;
  readonly lastSeconds: number | null;
  readonly notUnderstood: readonly string[];
};
