import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACTIONS } from '../src/control/ec2/actions/list.ts';
import { FLOW_LOG_ERRORS } from '../src/control/ec2/flow-log-errors.ts';
import { ROOT } from './files.ts';
import { currentPage, ec2Page, NETWORK_ERRORS } from './make-ec2-doc.ts';

test('docs/ec2-api.md has every action and every error of flow logs (else: bin/node scripts/make-ec2-doc.ts)', () => {
  const page = currentPage();
  assert.equal(page, ec2Page(page));
  const rows = page.split('\n').filter((line) => /^\| .* \|$/.test(line));
  for (const { name } of ACTIONS)
    assert.ok(
      rows.some((row) => row.startsWith(`| ${name}`)),
      name,
    );
  const errors = rows.filter((row) => /\| (?:call|item) \|/.test(row));
  assert.equal(errors.length, Object.keys(FLOW_LOG_ERRORS).length);
  const unverified = Object.values(FLOW_LOG_ERRORS).filter(({ known }) => known === 'unverified');
  assert.equal(errors.filter((row) => row.includes('**unverified**')).length, unverified.length);
});

test('each table of errors of the network is on the page, and what is known from nobody is marked', () => {
  const files = readdirSync(join(ROOT, 'src/control/ec2')).filter((name) => name.endsWith('-errors.ts'));
  assert.equal(NETWORK_ERRORS.length + 1, files.length);
  const [, part = ''] = currentPage().split('<!-- made: network -->');
  const rows = part.split('<!-- end -->')[0]?.split('\n') ?? [];
  const entries = NETWORK_ERRORS.flatMap(([, table]) => Object.values(table));
  assert.equal(rows.filter((row) => /^\| .*`.* \|$/.test(row)).length, entries.length);
  const unverified = entries.filter(({ known }) => known === 'unverified');
  assert.equal(rows.filter((row) => row.endsWith('| **unverified** |')).length, unverified.length);
});
