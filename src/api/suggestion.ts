/**
 * The rules that a security group needs: the answer of `suggest`, as JSON.
 *
 * In:    nothing; `explain/suggest/` fills it. Out: plain data, the same for `--json` and for a console.
 * Holds: `change` is what `replay --change` takes. Times are seconds since 1970 UTC.
 */
import type { ChangeStep } from './change.ts';
export type SuggestedRule = {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  /** Null: all. */
  readonly ports: string | null;
  readonly peer: string;
  /** The rule of the group that says the same; null: a new one. */
  readonly keeps: string | null;
  readonly conversations: number;
  /** Of these, how many had an opener that TCP flags told. */
  readonly byFlags: number;
  readonly bytes: number;
  /** Distinct remote addresses that used it. */
  readonly sources: number;
  /** Of a group: interfaces in it, and how many of them used it; null for blocks. */
  readonly members: { readonly used: number; readonly of: number } | null;
  /** Addresses that it admits, and of ports the number. */
  readonly addresses: number;
  readonly portCount: number;
  readonly firstSeconds: number;
  readonly lastSeconds: number;
};

/** Conversations that led to no rule, and whose they are. */
export type LeftOut = {
  readonly conversations: number;
  readonly sources: number;
  readonly examples: readonly string[];
};

export type Suggestion = {
  readonly group: string;
  readonly window: { readonly firstSeconds: number; readonly lastSeconds: number };
  readonly members: number;
  /** Members that no record is of: what they need is not known. */
  readonly membersWithoutRecords: readonly string[];
  readonly rules: readonly SuggestedRule[];
  /** Rules that the group has and that were not needed. */
  readonly superfluous: readonly string[];
  /** Of these the ones for egress. */
  readonly superfluousEgress: readonly string[];
  readonly limit: number;
  readonly counts: Readonly<Record<'ingress' | 'egress', { readonly four: number; readonly six: number }>>;
  /** False: there are more rules than there may be. */
  readonly fits: boolean;
  readonly isWidened: boolean;
  /** Where they do not fit: the longest prefix length with which they would, of those that were tried; null none does. */
  readonly widenWith: number | null;
  /** Share of conversations to come that would need a rule that is not there, as far as rarely used points tell (Good and Turing). */
  readonly unseenShare: number | null;
  readonly conversations: number;
  /** Of these, or left out too: nobody knows who opened them; they count both ways, as far as rules admit them. */
  readonly openerUnknown: number;
  readonly leftOut: {
    readonly scans: LeftOut;
    /** Accepted, and nobody answered, or with a refusal. */
    readonly unanswered: LeftOut;
    readonly rejected: number;
    readonly notPlaced: number;
    /** Admitted by rules of other groups. */
    readonly ofOthers: number;
  };
  /** What replaying the suggestion finds. */
  readonly replay: {
    readonly conversations: number;
    readonly newlyBlocked: number;
    /** Of these, what was left out on purpose. */
    readonly leftOut: number;
    readonly newlyAllowed: number;
  };
  readonly change: { readonly changes: readonly ChangeStep[] };
  readonly notUnderstood: readonly string[];
};
