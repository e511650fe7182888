/**
 * Questions to a running `up`: its open windows are rows, and each packet is there once, also while windows close.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

// What a packet capture sees, with the verdicts of the model; observation has tests of its own.
process.env['FLOWGAUGE_OBSERVE'] = 'no';

const missing = namespacesMissing(['tcpdump', 'ping']);
const flowgauge = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
/** Windows close each minute. */
const TIMEOUT_MILLIS = 170_000;

const run = promisify(execFile);

let network: Network;
let scratch = '';

before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-open-'));
  network = buildNetwork();
});

after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

type Seen = { readonly closed: number; readonly open: number };

test(
  'open windows are rows of a running up, and a packet is in one of them or in an object, never in both',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'data');
    const up = network.start('a', [flowgauge, 'up', '--data', data]);
    let said = '';
    up.stdout!.on('data', (text: Buffer) => (said += text.toString()));
    while (!said.includes('Interfaces: eth0')) await once(up.stdout!, 'data');

    const seen = async (...words: readonly string[]): Promise<Seen> => {
      const sql = `SELECT coalesce(sum(packets) FILTER (NOT x_open), 0) AS closed, coalesce(sum(packets) FILTER (x_open), 0) AS open
        FROM flow_logs WHERE srcaddr = '${network.a.address4}' AND dstaddr = '${network.b.address4}' AND protocol = 1`;
      const { stdout, stderr } = await run(flowgauge, ['query', '--from', data, sql, '-o', 'json', ...words]);
      assert.equal(stderr, '');
      return JSON.parse(stdout) as Seen;
    };

    const ping = network.start('a', ['ping', '-i', '0.2', network.b.address4]);
    let pinged = '';
    ping.stdout!.on('data', (text: Buffer) => (pinged += text.toString()));
    while (!pinged.includes('icmp_seq=5 ')) await once(ping.stdout!, 'data');
    assert.equal(statSync(join(data, 'run', 'open-windows.sock')).mode & 0o777, 0o600);

    let last = 0;
    let isFirst = true;
    for (let now = await seen(); ; now = await seen()) {
      const all = now.closed + now.open;
      assert.ok(all >= last, `${all} after ${last}`);
      last = all;
      // The first may be on its way.
      if (all === 0) continue;
      if (isFirst) assert.ok(now.open >= 1 && now.closed === 0, JSON.stringify(now));
      isFirst = false;
      // Both at one time: a window has closed, and the next has begun.
      if (now.closed > 0 && now.open > 0) break;
    }
    ping.kill('SIGINT');
    await once(ping, 'exit');
    const sent = Number(/(\d+) packets transmitted/.exec(pinged)?.[1]);

    let whole = await seen();
    // What was sent is captured within a moment.
    while (whole.closed + whole.open < sent) whole = await seen();
    assert.equal(whole.closed + whole.open, sent);
    const without = await seen('--no-open');
    assert.deepEqual([without.open, without.closed <= sent], [0, true]);
    const late = await seen('--last', '10m');
    assert.equal(late.closed + late.open, sent);

    up.kill('SIGINT');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0, said);
    assert.deepEqual(await seen(), { closed: sent, open: 0 });
  },
);
