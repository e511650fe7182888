import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import { ec2Shapes } from './make-ec2-shapes.ts';

test('the shapes of EC2 are those of the installed client, for the actions that there are', async () => {
  const made = readFileSync(join(ROOT, 'src/control/ec2/shapes.generated.ts'), 'utf8');
  assert.ok(made === (await ec2Shapes()), 'run `bin/node scripts/make-ec2-shapes.ts`');
});
