/**
 * The screens *Storage* and *Cost* in a browser: nothing, much, a run that goes on, one that failed; by keyboard, and for a key that may only read.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import type { TestConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { createStanding } from '../../src/app/server/standing.ts';
import { tend } from '../../src/lake/keep/tend.ts';
import { buildBucket, SLOT_SECONDS } from '../../src/lake/read/build-bucket.ts';
import { ledgerKey } from '../../src/publish/ledger.ts';
import { NO_BROWSER, visit } from './browser.ts';

const skip = { skip: NO_BROWSER };
const DAY = 86_400;
const NOW = SLOT_SECONDS + 4 * DAY;
const FIELDS =
  'interface-id interface-type instance-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr packets bytes start end action flow-direction traffic-path az-id next-hop-az-id pkt-dst-aws-service log-status';
const GB = 2 ** 30;
const HOSTILE = '<img/src=x/onerror=alert(1)>';
const RANGE = `from=${SLOT_SECONDS - DAY}&to=${NOW}`;

/** What some interfaces sent: to the internet, into another zone, through a NAT gateway to S3. */
function lines(start: number, scale: number): string[] {
  const time = `${start} ${start + 20} ACCEPT`;
  const sent = Math.round(scale * GB);
  return [
    FIELDS,
    `eni-0web interface ${HOSTILE} 10.0.0.5 198.51.100.7 10.0.0.5 198.51.100.7 9 ${sent} ${time} egress 8 use1-az1 - - OK`,
    `eni-0app interface i-0app 10.0.1.9 10.0.2.9 10.0.1.9 10.0.2.9 9 ${3 * sent} ${time} egress 1 use1-az1 use1-az2 - OK`,
    `eni-0nat nat_gateway - 10.0.1.9 10.0.9.9 10.0.1.9 52.216.0.1 9 ${2 * sent} ${time} ingress - use1-az1 - S3 OK`,
  ];
}

async function filled(context: TestContext): Promise<TestConsole> {
  const bucket = buildBucket();
  context.after(() => rmSync(bucket.directory, { recursive: true, force: true }));
  for (let day = 0; day < 4; day++)
    for (const [at, flowLogId] of ['fl-0aaaaaaaaaaaaaaa1', 'fl-0bbbbbbbbbbbbbbb2'].entries()) {
      const slotSeconds = SLOT_SECONDS + day * DAY + at * 600;
      const key = bucket.text(lines(slotSeconds, 1 + day), { slotSeconds, flowLogId, prefix: 'bucket' });
      bucket.file(ledgerKey(key), '{}');
    }
  const tended = await tend(bucket.directory, {
    dest: null,
    by: 'day',
    settleSeconds: 0,
    rollups: true,
    expireSeconds: null,
    retention: { recordsSeconds: 3 * DAY, rollupsSeconds: null },
    memoryBytes: 200e6,
    graceSeconds: 0,
    nowSeconds: SLOT_SECONDS + 3.6 * DAY,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  assert.equal(tended.retained?.records, 6);
  const missing = SLOT_SECONDS + DAY;
  const gone = bucket.text(lines(missing, 1), { slotSeconds: missing, prefix: 'bucket' });
  bucket.file(ledgerKey(gone), '{}');
  rmSync(join(bucket.directory, gone));
  const standing = createStanding();
  Object.assign(standing.keeping, {
    is: 'working',
    plan: {
      dest: null,
      by: 'day',
      settleSeconds: 1800,
      rollups: true,
      everySeconds: 900,
      expireSeconds: 7 * DAY,
      retention: { recordsSeconds: 90 * DAY, rollupsSeconds: 800 * DAY },
    },
    progress: { step: 'compact', stage: 'reading', files: 37, of: 120, bytes: 5_000_000 },
    last: {
      atSeconds: NOW - 900,
      tookSeconds: 12.5,
      objects: 288,
      objectBytes: 9e6,
      records: 120_000,
      files: 1,
      fileBytes: 3e6,
      rollupBytes: 1e6,
      waiting: 4,
      unreadable: 0,
      expired: 288,
      expiredBytes: 9e6,
      keptObjects: 2,
      keptRecords: 0,
      retiredFiles: 1,
      retiredRecords: 90_000,
    },
  });
  const now = (): number => NOW * 1000;
  return startConsole(context, { folder: WEB_FOLDER, directory: bucket.directory, now, context: { standing } });
}

test('what lies there is told: by flow log, by day, in the lake, due; and what is done', skip, async (context) => {
  const console = await filled(context);
  const { page, axe, shoot, tabTo } = await visit(context, console.link('/storage', console.addKey('read')), {
    height: 1500,
  });
  await page.getByText('37 of 120 objects').first().waitFor();
  await page.getByText('Records go after 90 d, sums after 800 d.').waitFor();
  await page.getByText('2 objects are old enough to go, and stay').waitFor();
  const logs = page.getByRole('table', { name: 'Objects by flow log' });
  await logs.getByText('fl-0aaaaaaaaaaaaaaa1').waitFor();
  await page.getByText('1 of 9 objects of the ledger is missing').waitFor();
  const days = page.getByRole('table', { name: 'Objects and lake by day' });
  await days.getByText('Sums only').waitFor();
  assert.equal(await days.getByRole('row').count(), 5);
  await axe('storage');
  await shoot('storage');
  await tabTo({ role: 'button', name: /Look again/ });
  await page.keyboard.press('Enter');
  await tabTo({ role: 'link', name: /Flow log fl-0/ }, 40);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Flow logs', level: 1 }).waitFor();
  const wide = await visit(context, console.link('/storage'), { width: 1920, height: 1080, dark: true });
  await wide.page.getByText('37 of 120 objects').first().waitFor();
  await wide.page.getByRole('table', { name: 'Objects by flow log' }).getByText('fl-0aaaaaaaaaaaaaaa1').waitFor();
  await wide.axe('storage, dark');
  await wide.shoot('storage');
});

test('where nothing lies and nobody compacts it says so, on both screens; help is beside', skip, async (context) => {
  const console = await startConsole(context, { folder: WEB_FOLDER });
  const { page, axe, shoot } = await visit(context, console.link('/storage'), { height: 1000 });
  await page.getByText('Nobody compacts here').waitFor();
  await page.getByText('No object yet').waitFor();
  await page.getByText('No day yet').waitFor();
  await axe('no storage');
  await shoot('storage-empty');
  await page.goto(console.link(`/cost?v=1&${RANGE}`));
  await page.getByText('No flow logs yet').waitFor();
  await axe('no cost');
  await shoot('cost-empty');
  await page.getByRole('button', { name: 'Help' }).first().click();
  await page.getByText('One byte may be in several lines').waitFor();
  await axe('help of cost');
});

test('a run that failed is told with its words, as text', skip, async (context) => {
  const standing = createStanding();
  Object.assign(standing.keeping, {
    is: 'failing',
    problem: { code: 'FG_LAKE_ENDED', message: `it ended ${HOSTILE}` },
  });
  const console = await startConsole(context, { folder: WEB_FOLDER, context: { standing } });
  const { page, axe } = await visit(context, console.link('/storage'));
  await page.getByText(`it ended ${HOSTILE}`).waitFor();
  await page.getByText('The last run failed').first().waitFor();
  await axe('a failed run');
});

test('what traffic costs: by way, zones and owner, endpoints, and the flow logs themselves', skip, async (context) => {
  const console = await filled(context);
  const link = console.link(`/cost?v=1&by=instance-id&${RANGE}`, console.addKey('read'));
  const { page, axe, shoot, tabTo } = await visit(context, link, { height: 1500 });
  const charges = page.getByRole('table', { name: 'Charges', exact: true });
  await charges.getByText('Through NAT gateways').waitFor();
  await charges.getByText('use1-az1 to use1-az2').waitFor();
  await page.getByText(/^S3: .* through NAT gateways$/).waitFor();
  const owners = page.getByRole('table', { name: 'Charges by owner' });
  await owners.getByText(HOSTILE).first().waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  await page.getByRole('table', { name: 'Cost of the flow logs' }).getByText('CloudWatch Logs, text').waitFor();
  await page.getByText(/6 records from .* were removed by retention/).waitFor();
  await axe('cost');
  await shoot('cost');
  await tabTo({ name: /Owners are told apart by/ });
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /Interface/ }).waitFor();
  await axe('choosing an owner');
  await page.keyboard.type('Interface');
  await page.getByRole('option', { name: /Interface/ }).click();
  await owners.getByText('eni-0web').first().waitFor();
  assert.match(page.url(), /by=interface-id/);
  const wide = await visit(context, console.link(`/cost?v=1&${RANGE}`), { width: 1920, height: 1080, dark: true });
  await wide.page.getByRole('table', { name: 'Charges', exact: true }).getByText('Through NAT gateways').waitFor();
  await wide.axe('cost, dark');
  await wide.shoot('cost');
});
