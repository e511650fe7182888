/**
 * The screen *Topology* in a browser: boxes and edges, time, choosing by mouse and by keyboard, the table, what is put together.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { TopologyAnswer } from '../../src/api/topology.ts';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import type { TestConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { buildBucket } from '../../src/lake/read/build-bucket.ts';
import { NO_BROWSER, visit } from './browser.ts';
import { HOSTILE, makeNetwork, RANGE } from './topology-network.ts';

const skip = { skip: NO_BROWSER };
const bucket = buildBucket();
before(async () => void (await makeNetwork(bucket, { vpcs: 2, subnets: 6, interfaces: 60, records: 3000 })));
after(() => bucket.remove());

const open = (context: TestContext): Promise<TestConsole> =>
  startConsole(context, { directory: bucket.directory, folder: WEB_FOLDER, now: () => RANGE.to * 1000 });
const AT = `v=1&from=${RANGE.from}&to=${RANGE.to}`;

test(
  'shows the network with its traffic, box and edge by box and edge, and what is behind them',
  skip,
  async (context) => {
    const console = await open(context);
    const { page, axe, shoot } = await visit(context, console.link(`/topology?${AT}`), { width: 1920, height: 1200 });
    const subnet = page.getByRole('button', { name: /^Subnet web-1/ }).first();
    await subnet.waitFor();
    assert.ok((await page.locator('.topology .edge').count()) > 10);
    await axe('subnets');
    await shoot('topology-subnets');
    await subnet.click();
    await page.getByRole('heading', { name: /Subnet web-1/ }).waitFor();
    assert.match(
      (await page.getByRole('link', { name: 'Records', exact: true }).getAttribute('href')) ?? '',
      /filter=addr/,
    );
    await axe('a box that is chosen');
    await shoot('topology-box');
    await page.getByRole('table', { name: 'Its edges' }).getByRole('link').first().click();
    await page.getByRole('table', { name: 'Traffic of the edge' }).waitFor();
    assert.match(page.url(), /chosen=/);
    await axe('an edge that is chosen');
    await shoot('topology-edge');
    // No word of its numbers is cut in two on a telephone: a line is 20 px.
    const wide = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 800 });
    const packets = page.getByRole('table', { name: 'Traffic of the edge' }).getByText('Packets', { exact: true });
    const { height } = (await packets.first().boundingBox())!;
    assert.ok(height < 30, `${height} px`);
    await page.setViewportSize(wide);
    await page.getByRole('button', { name: /Close panel/i }).click();
    await page.getByRole('button', { name: 'Interfaces', exact: true }).click();
    await page
      .getByRole('button', { name: /alert\(1\)/ })
      .first()
      .waitFor();
    await axe('interfaces');
    await shoot('topology-interfaces');
    await page.getByRole('button', { name: 'Security group', exact: true }).click();
    await page
      .getByRole('button', { name: /^Groups front/ })
      .first()
      .waitFor();
    await shoot('topology-groups');
  },
);

test('by keyboard alone: into the picture, from box to box, into one, to its edges', skip, async (context) => {
  const console = await open(context);
  const { page, tabTo, axe } = await visit(context, console.link(`/topology?${AT}`));
  await page
    .getByRole('button', { name: /^Subnet web-1/ })
    .first()
    .waitFor();
  await tabTo({ name: /button "VPC (?:shop|payments)/ });
  const focused = (): Promise<string | null> => page.locator(':focus').getAttribute('data-id');
  const first = await focused();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await focused(), first);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('+');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('0');
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Its edges' }).waitFor();
  await axe('a box chosen by keyboard');
  await page.locator('.topology [tabindex="0"]').focus();
  await page.keyboard.press('o');
  await page
    .getByText(/^Opened: /)
    .first()
    .waitFor();
  assert.match(page.url(), /focus=/);
});

test('the slider shows one window, and the table has what the picture has', skip, async (context) => {
  const console = await open(context);
  const own = await console.browser();
  const { json } = await own.ask<TopologyAnswer>('GET', `/api/topology?${AT.slice(4)}&scope=subnet`);
  const { page, axe, shoot } = await visit(context, console.link(`/topology?${AT}&view=table`));
  await page.getByRole('table', { name: 'Edges' }).waitFor();
  await page.getByText(`(${json.edges.length})`).first().waitFor();
  await axe('the table');
  await shoot('topology-table');
  const slider = page.getByRole('slider', { name: /Window of time/ });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText(/UTC, 1 min:/).waitFor();
  assert.match(page.url(), /at=0/);
  await page.getByRole('button', { name: 'Picture', exact: true }).click();
  await page.locator('.topology').waitFor();
  await axe('one window');
  await shoot('topology-window');
  await page.getByRole('button', { name: 'Play window by window' }).click();
  await page.waitForURL(/at=[2-9]/);
  await page.getByRole('button', { name: 'Stop playing' }).click();
});

test('a filter, a range without records, a parameter that is none', skip, async (context) => {
  const console = await open(context);
  const { page, axe } = await visit(context, console.link(`/topology?${AT}&filter=action%3DREJECT`));
  await page.getByText(/Records: /).waitFor();
  assert.match((await page.getByText(/Records: /).textContent()) ?? '', /([\d,]+) flows, .*, \1 rejects/);
  await axe('a filter');
  await page.goto(`${console.url}/console/topology?v=1&from=1000&to=2000`);
  await page.getByText(/60 interfaces.*0 edges/).waitFor();
  await axe('no records');
  await page.goto(`${console.url}/console/topology?${AT}&filter=nothing%3D1`);
  await page.getByText(/FG_FILTER_FIELD/).waitFor();
  await axe('a filter that is none');
  // Names are text wherever they stand.
  await page.goto(`${console.url}/console/topology?${AT}&scope=interface&view=table`);
  await page.getByText(HOSTILE).first().waitFor();
  // On a narrow window words that are chosen among become lists, and keep the one label that they have.
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole('button', { name: /Show as/ }).waitFor();
  assert.equal(await page.getByText('Show as', { exact: true }).filter({ visible: true }).count(), 1);
  await axe('a narrow window');
});
