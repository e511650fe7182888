/**
 * A proposed change of rules, in our own JSON: what `replay --change` takes, and `suggest` and `diagnose` propose.
 *
 * In:    nothing; whoever proposes fills it. Out: plain data.
 * Holds: `{"changes": [ChangeStep, …]}`; docs/replay.md has every step.
 */

/** Traffic of a rule, in the words of our JSON: protocol, ports and peer. */
export type RuleWords = {
  readonly direction: 'ingress' | 'egress';
  /** tcp, udp, icmp, icmpv6, a number, or `all`. */
  readonly protocol: string;
  /** `443`, `8000-8010`; of ICMP the type or type/code; absent: all. */
  readonly ports?: string;
  /** A block, a group or a prefix list. */
  readonly peer: string;
};

export type EntryWords = {
  readonly direction: 'ingress' | 'egress';
  readonly number: number;
  readonly action: 'allow' | 'deny';
  readonly protocol: string;
  readonly ports?: string;
  readonly cidr: string;
};

export type RouteWords = { readonly destination: string; readonly target: string };

/** One step. */
export type ChangeStep =
  | { readonly do: 'add-group'; readonly group: string }
  | ({ readonly do: 'add-rule' | 'remove-rule'; readonly group: string } & RuleWords)
  | { readonly do: 'remove-rule'; readonly rule: string }
  | {
      readonly do: 'replace-rules';
      readonly group: string;
      readonly direction: 'ingress' | 'egress';
      readonly rules: readonly Omit<RuleWords, 'direction'>[];
    }
  | ({ readonly do: 'add-entry' | 'replace-entry'; readonly acl: string } & EntryWords)
  | {
      readonly do: 'remove-entry';
      readonly acl: string;
      readonly direction: 'ingress' | 'egress';
      readonly number: number;
    }
  | {
      readonly do: 'replace-entries';
      readonly acl: string;
      readonly direction: 'ingress' | 'egress';
      readonly entries: readonly Omit<EntryWords, 'direction'>[];
    }
  | ({ readonly do: 'add-route' | 'replace-route'; readonly table: string } & RouteWords)
  | { readonly do: 'remove-route'; readonly table: string; readonly destination: string }
  | { readonly do: 'replace-routes'; readonly table: string; readonly routes: readonly RouteWords[] }
  | { readonly do: 'add-prefix' | 'remove-prefix'; readonly list: string; readonly cidr: string }
  | { readonly do: 'replace-prefixes'; readonly list: string; readonly cidrs: readonly string[] }
  | { readonly do: 'attach-group' | 'detach-group'; readonly group: string; readonly interface: string };

/** What of a change was left out or has no effect; every answer names it. */
export type ChangeNote =
  /** The model does not have what a step is about: the step has no effect. */
  | { readonly kind: 'not-in-model'; readonly what: string; readonly step: number }
  /** A resource of a plan that changes and is no part of this. */
  | { readonly kind: 'resource-left-out'; readonly address: string; readonly type: string }
  /** A value that is known only after the plan is applied: what needs it was left out. */
  | { readonly kind: 'value-unknown'; readonly address: string; readonly attribute: string };
