/**
 * Makes src/control/ec2/shapes.generated.ts from the schemas of the AWS SDK: `bin/node scripts/make-ec2-shapes.ts`.
 *
 * In:    the files of src/control/ec2/actions/, the calls of `import aws`, the schemas of the development client. Out: what
 *        each action takes and answers, and all shapes within. Holds: a test compares the file with the installed client.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLS, HELPING_CALLS } from '../src/control/import/calls.ts';
import { ROOT } from './files.ts';
import { addShape, NOTATION, shapeLines } from './shape-text.ts';

const FOLDER = 'src/control/ec2/actions';

/** The files of actions: `create-flow-logs`. */
export function actionFiles(): string[] {
  return readdirSync(join(ROOT, FOLDER))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'list.ts')
    .map((name) => name.slice(0, -3))
    .sort();
}

/** `create-flow-logs` → `CreateFlowLogs`. */
export function actionName(file: string): string {
  return file.replaceAll(/(?:^|-)([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

/** The text of the file. */
export async function ec2Shapes(): Promise<string> {
  const client = (await import('@aws-sdk/client-ec2')) as unknown as Record<string, readonly unknown[] | undefined>;
  const shapes = new Map<string, string>();
  const serves = new Set(actionFiles().map(actionName));
  const imports = [...CALLS, ...HELPING_CALLS].filter(({ service }) => service === 'ec2').map(({ action }) => action);
  const lines: string[] = [];
  for (const name of [...new Set([...serves, ...imports])].sort()) {
    const operation = client[`${name}$`];
    // What is of STS has no schema here.
    if (operation === undefined) continue;
    const request = serves.has(name) ? addShape(shapes, 'ec2', operation[4]) : '';
    lines.push(`  ${name}: ['${request}', '${addShape(shapes, 'ec2', operation[5])}'],`);
  }
  return `/** Made by \`bin/node scripts/make-ec2-shapes.ts\` from the schemas of the AWS SDK; do not edit it. */

/** The shapes of what each operation takes and answers; '' where only its answers are read. */
export const OPERATIONS: Readonly<Record<string, readonly [request: string, answer: string]>> = {
${lines.join('\n')}
};

/**
${NOTATION}
 */
export const EC2_SHAPES: Readonly<Record<string, string>> = {
${shapeLines(shapes).replaceAll("'ec2.", "'")}
};
`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'src/control/ec2/shapes.generated.ts'), await ec2Shapes());
