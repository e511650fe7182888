/**
 * Makes the two pictures of the console that README shows: `bin/node scripts/make-console-pictures.ts [--seconds 300]`.
 *
 * In:    a lab that it starts, `--seconds` of traffic in it; Chromium. Out: docs/pictures/console-explore.webp and
 *        console-diagnose.webp.
 * Holds: what is shown was sent, judged by the kernel and recorded just before; nothing is painted. The lab and its data go with
 *        the script.
 * Fails: with what could not be started; root, or namespaces of users, nft, tcpdump and Chromium are needed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';
import { ROOT } from './files.ts';

const PROGRAM = join(ROOT, 'bin', 'flowgauge');
const PICTURES = join(ROOT, 'docs', 'pictures');
const SIZE = { width: 1360, height: 1120 };
const QUALITY = 80;
const MOST_MILLIS = 180_000;
const LOOK_MILLIS = 200;
const TOP = 110;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '300' } } });

function run(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(PROGRAM, words, { encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`flowgauge ${words.join(' ')}: ${stdout}${stderr}`);
}

async function picture(page: Page, name: string): Promise<void> {
  // What comes in by and by has come: nothing says that it is loading.
  const isBusy = `document.querySelector('[class*="awsui_spinner"], [class*="status-loading"]') !== null`;
  // Asked by the debugger: the page's policy lets nobody evaluate a text within it.
  while (await page.evaluate(isBusy)) await page.waitForTimeout(LOOK_MILLIS);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const path = join(PICTURES, `${name}.webp`);
  writeFileSync(path, Buffer.from(data, 'base64'));
  console.log(`${path}: ${statSync(path).size} bytes`);
}

/** How far it is below where it shall be, under the bar at the top. */
async function overTop(locator: Locator): Promise<number> {
  return ((await locator.boundingBox())?.y ?? 0) - TOP;
}

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-pictures-'));
const data = join(directory, 'lab');
mkdirSync(PICTURES, { recursive: true });
try {
  run('lab', 'up', 'three-tier', '--data', data, '--port', '0');
  const traffic = spawn(PROGRAM, ['lab', 'traffic', '--data', data, '--seconds', values.seconds, '--rate', '3'], {
    stdio: 'ignore',
  });
  await once(traffic, 'exit');
  const browser = await chromium.launch({
    executablePath: process.env['FLOWGAUGE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce' });
    // The machine may be busy with other things.
    page.setDefaultTimeout(MOST_MILLIS);
    const link = run('console', '--data', data).trim();
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
    const { origin } = new URL(link);
    // Minutes that had traffic from end to end, so that the graph has no step that is half empty.
    const to = Math.floor(Date.now() / 60_000) * 60;
    const range = `v=1&from=${to - Math.max(1, Math.floor(Number(values.seconds) / 60) - 1) * 60}&to=${to}`;
    await page.goto(`${origin}/console/explore?${range}&by=action,dstport&measure=flows`);
    await page.getByRole('table').first().getByRole('row').nth(3).waitFor();
    await picture(page, 'console-explore');
    await page.goto(
      `${origin}/console/diagnose?${range}&source=10.0.1.10&destination=10.0.3.10&protocol=tcp&port=5432`,
    );
    const verdict = page.getByText(/^Blocked: /);
    await verdict.waitFor();
    // All of it is there: a page that grows is not scrolled as far.
    await page.getByRole('button', { name: 'Try it in What-if' }).waitFor();
    // From the verdict down: the form above it is the same for every question.
    await page.mouse.move(SIZE.width / 2, SIZE.height / 2);
    for (let over = await overTop(verdict); over > 1; over = await overTop(verdict)) {
      await page.mouse.wheel(0, over);
      await page.waitForTimeout(LOOK_MILLIS);
    }
    await picture(page, 'console-diagnose');
  } finally {
    await browser.close();
  }
} finally {
  run('lab', 'down', '--data', data);
  rmSync(directory, { recursive: true, force: true });
}
