/**
 * The screen *Now* in a browser: packets as they come, from a server of open windows that stands for the collector's.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { createStanding } from '../../src/app/server/standing.ts';
import { OPEN_WINDOWS_SOCKET } from '../../src/lake/read/open-windows.ts';
import { buildPlace } from '../../src/query/explore/build-place.ts';
import { NO_BROWSER, visit } from './browser.ts';

const built = await buildPlace();
const HEADER = 'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action';
const REJECT = {
  atMicros: Date.now() * 1000,
  interfaceId: 'eni-1',
  direction: 'ingress',
  srcaddr: '10.0.0.7',
  dstaddr: '10.0.1.9',
  srcport: 40123,
  dstport: 22,
  protocol: 6,
  tcpFlags: 2,
  packets: 1,
  bytes: 60,
  stage: 'sg-ingress',
  ruleId: 'default-deny',
} as const;
let looks = 0;
const server = createServer((_, answer) => {
  looks++;
  const now = Math.floor(Date.now() / 1000);
  const start = Math.floor(now / 60) * 60;
  const line = (port: number, packets: number, action: string): string =>
    `eni-1 10.0.0.9 10.0.1.${port % 250} 50123 ${port} 6 ${packets} ${packets * 60} ${start} ${now} ${action}`;
  // Each look has one flow more.
  const lines = Array.from({ length: looks % 40 }, (_, at) => line(1000 + at, looks, 'ACCEPT'));
  answer.end(`${[HEADER, ...lines, line(22, looks * 2, 'REJECT')].join('\n')}\n`);
});
const socket = join(built.directory, OPEN_WINDOWS_SOCKET);
mkdirSync(dirname(socket), { recursive: true });
server.listen(socket);
await once(server, 'listening');
after(() => {
  server.closeAllConnections();
  server.close();
  built.remove();
});

test(
  'packets and records come by themselves; a pause stops them; a cell leads to its records',
  { skip: NO_BROWSER },
  async (context) => {
    const standing = createStanding();
    standing.capture = { is: 'running', sinceMillis: Date.now() };
    const { link } = await startConsole(context, {
      folder: WEB_FOLDER,
      directory: built.directory,
      context: { standing },
    });
    const { page, axe, shoot, tabTo } = await visit(context, link('/now'), { live: true });
    const grid = page.getByRole('grid', { name: 'Last records' });
    await grid.getByText('10.0.0.9').first().waitFor();
    await grid.getByText('REJECT').waitFor();
    await page.getByText('There is no flow log, so nothing becomes a record.').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const rejected = page.getByRole('table', { name: 'Rejected just now' });
    await rejected.getByText('Rejected packets are not told').waitFor();
    // It is told from here on: by our own rules, and by somebody else's firewall.
    standing.rejectFeed = { why: null, drops: null };
    standing.rejects.add([
      { ...REJECT, ruleId: 'acl-1/in/100', stage: 'nacl-ingress' },
      { ...REJECT, srcaddr: 'fd00::9', packets: 7, ruleId: null, stage: 'host-firewall' },
    ]);
    await rejected.getByText('[fd00::9]:40123').waitFor();
    await rejected.getByRole('link', { name: 'acl-1/in/100' }).waitFor();
    await rejected.getByText("The host's firewall drops it").waitFor();
    await axe('live');
    await shoot('now');
    const torn = `[...document.querySelectorAll('main *')].filter((one) => getComputedStyle(one).wordBreak === 'break-all').map((one) => one.textContent)`;
    assert.deepEqual(await page.evaluate(torn), [], 'words that are broken between any two letters');
    await page.getByText('Rejected', { exact: true }).last().click();
    await grid.getByText('ACCEPT').first().waitFor({ state: 'hidden' });
    await grid.getByText('REJECT').first().waitFor();
    await tabTo({ role: 'button', name: /Pause/ });
    await page.keyboard.press('Enter');
    await page.getByText('Paused').waitFor();
    await axe('paused');
    const shown = await grid.textContent();
    standing.rejects.add([{ ...REJECT, srcaddr: '10.9.9.9' }]);
    const before = looks;
    // Nobody looks any more: at most the look that was under way is answered.
    await page.waitForTimeout(1500);
    assert.ok(looks <= before + 2, `${looks - before} looks`);
    assert.equal(await grid.textContent(), shown);
    assert.equal(await rejected.getByText('10.9.9.9').count(), 0);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    await rejected.getByText('10.9.9.9:40123').waitFor();
    await grid.focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await page.keyboard.press('=');
    await page.getByRole('tab', { name: 'Records', selected: true }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('filter'), 'action=REJECT');
  },
);

test('where nothing is captured it says so', { skip: NO_BROWSER }, async (context) => {
  const standing = createStanding();
  standing.capture = { is: 'demo', why: 'no tcpdump' };
  const { link } = await startConsole(context, { folder: WEB_FOLDER, context: { standing } });
  const { page, axe } = await visit(context, link('/now'));
  await page.getByText('This machine’s traffic may not be captured').waitFor();
  await page.getByText('Nothing is captured, so nothing comes.').waitFor();
  await axe('demo');
});
