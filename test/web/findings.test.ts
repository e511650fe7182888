/**
 * The screen *Findings* in a browser: none, some, one with its records, suppressed and told again; what a key that may only read sees.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Finding } from '../../src/api/findings.ts';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import type { TestConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { createStanding } from '../../src/app/server/standing.ts';
import { openAlerts } from '../../src/storage/state/alerts.ts';
import { openFindings } from '../../src/storage/state/findings.ts';
import { NO_BROWSER, visit } from './browser.ts';

const skip = { skip: NO_BROWSER };
const NOW = Math.floor(Date.now() / 1000);
const HOSTILE = '<img src=x onerror=alert(1)>';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  series: `ser-${id.slice(4)}`,
  detection: 'ssh-brute-force',
  severity: 'medium',
  meaning: 'One address opened at least 60 short connections to the ssh of one of ours within an hour.',
  technique: 'T1110.001',
  subject: { interfaceId: 'eni-0a', client: '203.0.113.9', server: '10.0.0.5', port: 22, protocol: 6, ruleId: null },
  firstSeconds: NOW - 900,
  lastSeconds: NOW - 120,
  rows: 1,
  facts: { connections: 84, bytes_each: 1735 },
  evidence: {
    sql: `SELECT * FROM flow_logs WHERE srcaddr = '203.0.113.9' AND start <= ${NOW} ORDER BY start`,
    records: [
      { start: NOW - 900, srcaddr: '203.0.113.9', srcport: 40_000, dstaddr: '10.0.0.5', dstport: 22, action: 'ACCEPT' },
    ],
  },
  suppressedUntilSeconds: null,
  ...more,
});

async function open(context: TestContext, findings: readonly Finding[]): Promise<TestConsole> {
  const standing = createStanding();
  Object.assign(standing.detection, {
    is: 'looked',
    everySeconds: 60,
    lastLook: { atSeconds: NOW - 5, tookSeconds: 1 },
    open: { info: 0, low: 0, medium: findings.length, high: 0 },
    notAsked: [{ detection: 'rule-first-use', why: 'model', fields: [] }],
  });
  const console = await startConsole(context, { folder: WEB_FOLDER, context: { standing } });
  const { state } = console.context.control;
  openFindings(state).keep(findings, 'up', NOW, [{ name: 'ops', least: 'low' }]);
  const alerts = openAlerts(state);
  const claimed = alerts.claim('ops', NOW);
  if (claimed !== null) alerts.settle(claimed.id, { state: 'unsure', why: 'ops.example did not answer' }, NOW);
  return console;
}

test('a finding is looked at, suppressed by keyboard, listed as such, and told again', skip, async (context) => {
  const facts = { [HOSTILE]: HOSTILE };
  const console = await open(context, [
    finding('fnd-0000000000000001'),
    finding('fnd-0000000000000002', { detection: 'beacon', severity: 'high', facts, lastSeconds: NOW - 400 }),
  ]);
  const { page, axe, shoot, tabTo } = await visit(context, console.link('/findings'), { height: 1000 });
  const table = page.getByRole('table', { name: 'Findings' });
  await table.getByText('beacon').waitFor();
  await page.getByText('Looking, last').waitFor();
  await page.getByText('One detection was not asked').waitFor();
  await axe('two findings');
  await shoot('findings');

  await tabTo({ name: /radio "ssh-brute-force: 203\.0\.113\.9 to 10\.0\.0\.5:22/ });
  await page.keyboard.press('Space');
  const records = page.getByRole('table', { name: 'Records of the finding' });
  await records.getByText('203.0.113.9').waitFor();
  await page.getByText('ops: May have been received; not sent again').waitFor();
  await page.getByText('Programs that open a session for every command').waitFor();
  const sql = await page.getByRole('link', { name: 'All of them in SQL' }).getAttribute('href');
  const query = new URLSearchParams(sql!.split('?')[1]);
  assert.match(query.get('sql')!, /srcaddr = '203\.0\.113\.9'/);
  assert.deepEqual([query.get('from'), query.get('to')], [String(NOW - 4500), String(NOW + 3480)]);
  await axe('one of them');
  await shoot('finding');

  await tabTo({ role: 'button', name: /Suppress/ });
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('ssh-brute-force about anything of 10.0.0.5').waitFor();
  await axe('what is to be suppressed');
  await shoot('finding-suppress');
  await dialog.getByPlaceholder('our own scanner').fill('a script of ours');
  await page.keyboard.press('Enter');
  await page.getByText(/^Suppressed until .* UTC\.$/).waitFor();
  await table.getByText('ssh-brute-force').waitFor({ state: 'detached' });
  assert.equal(openFindings(console.context.control.state).suppressions(NOW)[0]!.reason, 'a script of ours');
  await page.getByRole('tab', { name: 'Suppressions (1)' }).click();
  const suppressions = page.getByRole('table', { name: 'Suppressions' });
  await suppressions.getByText('a script of ours').waitFor();
  await suppressions.getByText('ssh-brute-force: 203.0.113.9 to 10.0.0.5:22').waitFor();
  await axe('suppressions');
  await page.getByRole('button', { name: 'End now: suppression 1' }).click();
  await suppressions.getByText('Nothing is suppressed').waitFor();
  await page.getByRole('tab', { name: 'Findings' }).first().click();
  await table.getByText('ssh-brute-force').waitFor();
});

test('hostile text of records is text; the address has the chosen finding', skip, async (context) => {
  const console = await open(context, [
    finding('fnd-0000000000000003', { facts: { [HOSTILE]: HOSTILE }, technique: HOSTILE }),
  ]);
  const { page } = await visit(context, console.link('/findings?v=1&finding=fnd-0000000000000003'), { height: 1000 });
  await page.getByText(HOSTILE).first().waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
});

test(
  'a finding that the list does not have is suppressed all the same; long words make no screen wider',
  skip,
  async (context) => {
    const long = `eni-${'0a'.repeat(1500)}\u202e`;
    const id = 'fnd-0000000000000005';
    const subject = { interfaceId: long, client: null, server: null, port: null, protocol: null, ruleId: null };
    const lastSeconds = NOW - 20 * 86_400;
    const console = await open(context, [
      finding(id, { subject, lastSeconds, firstSeconds: lastSeconds - 60, facts: { [long]: long } }),
      finding('fnd-0000000000000006', { subject, detection: 'x'.repeat(400), technique: 'y'.repeat(400) }),
    ]);
    const { page } = await visit(context, console.link(`/findings?v=1&finding=${id}`), { height: 1000 });
    const suppress = page.getByRole('button', { name: 'Suppress', exact: true });
    await suppress.waitFor();
    await page.getByRole('table', { name: 'Findings' }).getByText('xxx').waitFor();
    const isWhole = `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.documentElement)`;
    assert.equal(await page.evaluate(isWhole), true, 'the list and a finding');
    await suppress.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /about anything of eni-/ }).check();
    assert.equal(await page.evaluate(isWhole), true, 'the dialog');
    await dialog.getByRole('button', { name: 'Suppress' }).click();
    await page.getByText(/^Suppressed until .* UTC\.$/).waitFor();
    await page.getByText('Suppression 1', { exact: false }).first().waitFor();
    assert.equal(openFindings(console.context.control.state).suppressions(NOW)[0]!.subject, long);
  },
);

test(
  'where nothing was found it says so; a reader suppresses nothing; Now counts what is open',
  skip,
  async (context) => {
    const empty = await open(context, []);
    const { page, axe } = await visit(context, empty.link('/findings'));
    await page.getByText('Nothing was found').waitFor();
    await axe('no findings');
    const console = await open(context, [finding('fnd-0000000000000004')]);
    const link = console.link('/findings?v=1&finding=fnd-0000000000000004', console.addKey('read'));
    const reader = await visit(context, link, { height: 1000 });
    await reader.page.getByRole('heading', { name: 'Records that show it' }).first().waitFor();
    assert.equal(await reader.page.getByRole('button', { name: 'Suppress' }).getAttribute('aria-disabled'), 'true');
    const now = await visit(context, console.link('/now'));
    await now.page.getByRole('link', { name: 'Open findings: 1 medium' }).click();
    await now.page.getByRole('heading', { name: 'Findings', level: 1 }).waitFor();
  },
);
