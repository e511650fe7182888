import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIONS } from '../src/control/ec2/actions/list.ts';
import { FLOW_LOG_ERRORS } from '../src/control/ec2/flow-log-errors.ts';
import { currentPage, ec2Page } from './make-ec2-doc.ts';

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
