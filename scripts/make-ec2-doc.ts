/**
 * Makes the tables of docs/ec2-api.md: `bin/node scripts/make-ec2-doc.ts`.
 *
 * In:    the folder of actions with the shapes of what they take; the tables of errors; the page. Out: the page.
 * Holds: what stands between the marks is made, everything else is left. A test compares, so neither is ahead of the other.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS } from '../src/control/ec2/actions/list.ts';
import { ACL_ERRORS } from '../src/control/ec2/acl-errors.ts';
import { ENDPOINT_ERRORS } from '../src/control/ec2/endpoint-errors.ts';
import { FLOW_LOG_ERRORS } from '../src/control/ec2/flow-log-errors.ts';
import { GATEWAY_ERRORS } from '../src/control/ec2/gateway-errors.ts';
import { GROUP_ERRORS } from '../src/control/ec2/group-errors.ts';
import { INSTANCE_ERRORS } from '../src/control/ec2/instance-errors.ts';
import { INTERFACE_ERRORS } from '../src/control/ec2/interface-errors.ts';
import { PEERING_ERRORS } from '../src/control/ec2/peering-errors.ts';
import { ROUTE_ERRORS } from '../src/control/ec2/route-errors.ts';
import { VPC_ERRORS } from '../src/control/ec2/vpc-errors.ts';
import type { ErrorTable } from '../src/control/ec2/error-table.ts';
import { membersOf, operationShapes } from '../src/control/ec2/shapes.ts';
import { ROOT } from './files.ts';
import { textWithNames } from './make-errors-doc.ts';

const PAGE = 'docs/ec2-api.md';

/** Where the words of an error are from. */
const KNOWN = {
  recorded: 'recorded from AWS',
  model: "AWS's model",
  reported: 'reports of users',
  emulated: 'another emulator',
  unverified: '**unverified**',
} as const;

/** Stands for a fact in an error's words. */
const FACT: unknown = new Proxy(() => '…', {
  get: (_, key) => (key === Symbol.toPrimitive || key === 'toString' ? () => '…' : key === 'length' ? '…' : () => '…'),
});

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\$\{[^}]*\}/g, '`$&`');

function actionsTable(): string {
  const rows = ACTIONS.map(({ name, access, service }) => {
    const takes = membersOf(operationShapes(name).request)
      .filter(({ query }) => query !== 'DryRun')
      .map(({ query, required }) => (required ? `**${query}**` : query));
    return `| ${name}${service === 'sts' ? ' (STS)' : ''} | ${access} | ${takes.join(', ')} |`;
  });
  return ['| action | access | takes |', '| --- | --- | --- |', ...rows].join('\n');
}

function errorsTable(): string {
  const rows = Object.values(FLOW_LOG_ERRORS).map(({ when, where, code, known, text }) => {
    const words = (text as (...facts: unknown[]) => string)(FACT, FACT, FACT);
    return `| ${cell(when)} | ${where} | \`${code}\` | ${cell(words)} | ${KNOWN[known]} |`;
  });
  return ['| when | fails | code | words | known from |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** The errors of the network's resources, by theme. */
export const NETWORK_ERRORS: readonly (readonly [theme: string, table: ErrorTable])[] = [
  ['Network ACLs', ACL_ERRORS],
  ['Endpoints', ENDPOINT_ERRORS],
  ['Gateways and elastic addresses', GATEWAY_ERRORS],
  ['Security groups', GROUP_ERRORS],
  ['Instances', INSTANCE_ERRORS],
  ['Network interfaces', INTERFACE_ERRORS],
  ['Peering connections', PEERING_ERRORS],
  ['Route tables', ROUTE_ERRORS],
  ['VPCs and subnets', VPC_ERRORS],
];

function networkTables(): string {
  const tables = NETWORK_ERRORS.map(([theme, table]) => {
    const rows = Object.values(table).map(
      ({ when, code, known, text }) =>
        `| ${cell(when)} | \`${code}\` | ${cell(textWithNames(text))} | ${KNOWN[known]} |`,
    );
    const head = ['| when | code | words | known from |', '| --- | --- | --- | --- |'];
    return [`### ${theme}`, '', ...head, ...rows].join('\n');
  });
  return tables.join('\n\n');
}

/** The page with its tables made anew. */
export function ec2Page(page: string): string {
  const made = { actions: actionsTable(), errors: errorsTable(), network: networkTables() };
  return page.replaceAll(
    /(<!-- made: (actions|errors|network) -->\n)(?:(?!<!--)[\s\S])*(<!-- end -->)/g,
    (_, before: string, name: keyof typeof made, after: string) => `${before}\n${made[name]}\n\n${after}`,
  );
}

/** The page as it is. */
export function currentPage(): string {
  return readFileSync(join(ROOT, PAGE), 'utf8');
}

if (import.meta.main) writeFileSync(join(ROOT, PAGE), ec2Page(currentPage()));
