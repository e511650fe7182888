/**
 * A planned change as commands of aws-cli and as Terraform.
 *
 * In:    planned steps. Out: text that can be run or kept.
 * Holds: every value is quoted for its language. Terraform has a resource for each thing that is added; what goes is named in a
 *        comment, for it belongs to resources that are elsewhere.
 */
import type { RuleWords } from '../../api/change.ts';
import { shellWord, terraformString } from '../../model/shell-word.ts';
import { parseCidr } from '../../network/vpc/addresses.ts';
import type { EntryStep, Planned, RuleStep } from './planned.ts';

type Traffic = Pick<RuleWords, 'protocol' | 'ports'>;

/** First and last port, or type and code of ICMP; null: all. */
function endsOf({ protocol, ports }: Traffic): readonly [number, number] | null {
  const isIcmp = protocol === 'icmp' || protocol === 'icmpv6';
  if (ports === undefined) return isIcmp ? [-1, -1] : null;
  const [from = -1, to = isIcmp ? -1 : from] = ports.split(isIcmp ? '/' : '-').map(Number);
  return [from, to];
}

/** As EC2 names them. */
const protocolOf = (word: string): string => (word === 'all' ? '-1' : word);
const ACL_NUMBERS: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };

/** Commands, one a line. */
export function plannedCommands(steps: readonly Planned[]): string {
  const lines = new Set(steps.map(command));
  return ['#!/bin/sh -e', ...lines, ''].join('\n');
}

function command(one: Planned): string {
  if ('groups' in one)
    return `aws ec2 modify-network-interface-attribute --network-interface-id ${shellWord(one.step.interface)} --groups ${one.groups.map(shellWord).join(' ')}`;
  const { step } = one;
  switch (step.do) {
    case 'add-group':
      return `# ${JSON.stringify(step.group)} is a new group: make it first, and put its id in the place of this name`;
    case 'add-rule':
    case 'remove-rule':
      return ruleCommand(step, 'ruleId' in one ? one.ruleId : null);
    case 'add-entry':
    case 'replace-entry':
      return entryCommand(step);
    case 'remove-entry':
      return `aws ec2 delete-network-acl-entry --network-acl-id ${shellWord(step.acl)} ${wayOf(step.direction)} --rule-number ${step.number}`;
    case 'add-route':
    case 'replace-route': {
      const verb = step.do === 'add-route' ? 'create' : 'replace';
      return `aws ec2 ${verb}-route --route-table-id ${shellWord(step.table)} ${destination(step.destination)} ${targetOf(step.target).option} ${shellWord(step.target)}`;
    }
    case 'remove-route':
      return `aws ec2 delete-route --route-table-id ${shellWord(step.table)} ${destination(step.destination)}`;
    case 'add-prefix':
    case 'remove-prefix': {
      const list = shellWord(step.list);
      const member = step.do === 'add-prefix' ? 'add' : 'remove';
      const version = `"$(aws ec2 describe-managed-prefix-lists --prefix-list-ids ${list} --query 'PrefixLists[0].Version' --output text)"`;
      return `aws ec2 modify-managed-prefix-list --prefix-list-id ${list} --current-version ${version} --${member}-entries ${shellWord(`Cidr=${step.cidr}`)}`;
    }
  }
}

const wayOf = (direction: string): string => (direction === 'egress' ? '--egress' : '--ingress');

function ruleCommand(step: RuleStep, ruleId: string | null): string {
  const verb = step.do === 'add-rule' ? 'authorize' : 'revoke';
  const begin = `aws ec2 ${verb}-security-group-${step.direction} --group-id ${shellWord(step.group)}`;
  return ruleId === null
    ? `${begin} --ip-permissions ${shellWord(JSON.stringify([permissionOf(step)]))}`
    : `${begin} --security-group-rule-ids ${shellWord(ruleId)}`;
}

function permissionOf({ protocol, ports, peer }: RuleWords): object {
  const ends = endsOf(ports === undefined ? { protocol } : { protocol, ports });
  const family = parseCidr(peer)?.family;
  return {
    IpProtocol: protocolOf(protocol),
    ...(ends === null ? {} : { FromPort: ends[0], ToPort: ends[1] }),
    ...(family === 4
      ? { IpRanges: [{ CidrIp: peer }] }
      : family === 6
        ? { Ipv6Ranges: [{ CidrIpv6: peer }] }
        : peer.startsWith('pl-')
          ? { PrefixListIds: [{ PrefixListId: peer }] }
          : { UserIdGroupPairs: [{ GroupId: peer }] }),
  };
}

function entryCommand(step: EntryStep): string {
  const verb = step.do === 'add-entry' ? 'create' : 'replace';
  const isSix = parseCidr(step.cidr)?.family === 6;
  const ends = endsOf(step);
  const isIcmp = step.protocol === 'icmp' || step.protocol === 'icmpv6';
  const traffic =
    ends === null
      ? ''
      : isIcmp
        ? ` --icmp-type-code Type=${ends[0]},Code=${ends[1]}`
        : ` --port-range From=${ends[0]},To=${ends[1]}`;
  return `aws ec2 ${verb}-network-acl-entry --network-acl-id ${shellWord(step.acl)} ${wayOf(step.direction)} --rule-number ${step.number} --protocol ${shellWord(ACL_NUMBERS[step.protocol] ?? step.protocol)} ${isSix ? '--ipv6-cidr-block' : '--cidr-block'} ${shellWord(step.cidr)}${traffic} --rule-action ${step.action}`;
}

function destination(text: string): string {
  const family = parseCidr(text)?.family;
  const option =
    family === 6
      ? '--destination-ipv6-cidr-block'
      : family === 4
        ? '--destination-cidr-block'
        : '--destination-prefix-list-id';
  return `${option} ${shellWord(text)}`;
}

/** Options and arguments that name a target, by how its id begins. */
const TARGETS: readonly (readonly [prefix: string, option: string, argument: string])[] = [
  ['nat-', '--nat-gateway-id', 'nat_gateway_id'],
  ['tgw-', '--transit-gateway-id', 'transit_gateway_id'],
  ['pcx-', '--vpc-peering-connection-id', 'vpc_peering_connection_id'],
  ['eigw-', '--egress-only-internet-gateway-id', 'egress_only_gateway_id'],
  ['lgw-', '--local-gateway-id', 'local_gateway_id'],
  ['cagw-', '--carrier-gateway-id', 'carrier_gateway_id'],
  ['eni-', '--network-interface-id', 'network_interface_id'],
  ['i-', '--instance-id', 'network_interface_id'],
  ['vpce-', '--vpc-endpoint-id', 'vpc_endpoint_id'],
];

function targetOf(id: string): { readonly option: string; readonly argument: string } {
  const found = TARGETS.find(([prefix]) => id.startsWith(prefix));
  return { option: found?.[1] ?? '--gateway-id', argument: found?.[2] ?? 'gateway_id' };
}

type Argument = readonly [name: string, value: string | number | boolean];

/** HCL for the AWS provider. */
export function plannedTerraform(steps: readonly Planned[]): string {
  const blocks = steps.map((one, at) => resource(one, `change_${at + 1}`));
  return `${[...new Set(blocks)].join('\n\n')}\n`;
}

function block(type: string, name: string, all: readonly Argument[]): string {
  const width = Math.max(...all.map(([key]) => key.length));
  const lines = all.map(
    ([key, value]) => `  ${key.padEnd(width)} = ${typeof value === 'string' ? terraformString(value) : value}`,
  );
  return [`resource "${type}" "${name}" {`, ...lines, '}'].join('\n');
}

const comment = (text: string): string => `# ${text.replaceAll(/[\r\n]+/gu, ' ')}`;

function resource(one: Planned, name: string): string {
  if ('groups' in one)
    return comment(
      `${one.step.interface}: security_groups = ${JSON.stringify(one.groups)}, in the resource that has it`,
    );
  const { step } = one;
  switch (step.do) {
    case 'add-group':
      return comment(`${JSON.stringify(step.group)} is a new group; its resource belongs here`);
    case 'add-rule':
      return ruleBlock(step, name);
    case 'add-entry':
    case 'replace-entry':
      return entryBlock(step, name);
    case 'add-route':
    case 'replace-route': {
      const family = parseCidr(step.destination)?.family;
      const to =
        family === 6
          ? 'destination_ipv6_cidr_block'
          : family === 4
            ? 'destination_cidr_block'
            : 'destination_prefix_list_id';
      return block('aws_route', name, [
        ['route_table_id', step.table],
        [to, step.destination],
        [targetOf(step.target).argument, step.target],
      ]);
    }
    case 'add-prefix':
      return block('aws_ec2_managed_prefix_list_entry', name, [
        ['prefix_list_id', step.list],
        ['cidr', step.cidr],
      ]);
    case 'remove-rule':
      return comment(
        `take away the resource of ${('ruleId' in one ? one.ruleId : null) ?? 'the rule'}: ${step.group} ${step.direction} ${step.protocol} ${step.ports ?? 'all ports'} ${step.peer}`,
      );
    case 'remove-entry':
      return comment(`take away the resource of entry ${step.number} (${step.direction}) of ${step.acl}`);
    case 'remove-route':
      return comment(`take away the resource of the route to ${step.destination} of ${step.table}`);
    case 'remove-prefix':
      return comment(`take away the resource of ${step.cidr} in ${step.list}`);
  }
}

function ruleBlock(step: RuleStep, name: string): string {
  const { protocol, peer } = step;
  const ends = endsOf(step);
  const family = parseCidr(peer)?.family;
  const member =
    family === 4
      ? 'cidr_ipv4'
      : family === 6
        ? 'cidr_ipv6'
        : peer.startsWith('pl-')
          ? 'prefix_list_id'
          : 'referenced_security_group_id';
  return block(`aws_vpc_security_group_${step.direction}_rule`, name, [
    ['security_group_id', step.group],
    ['ip_protocol', protocolOf(protocol)],
    ...(ends === null
      ? []
      : ([
          ['from_port', ends[0]],
          ['to_port', ends[1]],
        ] as const)),
    [member, peer],
  ]);
}

function entryBlock(step: EntryStep, name: string): string {
  const ends = endsOf(step);
  const isIcmp = step.protocol === 'icmp' || step.protocol === 'icmpv6';
  const [from, to] = isIcmp ? (['icmp_type', 'icmp_code'] as const) : (['from_port', 'to_port'] as const);
  return block('aws_network_acl_rule', name, [
    ['network_acl_id', step.acl],
    ['egress', step.direction === 'egress'],
    ['rule_number', step.number],
    ['rule_action', step.action],
    ['protocol', ACL_NUMBERS[step.protocol] ?? step.protocol],
    [parseCidr(step.cidr)?.family === 6 ? 'ipv6_cidr_block' : 'cidr_block', step.cidr],
    ...(ends === null
      ? []
      : ([
          [from, ends[0]],
          [to, ends[1]],
        ] as const)),
  ]);
}
