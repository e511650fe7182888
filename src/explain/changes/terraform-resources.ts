/**
 * Resources of a Terraform plan as steps.
 *
 * In:    a resource before and after. Out: steps that take away what was, and steps that bring what will be.
 * Holds: one entry for each type that decides about traffic (AWS provider 5 and 6). Lists that a resource holds whole (rules of a group, entries of an
 *        ACL, routes of a table) are replaced whole, and only where they differ.
 */
import type { ChangeStep, EntryWords, RouteWords, RuleWords } from '../../api/change.ts';
import type { Resource, Values } from './terraform-plan.ts';

type Steps = { readonly removed: readonly ChangeStep[]; readonly added: readonly ChangeStep[] };
const NOTHING: Steps = { removed: [], added: [] };

type Direction = 'ingress' | 'egress';
const DIRECTIONS = ['ingress', 'egress'] as const;

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function objectsOf(value: unknown): Values[] {
  return Array.isArray(value) ? value.filter((one): one is Values => typeof one === 'object' && one !== null) : [];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : typeof value === 'string' && /^-?\d+$/u.test(value) ? Number(value) : null;
}

/** Protocol and ports as our words have them. */
function trafficOf(protocol: unknown, from: unknown, to: unknown): Pick<RuleWords, 'protocol' | 'ports'> {
  const text = String(protocol).toLowerCase();
  const name = text === '-1' || text === 'all' ? 'all' : text;
  const [low, high] = [numberOf(from), numberOf(to)];
  if (name === 'all' || low === null || low < 0) return { protocol: name };
  const isIcmp = ['icmp', 'icmpv6', '1', '58'].includes(name);
  if (isIcmp) return { protocol: name, ports: high === null || high < 0 ? `${low}` : `${low}/${high}` };
  // Terraform writes 0 to 0 for all ports of other protocols.
  if (!['tcp', 'udp', '6', '17'].includes(name)) return { protocol: name };
  return { protocol: name, ports: low === high || high === null ? `${low}` : `${low}-${high}` };
}

/** `123456789012/sg-1` of a peered account. */
function groupId(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** Members of a rule that are lists of peers. */
const PEER_LISTS = ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids'];

/** One rule for each peer. */
function rulesOf(block: Values, own: string, more: readonly string[] = []): Omit<RuleWords, 'direction'>[] {
  const peers = [
    ...textsOf(block['cidr_blocks']),
    ...textsOf(block['ipv6_cidr_blocks']),
    ...textsOf(block['prefix_list_ids']),
    ...textsOf(block['security_groups']).map(groupId),
    ...(block['self'] === true ? [own] : []),
    ...more,
  ];
  const traffic = trafficOf(block['protocol'], block['from_port'], block['to_port']);
  return peers.map((peer) => ({ ...traffic, peer }));
}

function securityGroup(resource: Resource): Steps {
  const { before, after } = resource;
  const group = (before === null ? null : resource.text(before, 'id')) ?? (after && resource.text(after, 'id'));
  if (group === null) return NOTHING;
  const added = DIRECTIONS.flatMap((direction): ChangeStep[] => {
    const [was, is] = [before?.[direction], after?.[direction]];
    if (after !== null && is === undefined) {
      if (resource.isUnknown(direction)) resource.unknown(direction);
      return [];
    }
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    if (resource.isPartlyUnknown(direction)) resource.unknown(direction);
    return [{ do: 'replace-rules', group, direction, rules: objectsOf(is).flatMap((block) => rulesOf(block, group)) }];
  });
  return { removed: [], added: before === null ? [{ do: 'add-group', group }, ...added] : added };
}

/** Steps for a rule that stands alone: what was goes, what will be comes. */
function alone(
  resource: Resource,
  wordsOf: (side: Values) => readonly (RuleWords & { readonly group: string })[],
): Steps {
  const { before, after } = resource;
  const step = (verb: 'add-rule' | 'remove-rule', side: Values | null): ChangeStep[] =>
    side === null ? [] : wordsOf(side).map((words) => ({ do: verb, ...words }));
  return { removed: step('remove-rule', before), added: step('add-rule', after) };
}

function groupRule(resource: Resource): Steps {
  return alone(resource, (side) => {
    const group = resource.text(side, 'security_group_id');
    const source = resource.text(side, 'source_security_group_id');
    const direction: Direction = side['type'] === 'egress' ? 'egress' : 'ingress';
    if (side === resource.after)
      for (const member of PEER_LISTS) if (resource.isPartlyUnknown(member)) resource.unknown(member);
    if (group === null) return [];
    return rulesOf(side, group, source === null ? [] : [groupId(source)]).map((words) => ({
      ...words,
      group,
      direction,
    }));
  });
}

const vpcRule =
  (direction: Direction) =>
  (resource: Resource): Steps =>
    alone(resource, (side) => {
      const group = resource.text(side, 'security_group_id');
      const reference = resource.text(side, 'referenced_security_group_id');
      const peer =
        resource.text(side, 'cidr_ipv4') ??
        resource.text(side, 'cidr_ipv6') ??
        resource.text(side, 'prefix_list_id') ??
        (reference === null ? null : groupId(reference));
      if (group === null || peer === null) return [];
      return [{ group, direction, peer, ...trafficOf(side['ip_protocol'], side['from_port'], side['to_port']) }];
    });

function entryOf(
  block: Values,
  numbers: readonly [number: string, action: string],
): Omit<EntryWords, 'direction'> | null {
  const number = numberOf(block[numbers[0]]);
  const cidr = [block['cidr_block'], block['ipv6_cidr_block']].find((text) => typeof text === 'string' && text !== '');
  const action = String(block[numbers[1]]).toLowerCase();
  if (number === null || typeof cidr !== 'string' || (action !== 'allow' && action !== 'deny')) return null;
  const protocol = String(block['protocol']).toLowerCase();
  const isIcmp = ['icmp', 'icmpv6', '1', '58'].includes(protocol);
  const traffic = isIcmp
    ? trafficOf(protocol, block['icmp_type'], block['icmp_code'])
    : trafficOf(protocol, block['from_port'], block['to_port']);
  return { number, action, cidr, ...traffic };
}

function networkAcl(resource: Resource): Steps {
  const { before, after } = resource;
  const acl = (before === null ? null : resource.text(before, 'id')) ?? (after && resource.text(after, 'id'));
  if (acl === null) return NOTHING;
  if (before === null) {
    // What a new ACL is for is not told by ids that there are.
    resource.unknown('id');
    return NOTHING;
  }
  const added = DIRECTIONS.flatMap((direction): ChangeStep[] => {
    const [was, is] = [before[direction], after?.[direction]];
    if (after !== null && is === undefined) {
      if (resource.isUnknown(direction)) resource.unknown(direction);
      return [];
    }
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    if (resource.isPartlyUnknown(direction)) resource.unknown(direction);
    const read = objectsOf(is).map((block) => entryOf(block, ['rule_no', 'action']));
    const entries = read.filter((entry) => entry !== null);
    if (entries.length < read.length && !resource.isPartlyUnknown(direction)) resource.unknown(direction);
    return [{ do: 'replace-entries', acl, direction, entries }];
  });
  return { removed: [], added };
}

function aclRule(resource: Resource): Steps {
  const placeOf = (
    side: Values,
  ): { acl: string; direction: Direction; entry: Omit<EntryWords, 'direction'> } | null => {
    const acl = resource.text(side, 'network_acl_id');
    const entry = entryOf(side, ['rule_number', 'rule_action']);
    if (entry === null && side === resource.after) {
      const isAction = /^(?:allow|deny)$/iu.test(String(side['rule_action']));
      resource.unknown(
        numberOf(side['rule_number']) === null ? 'rule_number' : isAction ? 'cidr_block' : 'rule_action',
      );
    }
    return acl === null || entry === null
      ? null
      : { acl, direction: side['egress'] === true ? 'egress' : 'ingress', entry };
  };
  const was = resource.before && placeOf(resource.before);
  const is = resource.after && placeOf(resource.after);
  return {
    removed: was ? [{ do: 'remove-entry', acl: was.acl, direction: was.direction, number: was.entry.number }] : [],
    added: is ? [{ do: 'add-entry', acl: is.acl, direction: is.direction, ...is.entry }] : [],
  };
}

/** Members that name where a route leads. */
const TARGETS =
  'gateway_id nat_gateway_id transit_gateway_id vpc_peering_connection_id egress_only_gateway_id network_interface_id instance_id vpc_endpoint_id local_gateway_id carrier_gateway_id core_network_arn'.split(
    ' ',
  );

function targetOf(block: Values, text: (member: string) => string | null): string | null {
  for (const member of TARGETS) {
    const found = typeof block[member] === 'string' && block[member] !== '' ? block[member] : text(member);
    if (found !== null) return found;
  }
  return null;
}

function route(resource: Resource): Steps {
  const wordsOf = (side: Values): (RouteWords & { table: string }) | null => {
    const table = resource.text(side, 'route_table_id');
    const destination =
      resource.text(side, 'destination_cidr_block') ??
      resource.text(side, 'destination_ipv6_cidr_block') ??
      resource.text(side, 'destination_prefix_list_id');
    const target = targetOf(side, (member) => resource.text(side, member));
    return table === null || destination === null || target === null ? null : { table, destination, target };
  };
  const was = resource.before && wordsOf(resource.before);
  const is = resource.after && wordsOf(resource.after);
  return {
    removed: was ? [{ do: 'remove-route', table: was.table, destination: was.destination }] : [],
    added: is ? [{ do: 'add-route', ...is }] : [],
  };
}

function routeTable(resource: Resource): Steps {
  const { before, after } = resource;
  const table = before && resource.text(before, 'id');
  if (table === null) {
    if (after !== null) resource.unknown('id');
    return NOTHING;
  }
  if (after !== null && after['route'] === undefined) {
    if (resource.isUnknown('route')) resource.unknown('route');
    return NOTHING;
  }
  if (JSON.stringify(before?.['route']) === JSON.stringify(after?.['route'])) return NOTHING;
  const routes = objectsOf(after?.['route']).flatMap((block): RouteWords[] => {
    const destination = [block['cidr_block'], block['ipv6_cidr_block'], block['destination_prefix_list_id']].find(
      (text) => typeof text === 'string' && text !== '',
    );
    const target = targetOf(block, () => null);
    if (typeof destination === 'string' && target !== null) return [{ destination, target }];
    resource.unknown('route');
    return [];
  });
  return { removed: [], added: [{ do: 'replace-routes', table, routes }] };
}

function prefixList(resource: Resource): Steps {
  const { before, after } = resource;
  const list = before && resource.text(before, 'id');
  if (list === null) {
    if (after !== null) resource.unknown('id');
    return NOTHING;
  }
  if (after !== null && after['entry'] === undefined) {
    if (resource.isUnknown('entry')) resource.unknown('entry');
    return NOTHING;
  }
  const cidrsOf = (side: Values | null): string[] =>
    objectsOf(side?.['entry']).flatMap((entry) => (typeof entry['cidr'] === 'string' ? [entry['cidr']] : []));
  if (after !== null && resource.isPartlyUnknown('entry')) resource.unknown('entry');
  if (JSON.stringify(cidrsOf(before)) === JSON.stringify(cidrsOf(after))) return NOTHING;
  return { removed: [], added: [{ do: 'replace-prefixes', list, cidrs: cidrsOf(after) }] };
}

function prefixEntry(resource: Resource): Steps {
  const step = (verb: 'add-prefix' | 'remove-prefix', side: Values | null): ChangeStep[] => {
    const list = side && resource.text(side, 'prefix_list_id');
    const cidr = side && resource.text(side, 'cidr');
    return list === null || cidr === null ? [] : [{ do: verb, list, cidr }];
  };
  return { removed: step('remove-prefix', resource.before), added: step('add-prefix', resource.after) };
}

function attachment(resource: Resource): Steps {
  const step = (verb: 'attach-group' | 'detach-group', side: Values | null): ChangeStep[] => {
    const group = side && resource.text(side, 'security_group_id');
    const one = side && resource.text(side, 'network_interface_id');
    return group === null || one === null ? [] : [{ do: verb, group, interface: one }];
  };
  return { removed: step('detach-group', resource.before), added: step('attach-group', resource.after) };
}

/** By type. */
export const STEPS_OF: Readonly<Record<string, (resource: Resource) => Steps>> = {
  aws_security_group: securityGroup,
  aws_default_security_group: securityGroup,
  aws_security_group_rule: groupRule,
  aws_vpc_security_group_ingress_rule: vpcRule('ingress'),
  aws_vpc_security_group_egress_rule: vpcRule('egress'),
  aws_network_acl: networkAcl,
  aws_default_network_acl: networkAcl,
  aws_network_acl_rule: aclRule,
  aws_route: route,
  aws_route_table: routeTable,
  aws_default_route_table: routeTable,
  aws_ec2_managed_prefix_list: prefixList,
  aws_ec2_managed_prefix_list_entry: prefixEntry,
  aws_network_interface_sg_attachment: attachment,
};
