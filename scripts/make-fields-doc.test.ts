import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIELDS } from '../src/record/fields/list.ts';
import { ROOT } from './files.ts';
import { fieldsPage } from './make-fields-doc.ts';

test('docs/fields.md has every field once and no other (else: bin/node scripts/make-fields-doc.ts)', () => {
  const page = readFileSync(join(ROOT, 'docs/fields.md'), 'utf8');
  const onPage = [...page.matchAll(/^\| ([a-z][a-z0-9-]*) \| (?:STRING|INT)/gm)].map((match) => match[1]!);
  assert.deepEqual(onPage.toSorted(), FIELDS.map((field) => field.name).toSorted());
  assert.equal(page, fieldsPage());
});
