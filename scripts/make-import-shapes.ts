/**
 * Makes src/control/import/shapes.generated.ts from the schemas of the AWS SDK: `bin/node scripts/make-import-shapes.ts`.
 *
 * In:    the calls of `import aws`, the schemas of the development clients. Out: for each answer and what is in it the
 *        members, their names in XML and their types. Holds: a test compares the file with the installed clients. What
 *        is of EC2 is made by make-ec2-shapes.ts.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLS, HELPING_CALLS } from '../src/control/import/calls.ts';
import type { Service } from '../src/control/import/calls.ts';
import { ROOT } from './files.ts';
import { addShape, NOTATION, shapeLines } from './shape-text.ts';

const CLIENTS: Readonly<Record<Exclude<Service, 'sts' | 'ec2'>, () => Promise<object>>> = {
  elasticloadbalancing: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  autoscaling: () => import('@aws-sdk/client-auto-scaling'),
  ecs: () => import('@aws-sdk/client-ecs'),
};

/** The text of the file. */
export async function importShapes(): Promise<string> {
  const shapes = new Map<string, string>();
  const answers: string[] = [];
  for (const { service, action } of [...CALLS, ...HELPING_CALLS]) {
    if (service === 'sts' || service === 'ec2') continue;
    const client = (await CLIENTS[service]()) as Record<string, readonly unknown[] | undefined>;
    const output = client[`${action}$`]?.[5];
    if (output === undefined) throw new Error(`the client of ${service} has no ${action}`);
    answers.push(`  '${service}.${action}': '${addShape(shapes, service, output)}',`);
  }
  return `/** Made by \`bin/node scripts/make-import-shapes.ts\` from the schemas of the AWS SDK; do not edit it. */

/** The shape of each call's answer. */
export const ANSWERS: Readonly<Record<string, string>> = {
${answers.join('\n')}
};

/**
${NOTATION}
 */
export const SHAPES: Readonly<Record<string, string>> = {
${shapeLines(shapes)}
};
`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'src/control/import/shapes.generated.ts'), await importShapes());
