/**
 * A suggestion as commands of aws-cli, as Terraform, and as a change of ours.
 *
 * In:    a suggestion. Out: text that can be run or kept.
 * Holds: commands add what is new before they take away what goes; a rule that stays is not touched. Rules without an `sgr-` id are taken away by what
 *        they say. Terraform has one resource for each rule, named after what it admits.
 */
import type { SuggestedRule, Suggestion } from '../../api/suggestion.ts';
import { shellWord, terraformString } from '../../model/shell-word.ts';
import { parseCidr } from '../../network/vpc/addresses.ts';

export const FORMATS = ['aws-cli', 'terraform', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Writes it. */
export function written(suggestion: Suggestion, format: Format): string {
  if (format === 'json') return `${JSON.stringify(suggestion.change, null, 2)}\n`;
  return format === 'aws-cli' ? asCommands(suggestion) : asTerraform(suggestion);
}

const DIRECTIONS = ['ingress', 'egress'] as const;

/** First and last port, or type and code of ICMP; -1 all, as IpPermissions have it. */
function portsOf(ports: string | null): readonly [number, number] {
  if (ports === null) return [-1, -1];
  const [from = 0, to = from] = ports.split('-').map((end) => (end === 'all' ? -1 : Number(end)));
  return [from, to];
}

/** What both kinds of rules have in common, whether suggested or there. */
type Said = { readonly protocol: string; readonly ports: string | null; readonly peer: string };

function permission({ protocol, ports, peer }: Said): object {
  const [FromPort, ToPort] = portsOf(ports);
  const cidr = parseCidr(peer);
  const traffic =
    protocol === 'all' || ports === null
      ? protocol === 'icmp' || protocol === 'icmpv6'
        ? { FromPort, ToPort }
        : {}
      : { FromPort, ToPort };
  const to =
    cidr !== null
      ? cidr.family === 6
        ? { Ipv6Ranges: [{ CidrIpv6: peer }] }
        : { IpRanges: [{ CidrIp: peer }] }
      : peer.startsWith('pl-')
        ? { PrefixListIds: [{ PrefixListId: peer }] }
        : { UserIdGroupPairs: [{ GroupId: peer }] };
  return { IpProtocol: protocol === 'all' ? '-1' : protocol, ...traffic, ...to };
}

/** A rule by the id that a model without `sgr-` ids gives it: `sg-…/in/tcp/22-22/0.0.0.0/0`. */
function saidOf(id: string): { direction: 'ingress' | 'egress'; said: Said } | null {
  const [, way, protocol = '', ports = '', peer = ''] = /^[^/]+\/(in|out)\/([^/]+)\/([^/]+)\/(.+)$/u.exec(id) ?? [];
  if (way === undefined) return null;
  const isAll = ports === 'all' || ports === '0-65535';
  return { direction: way === 'in' ? 'ingress' : 'egress', said: { protocol, ports: isAll ? null : ports, peer } };
}

function asCommands({ group, rules, superfluous, superfluousEgress }: Suggestion): string {
  const lines: string[] = ['#!/bin/sh -e'];
  const quoted = (permissions: readonly object[]): string => shellWord(JSON.stringify(permissions));
  const id = shellWord(group);
  for (const direction of DIRECTIONS) {
    const added = rules.filter((rule) => rule.direction === direction && rule.keeps === null);
    if (added.length > 0)
      lines.push(
        `aws ec2 authorize-security-group-${direction} --group-id ${id} --ip-permissions ${quoted(added.map(permission))}`,
      );
  }
  const ids = superfluous.filter((rule) => rule.startsWith('sgr-'));
  for (const direction of DIRECTIONS) {
    const own = ids.filter((rule) => superfluousEgress.includes(rule) === (direction === 'egress'));
    if (own.length > 0)
      lines.push(
        `aws ec2 revoke-security-group-${direction} --group-id ${id} --security-group-rule-ids ${own.map(shellWord).join(' ')}`,
      );
    const said = superfluous.flatMap((rule) => {
      const one = saidOf(rule);
      return one?.direction === direction ? [permission(one.said)] : [];
    });
    if (said.length > 0)
      lines.push(`aws ec2 revoke-security-group-${direction} --group-id ${id} --ip-permissions ${quoted(said)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Rules that are there are imported, so that none is made twice; what is not needed is no more than named. */
function asTerraform({ group, rules, superfluous }: Suggestion): string {
  const names = new Map<string, number>();
  const blocks = rules.map((rule) => {
    const base = `${rule.direction}_${rule.protocol}_${rule.ports ?? 'all'}_${rule.peer}`.replaceAll(
      /[^A-Za-z0-9_]+/gu,
      '_',
    );
    const count = (names.get(base) ?? 0) + 1;
    names.set(base, count);
    return terraformRule(group, rule, count === 1 ? base : `${base}_${count}`);
  });
  const rest = superfluous.map((id) => `#   ${JSON.stringify(id)}\n`);
  const unneeded =
    rest.length === 0 ? '' : `\n# not needed; take them away once the rules above are there:\n${rest.join('')}`;
  return (blocks.length === 0 ? '# no rule is needed\n' : blocks.join('\n')) + unneeded;
}

function terraformRule(group: string, rule: SuggestedRule, name: string): string {
  const { direction, protocol, ports, peer, keeps } = rule;
  const type = `aws_vpc_security_group_${direction}_rule`;
  const [from, to] = portsOf(ports);
  const cidr = parseCidr(peer);
  const member = cidr === null ? 'referenced_security_group_id' : cidr.family === 6 ? 'cidr_ipv6' : 'cidr_ipv4';
  const isIcmp = protocol === 'icmp' || protocol === 'icmpv6';
  const traffic = ports === null && !isIcmp ? [] : [`  from_port = ${from}`, `  to_port = ${to}`];
  const members = [
    `  security_group_id = ${terraformString(group)}`,
    `  ip_protocol = ${terraformString(protocol)}`,
    ...traffic,
    `  ${member} = ${terraformString(peer)}`,
  ];
  const width = Math.max(...members.map((line) => line.indexOf(' =')));
  const aligned = members.map((line) => {
    const at = line.indexOf(' =');
    return `${line.slice(0, at).padEnd(width)}${line.slice(at)}`;
  });
  const isThere = keeps?.startsWith('sgr-') === true;
  const known = isThere ? ['import {', `  to = ${type}.${name}`, `  id = ${terraformString(keeps)}`, '}', ''] : [];
  return [...known, `resource "${type}" "${name}" {`, ...aligned, '}', ''].join('\n');
}
