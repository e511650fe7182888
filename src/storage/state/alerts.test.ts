import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../api/findings.ts';
import { openAlerts } from './alerts.ts';
import { openFindings } from './findings.ts';
import { openState, statePath } from './state-file.ts';

const finding = (id: string, severity: Finding['severity'] = 'medium'): Finding => ({
  id,
  series: `ser-${id.slice(4)}`,
  detection: 'port-scan',
  severity,
  meaning: 'A meaning.',
  technique: null,
  subject: { interfaceId: null, client: '198.51.100.7', server: '10.0.0.5', port: null, protocol: null, ruleId: null },
  firstSeconds: 1000,
  lastSeconds: 2000,
  rows: 1,
  facts: {},
  evidence: { sql: 'SELECT 1', records: null },
  suppressedUntilSeconds: null,
});

const RECEIVERS = [
  { name: 'ops', least: 'low' as const },
  { name: 'pager', least: 'high' as const },
];

function opened(t: { after(done: () => void): void }) {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-alerts-'));
  const state = openState(statePath(directory));
  t.after(() => {
    state.close();
    rmSync(directory, { recursive: true });
  });
  return { findings: openFindings(state), alerts: openAlerts(state) };
}

test('an alert is queued for whoever wants to know of findings so grave, and claimed once', (t) => {
  const { findings, alerts } = opened(t);
  findings.keep([finding('fnd-1'), finding('fnd-2', 'high')], 'up', 5000, RECEIVERS);
  assert.equal(alerts.claim('ops', 4999), null);
  assert.equal(alerts.claim('ops', 5000)?.key, 'fnd-1-5000');
  assert.equal(alerts.claim('ops', 5000)?.key, 'fnd-2-5000');
  assert.equal(alerts.claim('ops', 5000), null);
  const grave = alerts.claim('pager', 5001)!;
  assert.deepEqual([grave.finding.id, grave.attempts], ['fnd-2', 1]);
  alerts.settle(grave.id, { state: 'sent' }, 5002);
  assert.equal(alerts.claim('pager', 9999), null);
  assert.deepEqual(
    alerts.of('fnd-2').map(({ receiver, state }) => [receiver, state]),
    [
      ['ops', 'sending'],
      ['pager', 'sent'],
    ],
  );
});

test('an attempt that failed is tried again from its time on', (t) => {
  const { findings, alerts } = opened(t);
  findings.keep([finding('fnd-1')], 'up', 5000, RECEIVERS);
  const first = alerts.claim('ops', 5000)!;
  alerts.settle(first.id, { state: 'waiting', dueSeconds: 5030, why: 'HTTP 503' }, 5000);
  assert.equal(alerts.claim('ops', 5029), null);
  const second = alerts.claim('ops', 5030)!;
  assert.deepEqual([second.key, second.attempts], [first.key, 2]);
});

test('what was being sent when the program died is sent again only where the receiver knows its key', (t) => {
  const { findings, alerts } = opened(t);
  findings.keep([finding('fnd-2', 'high')], 'up', 5000, RECEIVERS);
  const key = alerts.claim('pager', 5000)?.key;
  alerts.claim('ops', 5000);
  assert.equal(alerts.recover(new Map([['pager', 2000]]), 6000), 1);
  assert.equal(alerts.claim('pager', 6000)?.key, key);
  // It remembers no longer.
  assert.equal(alerts.recover(new Map([['pager', 2000]]), 8000), 1);
  assert.equal(alerts.claim('pager', 8000), null);
  assert.equal(alerts.claim('ops', 6000), null);
  assert.deepEqual(alerts.counts(), [
    { receiver: 'ops', state: 'unsure', alerts: 1 },
    { receiver: 'pager', state: 'unsure', alerts: 1 },
  ]);
});

test('an alert whose finding was suppressed meanwhile is dropped', (t) => {
  const { findings, alerts } = opened(t);
  findings.keep([finding('fnd-1'), finding('fnd-2')], 'up', 5000, RECEIVERS);
  const end = { detection: null, subject: null, reason: null, expiresSeconds: 9000 };
  findings.suppress({ series: 'ser-1', ...end }, 5001);
  assert.equal(alerts.claim('ops', 5002)?.finding.id, 'fnd-2');
  assert.equal(alerts.of('fnd-1')[0]?.state, 'dropped');
});
