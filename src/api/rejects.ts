/**
 * What rejected records, as of their times: the answer of `diagnose RECORD…`, as JSON.
 *
 * In:    nothing; `explain/records/` fills it. Out: plain data, the same for `--json` and for a console.
 * Holds: causes are in the order in which people ask, the newly rejected first. Each holds the explanation of its example,
 *        the same type that a question about two ends is answered with. Times are seconds since 1970 UTC.
 */
import type { Explanation, NearMiss } from './explanation.ts';

/** What rejected a record. */
export type Met = {
  readonly interfaceId: string | null;
  readonly direction: 'ingress' | 'egress' | null;
  /** Null where a control stopped it, or where the record tells none. */
  readonly stage:
    | 'sg-egress'
    | 'nacl-egress'
    | 'nacl-ingress'
    | 'sg-ingress'
    | 'host-firewall'
    | 'closed'
    | 'not-judged'
    | null;
  /** `acl-…/in/100`; `default-deny` of groups; null where no rule was asked. */
  readonly ruleId: string | null;
  readonly rejectReason: 'BPA' | 'EC' | null;
};

/** How the cause is known. */
export type Why =
  /** The rules as of the record's time reject it. */
  | 'rules'
  /** The record itself names it. */
  | 'record'
  /** The rules as of then admit it, those of the next version reject it: they changed in between. */
  | 'next-version'
  /** The rules admit it: nothing that is modelled explains the record. */
  | 'admitted'
  | 'interface-not-in-model'
  | 'address-owner-unknown';

/** What rejected records, as far as they and the model tell. */
export type Cause = {
  readonly interfaceId: string | null;
  readonly direction: 'ingress' | 'egress' | null;
  /** The likelier first; empty where nothing explains it. */
  readonly met: readonly Met[];
  /** `kernel`: the record says that the kernel dropped it. */
  readonly certainty: 'kernel' | 'certain' | 'one-of-several' | 'not-explained';
  readonly why: Why;
  /** Where the record names its cause: what the rules of the model say in its place, where they do not agree. */
  readonly modelSays: readonly Met[] | null;
  /** It is older than the model, and was judged by its first version. */
  readonly beforeModel: boolean;
};

/** A record as it stood, for showing. */
export type ExampleRecord = {
  readonly interfaceId: string | null;
  readonly direction: 'ingress' | 'egress' | null;
  readonly srcaddr: string;
  readonly dstaddr: string;
  readonly pktSrcaddr: string | null;
  readonly pktDstaddr: string | null;
  readonly srcport: number | null;
  readonly dstport: number | null;
  readonly protocol: number | null;
  readonly tcpFlags: number | null;
  readonly packets: number;
  readonly bytes: number;
  readonly startSeconds: number | null;
  readonly endSeconds: number | null;
};

/** An interface, a peer or a port with how many rejected records it has. */
export type Counted = { readonly value: string; readonly records: number };

/** What `flowgauge diagnose` is to be asked about a cause's example. */
export type NextQuestion = {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly port: number | null;
  readonly atSeconds: number | null;
};

/** `interfaceId` is null where it is that of several interfaces; `met` is that of the one with the most records. */
export type RejectCause = Cause & {
  readonly interfaces: number;
  readonly topInterfaces: readonly Counted[];
  /** Ids of the security groups that have no rule for it; null where groups did not reject it. */
  readonly groups: readonly string[] | null;
  readonly records: number;
  readonly packets: number;
  readonly bytes: number;
  /** Null where no record has a time. */
  readonly firstSeconds: number | null;
  readonly lastSeconds: number | null;
  /** Distinct remote addresses and ports of services; at least so many where not all flows could be remembered. */
  readonly peers: number;
  readonly topPeers: readonly Counted[];
  readonly ports: number;
  /** `443/6`: port and protocol. */
  readonly topPorts: readonly Counted[];
  readonly newly: {
    readonly why: 'accepted-before' | 'first-seen';
    readonly flows: number;
    readonly sinceSeconds: number;
    /** When one of these flows was accepted last. */
    readonly acceptedUntilSeconds: number | null;
  } | null;
  readonly example: ExampleRecord;
  readonly nearMisses: readonly NearMiss[];
  /** What the newest version of the model says of the example; null where it holds at the example's time too. */
  readonly now: 'admits' | 'rejects' | null;
  readonly next: NextQuestion | null;
  /**
   * Every step of the example's conversation, by the network as of its time, and what would open it. Outcome, certainty and
   * the step that decides are those of the records, which the rules may not bear out. Its evidence counts all records of the
   * cause; its SQL finds those that are like the example. Null beyond `--limit`.
   */
  readonly explanation: Explanation | null;
};

/** What changed. */
export type ChangeKind =
  | 'rule-added'
  | 'rule-removed'
  | 'rule-changed'
  | 'interface-groups'
  | 'interface-addresses'
  | 'interface-added'
  | 'interface-removed'
  | 'subnet-acl'
  | 'prefix-list'
  | 'public-access';

/** A change of the network that may matter to a verdict. */
export type RuleChange = {
  readonly kind: ChangeKind;
  /** Id of the rule, interface, subnet or prefix list. */
  readonly id: string;
  /** Id of the group or ACL that has the rule; null of other changes. */
  readonly of: string | null;
  /** What it said, and what it says; null where it was not there. */
  readonly before: string | null;
  readonly after: string | null;
};

/** A change at the time from which it holds. */
export type TimedChange = RuleChange & {
  readonly atSeconds: number;
  /** When the version before it began: imports saw it between the two. Null of the first. */
  readonly afterSeconds: number | null;
};

/** A flow that was accepted, and then rejected. */
export type FailedFlow = {
  readonly interfaceId: string | null;
  readonly direction: 'ingress' | 'egress';
  /** Which end opened it, as seen from the interface. */
  readonly openedBy: 'interface' | 'peer';
  readonly peer: string;
  readonly protocol: number;
  /** Of the service; 0 for protocols without ports. */
  readonly port: number;
  readonly rejectedRecords: number;
  readonly firstRejectedSeconds: number;
  readonly lastRejectedSeconds: number;
  readonly lastAcceptedSeconds: number;
};

/** A change, and the flows that it made fail. */
export type ChangeCaused = {
  /** One, or several of which it is not known which. */
  readonly changes: readonly TimedChange[];
  readonly certainty: 'certain' | 'one-of-several';
  readonly flows: readonly FailedFlow[];
  readonly records: number;
  readonly firstRejectedSeconds: number;
  readonly lastRejectedSeconds: number;
};

/** A thing about which something else was believed before an import told of a time that lay behind it. */
export type LearnedLate = {
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  readonly item: string;
  readonly recordedAtMicros: number;
};

/** Records that were given to one cause, and are given to another by what was learned since. */
export type Reattributed = {
  readonly before: Cause;
  readonly now: Cause;
  readonly records: number;
  readonly firstSeconds: number;
  readonly lastSeconds: number;
};

/** What `--learned-since` lists. */
export type ReattributionReport = {
  readonly knownAtSeconds: number;
  readonly changes: readonly Reattributed[];
  /** What was learned since about the time of these records. */
  readonly learned: readonly LearnedLate[];
};

/** The whole answer. */
export type RejectReport = {
  readonly records: { readonly rejected: number; readonly accepted: number; readonly others: number };
  readonly firstSeconds: number | null;
  readonly lastSeconds: number | null;
  readonly causes: readonly RejectCause[];
  readonly changes: readonly TimedChange[];
  readonly changeCaused: readonly ChangeCaused[];
  /** Records whose flow found no room: peers, ports and newly rejected flows are at least what is told. */
  readonly notRemembered: number;
  /** Null without `--learned-since`. */
  readonly reattributed: ReattributionReport | null;
  readonly notUnderstood: readonly string[];
};
