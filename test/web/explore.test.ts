/**
 * The screen *Explore* in a browser: graph, table and records, by pointer and by keyboard, in every state.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Explored } from '../../src/api/explore.ts';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { buildBucket, SLOT_SECONDS } from '../../src/lake/read/build-bucket.ts';
import { buildPlace, LINES, RANGE } from '../../src/query/explore/build-place.ts';
import { NO_BROWSER, visit } from './browser.ts';
import type { Visit } from './browser.ts';

const built = await buildPlace();
after(() => built.remove());
const TIME = `v=1&from=${RANGE.startSeconds}&to=${RANGE.endSeconds}`;

/** The screen at an address, with the data of `directory`. */
async function explore(test: TestContext, query: string, directory = built.directory): Promise<Visit> {
  const { link } = await startConsole(test, { folder: WEB_FOLDER, directory });
  const visited = await visit(test, link(`/explore?${query}`));
  await visited.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  return visited;
}

/** A parameter of the address. */
const parameter = ({ page }: Visit, name: string): string | null => new URL(page.url()).searchParams.get(name);

test(
  'graph and table of one answer; a value filters, a number leads to its records',
  { skip: NO_BROWSER },
  async (context) => {
    const visited = await explore(context, `${TIME}&by=srcaddr,action&top=5&measure=flows&before=1`);
    const { page, axe, shoot } = visited;
    await page.getByRole('heading', { name: 'Flows over time' }).waitFor();
    await page.getByText('Other (', { exact: false }).first().waitFor();
    await axe('graph and table');
    await shoot('explore');
    await page.getByRole('button', { name: 'Values as a table' }).click();
    await page.getByRole('region', { name: 'Values of Flows over time' }).getByRole('row').nth(30).waitFor();
    await page.getByRole('button', { name: 'The SQL of this answer' }).click();
    await page.getByLabel('SQL', { exact: true }).getByText('WITH seen AS').waitFor();
    await axe('with values and SQL');
    await page
      .getByRole('button', { name: /^Only srcaddr 10\.0\./ })
      .first()
      .click();
    await page.waitForURL(/filter=srcaddr/);
    await page.getByText('Every group is shown.').waitFor();
    const group = page.getByRole('row').filter({ hasText: 'ACCEPT' });
    const records = Number((await group.getByRole('link').last().textContent())!.replaceAll(',', ''));
    await group.getByRole('link').last().click();
    await page.getByRole('tab', { name: 'Records', selected: true }).waitFor();
    assert.match(parameter(visited, 'filter')!, /^srcaddr=10\.0\.\d+\.\d+,action=ACCEPT$/);
    await page.getByText(`${records} of ${records} records are here.`).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Flows over time' }).waitFor();
  },
);

test(
  'by keyboard: a filter, a range of the graph, a cell that filters, a record as its line',
  { skip: NO_BROWSER },
  async (context) => {
    const visited = await explore(context, TIME);
    const { page, tabTo, axe } = visited;
    await page.getByRole('heading', { name: 'Bytes over time' }).waitFor();
    await tabTo({ role: 'combobox', name: /Filter records/ });
    await page.keyboard.type('protocol=6,addr=203.0.113.0/24');
    await page.keyboard.press('Enter');
    await page.waitForURL(/filter=protocol/);
    assert.equal(parameter(visited, 'filter'), 'protocol=6,addr=203.0.113.0/24');
    await page.getByRole('heading', { name: 'Bytes over time' }).waitFor();
    await tabTo({ role: 'slider', name: /Bytes over time/ });
    const slider = page.getByRole('slider');
    await page.keyboard.press('Home');
    assert.match((await slider.getAttribute('aria-valuetext'))!, /UTC: /);
    for (let steps = 0; steps < 9; steps++) await page.keyboard.press('ArrowRight');
    for (let steps = 0; steps < 4; steps++) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('to') !== String(RANGE.endSeconds));
    const [from, to] = [Number(parameter(visited, 'from')), Number(parameter(visited, 'to'))];
    assert.deepEqual([from - RANGE.startSeconds, to - from], [540, 300]);
    await page.getByRole('tab', { name: 'Graph and table' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const grid = page.getByRole('grid', { name: 'Records' });
    await grid.waitFor();
    await axe('records');
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('c');
    await page.getByText('was copied as the line of its log format').waitFor();
    const line = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.ok((LINES.narrow as readonly string[]).includes(line), line);
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const cell = await page.locator('.records-active').textContent();
    assert.match(cell!, /^(?:ACCEPT|REJECT)$/);
    await page.keyboard.press('=');
    await page.waitForURL(/action/);
    assert.equal(parameter(visited, 'filter'), `protocol=6,addr=203.0.113.0/24,action=${cell}`);
    await page.getByText('What to do').or(grid).first().waitFor();
  },
);

test(
  'every state is made: waiting, nothing there, a filter that cannot be read, no answer',
  { skip: NO_BROWSER },
  async (context) => {
    const { page, axe } = await explore(context, `${TIME}&filter=bytes%3E%3D999999`);
    await page.getByText('No record fits the filter in this time').waitFor();
    await axe('nothing fits');
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByRole('heading', { name: 'Bytes over time' }).waitFor();
    const go = async (query: string): Promise<void> => {
      await page.goto(`${page.url().split('?')[0]}?${query}`);
    };
    await go('v=1&from=1000000&to=1003600');
    await page.getByText('No records in this time').waitFor();
    await axe('no records');
    await go(`${TIME}&filter=dstprot%3D22`);
    await page.getByText('names the field "dstprot"').first().waitFor();
    await axe('a filter that cannot be read');
    let let_through = (): void => {};
    const held = new Promise<void>((resolve) => (let_through = resolve));
    await page.route('**/api/explore?*', async (route) => {
      await held;
      await route.fulfill({ status: 500, contentType: 'text/plain', body: 'It broke.' });
    });
    await go(TIME);
    await page.getByText('Adding up records').waitFor();
    await axe('waiting');
    let_through();
    await page.getByText('It broke.').waitFor();
    await axe('failed');
    await page.unroute('**/api/explore?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Bytes over time' }).waitFor();
  },
);

test('another choice cancels the question before', { skip: NO_BROWSER }, async (context) => {
  const { page } = await explore(context, TIME);
  await page.getByRole('heading', { name: 'Bytes over time' }).waitFor();
  const asked = (measure: string) => (request: { url(): string }) => request.url().includes(`measure=${measure}`);
  await page.route(/measure=packets/, () => {});
  const begun = page.waitForRequest(asked('packets'));
  await page.getByRole('button', { name: 'Packets', exact: true }).click();
  await begun;
  const failed = page.waitForEvent('requestfailed', asked('packets'));
  await page.getByRole('button', { name: 'Flows', exact: true }).click();
  assert.match((await failed).failure()!.errorText, /ABORTED/);
  await page.getByRole('heading', { name: 'Flows over time' }).waitFor();
});

test('values of the data complete the filter', { skip: NO_BROWSER }, async (context) => {
  const visited = await explore(context, TIME);
  const { page, axe } = visited;
  await page.getByRole('combobox', { name: 'Filter records' }).fill('action=');
  await page.getByRole('option', { name: /REJECT/ }).waitFor();
  await axe('values are offered');
  await page.getByRole('option', { name: /REJECT/ }).click();
  await page.waitForURL(/filter=action/);
  assert.equal(parameter(visited, 'filter'), 'action=REJECT');
});

test('a view is saved, opened and deleted', { skip: NO_BROWSER }, async (context) => {
  const visited = await explore(context, `${TIME}&by=srcaddr&filter=action%3DREJECT`);
  const { page, axe } = visited;
  await page.getByRole('heading', { name: /By srcaddr/ }).waitFor();
  const menu = async (name: RegExp): Promise<void> => {
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await menu(/Save as/);
  await page.getByLabel('Name').fill('Refused <b>sources</b>');
  await axe('saving a view');
  await page.keyboard.press('Enter');
  await page.getByText('was saved').waitFor();
  await page.goto(`${page.url().split('?')[0]}?${TIME}`);
  await page.getByRole('heading', { name: /By action/ }).waitFor();
  await menu(/Refused <b>sources<\/b>/);
  await page.getByRole('heading', { name: /By srcaddr/ }).waitFor();
  assert.equal(parameter(visited, 'filter'), 'action=REJECT');
  await menu(/Delete a view/);
  await page.getByRole('button', { name: /Delete the view Refused/ }).click();
  await page.getByText('was deleted').waitFor();
});

test('of many records few are in the page, and the last one can be reached', { skip: NO_BROWSER }, async (context) => {
  const bucket = buildBucket();
  context.after(() => bucket.remove());
  const hostile = '<img src=x onerror=alert(1)> "\'& javascript:alert(2)';
  await bucket.parquet(
    `SELECT 'eni-' || n AS interface_id, '10.0.0.1' AS srcaddr, '10.0.0.2' AS dstaddr, 443 AS srcport, 1024 + n % 60000 AS dstport,
       6 AS protocol, CAST(1 AS BIGINT) AS packets, CAST(n AS BIGINT) AS bytes, CAST(${SLOT_SECONDS} + n // 100 AS BIGINT) AS start,
       CAST(${SLOT_SECONDS} + n // 100 AS BIGINT) AS "end", 'ACCEPT' AS action, 'OK' AS log_status, '${hostile.replaceAll("'", "''")}' AS vpc_id
     FROM range(6000) AS r(n)`,
    { prefix: 'bucket' },
  );
  const time = `v=1&from=${SLOT_SECONDS}&to=${SLOT_SECONDS + 300}`;
  const { page, shoot } = await explore(
    context,
    `${time}&tab=records&columns=start,vpc-id,interface-id,bytes`,
    bucket.directory,
  );
  await page.getByText('6,000 records').or(page.getByText('of 6,000 records are here')).first().waitFor();
  await shoot('records');
  const grid = page.getByRole('grid', { name: 'Records' });
  await grid.getByText(hostile).first().waitFor();
  assert.ok((await grid.getByRole('row').count()) < 80);
  // The end of what is here is gone to until it is the end of all.
  const all = page.getByText('6,000 of 6,000 records are here.');
  while ((await all.count()) === 0) {
    await page.evaluate(`document.querySelector('.records-scroll').scrollTop = 1e9`);
    // Looking without a pause takes the processor from what is waited for.
    await page.waitForTimeout(50);
  }
  await page.evaluate(`document.querySelector('.records-scroll').scrollTop = 1e9`);
  await grid.getByText('eni-99', { exact: true }).waitFor();
  assert.ok((await grid.getByRole('row').count()) < 80);
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  await page.goto(`${page.url().split('?')[0]}?${time}&by=vpc-id`);
  await page.getByRole('button', { name: new RegExp('Only vpc-id <img') }).click();
  await page.waitForURL(/filter=vpc-id/);
  await page.getByText('Every group is shown.').waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
});

test('the answer that a script gets is the one that the screen shows', { skip: NO_BROWSER }, async (context) => {
  const { page } = await explore(context, TIME);
  const [answer] = await Promise.all([
    page.waitForResponse(/\/api\/explore\?/).then((response) => response.json() as Promise<Explored>),
    page.reload(),
  ]);
  const shown = page.getByRole('link', {
    name: `${new Intl.NumberFormat('en').format(answer.total.packets)} packets: records`,
  });
  await shown.waitFor();
});
