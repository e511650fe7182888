import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import { fieldTable } from './make-field-table.ts';

test("the console's table of fields is what is made (else: bin/node scripts/make-field-table.ts)", () => {
  assert.equal(readFileSync(join(ROOT, 'src/api/field-table.generated.ts'), 'utf8'), fieldTable());
});
