/**
 * What changed between two versions of the model that may change a verdict.
 *
 * In:    a snapshot and the one after it. Out: changes: of rules, of what belongs to which group and ACL, of addresses.
 * Holds: what is the same is told by ids, for numbers of two snapshots may differ. A rule that is gone and one that came
 *        are two changes; one with the same id that says something else is one. Changes come in the order of their ids.
 */
import type { ChangeKind, RuleChange } from '../../api/rejects.ts';
import { formatAddress, formatCidr } from '../../network/vpc/addresses.ts';
import type { Acl, Group, Interface, Peer, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';

/** All changes from one snapshot to the next. */
export function changesFrom(before: VpcSnapshot, after: VpcSnapshot): RuleChange[] {
  return [
    ...ruleChanges(before, after),
    ...listed('prefix-list', prefixLists(before), prefixLists(after)),
    ...interfaceChanges(before, after),
    ...listed('subnet-acl', subnetAcls(before), subnetAcls(after)),
    ...listed('public-access', publicAccess(before), publicAccess(after)),
  ];
}

type Told = ReadonlyMap<string, string>;

function listed(kind: ChangeKind, before: Told, after: Told): RuleChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((id) => before.get(id) !== after.get(id))
    .sort()
    .map((id) => ({ kind, id, of: null, before: before.get(id) ?? null, after: after.get(id) ?? null }));
}

type OwnedRule = { readonly of: string; readonly text: string };

function rulesOf(snapshot: VpcSnapshot): Map<string, OwnedRule> {
  const found = new Map<string, OwnedRule>();
  const add = ({ id: of, ingress, egress }: Group | Acl): void => {
    for (const number of [...ingress, ...egress]) {
      const rule = snapshot.rules[number];
      if (rule) found.set(`${of} ${rule.id}`, { of, text: ruleText(rule) });
    }
  };
  for (const one of [...snapshot.groups, ...snapshot.acls]) add(one);
  return found;
}

function ruleChanges(before: VpcSnapshot, after: VpcSnapshot): RuleChange[] {
  const [old, now] = [rulesOf(before), rulesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key): RuleChange[] => {
    const was = old.get(key);
    const is = now.get(key);
    if (was?.text === is?.text) return [];
    const of = (was ?? is)!.of;
    const kind = was === undefined ? 'rule-added' : is === undefined ? 'rule-removed' : 'rule-changed';
    return [{ kind, id: key.slice(of.length + 1), of, before: was?.text ?? null, after: is?.text ?? null }];
  });
}

function interfaceChanges(before: VpcSnapshot, after: VpcSnapshot): RuleChange[] {
  const present = (snapshot: VpcSnapshot): Map<string, Interface> =>
    new Map(snapshot.interfaces.filter(isPresent).map((one) => [one.id, one]));
  const [old, now] = [present(before), present(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((id): RuleChange[] => {
    const was = old.get(id);
    const is = now.get(id);
    const change = (kind: ChangeKind, a: string | null, b: string | null): RuleChange[] =>
      a === b ? [] : [{ kind, id, of: null, before: a, after: b }];
    if (was === undefined) return change('interface-added', null, addressText(is!));
    if (is === undefined) return change('interface-removed', addressText(was), null);
    return [
      ...change('interface-groups', groupText(before, was), groupText(after, is)),
      ...change('interface-addresses', addressText(was), addressText(is)),
    ];
  });
}

function isPresent({ number, addresses, prefixes, mac }: Interface): boolean {
  return number > 0 && (addresses.length > 0 || prefixes.length > 0 || mac !== null);
}

function groupText(snapshot: VpcSnapshot, { groups }: Interface): string {
  return groups
    .map((number) => snapshot.groups[number]?.id ?? '')
    .sort()
    .join(' ');
}

function addressText({ addresses, prefixes }: Interface): string {
  return [...addresses.map(formatAddress), ...prefixes.map(formatCidr)].join(' ');
}

function prefixLists({ rules }: VpcSnapshot): Map<string, string> {
  const found = new Map<string, string>();
  for (const { peer } of rules)
    if (peer.kind === 'prefix-list') found.set(peer.id, peer.entries.map(formatCidr).sort().join(' '));
  return found;
}

function subnetAcls({ subnets, acls }: VpcSnapshot): Map<string, string> {
  return new Map(subnets.slice(1).map(({ id, acl }) => [id, acls[acl]?.id ?? '']));
}

function publicAccess({ blockPublicAccess, subnets }: VpcSnapshot): Map<string, string> {
  return new Map(blockPublicAccess.map(({ subnet, mode }) => [subnets[subnet]?.id ?? '', mode]));
}

const WORDS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** A rule as a line: `ingress tcp 22-22 from 10.0.0.0/8`, of an ACL with `allow` or `deny`. */
export function ruleText(rule: Rule): string {
  const protocol = rule.protocol < 0 ? 'all' : (WORDS[rule.protocol] ?? String(rule.protocol));
  const isWhole = rule.fromPort === 0 && rule.toPort === 65535;
  const hasPorts = !isWhole && (rule.protocol === 6 || rule.protocol === 17);
  const ports = hasPorts
    ? ` ${rule.fromPort === rule.toPort ? rule.fromPort : `${rule.fromPort}-${rule.toPort}`}`
    : rule.icmpType >= 0
      ? ` type ${rule.icmpType}${rule.icmpCode < 0 ? '' : ` code ${rule.icmpCode}`}`
      : '';
  const word = rule.order > 0 ? `${rule.allow ? 'allow' : 'deny'} ` : '';
  return `${word}${rule.direction} ${protocol}${ports} ${rule.direction === 'ingress' ? 'from' : 'to'} ${peerText(rule.peer)}`;
}

function peerText(peer: Peer): string {
  return peer.kind === 'cidr' ? formatCidr(peer.cidr) : peer.id;
}
