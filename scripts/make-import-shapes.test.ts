import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import { importShapes } from './make-import-shapes.ts';

test('the shapes of answers are those of the installed clients', async () => {
  const made = readFileSync(join(ROOT, 'src/control/import/shapes.generated.ts'), 'utf8');
  assert.ok(made === (await importShapes()), 'run `bin/node scripts/make-import-shapes.ts`');
});
