/**
 * Makes docs/import-members.md, the list of every member of every answer, and the members that `network/vpc/` takes for
 * known: `bin/node scripts/make-import-members.ts`.
 *
 * In:    the members, and the page as it is. Out: the page, the module. Holds: a member that the page does not have is
 *        refused until somebody has looked at it: it is read, has an entry in `NOT_FOLLOWED`, is in `KEPT_BECAUSE`, or is
 *        said to decide nothing with `--kept`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './files.ts';
import { NOT_FOLLOWED } from '../src/network/vpc/not-followed.ts';
import { importMembers } from './import-members.ts';

const PAGE = 'docs/import-members.md';
export const KNOWN_MODULE = 'src/network/vpc/known-members.generated.ts';

const NEW_ATTACHMENTS = 'says what attachments that come later get or need, and nothing of one that is there';
const NAMES = 'says what a name resolves to; answers are about addresses';
const CLASSIC = 'ClassicLink ended in August 2022, and no instance outside a VPC is left to be reached by it';
const STATE_IN_WORDS = 'the words to a state, which is named';

/** Members whose names look as if they decided something, by the begin of their paths, and why they do not. */
export const KEPT_BECAUSE: Readonly<Record<string, string>> = {
  'NetworkInterfaces[].Attachment.EnaSrdSpecification':
    'ENA Express changes how packets are carried between two cards; groups, ACLs and routes see the same packets',
  'NetworkInterfaces[].Operator':
    'says which service manages it, and groups, ACLs and routes hold for it as for others',
  'Instances[].State.Code': 'the number of the `Name`, which is named',
  'NatGateways[].ConnectivityType':
    'a private NAT gateway has no public address, and the internet gateway is asked for that: what it sends there is lost',
  'TransitGateways[].Options.AmazonSideAsn': 'a number of BGP; what was learned by it stands in no answer',
  'TransitGateways[].Options.AssociationDefaultRouteTableId': NEW_ATTACHMENTS,
  'TransitGateways[].Options.AutoAcceptSharedAttachments': NEW_ATTACHMENTS,
  'TransitGateways[].Options.DefaultRouteTableAssociation': NEW_ATTACHMENTS,
  'TransitGateways[].Options.DefaultRouteTablePropagation': NEW_ATTACHMENTS,
  'TransitGateways[].Options.PropagationDefaultRouteTableId': NEW_ATTACHMENTS,
  'TransitGateways[].Options.DnsSupport': NAMES,
  'TransitGateways[].Options.VpnEcmpSupport': 'chooses among tunnels that lead to the same place',
  'TransitGatewayVpcAttachments[].Options.DnsSupport': NAMES,
  'TransitGatewayVpcAttachments[].Options.ApplianceModeSupport':
    'chooses the zone in which the gateway hands over what comes from elsewhere; an interface meets the gateway in its own zone all the same',
  'RouteTables[].PropagatingVgws': 'the routes that were propagated stand among `Routes` themselves',
  'VpcPeeringConnections[].AccepterVpcInfo.PeeringOptions.AllowEgress': CLASSIC,
  'VpcPeeringConnections[].RequesterVpcInfo.PeeringOptions.AllowEgress': CLASSIC,
  'VpcEncryptionControls[].ResourceExclusions.ApiGatewayV2.StateMessage': STATE_IN_WORDS,
  'VpcEncryptionControls[].ResourceExclusions.GlobalAccelerator.StateMessage': STATE_IN_WORDS,
  'TransitGateways[].Options.EncryptionSupport.StateMessage': STATE_IN_WORDS,
  'LoadBalancers[].SecurityGroups':
    'the groups of its interfaces, `NetworkInterfaces[].Groups`, which are what its packets are judged by',
  'FlowLogs[].DeliverLogsErrorMessage': 'the words to a `DeliverLogsStatus`, which is named',
};

/** Whether a path is that of a member, or of one below it. */
const isWithin = (path: string, member: string): boolean =>
  path === member || path.startsWith(`${member}.`) || path.startsWith(`${member}[`);

const isNotUnderstood = (path: string): boolean =>
  Object.values(NOT_FOLLOWED)
    .flat()
    .some(({ members, partly }) => partly !== true && members.some((member) => isWithin(path, member)));

type Status = 'used' | 'kept' | 'not understood';

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
      const status = isNotUnderstood(path) ? 'not understood' : used ? 'used' : 'kept';
      const isReasoned = Object.keys(KEPT_BECAUSE).some((begin) => path.startsWith(begin));
      if (status === 'kept' && known.get(path) !== 'kept' && !isReasoned) unseen.push(path);
      counts[status]++;
      parts.push(`| \`${path}\` | ${status} |`);
    }
  }
  const head = `# Members of the answers

Made by \`bin/node scripts/make-import-members.ts\`; do not edit it here. Every member of every answer that
[\`import aws\`](import.md) takes, as the AWS SDK describes them: ${counts.used} are used, ${counts.kept} kept, ${counts['not understood']} not understood.

- **used**: the model reads it, or it is the id by which the thing is kept.
- **kept**: stored with its times and decides nothing: neither where traffic goes, nor whether it passes, nor what a record says.
- **not understood**: stored too. It may decide, and nothing follows it. Each has an entry in \`src/network/vpc/not-followed-ends.ts\` or
  \`not-followed-ways.ts\`, which names it where it has a
  value that matters: at the import, and in every answer that it touches. So does a member that is not on this page, because AWS added it later.

What looks as if it decided something and is kept:

${Object.entries(KEPT_BECAUSE)
  .map(([begin, why]) => `- \`${begin}\`: ${why}.`)
  .join('\n')}`;
  return { page: [head, ...parts, ''].join('\n'), unseen };
}

type Below = Map<string, Below>;

function textOf(members: Below): string {
  return [...members].map(([name, below]) => (below.size === 0 ? name : `${name}{${textOf(below)}}`)).join(' ');
}

/** The module of known members, as it would be. */
export function knownMembersModule(): string {
  const kinds = new Map<string, Below>();
  for (const [{ kind }, members] of importMembers())
    for (const { path } of members) {
      // aws-cli calls the answer of describe-managed-prefix-lists PrefixLists.
      for (const name of kind === 'ManagedPrefixLists' ? [kind, 'PrefixLists'] : [kind]) {
        let at = kinds.get(name) ?? new Map<string, Below>();
        kinds.set(name, at);
        for (const part of path.split('.').slice(1)) {
          const member = part.replaceAll('[]', '');
          const below: Below = at.get(member) ?? new Map();
          at.set(member, below);
          at = below;
        }
      }
    }
  const lines = [...kinds].map(([kind, members]) => `  ${kind}:\n    '${textOf(members)}',`);
  return `/** Made by \`bin/node scripts/make-import-members.ts\` from the shapes of the AWS SDK; do not edit it. */

/** By kind: members, and in braces those below them. */
export const KNOWN_MEMBERS: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
}

function main(): void {
  const path = join(ROOT, PAGE);
  const { page, unseen } = membersPage(readFileSync(path, { encoding: 'utf8', flag: 'a+' }));
  if (unseen.length > 0 && !process.argv.includes('--kept')) {
    console.error(`new members that nobody has looked at:\n${unseen.join('\n')}`);
    console.error('read them, put them into NOT_FOLLOWED or KEPT_BECAUSE, or say --kept where they decide nothing');
    process.exitCode = 1;
  } else {
    writeFileSync(path, page);
    writeFileSync(join(ROOT, KNOWN_MODULE), knownMembersModule());
  }
}

if (import.meta.main) main();
