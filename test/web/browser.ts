/**
 * Debian's Chromium, for the tests of the console's screens.
 *
 * In:    a console that answers (`startConsole`, or a real `up`). Out: a page that has logged in, and what is asked of it.
 * Holds: one browser for a test file, begun with the first page and ended with the file. What the page says on its console as an
 *        error, an exception, a breach of its content policy, a request to another origin: each fails the test that opened it.
 *        Animations are off. With `FLOWGAUGE_PICTURES=DIR` screenshots are left there, light and dark, as wide as the test has the
 *        page and as narrow as a telephone.
 * Fails: where no Chromium is, tests skip with `NO_BROWSER`; in CI that is a failure.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';
import type { TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';

const CHROMIUM = process.env['FLOWGAUGE_CHROMIUM'] ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env['FLOWGAUGE_PICTURES'];

/** Why there is no browser, for `skip`; false where there is one. */
export const NO_BROWSER: string | false = !existsSync(CHROMIUM)
  ? `there is no Chromium at ${CHROMIUM}`
  : !existsSync(join(WEB_FOLDER, 'index.html'))
    ? 'the console was not built; run `npm run build:web`'
    : false;

let opened: Promise<Browser> | null = null;
after(async () => (await opened)?.close());

/** The browser of this process. */
export function browser(): Promise<Browser> {
  opened ??= chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
  });
  return opened;
}

export type Visit = {
  readonly page: Page;
  /**
   * Looks for serious and critical violations of accessibility in what the page shows now; `state` names it in the message. The
   * first look at a screen is also one at its contrasts in dark.
   */
  readonly axe: (state: string) => Promise<void>;
  /** Pictures in light and dark, wide and narrow, where pictures are wanted. */
  readonly shoot: (name: string) => Promise<void>;
  /** Presses Tab until what has the focus fits; fails after `most` times. */
  readonly tabTo: (what: { readonly role?: string; readonly name: RegExp }, most?: number) => Promise<void>;
};

export type VisitOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** What comes by itself comes as often as to who has nothing against motion; animations are off all the same. */
  readonly live?: boolean;
  /** Messages of the page's console that belong to the test. */
  readonly expected?: RegExp;
};

/**
 * Opens a link, and logs in with it.
 *
 * @param link  as `TestConsole.link('/sql?v=1')` gives it
 */
export async function visit(test: TestContext, link: string, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1280, height = 800, dark = false, live = false, expected } = options;
  const context = await (
    await browser()
  ).newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: live ? 'no-preference' : 'reduce',
    acceptDownloads: true,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const faults: string[] = [];
  const { origin } = new URL(link);
  context.on('console', (message) => {
    const text = message.text();
    // What was answered with an error is the test's own affair.
    if (message.type() !== 'error' || text.startsWith('Failed to load resource')) return;
    if (expected?.test(text) !== true) faults.push(`console: ${text}`);
  });
  context.on('weberror', (error) => faults.push(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const url = request.url();
    if (!/^(?:data|blob):/.test(url) && new URL(url).origin !== origin) faults.push(`asked another origin: ${url}`);
  });
  test.after(async () => {
    await context.close();
    assert.deepEqual(faults, [], 'the page had faults');
  });
  const page = await context.newPage();
  await page.goto(link);
  // Cloudscape's own word for it.
  if (live) await page.evaluate(`document.body.classList.add('awsui-motion-disabled')`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return {
    page,
    axe: (state) => axe(page, state),
    shoot: (name) => shoot(page, name),
    tabTo: (what, most) => tabTo(page, what, most),
  };
}

type AxeResults = {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
};

/** Without the rules of which no finding is serious: what they say is not looked at, and finding it takes a fifth of the time. */
const SERIOUS = `{ resultTypes: ['violations'], rules: Object.fromEntries(axe._audit.rules
  .filter(({ impact }) => impact === 'minor' || impact === 'moderate').map(({ id }) => [id, { enabled: false }])) }`;

/** Of what light and dark differ in. */
const CONTRASTS = `{ resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] }`;
/** Paths that were looked at in dark. */
const seenInDark = new Set<string>();

async function axe(page: Page, state: string): Promise<void> {
  if (await page.evaluate('window.axe === undefined')) await page.evaluate(`(() => { ${AXE} })()`);
  await lookFor(page, SERIOUS, state);
  const { pathname } = new URL(page.url());
  const isDark = page.locator('body.awsui-dark-mode');
  if (seenInDark.has(pathname) || (await isDark.count()) > 0) return;
  seenInDark.add(pathname);
  await page.emulateMedia({ colorScheme: 'dark' });
  await isDark.waitFor({ state: 'attached' });
  await lookFor(page, CONTRASTS, `${state}, in dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await isDark.waitFor({ state: 'detached' });
}

async function lookFor(page: Page, options: string, state: string): Promise<void> {
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  const bad = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
  assert.deepEqual(bad, [], `axe on ${state}`);
}

const NARROW = 390;
/** What a page takes to lie anew. */
const LAID_MILLIS = 500;

async function shoot(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  const { width, height } = page.viewportSize()!;
  for (const wide of [width, NARROW]) {
    await page.setViewportSize({ width: wide, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(LAID_MILLIS);
      await page.screenshot({ path: join(PICTURES, `${name}-${wide}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

async function tabTo(
  page: Page,
  { role, name }: { readonly role?: string; readonly name: RegExp },
  most = 80,
): Promise<void> {
  const seen: string[] = [];
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press('Tab');
    // What has a shadow root of its own has the focus too where something in it has.
    const focused = page.locator(':focus').last();
    // As a screen reader has it: `- button "Run"`. It is asked at the same time whether anything has the focus at all.
    const snapshot = focused.ariaSnapshot().catch(() => '');
    const read = (await page.locator(':focus').count()) === 0 ? '' : (await snapshot).split('\n', 1)[0]!;
    seen.push(read);
    if (name.test(read) && (role === undefined || read.startsWith(`- ${role}`))) return;
  }
  assert.fail(`${most} times Tab did not lead to ${role ?? 'anything'} ${name}:\n${seen.join('\n')}`);
}
