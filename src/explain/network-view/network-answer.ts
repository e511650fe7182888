/**
 * The network as of a time, for people to look at and to choose from.
 *
 * In:    the descriptions and the snapshot that is compiled of them. Out: the answer, with names beside ids.
 * Holds: what decides is taken from the snapshot, so that it is what verdicts are made by; names and words are those of the
 *        descriptions. What is only named elsewhere and described nowhere is listed with `known: false`, or not at all.
 */
import type {
  NetworkAcl,
  NetworkAnswer,
  NetworkFlowLog,
  NetworkGroup,
  NetworkInterface,
  NetworkRouteTable,
  NetworkRule,
  NetworkSubnet,
  NetworkVpc,
} from '../../api/network.ts';
import { CHANGES_TOLD } from '../../api/network.ts';
import { formatAddress, formatCidr } from '../../network/vpc/addresses.ts';
import type { Interface, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { FactsAt } from '../../storage/state/facts-at.ts';
import { ruleText } from '../rule-changes/rule-changes.ts';

/** Descriptions by kind, as AWS spells them. */
export type Described = FactsAt['model'];

const PROTOCOLS: Readonly<Record<number, string>> = { [-1]: 'all', 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/**
 * The answer.
 *
 * @param changedMicros  times at which facts changed, ascending
 */
export function networkAnswer(
  snapshot: VpcSnapshot,
  described: Described,
  atMicros: number,
  changedMicros: readonly number[],
): NetworkAnswer {
  const names = namesOf(described);
  return {
    atMicros,
    vpcs: vpcsOf(snapshot, names),
    subnets: subnetsOf(snapshot, names),
    interfaces: interfacesOf(snapshot, described),
    groups: groupsOf(snapshot, described),
    acls: aclsOf(snapshot, names),
    routeTables: routeTablesOf(snapshot, names),
    peerings: (snapshot.peerings ?? []).map(({ id, ends }) => ({ id, vpcIds: ends.map(({ vpcId }) => vpcId) })),
    flowLogs: snapshot.flowLogs
      .map(({ id, resourceId, traffic, tags }): NetworkFlowLog => ({ id, name: nameIn(tags), resourceId, traffic }))
      .sort(byId),
    changedSeconds: changedMicros.slice(-CHANGES_TOLD).map((micros) => micros / 1e6),
    changesBefore: Math.max(0, changedMicros.length - CHANGES_TOLD),
    notUnderstood: snapshot.notUnderstood,
  };
}

/** A rule or an entry as it is told. */
export function networkRule(rule: Rule): NetworkRule {
  return {
    id: rule.id,
    direction: rule.direction,
    allow: rule.allow,
    number: rule.order > 0 ? rule.order : null,
    protocol: PROTOCOLS[rule.protocol] ?? String(rule.protocol),
    ports: portsOf(rule),
    peer: rule.peer.kind === 'cidr' ? formatCidr(rule.peer.cidr) : rule.peer.id,
    says: ruleText(rule),
  };
}

function portsOf({ protocol, fromPort, toPort, icmpType, icmpCode }: Rule): string | null {
  if (icmpType >= 0) return icmpCode < 0 ? String(icmpType) : `${icmpType}/${icmpCode}`;
  if ((protocol !== 6 && protocol !== 17) || (fromPort === 0 && toPort === 65535)) return null;
  return fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

const nameIn = (tags: Readonly<Record<string, string>>): string | null => tags['Name'] || null;

type Item = Readonly<Record<string, unknown>>;

const itemsOf = (described: Described, kind: string): readonly Item[] => (described[kind] ?? []) as readonly Item[];

const textIn = (item: Item, member: string): string | null => {
  const value = item[member];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Kinds whose name is a tag, with the member that is their id. */
const NAMED = [
  ['Vpcs', 'VpcId'],
  ['Subnets', 'SubnetId'],
  ['NetworkAcls', 'NetworkAclId'],
  ['RouteTables', 'RouteTableId'],
] as const;

function namesOf(described: Described): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [kind, member] of NAMED)
    for (const item of itemsOf(described, kind)) {
      const tags = Array.isArray(item['Tags']) ? (item['Tags'] as readonly Item[]) : [];
      const name = tags.find((tag) => tag['Key'] === 'Name')?.['Value'];
      const id = item[member];
      if (typeof name === 'string' && name !== '' && typeof id === 'string') names.set(id, name);
    }
  return names;
}

type Names = ReturnType<typeof namesOf>;

/** Names of groups by id. */
export function groupNames(described: Described): ReadonlyMap<string, string> {
  const named = itemsOf(described, 'SecurityGroups').map(
    (item) => [textIn(item, 'GroupId') ?? '', textIn(item, 'GroupName') ?? ''] as const,
  );
  return new Map(named.filter(([id, name]) => id !== '' && name !== ''));
}

function vpcsOf({ vpcs }: VpcSnapshot, names: Names): NetworkVpc[] {
  return vpcs
    .slice(1)
    .map(({ id, accountId, region, cidrs }) => ({
      id,
      name: names.get(id) ?? null,
      accountId,
      region,
      cidrs: cidrs.map(formatCidr),
    }))
    .sort(byId);
}

function subnetsOf({ subnets, vpcs, acls, routeTables }: VpcSnapshot, names: Names): NetworkSubnet[] {
  return subnets
    .slice(1)
    .map(({ id, vpc, cidrs, azId, acl, routeTable }) => ({
      id,
      name: names.get(id) ?? null,
      vpcId: vpcs[vpc]?.id ?? '',
      cidrs: cidrs.map(formatCidr),
      azId,
      aclId: acls[acl]?.id || null,
      routeTableId: routeTables[routeTable]?.id || null,
    }))
    .sort(byId);
}

/** One that is gone keeps its number in a snapshot, without addresses. */
const isThere = ({ number, addresses, prefixes, mac }: Interface): boolean =>
  number > 0 && (addresses.length > 0 || prefixes.length > 0 || mac !== null);

function interfacesOf({ interfaces, groups, flowLogs }: VpcSnapshot, described: Described): NetworkInterface[] {
  const covered = new Map<number, string[]>();
  for (const { id, interfaces: own } of flowLogs)
    for (const number of own) covered.set(number, [...(covered.get(number) ?? []), id]);
  const descriptions = new Map(
    itemsOf(described, 'NetworkInterfaces').map((item) => [
      textIn(item, 'NetworkInterfaceId'),
      textIn(item, 'Description'),
    ]),
  );
  return interfaces
    .filter(isThere)
    .map((one) => ({
      id: one.id,
      name: nameIn(one.interfaceTags) ?? descriptions.get(one.id) ?? null,
      accountId: one.accountId,
      region: one.region,
      vpcId: one.vpcId,
      subnetId: one.subnetId,
      azId: one.azId,
      instanceId: one.instanceId,
      instanceName: nameIn(one.instanceTags),
      kind: one.kind,
      addresses: [...one.addresses.map(formatAddress), ...one.prefixes.map(formatCidr)],
      publicAddresses: (one.translations ?? []).map(({ public4 }) => formatAddress({ family: 4, words: [public4] })),
      groupIds: one.groups.map((number) => groups[number]?.id ?? '').sort(),
      flowLogIds: (covered.get(one.number) ?? []).sort(),
    }))
    .sort(byId);
}

function groupsOf({ groups, rules, interfaces }: VpcSnapshot, described: Described): NetworkGroup[] {
  const items = new Map(itemsOf(described, 'SecurityGroups').map((item) => [textIn(item, 'GroupId'), item]));
  const members = new Map<number, string[]>();
  for (const one of interfaces)
    if (isThere(one)) for (const number of one.groups) members.set(number, [...(members.get(number) ?? []), one.id]);
  return groups
    .slice(1)
    .map(({ number, id, vpcId, known, ingress, egress }) => {
      const item = items.get(id) ?? {};
      return {
        id,
        name: textIn(item, 'GroupName'),
        vpcId,
        description: textIn(item, 'Description'),
        known,
        rules: [...ingress, ...egress].map((rule) => networkRule(rules[rule]!)),
        interfaceIds: (members.get(number) ?? []).sort(),
      };
    })
    .sort(byId);
}

function aclsOf({ acls, rules, subnets }: VpcSnapshot, names: Names): NetworkAcl[] {
  return acls
    .slice(1)
    .map(({ number, id, known, ingress, egress }) => ({
      id,
      name: names.get(id) ?? null,
      known,
      rules: [...ingress, ...egress].map((rule) => networkRule(rules[rule]!)),
      subnetIds: subnets
        .filter((subnet) => subnet.number > 0 && subnet.acl === number)
        .map((subnet) => subnet.id)
        .sort(),
    }))
    .sort(byId);
}

function routeTablesOf({ routeTables, subnets, interfaces }: VpcSnapshot, names: Names): NetworkRouteTable[] {
  return routeTables
    .slice(1)
    .map(({ number, id, routes }) => ({
      id,
      name: names.get(id) ?? null,
      subnetIds: subnets
        .filter((subnet) => subnet.number > 0 && subnet.routeTable === number)
        .map((subnet) => subnet.id)
        .sort(),
      routes: routes.map(({ destination, target }) => ({
        destination: formatCidr(destination),
        kind: target.kind,
        target: target.id,
        interfaceId: interfaces[target.interface]?.id || null,
      })),
    }))
    .sort(byId);
}
