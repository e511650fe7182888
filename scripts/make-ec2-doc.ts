/**
 * Makes docs/ec2-api.md from the actions and their tables of errors: `bin/node scripts/make-ec2-doc.ts`.
 *
 * In:    src/control/ec2/. Out: the page. Holds: a test compares page and code, so neither is ahead of the other.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS } from '../src/control/ec2/actions/list.ts';
import type { ErrorEntry } from '../src/control/ec2/error-table.ts';
import { ROOT } from './files.ts';
import { textWithNames } from './make-errors-doc.ts';

const FOLDER = 'src/control/ec2';

const HEAD = `# The EC2 API

Made by \`bin/node scripts/make-ec2-doc.ts\` from \`src/control/ec2/\`; do not edit it here.

The server of \`flowgauge up\` answers the EC2 Query API (2016-11-15) and \`GetCallerIdentity\` of STS: point aws-cli, an SDK or
Terraform at it and change nothing else.

## Actions
`;

const NETWORK = `
## Where a network of flowgauge is not one of AWS

- What is made is there at once. Answers of \`Create…\` and \`Associate…\` say \`pending\` and \`associating\` as AWS's do; the next
  \`Describe…\` says \`available\` and \`associated\`.
- There is no default VPC: a group is always made in a VPC that is named, and a name alone finds a group where no other VPC has one
  of that name.
- An IPv6 block is a unique local one (\`fd…/56\`, RFC 4193), so that nobody's addresses are taken.
- A free IPv4 address is the lowest one of the subnet, a free IPv6 address a random one.
- Quotas are the highest that AWS raises them to, for what works there must work here: 50 IPv4 blocks of a VPC, 1,000 rules of a
  group and direction, 16 groups of an interface, 40 entries of an ACL, family and direction. There are none for how many VPCs,
  subnets, groups or interfaces an account has.
- Address pools, IPAM, Outposts, IPv6-only subnets and address prefixes are refused with \`UnsupportedOperation\`, not passed over.
- A VPC with a peering connection that has not ended cannot be deleted (unverified on AWS). The flow logs of a VPC, subnet or
  interface end when it is deleted (unverified on AWS).
- AWS's restrictions on which private ranges go together in one VPC are not kept.
`;

const WORDS: Readonly<Record<ErrorEntry['known'], string>> = {
  recorded: 'recorded from AWS',
  model: "AWS's model or guide",
  reported: 'reported by users',
  emulated: 'as moto',
  unverified: '**unverified**',
};

const ERRORS_HEAD = `
## Errors

Code, words and when. ‹…› stands for what happened. The last column says where code or words are known from; *unverified* is ours where
nobody has seen AWS's.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

type Tables = readonly (readonly [title: string, table: Readonly<Record<string, ErrorEntry>>])[];

/** The tables of errors, by the names of their files: `flow-log-errors.ts` has `FLOW_LOG_ERRORS`. */
export async function errorTables(): Promise<Tables> {
  const files = readdirSync(join(ROOT, FOLDER)).filter((name) => /^.+-errors\.ts$/.test(name));
  const tables: [string, Readonly<Record<string, ErrorEntry>>][] = [];
  for (const file of files.toSorted()) {
    const theme = file.replace('-errors.ts', '').replaceAll('-', ' ');
    const exported = (await import(join(ROOT, FOLDER, file))) as Readonly<Record<string, unknown>>;
    const table = exported[`${theme.replaceAll(' ', '_').toUpperCase()}_ERRORS`];
    if (typeof table !== 'object' || table === null) throw new TypeError(`${file} has no table of its name`);
    tables.push([`${theme[0]!.toUpperCase()}${theme.slice(1)}`, table as Readonly<Record<string, ErrorEntry>>]);
  }
  return tables;
}

/** The page. */
export async function ec2Page(): Promise<string> {
  const names = ACTIONS.map(({ name, service }) => (service === 'sts' ? `${name} (STS)` : name));
  const tables = (await errorTables()).map(([title, table]) => {
    const rows = Object.values(table).map(
      ({ code, known, text, when }) =>
        `| \`${code}\` | ${cell(textWithNames(text))} | ${cell(when)} | ${WORDS[known]} |`,
    );
    return `\n### ${title}\n\n| code | words | when | known from |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  const list = names.map((name) => `- ${name}\n`).join('');
  return `${HEAD}\n${list}${NETWORK}${ERRORS_HEAD}${tables.join('')}`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'docs/ec2-api.md'), await ec2Page());
