import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import { ec2Page, errorTables } from './make-ec2-doc.ts';

test('docs/ec2-api.md is what the actions and tables of errors are (else: bin/node scripts/make-ec2-doc.ts)', async () => {
  const page = readFileSync(join(ROOT, 'docs/ec2-api.md'), 'utf8');
  assert.equal(page, await ec2Page());
});

test('each error that is known from nobody is marked on the page', async () => {
  const page = readFileSync(join(ROOT, 'docs/ec2-api.md'), 'utf8');
  const unverified = (await errorTables()).flatMap(([, table]) =>
    Object.values(table).filter(({ known }) => known === 'unverified'),
  );
  assert.ok(unverified.length > 10);
  assert.equal(page.split('| **unverified** |').length - 1, unverified.length);
});
