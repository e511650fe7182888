/**
 * Addresses that nobody of ours wrote: mangled, huge, of another version, hostile. Every screen shows something, and asks nothing
 * that it should not; a server that ended meanwhile is said.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { buildBucket } from '../../src/lake/read/build-bucket.ts';
import { NO_BROWSER, visit } from './browser.ts';
import { makeNetwork, RANGE } from './topology-network.ts';

const skip = { skip: NO_BROWSER };
const bucket = buildBucket();
before(async () => void (await makeNetwork(bucket, { vpcs: 1, subnets: 3, interfaces: 12, records: 400 })));
after(() => bucket.remove());

const MARKUP = '"><img src=x onerror=alert(1)>\u0000\u202e\u001b[31m';
const LONG = 'x'.repeat(6000);
const AT = `from=${RANGE.from}&to=${RANGE.to}`;
const STATES: Readonly<Record<string, readonly string[]>> = {
  '/now': [`v=99&nothing=${LONG}`],
  '/explore': [
    `v=0&by=${encodeURIComponent(MARKUP)}&measure=none&top=-1&last=never`,
    `v=1&${AT}&tab=records&columns=__proto__,constructor&filter=${encodeURIComponent(MARKUP)}`,
    `v=1&from=9&to=1&tab=${LONG}`,
  ],
  '/rejected': [`v=1&${AT}&cause=${encodeURIComponent(MARKUP)}&filter=srcaddr%3D%3D%3D`],
  '/diagnose': [
    `v=1&${AT}&mode=record&record=${encodeURIComponent(MARKUP)}`,
    `v=1&${AT}&source=${encodeURIComponent(MARKUP)}&destination=${LONG.slice(0, 2000)}&port=99999999999`,
  ],
  '/what-if': [`v=1&${AT}&change=%7B%22changes%22%3A%5B%7B%7D%5D%7D`, `v=1&change=${encodeURIComponent('[[[[')}`],
  '/rules': [`v=1&${AT}&of=${encodeURIComponent(MARKUP)}&mark=no&suggest=yes&limit=-3&widen4=999`],
  '/topology': [`v=1&${AT}&scope=__proto__&focus=${encodeURIComponent(MARKUP)}&chosen=nothing&at=4000000000`],
  '/flow-logs': [
    `v=1&show=x&doing=replace&id=${encodeURIComponent(MARKUP)}`,
    `v=1&doing=create&of=${LONG.slice(0, 900)}`,
  ],
  '/sql': [
    `v=1&${AT}&sql=${encodeURIComponent(`SELECT '${MARKUP.replaceAll('\u0000', '')}' AS "<b>"`)}`,
    'v=1&query=nobody',
  ],
};

test('every screen shows something whatever its address says', skip, async (context) => {
  const { link } = await startConsole(context, {
    directory: bucket.directory,
    folder: WEB_FOLDER,
    now: () => RANGE.to * 1000,
  });
  const { page } = await visit(context, link('/sql?v=1'));
  page.on('dialog', () => assert.fail('a script of somebody else ran'));
  for (const [path, states] of Object.entries(STATES))
    for (const state of states) {
      // As a link within the page would: the script is there.
      const to = JSON.stringify(`/console${path}?${state}`);
      await page.evaluate(`history.pushState(null, '', ${to}); dispatchEvent(new PopStateEvent('popstate'))`);
      const title = new RegExp(`^.*${path.slice(1).replace('-', '.')}$`, 'iu');
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      const loading = page.locator('[class*="status-loading"], [class*="awsui_spinner"]');
      await loading.last().waitFor({ state: 'hidden', timeout: 60_000 });
      const where = `${path}?${state.slice(0, 80)}`;
      assert.equal(await page.getByText('This screen has failed').count(), 0, where);
      assert.equal(await page.locator('img[src="x"]').count(), 0, where);
    }
});

test('a page whose server has ended says so, and goes on when there is one again', skip, async (context) => {
  const { link, url } = await startConsole(context, {
    directory: bucket.directory,
    folder: WEB_FOLDER,
    now: () => RANGE.to * 1000,
  });
  const { page } = await visit(context, link(`/topology?v=1&${AT}`), { expected: /ERR_|Failed to load/u });
  const other = await page.context().newPage();
  await page
    .getByRole('button', { name: /^Subnet / })
    .first()
    .waitFor();
  // Two pages have one session.
  await other.goto(`${url}/console/rules?v=1&${AT}`);
  await other.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
  await other.close();
  await page.context().route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByRole('button', { name: /again/i }).last().waitFor();
  await page
    .getByText(/cannot be reached|does not answer|no answer/i)
    .first()
    .waitFor();
  await page.context().unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page
    .getByRole('button', { name: /^Subnet / })
    .first()
    .waitFor();
  // A server that was started again knows no session.
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByText('Your session has ended').waitFor();
});
