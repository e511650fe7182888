/**
 * Words for causes of rejected records, and for changes of the network.
 *
 * In:    what `src/api/rejects.ts` and `src/api/explain-routes.ts` have. Out: words for people.
 * Holds: every member of their unions has words, and a test says so.
 */
import type { LastChange } from '../../../src/api/explain-routes.ts';
import type { Cause, Met, RejectCause, Why } from '../../../src/api/rejects.ts';

/** Kinds of causes, as people ask for them. */
export const KINDS = ['group', 'acl', 'closed', 'control', 'host', 'not-explained'] as const;
export type Kind = (typeof KINDS)[number];

export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  group: 'Security group',
  acl: 'Network ACL',
  closed: 'Closed connection',
  control: 'VPC control',
  host: 'Host firewall',
  'not-explained': 'Not explained',
};

/** The kind of a cause, by what is likeliest. */
export function kindOf({ met: [met] }: Pick<Cause, 'met'>): Kind {
  if (met === undefined) return 'not-explained';
  if (met.rejectReason !== null) return 'control';
  return met.stage === null ? 'not-explained' : KIND_OF_STAGE[met.stage];
}

export const KIND_OF_STAGE: Readonly<Record<NonNullable<Met['stage']>, Kind>> = {
  'sg-egress': 'group',
  'sg-ingress': 'group',
  'nacl-egress': 'acl',
  'nacl-ingress': 'acl',
  closed: 'closed',
  'host-firewall': 'host',
  'not-judged': 'not-explained',
};

/** How it is known, where that is to be said. */
export const WHY_WORDS: Readonly<Record<Why, string | null>> = {
  rules: null,
  record: 'The record itself says so.',
  'next-version': 'By rules that were first seen later: they changed in between.',
  admitted: 'The rules as of that time admit it: policy does not explain it.',
  'interface-not-in-model': 'The network had no such interface at that time.',
  'address-owner-unknown': 'No interface that was known at that time holds its address.',
};

export const SURE_WORDS: Readonly<Record<Cause['certainty'], string>> = {
  kernel: 'From the kernel',
  certain: 'Certain',
  'one-of-several': 'One of several',
  'not-explained': 'Not explained',
};

const FEW = 3;

/** Names in a row, not too many. */
export function fewOf(names: readonly string[]): string {
  return `${names.slice(0, FEW).join(', ')}${names.length > FEW ? ` and ${names.length - FEW} more` : ''}`;
}

/** What rejected it, as a sentence without its end. */
export function causeText({ met: [met], why }: Pick<Cause, 'met' | 'why'>, groups: readonly string[] | null): string {
  if (met === undefined) return WHY_WORDS[why]?.replace(/\.$/u, '') ?? 'Not explained';
  return metText(met, groups);
}

/** What rejects. */
export function metText({ stage, ruleId, rejectReason }: Met, groups: readonly string[] | null): string {
  if (rejectReason === 'BPA') return 'VPC Block Public Access';
  if (rejectReason === 'EC') return 'Encryption controls';
  if (stage === 'closed') return 'A packet of a connection that was closed';
  if (ruleId === 'default-deny') return `No rule of ${groups?.length ? fewOf(groups) : 'its groups'} admits it`;
  if (stage === 'host-firewall') return `The host's firewall drops it${ruleId === null ? '' : ` (${ruleId})`}`;
  return `${ruleId ?? 'A rule that the record does not name'} denies it`;
}

/** What the newest rules say of a cause that was met under older ones. */
export const NOW_WORDS: Readonly<Record<NonNullable<RejectCause['now']>, string>> = {
  admits: 'The newest rules admit it',
  rejects: 'The newest rules reject it too',
};

export const CHANGE_WORDS: Readonly<Record<LastChange['kind'], string>> = {
  'rule-added': 'Rule added',
  'rule-removed': 'Rule removed',
  'rule-changed': 'Rule changed',
  'interface-groups': 'Groups of the interface changed',
  'interface-addresses': 'Addresses of the interface changed',
  'interface-added': 'Interface added',
  'interface-removed': 'Interface removed',
  'subnet-acl': 'ACL of the subnet changed',
  'prefix-list': 'Prefix list changed',
  'public-access': 'Block Public Access changed',
  route: 'Route changed',
};

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };

/** `tcp`, or `protocol 47`. */
export const protocolText = (protocol: number): string => PROTOCOLS[protocol] ?? `protocol ${protocol}`;

/** `tcp 443`, `icmp`: of `443/6`. */
export function serviceText(value: string): string {
  const [port = 0, protocol = 0] = value.split('/').map(Number);
  return protocol === 6 || protocol === 17 || protocol === 132
    ? `${protocolText(protocol)} ${port}`
    : protocolText(protocol);
}
