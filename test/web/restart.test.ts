/**
 * A real `up` that ends and is started again under pages that are open: what they say meanwhile, that they ask for a login and
 * keep their state; and one browser's tabs, of which another one logs in.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { buildPlace, RANGE } from '../../src/query/explore/build-place.ts';
import { NO_BROWSER, visit } from './browser.ts';

const skip = { skip: NO_BROWSER };
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const REFUSED = "#!/bin/sh\necho 'tcpdump: any: You do not have permission to capture on that device' >&2\nexit 1\n";

type Up = { readonly url: string; readonly end: () => Promise<void> };

/** A tcpdump that may not capture: `up` shows a capture of its own then, and leaves the traffic of this machine alone. */
function environment(data: string): NodeJS.ProcessEnv {
  const programs = join(data, 'programs');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, 'tcpdump'), REFUSED, { mode: 0o755 });
  return { ...process.env, PATH: `${programs}:${process.env['PATH']}`, FLOWGAUGE_LOG_FORMAT: 'json' };
}

/** Starts it; `port` 0: any. */
async function startUp(test: TestContext, data: string, port: string): Promise<Up> {
  const env = environment(data);
  const words = [MAIN, 'up', '--data', data, '--port', port, '--observe=no'];
  const child: ChildProcess = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (piece: Buffer) => {
      said += piece.toString();
      child.emit('said');
    });
  child.on('close', () => child.emit('said'));
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
  };
  test.after(end);
  for (;;) {
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+)/u.exec(said) ?? [];
    // The demonstration says its first words about records when all is there.
    if (url !== undefined && /may-not-capture|may not be captured/u.test(said)) return { url, end };
    assert.equal(child.exitCode, null, said);
    await once(child, 'said');
  }
}

function link(data: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'console', '--data', data], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

async function logIn(page: Page, data: string): Promise<void> {
  const credentials = readFileSync(join(data, 'demo', 'credentials'), 'utf8');
  const [, id = ''] = /aws_access_key_id\s*=\s*(\S+)/u.exec(credentials)!;
  const [, secret = ''] = /aws_secret_access_key\s*=\s*(\S+)/u.exec(credentials)!;
  await page.getByLabel('Access key ID').fill(id);
  await page.getByLabel('Secret access key').fill(secret);
  await page.keyboard.press('Enter');
}

test(
  'an `up` that is started again asks open pages for a login, and they go on where they were',
  skip,
  async (context) => {
    const data = mkdtempSync(join(tmpdir(), 'flowgauge-restart-'));
    context.after(() => rmSync(data, { recursive: true, force: true }));
    const first = await startUp(context, data, '0');
    const [address = '', token = ''] = link(data).split('#');
    const query = 'v=1&last=30d&filter=protocol%3D6&measure=packets&by=dstport&top=5';
    const { page, axe } = await visit(context, `${address}explore?${query}#${token}`, {
      expected: /ERR_|Failed to load/u,
    });
    await page.getByRole('heading', { name: 'Packets over time' }).waitFor();
    const live = await page.context().newPage();
    await live.goto(`${address}now`);
    await live.getByRole('heading', { level: 1, name: 'Now' }).waitFor();

    await first.end();
    await page.getByRole('button', { name: 'Flows', exact: true }).click();
    await page.getByText('The server does not answer').first().waitFor();
    await axe('a server that has ended');
    const { search } = new URL(page.url());
    assert.match(search, /measure=flows/);

    await startUp(context, data, new URL(first.url).port);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Your session has ended').waitFor();
    // What comes by itself notices by itself. It does so before the login of the other tab, whose cookie is also its own.
    await live.getByText('Your session has ended').waitFor();
    assert.equal(new URL(page.url()).search, search, 'the address is kept while a login is asked for');
    await logIn(page, data);
    await page.getByRole('heading', { name: 'Flows over time' }).waitFor();
    assert.equal(new URL(page.url()).search, search);
    await page.getByText('protocol=6').or(page.getByText('protocol = 6')).first().waitFor();
    // Whoever comes back to the tab is logged in already.
    await live.evaluate(`window.dispatchEvent(new Event('focus'))`);
    await live.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
  },
);

test(
  'a tab goes on when another one has logged in again, and does nothing with the key of somebody else',
  skip,
  async (context) => {
    const built = await buildPlace();
    context.after(() => built.remove());
    const console = await startConsole(context, { folder: WEB_FOLDER, directory: built.directory });
    const sql = encodeURIComponent('SELECT count(*) AS n FROM flow_logs');
    const at = `/sql?v=1&from=${RANGE.startSeconds}&to=${RANGE.endSeconds}&sql=${sql}`;
    const { page } = await visit(context, console.link(at));
    const run = page.getByRole('button', { name: /^Run/ });
    const count = page.getByRole('table', { name: 'Rows of the answer' }).getByRole('cell').first();
    await count.waitFor();
    const other = await page.context().newPage();
    await other.goto(console.link('/rules?v=1'));
    await other.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
    const answered = page.waitForResponse((answer) => answer.url().includes('/api/sql') && answer.status() === 200);
    await run.click();
    await answered;
    await count.waitFor();
    // Another key: what was meant for the first is refused, and the frame says who is there now.
    const reader = console.addKey('read');
    await other.goto(console.link('/now?v=1', reader));
    await other.getByRole('button', { name: reader.id }).waitFor();
    await run.click();
    await page.getByText('The request does not carry its session’s token').waitFor();
    await page.getByRole('button', { name: reader.id }).waitFor();
    await run.click();
    await count.waitFor();
  },
);
