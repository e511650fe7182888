/**
 * Makes src/control/import/shapes.generated.ts from the schemas of the AWS SDK: `bin/node scripts/make-import-shapes.ts`.
 *
 * In:    the calls of `import aws`, the schemas of the development clients. Out: for each answer and what is in it the
 *        members, their names in XML and their types. Holds: a test compares the file with the installed clients.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NormalizedSchema } from '@smithy/core/schema';
import { CALLS, HELPING_CALLS } from '../src/control/import/calls.ts';
import type { Service } from '../src/control/import/calls.ts';
import { ROOT } from './files.ts';

const CLIENTS: Readonly<Record<Exclude<Service, 'sts'>, () => Promise<object>>> = {
  ec2: () => import('@aws-sdk/client-ec2'),
  elasticloadbalancing: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  autoscaling: () => import('@aws-sdk/client-auto-scaling'),
  ecs: () => import('@aws-sdk/client-ecs'),
};

/** One member as the file has it: `Name=xmlName` and its type. */
function memberText(name: string, schema: NormalizedSchema, found: (shape: NormalizedSchema) => string): string {
  const traits = schema.getMergedTraits();
  const xml = typeof traits.xmlName === 'string' && traits.xmlName !== name ? `=${traits.xmlName}` : '';
  return `${name}${xml}${typeText(schema, found)}`;
}

function typeText(schema: NormalizedSchema, found: (shape: NormalizedSchema) => string): string {
  if (schema.isListSchema()) return `[${typeText(schema.getValueSchema(), found)}`;
  if (schema.isStructSchema()) return `:${found(schema)}`;
  if (schema.isMapSchema()) return '%';
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return '#';
  if (schema.isBooleanSchema()) return '?';
  return '';
}

/** The text of the file. */
export async function importShapes(): Promise<string> {
  const shapes = new Map<string, string>();
  const answers: string[] = [];
  for (const { service, action } of [...CALLS, ...HELPING_CALLS]) {
    if (service === 'sts') continue;
    const client = (await CLIENTS[service]()) as Record<string, readonly unknown[] | undefined>;
    const output = client[`${action}$`]?.[5];
    if (output === undefined) throw new Error(`the client of ${service} has no ${action}`);
    const add = (shape: NormalizedSchema): string => {
      const name = `${service}.${shape.getName()?.split('#').at(-1) ?? ''}`;
      if (shapes.has(name)) return name.slice(service.length + 1);
      shapes.set(name, '');
      const members = [...shape.structIterator()].map(([member, schema]) => memberText(member, schema, add));
      shapes.set(name, members.sort().join(' '));
      return name.slice(service.length + 1);
    };
    answers.push(`  '${service}.${action}': '${add(NormalizedSchema.of(output as never))}',`);
  }
  const lines = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => `  '${name}':\n    '${text}',`);
  return `/** Made by \`bin/node scripts/make-import-shapes.ts\` from the schemas of the AWS SDK; do not edit it. */

/** The shape of each call's answer. */
export const ANSWERS: Readonly<Record<string, string>> = {
${answers.join('\n')}
};

/**
 * The members of each shape: \`Name\`, \`=xmlName\` where that differs, and the type: \`#\` number, \`?\` boolean, \`%\` map,
 * \`:Shape\` structure, \`[\` and a type list, nothing text or a time.
 */
export const SHAPES: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'src/control/import/shapes.generated.ts'), await importShapes());
