/**
 * Makes docs/import-members.md, the list of every member of every answer: `bin/node scripts/make-import-members.ts`.
 *
 * In:    the members, and the page as it is. Out: the page. Holds: a member that the page does not have is refused until
 *        somebody has looked at it: it is read, named in `NOT_UNDERSTOOD`, or said to decide nothing with `--kept`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './files.ts';
import { importMembers } from './import-members.ts';

const PAGE = 'docs/import-members.md';

/**
 * Members that may decide whether traffic passes, where it goes or what is recorded, and that nothing follows: those
 * whose path begins so.
 */
const NOT_UNDERSTOOD: readonly string[] = [
  'NetworkInterfaces[].Status',
  'NetworkInterfaces[].Attachment.Status',
  'NetworkInterfaces[].Attachment.EnaSrdSpecification',
  'NetworkInterfaces[].ConnectionTrackingConfiguration',
  'NetworkInterfaces[].Operator',
  'NetworkInterfaces[].AssociatedSubnets',
  'NetworkInterfaces[].DenyAllIgwTraffic',
  'NetworkInterfaces[].Association.CarrierIp',
  'NetworkInterfaces[].PrivateIpAddresses[].Association.CarrierIp',
  'Instances[].State.',
  'Instances[].NetworkInterfaces[].ConnectionTrackingConfiguration',
  'InternetGateways[].Attachments',
  'EgressOnlyInternetGateways[].Attachments',
  'NatGateways[].State',
  'NatGateways[].ConnectivityType',
  'NatGateways[].RouteTableId',
  'NatGateways[].AttachedAppliances',
  'NatGateways[].NatGatewayAddresses[].Status',
  'VpnGateways[].State',
  'VpnGateways[].VpcAttachments',
  'VpcEndpoints[].State',
  'VpcEndpoints[].PolicyDocument',
  'VpcEndpoints[].ResourceConfigurationArn',
  'VpcEndpoints[].ServiceNetworkArn',
  'VpcEndpoints[].Ipv4Prefixes',
  'VpcEndpoints[].Ipv6Prefixes',
  'TransitGateways[].State',
  'TransitGateways[].Options',
  'TransitGatewayVpcAttachments[].State',
  'TransitGatewayVpcAttachments[].SubnetIds',
  'TransitGatewayVpcAttachments[].Options',
  'RouteTables[].PropagatingVgws',
  'RouteTables[].Associations[].PublicIpv4Pool',
  'RouteTables[].Routes[].IpAddress',
  'VpcPeeringConnections[].AccepterVpcInfo.PeeringOptions.AllowEgress',
  'VpcPeeringConnections[].RequesterVpcInfo.PeeringOptions.AllowEgress',
  'VpcEncryptionControls[].ResourceExclusions.ApiGatewayV2.State',
  'VpcEncryptionControls[].ResourceExclusions.GlobalAccelerator.State',
  'LoadBalancers[].EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic',
  'LoadBalancers[].SecurityGroups',
  'FlowLogs[].FlowLogStatus',
  'FlowLogs[].DeliverLogsStatus',
  'FlowLogs[].DeliverLogsErrorMessage',
  'VpcBlockPublicAccessOptions.State',
  'VpcBlockPublicAccessOptions.ExclusionsAllowed',
];

/** Of these the ones that are read, for answers to name them where they are other than usual. */
const NAMED: readonly string[] = [
  'NetworkInterfaces[].AssociatedSubnets',
  'NetworkInterfaces[].DenyAllIgwTraffic',
  'Instances[].State.',
  'NatGateways[].State',
  'NatGateways[].AttachedAppliances',
  'VpcEndpoints[].State',
  'TransitGatewayVpcAttachments[].State',
];

type Status = 'used' | 'kept' | 'not understood';

const isNamed = (path: string): boolean => NAMED.some((begin) => path.startsWith(begin));
const isNotUnderstood = (path: string): boolean => NOT_UNDERSTOOD.some((begin) => path.startsWith(begin));

/** Statuses by path, as a page has them. */
export function statusesOf(page: string): ReadonlyMap<string, string> {
  return new Map(
    [...page.matchAll(/^\| `([^`]+)` \| ([a-z ]+) \|$/gm)].map(([, path = '', status = '']) => [path, status]),
  );
}

/** The page as it would be, and members that nobody has looked at. */
export function membersPage(before: string): { readonly page: string; readonly unseen: readonly string[] } {
  const known = statusesOf(before);
  const unseen: string[] = [];
  const counts: Record<Status, number> = { used: 0, kept: 0, 'not understood': 0 };
  const parts: string[] = [];
  for (const [{ service, action }, members] of importMembers()) {
    parts.push('', `## ${service}:${action}`, '', '| member | |', '| --- | --- |');
    for (const { path, used } of members) {
      const status = isNamed(path)
        ? 'not understood'
        : used
          ? 'used'
          : isNotUnderstood(path)
            ? 'not understood'
            : 'kept';
      if (status === 'kept' && known.get(path) === undefined) unseen.push(path);
      counts[status]++;
      parts.push(`| \`${path}\` | ${status} |`);
    }
  }
  const head = `# Members of the answers

Made by \`bin/node scripts/make-import-members.ts\`; do not edit it here. Every member of every answer that
[\`import aws\`](import.md) takes, as the AWS SDK describes them: ${counts.used} are used, ${counts.kept} kept, ${counts['not understood']} not understood.

- **used**: the model reads it, or it is the id by which the thing is kept.
- **kept**: stored with its times and decides nothing: neither where traffic goes, nor whether it passes, nor what a record says.
- **not understood**: stored too. It may decide, and nothing follows it yet. States that are other than usual, \`DenyAllIgwTraffic\`, \`AssociatedSubnets\` and
  \`AttachedAppliances\` are named in every answer that they touch, and so is a member of a rule, a permission or an ACL entry that is not on this
  page; where another one matters, think of it yourself.`;
  return { page: [head, ...parts, ''].join('\n'), unseen };
}

function main(): void {
  const path = join(ROOT, PAGE);
  const { page, unseen } = membersPage(readFileSync(path, { encoding: 'utf8', flag: 'a+' }));
  if (unseen.length > 0 && !process.argv.includes('--kept')) {
    console.error(`new members that nobody has looked at:\n${unseen.join('\n')}`);
    console.error('read them, put them into NOT_UNDERSTOOD, or say --kept where they decide nothing');
    process.exitCode = 1;
  } else writeFileSync(path, page);
}

if (import.meta.main) main();
