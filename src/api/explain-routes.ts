/**
 * What the routes that explain take and give, beside the answers of their stages.
 *
 * In:    nothing. Out: types of request bodies and of answers.
 * Holds: the time range is that of the address (`from` and `to`, or `last`); what has one says it again in its answer. With
 *        `progress=1` in the address an answer is lines of JSON: `ExplainLine`s, the last of which is the answer or the
 *        failure; without it, the answer alone.
 */
import type { ConsoleFailure } from './console.ts';
import type { Explanation } from './explanation.ts';
import type { NoRecord } from './no-record.ts';
import type { Note } from './note.ts';
import type { RejectCause, RejectReport, RuleChange } from './rejects.ts';
import type { ReplayAnswer } from './replay.ts';
import type { RuleHitsReport } from './rule-hits.ts';
import type { Suggestion } from './suggestion.ts';

/** `[from, to)` in seconds since 1970 UTC. */
export type AskedRange = { readonly from: number; readonly to: number };

/** An answer from records, and what there is to say of reading them. */
export type Noted<T> = { readonly answer: T; readonly range: AskedRange; readonly notes: readonly Note[] };

/** How far reading has come. */
export type ExplainProgress = {
  readonly stage: 'listing' | 'fetching' | 'reading';
  readonly files: number;
  /** 0 where it is not known yet. */
  readonly of: number;
  readonly bytes: number;
};

/** A line of an answer that tells its progress. */
export type ExplainLine<T> = { readonly progress: ExplainProgress } | { readonly answer: T } | ConsoleFailure;

/** Body of `POST /api/rejects`. */
export type RejectsRequest = {
  /** Only of records that fit, as `src/api/filter.ts` reads it. Those that were accepted say what is newly rejected. */
  readonly filter?: string | undefined;
  /** Causes first met from then on are new, seconds; not given: in the later half of the records. */
  readonly newSince?: number | undefined;
  /** Causes that have an explanation, the first ones. */
  readonly limit?: number | undefined;
};
export type RejectsAnswer = Noted<RejectReport>;

/** Two ends, as `flowgauge diagnose --from --to` takes them. */
export type EndsRequest = {
  readonly from: string;
  readonly to: string;
  /** tcp, udp, icmp, icmpv6 or a number; not given: tcp. */
  readonly protocol?: string | undefined;
  readonly port?: number | null | undefined;
  /** Ports that replies go to; not given: those that Linux takes. */
  readonly sourcePorts?: readonly [from: number, to: number] | null | undefined;
  /** Seconds since 1970; not given: now. */
  readonly at?: number | null | undefined;
  /** Whether records are counted too, those of the range. */
  readonly evidence?: boolean | undefined;
};
/** A record as a line of text. */
export type RecordRequest = {
  readonly record: string;
  /** Its log format; not given: the default one. */
  readonly format?: string | undefined;
};
/** Body of `POST /api/diagnose`. */
export type DiagnoseRequest = EndsRequest | RecordRequest;

/** What was changed last about a rule, or about all rules of a group, ACL or route table. */
export type LastChange = Omit<RuleChange, 'kind'> & {
  readonly kind: RuleChange['kind'] | 'route';
  /** From when it holds, seconds since 1970. */
  readonly atSeconds: number;
  /** Imports saw it between that time and `atSeconds`; null: it is known to the moment. */
  readonly afterSeconds: number | null;
  /** Who made it, where this host's API was asked for it; null: imports do not tell. */
  readonly by: { readonly principal: string; readonly action: string } | null;
};

export type DiagnoseAnswer = {
  readonly explanation: Explanation;
  /** Of a record: what rejected it. Null of two ends, and of a record that was accepted. */
  readonly cause: RejectCause | null;
  /** What rules of the answer say, by id. */
  readonly rules: Readonly<Record<string, string>>;
  /** Names of interfaces, instances, subnets, groups and ACLs of the answer, by id. */
  readonly names: Readonly<Record<string, string>>;
  /** Of what decides and what comes near: the newest change first. */
  readonly lastChanges: readonly LastChange[];
};

/** Body of `POST /api/replay`. */
export type ReplayRequest = {
  /** A change as JSON: ours, a diagnosis, or what `terraform show -json PLAN` prints. */
  readonly change: unknown;
  /** Of several changes that a diagnosis proposes: its number from 1, or `all`. */
  readonly fix?: string | undefined;
  /** The network as of that time, seconds; not given: the newest. */
  readonly at?: number | null | undefined;
};

/** A change in the words of three tools. */
export type WrittenChange = {
  /** What `flowgauge replay --change` takes, as `{"changes": […]}`. */
  readonly changes: readonly object[];
  readonly awsCli: string;
  readonly terraform: string;
};
export type ReplayRouteAnswer = Noted<ReplayAnswer> & { readonly plan: WrittenChange };

/** Body of `POST /api/suggest`. */
export type SuggestRequest = {
  readonly group: string;
  /** Rules that a direction may have, for each family; not given: 60. */
  readonly limit?: number | undefined;
  /** Blocks may be widened to so many bits where there is no room; null: nothing is widened. */
  readonly widen?: { readonly bits4: number; readonly bits6?: number | undefined } | null | undefined;
};
export type SuggestAnswer = Noted<Suggestion> & { readonly plan: WrittenChange };

/** Body of `POST /api/rule-hits`. */
export type RuleHitsRequest = {
  /** Groups and ACLs; empty or not given: all. */
  readonly ids?: readonly string[] | undefined;
};
export type RuleHitsAnswer = Noted<RuleHitsReport>;

/** Body of `POST /api/why-no-record`. */
export type NoRecordRequest = {
  /** An address, an interface or an instance. */
  readonly of: string;
  readonly peer?: string | null | undefined;
  readonly protocol?: string | null | undefined;
  readonly port?: number | null | undefined;
};
export type NoRecordAnswer = Noted<NoRecord>;
