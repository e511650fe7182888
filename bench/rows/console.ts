/**
 * console: how soon the console is there, and whether it goes on moving with a million records in range.
 *
 * In:    1 million records of 5,000 interfaces over 6 hours, as text.gz, and the network that they are of; `--rounds` visits. Out: a
 *        table of records scrolled and brushed, and one of every screen with 5,000 interfaces.
 * Holds: the server is the console's own, on loopback; the browser is Debian's Chromium without a screen, which draws with the
 *        processor. Times are from the browser: paint timing, and its trace while 20 screens of records are scrolled and the
 *        brush is dragged over the histogram. Each visit has an empty cache.
 */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import type { TestConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { writeBucket } from '../console/bucket.ts';
import { writeNetwork } from '../console/network.ts';
import { visitScreens } from '../console/screens.ts';
import { framesOf } from '../console/frames.ts';
import type { Frames } from '../console/frames.ts';
import { withWorkplace } from '../inputs.ts';
import { median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const RECORDS = 1_000_000;
const INTERFACES = 5000;
const HOURS = 6;
const SCREENS = 20;
const STEPS = 60;

export const console: Row = ({ rounds, command }) =>
  withWorkplace(200e6, async (dir) => {
    const head = heading('console: 1 million records of 5,000 interfaces', command);
    const untilSeconds = Math.floor(Date.now() / 1000);
    await writeNetwork(dir, INTERFACES, untilSeconds - (HOURS + 1) * 3600);
    writeBucket(join(dir, 'bucket'), { records: RECORDS, interfaces: INTERFACES, hours: HOURS, untilSeconds });
    const ends: (() => void | Promise<void>)[] = [];
    const test: Pick<TestContext, 'after'> = { after: (end) => void ends.push(end as () => Promise<void>) };
    const served = await startConsole(test, { directory: dir, folder: WEB_FOLDER });
    const browser = await chromium.launch({
      executablePath: process.env['FLOWGAUGE_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    });
    try {
      const paints: number[] = [];
      const scrolled: Frames[] = [];
      const brushed: Frames[] = [];
      const range = `from=${untilSeconds - HOURS * 3600 - 600}&to=${untilSeconds}`;
      // The cache is filled before: on a busy machine that takes longer than a page is waited for, and is no frame.
      const filled = await (await served.browser()).ask('GET', `/api/explore?${range}&measure=flows`);
      if (filled.status !== 200) throw new Error(`the records cannot be asked: ${filled.text}`);
      for (let round = 0; round < rounds; round += 1) {
        paints.push(await firstPaint(browser, served));
        const page = await open(browser, served.link(`/explore?v=1&${range}&tab=records`));
        await page.locator('.records-scroll [role="row"]').nth(10).waitFor({ timeout: 120_000 });
        scrolled.push(await framesOf(page, () => scroll(page)));
        brushed.push(await framesOf(page, () => brush(page)));
        await page.context().close();
        process.stderr.write(
          `round ${round + 1}: ${JSON.stringify([paints.at(-1), scrolled.at(-1), brushed.at(-1)])}\n`,
        );
      }
      const screens = await visitScreens(browser, served.link, range);
      const row = (what: string, of: readonly Frames[]): string[] => [
        what,
        String(median(of.map(({ frames }) => frames))),
        fixed(Math.max(...of.map(({ longestFrameMillis }) => longestFrameMillis)), 0),
        String(Math.max(...of.map(({ over100Millis }) => over100Millis))),
        fixed(Math.max(...of.map(({ longestTaskMillis }) => longestTaskMillis)), 0),
        fixed(Math.max(...of.map(({ longestTaskCpuMillis }) => longestTaskCpuMillis)), 0),
      ];
      const columns = ['while', 'frames', 'longest frame, ms', 'frames over 100 ms', 'longest task, ms', 'of CPU'];
      const longest = Math.max(
        ...[...scrolled, ...brushed, ...screens.flatMap(({ scrolled: all }) => all ?? [])].map(
          ({ longestFrameMillis }) => longestFrameMillis,
        ),
      );
      return [
        `${head}${table(columns, [row(`${SCREENS} screens are scrolled`, scrolled), row('the brush is dragged', brushed)])}`,
        table(
          [
            'screen',
            'elements',
            'longest frame while it comes up, ms',
            'longest task, ms of CPU',
            'while it is scrolled, ms',
            'of CPU',
          ],
          screens.map(({ name, elements, coming, scrolled: all }) => [
            name,
            String(elements),
            ...[coming, all].flatMap((frames) =>
              frames === null
                ? ['**not there in time**', '-']
                : [fixed(frames.longestFrameMillis, 0), fixed(frames.longestTaskCpuMillis, 0)],
            ),
          ]),
        ),
        floor('first paint of the first screen, ms (median)', median(paints), 1000, false),
        floor('longest frame while something is scrolled or brushed, ms', longest, 100, false),
        '',
      ].join('\n');
    } finally {
      await browser.close();
      for (const end of ends.toReversed()) await end();
    }
  });

async function open(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

/** From the beginning of the navigation to the first content of a screen, with an empty cache. */
async function firstPaint(browser: Browser, served: TestConsole): Promise<number> {
  const page = await open(browser, served.link('/now'));
  await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
  const millis = await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
  await page.context().close();
  return millis;
}

/** As somebody turns the wheel: a third of a screen a time. */
async function scroll(page: Page): Promise<void> {
  const table = page.locator('.records-scroll');
  const box = (await table.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let screen = 0; screen < SCREENS; screen += 1)
    for (let third = 0; third < 3; third += 1) await page.mouse.wheel(0, box.height / 3);
}

/** Over half of the histogram, to and fro, without letting go. */
async function brush(page: Page): Promise<void> {
  const box = (await page.locator('.u-over').first().boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.2, y);
  await page.mouse.down();
  for (let step = 0; step <= STEPS; step += 1) {
    const share = 0.2 + 0.6 * Math.sin((step / STEPS) * Math.PI);
    await page.mouse.move(box.x + box.width * share, y);
  }
  await page.mouse.move(box.x + box.width * 0.6, y);
  await page.mouse.up();
}
