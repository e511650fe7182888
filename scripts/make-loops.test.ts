import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { generatedOf, generatedPath, loopFiles } from './make-loops.ts';

test('the modules are what is made of the loops', async () => {
  assert.ok(loopFiles().length > 0);
  for (const file of loopFiles())
    assert.equal(
      readFileSync(generatedPath(file), 'utf8'),
      await generatedOf(file),
      `${file.pathname}: run \`bin/node scripts/make-loops.ts\``,
    );
});
