/**
 * Every screen with its answer there, scrolled.
 *
 * In:    a browser, a console over 5,000 interfaces of a model. Out: for each screen the longest frame and task while it comes up
 *        and while it is scrolled by 20 screens.
 * Holds: a screen has come up when nothing on it is loading. The page is asked with scripts of the browser's debugger, which the
 *        page's policy does not concern.
 */
import type { Browser, Page } from 'playwright-core';
import { framesOf } from './frames.ts';
import type { Frames } from './frames.ts';

type ScreenFrames = {
  readonly name: string;
  /** Null: it did not come up in time. */
  readonly coming: Frames | null;
  readonly scrolled: Frames | null;
  /** Elements of the page. */
  readonly elements: number;
};

const SCREENS = 20;
const MOST_MILLIS = 240_000;
const LOOK_MILLIS = 100;

/** By name: path, and query besides the range. */
const VISITED: readonly { readonly name: string; readonly path: string; readonly query: string }[] = [
  { name: 'Explore, by interface', path: '/explore', query: 'by=interface-id' },
  { name: 'Rejected', path: '/rejected', query: '' },
  { name: 'Diagnose', path: '/diagnose', query: 'source=10.0.0.5&destination=10.1.0.5&port=443' },
  { name: 'Rules', path: '/rules', query: '' },
  { name: 'Topology, subnets', path: '/topology', query: '' },
  { name: 'Topology, interfaces', path: '/topology', query: 'scope=interface' },
  { name: 'Topology, table', path: '/topology', query: 'view=table&scope=interface' },
  { name: 'Flow logs, coverage', path: '/flow-logs', query: 'show=coverage' },
  { name: 'Flow logs, create', path: '/flow-logs', query: 'doing=create' },
];

/**
 * Visits them all.
 *
 * @param link   logs in and leads to a path
 * @param range  of records, as the address has it
 */
export async function visitScreens(
  browser: Browser,
  link: (path: string) => string,
  range: string,
): Promise<ScreenFrames[]> {
  const found: ScreenFrames[] = [];
  for (const { name, path, query } of VISITED) {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
    const page = await context.newPage();
    // The script and the session are there: what is measured is the screen.
    await page.goto(link('/sql?v=1'));
    await page.getByRole('heading', { level: 1, name: 'SQL' }).waitFor();
    const to = `/console${path}?v=1&${range}&${query}`;
    let isThere = false;
    const coming = await framesOf(page, async () => {
      await page.evaluate(
        `history.pushState(null, '', ${JSON.stringify(to)}); dispatchEvent(new PopStateEvent('popstate'))`,
      );
      isThere = await isQuiet(page);
    });
    // One that is late on a busy machine takes the others along no longer.
    const scrolled = isThere ? await framesOf(page, () => scroll(page)) : null;
    const elements = await page.evaluate<number>(`document.querySelectorAll('*').length`);
    found.push({ name, coming: isThere ? coming : null, scrolled, elements });
    process.stderr.write(`${JSON.stringify(found.at(-1))}\n`);
    await context.close();
  }
  return found;
}

/** Waits until nothing is loading, three looks in a row; whether that came in time. */
async function isQuiet(page: Page): Promise<boolean> {
  const isBusy = `document.querySelector('[class*="awsui_spinner"], [class*="status-loading"], .waiting') !== null || /is being counted|Asking anew/u.test(document.body.innerText)`;
  const until = performance.now() + MOST_MILLIS;
  for (let quiet = 0; quiet < 3;) {
    await page.waitForTimeout(LOOK_MILLIS);
    quiet = (await page.evaluate<boolean>(isBusy)) ? 0 : quiet + 1;
    if (performance.now() > until) return false;
  }
  return true;
}

/** As somebody turns the wheel, down and up again. */
async function scroll(page: Page): Promise<void> {
  await page.mouse.move(900, 700);
  for (let screen = 0; screen < SCREENS; screen += 1)
    for (let third = 0; third < 3; third += 1) await page.mouse.wheel(0, screen % 10 < 5 ? 360 : -360);
}
