/**
 * The console of a real `up` with real traffic. The main path, by keyboard alone: a flow log is made, its records arrive, they are
 * filtered, a rejected connection is found, diagnosed, its fix tried, and what was found is taken along. What was just sent is there,
 * and a diagnosis is proved with a packet. The other screens show the same traffic.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { visit } from './browser.ts';
import { NO_LAB, startLab } from './lab.ts';

const lab = NO_LAB === false ? startLab() : null;

/** Presses keys, one after the other. */
async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test('create, arrive, filter, reject, diagnose, try, export', { skip: NO_LAB }, async (t) => {
  const { page, axe, shoot, tabTo } = await visit(t, lab!.link('/flow-logs?v=1&last=15m'), { height: 1000 });
  const heading = (name: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();
  const next = async (): Promise<void> => {
    await tabTo({ role: 'button', name: /"Next"/ });
    await press(page, 'Enter');
  };

  // A flow log of its own for what is rejected.
  await tabTo({ role: 'button', name: /Create flow logs/ });
  await press(page, 'Enter');
  await heading('Create flow logs');
  await page.getByRole('checkbox').first().waitFor();
  await tabTo({ role: 'checkbox', name: /main/ });
  await press(page, 'Space');
  await axe('a flow log, of what');
  await next();
  await tabTo({ role: 'radio', name: /.*/ });
  await press(page, 'ArrowDown');
  await axe('a flow log, which traffic');
  await next();
  await page.getByText('CreateFlowLogs would take this.').waitFor();
  await axe('a flow log, to where');
  await next();
  await page.getByRole('heading', { name: 'Record format' }).or(page.getByText('Log format').first()).first().waitFor();
  await axe('a flow log, its format');
  await next();
  await axe('a flow log, its tags');
  await next();
  await axe('a flow log, the review');
  await tabTo({ role: 'button', name: /"Create flow logs"/ });
  await press(page, 'Enter');
  await page.getByText(/is made\. The first records/).waitFor();
  await axe('a flow log that was made');

  // Its records arrive, those of open windows at once.
  lab!.traffic(3);
  await tabTo({ role: 'link', name: /"Explore"/ });
  await press(page, 'Enter');
  await heading('Explore');
  await tabTo({ role: 'combobox', name: /Filter|field/i });
  await page.keyboard.type('action = REJECT');
  await press(page, 'Enter');
  await page.waitForURL(/filter=action%3DREJECT/);
  await page.getByRole('heading', { name: 'Bytes over time' }).waitFor();
  await axe('what was rejected, over time');
  await tabTo({ role: 'tab', name: /Graph and table/ });
  await press(page, 'ArrowRight', 'Enter');
  await page.locator('.records-scroll [role="row"]').nth(1).waitFor();
  await axe('records that were rejected');
  await shoot('main-path-records');

  // A cause of rejects, and the way of one.
  await tabTo({ role: 'link', name: /"Rejected"/ });
  await press(page, 'Enter');
  await heading('Rejected');
  await page
    .getByRole('table', { name: 'Causes of rejects' })
    .getByRole('link', { name: /^Diagnose / })
    .first()
    .waitFor();
  await axe('causes of rejects');
  await shoot('main-path-rejected');
  await tabTo({ role: 'link', name: /"Diagnose 10\.0\.1\.\d+ to 10\.0\.3\.10"/ }, 200);
  await press(page, 'Enter');
  await heading('Diagnose');
  await page.getByText(/^Blocked: /).waitFor();
  // What the kernel judged itself is told apart from what records say.
  await page.getByRole('heading', { level: 3, name: 'Judged by the kernel' }).waitFor();
  await page.getByRole('table', { name: 'Judged by the kernel' }).waitFor();
  await axe('a rejected connection, diagnosed');
  await shoot('main-path-diagnose');
  await tabTo({ role: 'button', name: /Try it in What-if/ }, 200);
  await press(page, 'Enter');
  await heading('What-if');
  await page.getByText(/The change blocks no conversation that passed/).waitFor();
  await axe('the fix, tried');
  await shoot('main-path-what-if');

  // What was found is taken along.
  await tabTo({ role: 'link', name: /"SQL"/ });
  await press(page, 'Enter');
  await heading('SQL');
  await tabTo({ role: 'textbox', name: /SQL/ });
  await page.keyboard.type(
    "SELECT srcaddr, dstaddr, dstport, count(*) AS records FROM flow_logs WHERE action = 'REJECT' GROUP BY ALL ",
  );
  await press(page, 'Escape', 'Control+Enter');
  await page.getByRole('cell', { name: '5432' }).first().waitFor();
  await axe('SQL about what was rejected');
  const downloading = page.waitForEvent('download');
  await tabTo({ role: 'button', name: /Export/ });
  await press(page, 'Enter', 'Enter');
  const csv = await readFile(await (await downloading).path(), 'utf8');
  assert.match(csv, /^srcaddr,dstaddr,dstport,records\r\n/);
  assert.match(csv, /10\.0\.1\.10,10\.0\.3\.10,5432,\d+/);
});

test('records of a lab are answered while their windows are open, and exported', { skip: NO_LAB }, async (t) => {
  lab!.traffic(3);
  const sql = 'SELECT action, x_verdict_stage AS stage, count(*) AS records FROM flow_logs GROUP BY ALL ORDER BY ALL';
  const { page, axe, shoot } = await visit(
    t,
    lab!.link(`/sql?${new URLSearchParams({ v: '1', sql, last: '15m' }).toString()}`),
  );
  await page.getByRole('cell', { name: 'REJECT' }).first().waitFor();
  await page.getByRole('cell', { name: 'sg-ingress' }).first().waitFor();
  await axe('SQL over a lab');
  await shoot('sql-lab');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'JSON' }).click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  assert.match(text, /^\{"action":"ACCEPT"/m);
});

test('in a lab a diagnosis is proved with a packet', { skip: NO_LAB }, async (t) => {
  const ends = 'source=10.0.1.10&destination=10.0.3.10&protocol=tcp&port=5432';
  const { page, axe, shoot } = await visit(t, lab!.link(`/diagnose?v=1&last=15m&${ends}`));
  await page.getByRole('button', { name: 'Prove it with a packet' }).click();
  await page.getByText('Proved: the model, the kernel and the records agree').waitFor({ timeout: 90_000 });
  await page.getByText('1 packet left, 0 came through').waitFor();
  await page
    .getByRole('table', { name: 'Records of the packet' })
    .getByText(/^REJECT by acl-/)
    .waitFor();
  await axe('a proof');
  await shoot('diagnose-proof');
  // An end that is no host of the lab has the command and no button.
  await page.goto(lab!.link(`/diagnose?v=1&last=15m&source=internet&destination=10.0.1.10&protocol=tcp&port=80`));
  await page.getByText('Prove it with a packet, where a lab runs').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Prove it with a packet', exact: true }).count(), 0);
});

test('every other screen shows what passes in the lab', { skip: NO_LAB }, async (t) => {
  const { page, axe, shoot } = await visit(t, lab!.link('/now?v=1&last=15m'), { height: 1000 });
  const table = (name: string): Locator => page.getByRole('table', { name, exact: true });
  const open = async (title: string): Promise<void> => {
    await page.getByRole('link', { name: title, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  };

  await page.getByText('Live', { exact: true }).waitFor();
  lab!.traffic(3);
  const last = page.getByRole('grid', { name: 'Last records' });
  await last.getByText('open', { exact: true }).first().waitFor();
  await last.getByText('REJECT').first().waitFor();
  await table('Rejected just now').getByRole('link', { name: /^acl-/ }).first().waitFor();
  await axe('what passes in a lab');
  await shoot('lab-now');

  // What each rule was used for, by records of the kernel.
  await open('Rules');
  await table('Rules')
    .getByRole('row')
    .filter({ hasText: 'tcp 5432' })
    .getByRole('link', { name: /peers?, show its records/ })
    .first()
    .waitFor();
  await axe('rules of a lab');
  await shoot('lab-rules');

  await open('Topology');
  await page.locator('.topology .edge.rejected').first().waitFor({ state: 'attached' });
  await axe('the network of a lab');
  await shoot('lab-topology');

  await open('Findings');
  await page.getByText('Looking, last').waitFor();
  await axe('findings of a lab');
  await shoot('lab-findings');

  // An object is there when the first window has closed.
  await open('Storage');
  const logs = table('Objects by flow log').getByRole('link', { name: /^Flow log fl-/ });
  const again = page.getByRole('button', { name: 'Look again' });
  while ((await logs.count()) === 0) {
    const looked = page.waitForResponse(/\/api\/storage\?/);
    await again.click();
    await looked;
    // Looking without a pause takes the processor from what is waited for.
    await page.waitForTimeout(500);
  }
  await axe('what a lab stores');
  await shoot('lab-storage');

  await open('Cost');
  await table('Charges').getByRole('row').nth(1).waitFor();
  await axe('what a lab would cost');
  await shoot('lab-cost');
});
