/**
 * What a change would have done to recorded conversations: the answer of `replay`, as JSON.
 *
 * In:    nothing; `explain/replay/` fills it. Out: plain data, the same for `--json` and for a console.
 * Holds: every conversation is in exactly one of the totals. Times are seconds since 1970 UTC.
 */
import type { ChangeNote } from './change.ts';
/** What decides about a conversation. */
export type Decider = {
  /** Which of its packets it decides about. */
  readonly leg: 'request' | 'reply';
  readonly action: 'ACCEPT' | 'REJECT';
  readonly stage: 'sg-egress' | 'nacl-egress' | 'nacl-ingress' | 'sg-ingress' | 'route' | 'not-judged';
  /** Null: no rule admits it, or nothing was asked. */
  readonly ruleId: string | null;
  readonly rejectReason: 'BPA' | 'EC' | null;
};

/** What a change does to a conversation; docs/replay.md has their meanings. */
export type Effect =
  | 'same'
  | 'newly-blocked'
  | 'newly-allowed'
  | 'accepted-unexplained'
  | 'rejected-unexplained'
  | 'not-in-model'
  | 'not-placed';

/** Conversations that share their cause. */
export type ReplayCause = {
  readonly effect: Effect;
  /** Where it is decided. */
  readonly interfaceId: string;
  /** Set where that is the far end: the interface whose records they are. */
  readonly recordedAt: string | null;
  /** As the deciding interface sees the request. */
  readonly direction: 'ingress' | 'egress';
  readonly protocol: number;
  /** Of the service; 0 for protocols without ports. */
  readonly port: number;
  readonly before: Decider;
  readonly after: Decider;
  readonly conversations: number;
  readonly packets: number;
  readonly bytes: number;
  /** Seconds since 1970; 0 not known. */
  readonly lastSeconds: number;
  /** Distinct remote addresses, and those with the most conversations. */
  readonly peers: number;
  readonly examples: readonly { readonly address: string; readonly conversations: number }[];
};

export type ReplayTotal = { readonly conversations: number; readonly packets: number; readonly bytes: number };

export type ReplayAnswer = {
  /** Of the records: first `start`, last `end`. */
  readonly window: { readonly firstSeconds: number; readonly lastSeconds: number };
  readonly totals: Readonly<Record<Effect, ReplayTotal>>;
  /** Of the same: decided by another rule than before. */
  readonly otherRule: number;
  /** Of the same: their reply was rejected because it came when their connection was tracked no longer, closed or idle for too long. */
  readonly lateReplies: number;
  readonly causes: readonly ReplayCause[];
  /** Conversations by what told who opened them; `turned`: only the other end as opener explained the record. */
  readonly openers: {
    readonly flags: number;
    readonly ports: number;
    readonly time: number;
    readonly oneWay: number;
    readonly lowerPort: number;
    readonly notKnown: number;
    readonly turned: number;
  };
  /** Conversations whose packets had other addresses than the interface shows. */
  readonly translated: number;
  readonly records: {
    readonly nodata: number;
    readonly skipdata: number;
    readonly incomplete: number;
    readonly unreadable: number;
  };
  /** Interfaces with records that the model does not have. */
  readonly unknownInterfaces: readonly string[];
  /** Conversations that are counted and not listed: there are too many causes; peers likewise. */
  readonly beyondCauses: number;
  readonly beyondPeers: number;
  readonly changeNotes: readonly ChangeNote[];
  /** What the models do not understand. */
  readonly notUnderstood: readonly string[];
};
