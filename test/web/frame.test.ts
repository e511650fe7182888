/**
 * The console's frame in a browser: logging in and out, navigation, colours, deep links.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { revokeKey } from '../../src/control/keys.ts';
import { NO_BROWSER, visit } from './browser.ts';

test('a link logs in once; its token leaves the address', { skip: NO_BROWSER }, async (context) => {
  const { link } = await startConsole(context, { folder: WEB_FOLDER });
  const once = link('/rules?v=1&last=6h');
  const { page, axe, shoot } = await visit(context, once);
  await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
  assert.match(page.url(), /\/console\/rules\?v=1&last=6h$/);
  assert.equal(await page.getByRole('button', { name: /Time range/ }).textContent(), 'Last 6 hours');
  const isWhole = `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('#top [class*="awsui_title_"]'))`;
  const navigation = page.getByRole('link', { name: 'Explore', exact: true });
  for (const width of [1280, 700]) {
    await page.setViewportSize({ width, height: 800 });
    assert.equal(await page.evaluate(isWhole), true, `the title is whole at ${width}`);
    await navigation.waitFor({ state: width > 1000 ? 'visible' : 'hidden' });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await navigation.waitFor();
  await axe('the frame');
  await shoot('frame');
  const other = await visit(context, once);
  await other.page.getByText('This link is not good, or was used already').waitFor();
  await other.axe('the login page');
  await other.shoot('login');
});

test('a key and its secret log in; a wrong one says so', { skip: NO_BROWSER }, async (context) => {
  const { url, key } = await startConsole(context, { folder: WEB_FOLDER });
  const { page } = await visit(context, `${url}/console/topology`);
  await page.getByLabel('Access key ID').fill(key.id);
  await page.getByLabel('Secret access key').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('do not belong together').waitFor();
  await page.getByLabel('Secret access key').fill(key.secret);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Topology' }).waitFor();
});

test('by keyboard alone: to another screen, its help, and out', { skip: NO_BROWSER }, async (context) => {
  const { link } = await startConsole(context, { folder: WEB_FOLDER });
  const { page, tabTo, axe } = await visit(context, link('/now?v=1&last=7d'));
  await tabTo({ role: 'link', name: /SQL/ });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'SQL' }).waitFor();
  assert.match(page.url(), /last=7d/, 'the time range goes along');
  await tabTo({ role: 'button', name: /help/i });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'SQL' }).waitFor();
  await axe('help open');
  await page.keyboard.press('Shift+Tab');
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
  await page.getByRole('button', { name: /AKIA/ }).press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Log in to flowgauge' }).waitFor();
});

test(
  'a session whose key was revoked leads to the login, and back to the screen',
  { skip: NO_BROWSER },
  async (context) => {
    const { link, addKey, context: of } = await startConsole(context, { folder: WEB_FOLDER });
    const key = addKey('read');
    const { page } = await visit(context, link('/explore', key));
    revokeKey(of.control.state, key.id, new Date());
    await page.reload();
    await page.getByRole('heading', { name: 'Log in to flowgauge' }).waitFor();
    await page.goto(link('/explore'));
    await page.getByRole('heading', { level: 1, name: 'Explore' }).waitFor();
  },
);
