/**
 * The screen SQL in a browser: saved queries with their form, SQL of one's own, rows, chart, export, cancel, hostile text.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import type { TestConsole } from '../../src/app/server/console/console.fixture.ts';
import { createSqlRunner } from '../../src/app/server/console/sql/sql-runner.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { buildBucket } from '../../src/lake/read/build-bucket.ts';
import type { SqlLimits } from '../../src/api/sql.ts';
import { NO_BROWSER, visit } from './browser.ts';

const HEADER =
  'version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const RANGE = 'from=1795430000&to=1795440000';
const SCRIPT = '<img/src=x/onerror=alert(1)>';

function records(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const start = 1_795_435_500 + (at % 50) * 60;
    const action = at % 5 === 0 ? 'REJECT' : 'ACCEPT';
    return `2 eni-0a 10.0.${at % 4}.${at % 250} 10.1.0.1 ${40_000 + at} 443 6 1 ${100 + at} ${start} ${start + 9} ${action} OK`;
  });
}

async function start(t: TestContext, limits: Partial<SqlLimits> = {}): Promise<TestConsole> {
  const bucket = buildBucket();
  bucket.text([HEADER, ...records(500)]);
  bucket.text([HEADER, `2 ${SCRIPT} 10.9.9.9 10.1.0.1 1 2 6 1 1 1795435500 1795435501 ACCEPT OK`]);
  const console = await startConsole(t, {
    folder: WEB_FOLDER,
    context: { sql: createSqlRunner(bucket.directory, limits) },
  });
  t.after(() => bucket.remove());
  return console;
}

test('a saved query: found, its form filled, run, drawn, exported, shared', { skip: NO_BROWSER }, async (t) => {
  const console = await start(t);
  const { page, axe, shoot } = await visit(t, console.link(`/sql?v=1&${RANGE}`));
  await page.getByText('Choose a saved query or write one').waitFor();
  await axe('SQL, nothing asked');
  await shoot('sql-empty');
  await page.getByRole('button', { name: /Saved query/ }).click();
  await page.getByPlaceholder('Find a saved query').fill('top-talk');
  await axe('SQL, choosing');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByLabel('limit').fill('7');
  await page.keyboard.press('Enter');
  await page.getByRole('row').nth(7).waitFor();
  assert.equal(await page.getByRole('row').count(), 8);
  await page.getByText(/Read 2 objects/).waitFor();
  await axe('SQL, a table');
  await shoot('sql-table');
  await page.getByRole('tab', { name: 'Chart' }).click();
  await page.getByRole('img', { name: /Bars: bytes by address/ }).waitFor();
  await axe('SQL, a chart');
  await shoot('sql-chart');
  assert.match(page.url(), /saved=top-talkers&with=limit%3D7&show=chart/);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /^top-talkers-.*\.csv$/);
  const csv = await readFile(await download.path(), 'utf8');
  assert.equal(csv.split('\r\n').length, 9);

  const { page: other } = await visit(
    t,
    console.link(new URL(page.url()).pathname.replace('/console', '') + new URL(page.url()).search),
  );
  await other.getByRole('img', { name: /Bars: bytes by address/ }).waitFor();
});

test('SQL by keyboard alone: completed, with a parameter, run; an error, mended', { skip: NO_BROWSER }, async (t) => {
  const console = await start(t);
  const { page, tabTo, axe, shoot } = await visit(t, console.link(`/sql?v=1&${RANGE}`));
  await tabTo({ role: 'textbox', name: /SQL/ });
  await page.keyboard.type('SELECT interface_id, count(*) AS records FROM flow_logs WHERE srcp');
  await page.getByRole('option', { name: /srcport/ }).waitFor();
  await axe('SQL, completing');
  await shoot('sql-completion');
  // A list of completions does not take keys in the first moments, lest it take what was meant for the text.
  while (!(await page.getByRole('textbox', { name: 'SQL' }).textContent())?.includes('srcport'))
    await page.keyboard.press('Enter');
  await page.keyboard.type(' > $least GROUP BY 1 ORDER BY 2');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await page.getByText('FG_PARAMETER_MISSING').waitFor();
  await axe('SQL, an error');
  await shoot('sql-error');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('40000');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: '499' }).waitFor();
  assert.equal(await page.getByRole('row').count(), 2);
});

test('what stands in records and SQL is text', { skip: NO_BROWSER }, async (t) => {
  const console = await start(t);
  const sql = `SELECT interface_id, srcaddr AS "<b>${SCRIPT}</b>", '<script>alert(2)</script>' AS x FROM flow_logs WHERE srcport = 1`;
  const query = new URLSearchParams({ v: '1', sql, from: '1795430000', to: '1795440000' });
  const { page, axe } = await visit(t, console.link(`/sql?${query.toString()}`));
  await page.getByRole('cell', { name: SCRIPT }).waitFor();
  assert.equal(await page.getByRole('columnheader', { name: `<b>${SCRIPT}</b>` }).count(), 1);
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  await page.getByRole('tab', { name: 'Chart' }).click();
  await page.getByText('A chart takes a column with numbers').waitFor();
  await axe('SQL, hostile text');
  const failing = new URLSearchParams({ v: '1', sql: `SELECT "${SCRIPT}" FROM flow_logs`, last: '1h' });
  await page.goto(`${console.url}/console/sql?${failing.toString()}`);
  await page.getByText('This could not be answered').waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
});

test('many rows are cut and said so, and scroll', { skip: NO_BROWSER }, async (t) => {
  const console = await start(t, { rows: 20_000 });
  const many = new URLSearchParams({
    v: '1',
    sql: 'SELECT range AS n, range * 2 AS twice FROM flow_logs, range(100)',
    from: '1795430000',
    to: '1795440000',
  });
  const { page, axe, shoot } = await visit(t, console.link(`/sql?${many.toString()}`), { width: 1920, height: 1080 });
  await page.getByText('Not all rows are shown').waitFor();
  const table = page.getByRole('table', { name: 'Rows of the answer' });
  assert.equal(await table.getAttribute('aria-rowcount'), '20001');
  assert.ok((await page.getByRole('row').count()) < 100, 'only what is in view is in the page');
  await table.focus();
  await page.keyboard.press('End');
  await page.locator('[aria-rowindex="20001"]').waitFor();
  await axe('SQL, many rows');
  await shoot('sql-many');
});

test(
  'cancelling a query, asking another one and leaving the screen end it on the server',
  { skip: NO_BROWSER },
  async (t) => {
    const console = await start(t, { atOnce: 1 });
    const own = await console.browser();
    /** Until whoever has this key may ask: as long as its query runs it may not. */
    const untilFree = async (): Promise<void> => {
      const request = { sql: 'SELECT 1', saved: null, parameters: {} };
      while ((await own.ask('POST', '/api/sql?last=1h', request)).text.includes('FG_SQL_BUSY'));
    };
    const at = (sql: string): string => `/sql?${new URLSearchParams({ v: '1', sql, last: '30d' }).toString()}`;
    const forever = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3';
    const { page, tabTo } = await visit(t, console.link(at(forever)));
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    const busy = await own.ask('POST', '/api/sql?last=1h', { sql: 'SELECT 1', saved: null, parameters: {} });
    assert.match(busy.text, /FG_SQL_BUSY/);
    await tabTo({ role: 'button', name: /"Cancel"/ });
    await page.keyboard.press('Enter');
    await page.getByText('Cancelled').waitFor();
    await untilFree();
    // Of one that was given up for another no word comes any more.
    await page.getByRole('button', { name: /^Run/ }).click();
    await cancel.waitFor();
    await page.evaluate(
      `history.pushState(null, '', ${JSON.stringify(`/console${at('SELECT 42 AS answer')}`)}); dispatchEvent(new PopStateEvent('popstate'))`,
    );
    await page.getByRole('cell', { name: '42' }).or(page.getByText('FG_SQL_BUSY')).first().waitFor();
    await untilFree();
    await page.goto(`${console.url}/console${at(forever)}`);
    await cancel.waitFor();
    await page.getByRole('link', { name: 'Rules', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
    await untilFree();
  },
);
