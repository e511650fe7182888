/**
 * A real `up` with real traffic: the printed link logs in, what was just sent is there, and can be taken along.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { visit } from './browser.ts';
import { NO_LAB, startLab } from './lab.ts';

const lab = NO_LAB === false ? startLab() : null;

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
