/**
 * A change in the words of `flowgauge replay --change`, so that recorded traffic can be asked about it before it is made.
 *
 * In:    changes as EC2 takes them. Out: one object for a file; null where a change is of a kind that replay has no words for.
 */
import type { Change } from '../../api/explanation.ts';

const WORDS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** The file's content. */
export function replayForm(changes: readonly Change[]): { readonly changes: readonly object[] } | null {
  const steps = changes.map(stepOf);
  return steps.every((step) => step !== null) ? { changes: steps } : null;
}

function stepOf(change: Change): object | null {
  switch (change.action) {
    case 'AuthorizeSecurityGroupIngress':
    case 'AuthorizeSecurityGroupEgress': {
      const [one] = change.IpPermissions;
      const peer = one?.IpRanges?.[0]?.CidrIp ?? one?.Ipv6Ranges?.[0]?.CidrIpv6 ?? one?.UserIdGroupPairs?.[0]?.GroupId;
      if (change.GroupId === undefined || one === undefined) return null;
      return {
        do: 'add-rule',
        group: change.GroupId,
        direction: change.action === 'AuthorizeSecurityGroupIngress' ? 'ingress' : 'egress',
        protocol: one.IpProtocol,
        ...portsOf(one.IpProtocol.startsWith('icmp'), one.FromPort, one.ToPort),
        peer,
      };
    }
    case 'CreateNetworkAclEntry': {
      const { PortRange, IcmpTypeCode } = change;
      const [from, to] = IcmpTypeCode ? [IcmpTypeCode.Type, IcmpTypeCode.Code] : [PortRange?.From, PortRange?.To];
      return {
        do: 'add-entry',
        acl: change.NetworkAclId,
        direction: change.Egress ? 'egress' : 'ingress',
        number: change.RuleNumber,
        action: 'allow',
        protocol: WORDS[change.Protocol] ?? change.Protocol,
        ...portsOf(IcmpTypeCode !== undefined, from, to),
        cidr: change.CidrBlock ?? change.Ipv6CidrBlock,
      };
    }
    case 'CreateRoute':
      if (change.RouteTableId === undefined) return null;
      return {
        do: 'add-route',
        table: change.RouteTableId,
        destination: change.DestinationCidrBlock ?? change.DestinationIpv6CidrBlock,
        target: change.VpcPeeringConnectionId ?? change.NatGatewayId ?? change.GatewayId,
      };
    default:
      return null;
  }
}

function portsOf(isIcmp: boolean, from: number | undefined, to: number | undefined): { readonly ports?: string } {
  if (from === undefined || to === undefined) return {};
  if (isIcmp) return { ports: `${from}/${to}` };
  return { ports: from === to ? String(from) : `${from}-${to}` };
}
