import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FindingAnswer, FindingsAnswer, LiftedAnswer, SuppressedAnswer } from '../../../../api/findings-routes.ts';
import type { Finding } from '../../../../api/findings.ts';
import { openFindings } from '../../../../storage/state/findings.ts';
import { startConsole } from '../console.fixture.ts';

const NOW = 1_796_000_000;

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  series: `ser-${id.slice(4)}`,
  detection: 'port-scan',
  severity: 'medium',
  meaning: 'A meaning.',
  technique: 'T1046',
  subject: { interfaceId: null, client: '198.51.100.7', server: '10.0.0.5', port: null, protocol: null, ruleId: null },
  firstSeconds: NOW - 600,
  lastSeconds: NOW - 300,
  rows: 1,
  facts: { ports: 120 },
  evidence: { sql: 'SELECT 1', records: [{ srcaddr: '198.51.100.7' }] },
  suppressedUntilSeconds: null,
  ...more,
});

test('findings are listed by when they end, and one is told with its records and its alerts', async (context) => {
  const console = await startConsole(context, { now: () => NOW * 1000 });
  const { ask } = await console.browser();
  const found = [finding('fnd-1'), finding('fnd-2', { lastSeconds: NOW - 90_000 })];
  openFindings(console.context.control.state).keep(found, 'up', NOW, [{ name: 'ops', least: 'low' }]);
  const day = await ask<FindingsAnswer>('GET', '/api/findings?last=24h');
  assert.deepEqual([day.status, day.json.of, day.json.findings.map(({ id }) => id)], [200, 1, ['fnd-1']]);
  assert.equal(day.json.findings[0]!.evidence.records, null);
  assert.deepEqual([day.json.detection.is, day.json.suppressions], ['off', []]);
  const week = await ask<FindingsAnswer>('GET', '/api/findings?last=7d');
  assert.equal(week.json.of, 2);

  const one = await ask<FindingAnswer>('GET', '/api/findings/fnd-1');
  assert.deepEqual(one.json.finding.evidence.records, [{ srcaddr: '198.51.100.7' }]);
  assert.match(one.json.falsePositives ?? '', /A scan that you ordered/);
  assert.deepEqual(
    one.json.alerts.map(({ receiver, state }) => [receiver, state]),
    [['ops', 'waiting']],
  );
  assert.equal((await ask('GET', '/api/findings/fnd-9')).status, 404);
  const wrong = await ask<{ error: { code: string } }>('GET', '/api/findings?last=yesterday');
  assert.deepEqual([wrong.status, wrong.json.error.code], [400, 'FG_REQUEST_QUERY']);
});

test('a suppression holds at once, says who it was, and can be ended', async (context) => {
  const console = await startConsole(context, { now: () => NOW * 1000 });
  const { control, standing } = console.context;
  const { ask } = await console.browser();
  openFindings(control.state).keep([finding('fnd-1'), finding('fnd-2', { detection: 'beacon' })], 'up', NOW, []);
  const made = await ask<SuppressedAnswer>('POST', '/api/suppressions', {
    of: { kind: 'finding', id: 'fnd-1' },
    forSeconds: 3600,
    reason: ' our own scanner ',
  });
  assert.equal(made.status, 201);
  const { suppression, open } = made.json;
  assert.deepEqual(
    [suppression.series, suppression.expiresSeconds, suppression.reason, open.medium, standing.detection.open.medium],
    ['ser-1', NOW + 3600, 'our own scanner', 1, 1],
  );
  const of = { kind: 'detection', detection: 'beacon', subject: '10.0.0.5' };
  await ask('POST', '/api/suppressions', { of, forSeconds: 3600, reason: null });
  const listed = await ask<FindingsAnswer>('GET', '/api/findings?last=7d');
  assert.deepEqual(
    listed.json.findings.map(({ suppressedUntilSeconds }) => suppressedUntilSeconds),
    [NOW + 3600, NOW + 3600],
  );
  const { subject } = finding('fnd-1');
  assert.deepEqual(
    listed.json.suppressions.map((one) => one.of),
    [{ detection: finding('fnd-1').detection, subject }, null],
  );
  const lifted = await ask<LiftedAnswer>('DELETE', `/api/suppressions/${suppression.id}`);
  assert.deepEqual([lifted.status, lifted.json.open.medium], [200, 1]);
  assert.equal((await ask('DELETE', `/api/suppressions/${suppression.id}`)).status, 404);
  const audit = control.state.database
    .prepare("SELECT principal, action FROM audit WHERE action <> 'AddKey' ORDER BY id")
    .all();
  assert.deepEqual(
    audit.map(({ principal, action }) => [principal, action]),
    [
      [console.key.id, 'SuppressFindings'],
      [console.key.id, 'SuppressFindings'],
      [console.key.id, 'LiftSuppression'],
    ],
  );
});

test('a suppression says whom it is of when its findings are listed no longer; what a record calls an interface may be long', async (context) => {
  const console = await startConsole(context, { now: () => NOW * 1000 });
  const { ask } = await console.browser();
  const interfaceId = 'eni-'.padEnd(6000, 'x');
  const subject = { ...finding('fnd-1').subject, interfaceId };
  const old = finding('fnd-1', { subject, lastSeconds: NOW - 20 * 86_400 });
  openFindings(console.context.control.state).keep([old], 'up', NOW, []);
  for (const of of [
    { kind: 'finding', id: 'fnd-1' },
    { kind: 'detection', detection: old.detection, subject: interfaceId },
  ])
    assert.equal((await ask('POST', '/api/suppressions', { of, forSeconds: 3600, reason: null })).status, 201);
  const { json } = await ask<FindingsAnswer>('GET', '/api/findings?last=24h');
  assert.deepEqual([json.findings, json.suppressions[0]!.of?.subject], [[], subject]);
});

test('what cannot be suppressed is refused, and whoever may only read suppresses nothing', async (context) => {
  const console = await startConsole(context, { now: () => NOW * 1000 });
  const { ask } = await console.browser();
  const suppress = (body: unknown) => ask<{ error: { code: string } }>('POST', '/api/suppressions', body);
  const of = { kind: 'finding', id: 'fnd-9' };
  assert.equal((await suppress({ of, forSeconds: 3600, reason: null })).status, 404);
  for (const body of [
    { of, forSeconds: 1, reason: null },
    { of, forSeconds: 1e9, reason: null },
    { of: { kind: 'all' }, forSeconds: 3600, reason: null },
    { of, forSeconds: 3600, reason: null, series: 'ser-1' },
  ])
    assert.equal((await suppress(body)).json.error.code, 'FG_REQUEST_BODY', JSON.stringify(body));
  const odd = await suppress({
    of: { kind: 'detection', detection: 'port-scam', subject: null },
    forSeconds: 3600,
    reason: null,
  });
  assert.equal(odd.json.error.code, 'FG_DETECTION_UNKNOWN');
  const reader = await console.browser(console.addKey('read'));
  const refused = await reader.ask('POST', '/api/suppressions', { of, forSeconds: 3600, reason: null });
  assert.equal(refused.status, 403);
  assert.equal((await reader.ask('GET', '/api/findings')).status, 200);
});
