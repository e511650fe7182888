import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../api/findings.ts';
import { openFindings, suppressedUntil } from './findings.ts';
import { openState, statePath } from './state-file.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  series: `ser-${id.slice(4)}`,
  detection: 'ssh-from-internet',
  severity: 'medium',
  meaning: 'A meaning.',
  technique: 'T1021.004',
  subject: { interfaceId: 'eni-0a', client: null, server: '10.0.0.5', port: 22, protocol: 6, ruleId: null },
  firstSeconds: 1000,
  lastSeconds: 2000,
  rows: 1,
  facts: { clients: 3 },
  evidence: { sql: 'SELECT 1', records: null },
  suppressedUntilSeconds: null,
  ...more,
});

function opened(t: { after(done: () => void): void }) {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-findings-'));
  const state = openState(statePath(directory));
  t.after(() => {
    state.close();
    rmSync(directory, { recursive: true });
  });
  return openFindings(state);
}

test('a finding is one row however often it is found, and says what it said last', (t) => {
  const findings = opened(t);
  assert.equal(findings.keep([finding('fnd-1'), finding('fnd-2', { lastSeconds: 3000 })], 'logs', 5000).fresh, 2);
  assert.equal(findings.keep([finding('fnd-1', { lastSeconds: 2500, facts: { clients: 4 } })], 'logs', 6000).fresh, 0);
  const listed = findings.list(0, 7000);
  assert.deepEqual(
    listed.map(({ id, lastSeconds, foundSeconds, seenSeconds, source }) => [
      id,
      lastSeconds,
      foundSeconds,
      seenSeconds,
      source,
    ]),
    [
      ['fnd-2', 3000, 5000, 5000, 'logs'],
      ['fnd-1', 2500, 5000, 6000, 'logs'],
    ],
  );
  assert.deepEqual(findings.find('fnd-1', 7000)!.facts, { clients: 4 });
  assert.equal(findings.find('fnd-9', 7000), null);
  assert.equal(findings.list(2600, 7000).length, 1);
});

test('a suppression hides the series of a finding until it expires or is lifted', (t) => {
  const findings = opened(t);
  findings.keep([finding('fnd-1'), finding('fnd-2')], 'logs', 5000);
  const end = { detection: null, subject: null, reason: 'ours', expiresSeconds: 6000 };
  const number = findings.suppress({ series: 'ser-1', ...end }, 5000);
  const hidden = (at: number): (number | null)[] =>
    findings.list(0, at).map(({ suppressedUntilSeconds }) => suppressedUntilSeconds);
  assert.deepEqual(hidden(5500), [6000, null]);
  assert.deepEqual(hidden(6000), [null, null]);
  assert.equal(findings.lift(number, 5600), true);
  assert.equal(findings.lift(number, 5700), false);
  assert.deepEqual(hidden(5700), [null, null]);
  assert.equal(findings.find('fnd-1', 5700)!.id, 'fnd-1');
});

test('a suppression of a detection hides those about one subject, or all', () => {
  const base = {
    id: 1,
    series: null,
    detection: 'ssh-from-internet',
    subject: null,
    reason: null,
    createdSeconds: 0,
    expiresSeconds: 10,
  };
  assert.equal(suppressedUntil(finding('fnd-1'), [base]), 10);
  assert.equal(suppressedUntil(finding('fnd-1'), [{ ...base, subject: '10.0.0.5' }]), 10);
  assert.equal(suppressedUntil(finding('fnd-1'), [{ ...base, subject: '10.0.0.6' }]), null);
  assert.equal(suppressedUntil(finding('fnd-1'), [{ ...base, detection: 'port-scan' }]), null);
  assert.equal(suppressedUntil(finding('fnd-1'), [base, { ...base, expiresSeconds: 20 }]), 20);
});

test('a finding is told once, and again when it goes on after a suppression', (t) => {
  const findings = opened(t);
  const ops = [{ name: 'ops', least: 'low' as const }];
  const told = (lastSeconds: number, nowSeconds: number): number =>
    findings.keep([finding('fnd-1', { lastSeconds })], 'up', nowSeconds, ops).told;
  assert.equal(told(2000, 5000), 1);
  assert.equal(told(2100, 5010), 0);
  const end = { detection: null, subject: null, reason: null };
  findings.suppress({ series: 'ser-1', ...end, expiresSeconds: 6000 }, 5020);
  assert.equal(told(5500, 5600), 0);
  // It has ended, and what is found is of before.
  assert.equal(told(5900, 6100), 0);
  assert.equal(told(6200, 6300), 1);
  assert.equal(told(6250, 6400), 0);
});

test('what was always suppressed is told when the suppression ends, and what the command line kept when `up` finds it', (t) => {
  const findings = opened(t);
  findings.suppress(
    { series: null, detection: 'ssh-from-internet', subject: null, reason: null, expiresSeconds: 6000 },
    100,
  );
  assert.equal(findings.keep([finding('fnd-1')], 'up', 5000, []).told, 0);
  assert.equal(findings.keep([finding('fnd-1')], 'up', 6001, []).told, 1);
  assert.equal(findings.keep([finding('fnd-2')], 'logs', 6100).told, 0);
  assert.equal(findings.keep([finding('fnd-2')], 'up', 6200, []).told, 1);
  assert.deepEqual(findings.open(0, 6200), { info: 0, low: 0, medium: 2, high: 0 });
});
