/** How long a packet takes until *Now* shows it: a running `up`, and the events that the console makes of its open windows. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { NowPackets } from '../../src/api/now.ts';
import { liveEvents } from '../../src/app/server/console/live.ts';
import { createStanding } from '../../src/app/server/standing.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

// What a packet capture sees, with the verdicts of the model.
process.env['FLOWGAUGE_OBSERVE'] = 'no';

const skip = namespacesMissing(['tcpdump', 'python3']) ?? false;
const flowgauge = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
const PACKETS = 40;
/** One that is not seen by then was in a window that closed in the meantime. */
const PATIENCE_MILLIS = 3000;
/** Windows that close while it takes so long. */
const MOST_CLOSED = 2;
const MOST_MILLIS = 1000;
/** 143 here; 638 when the kernel handed packets over once a second. */
const MEDIAN_MILLIS = 400;
/** Sends a datagram, and says when. */
const SEND = `
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
at = time.time()
out.sendto(b"x", (sys.argv[1], int(sys.argv[2])))
print(at * 1000)
`;

test('a packet is a live record within a second', { skip, timeout: 170_000 }, async (context) => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-delay-'));
  const network = buildNetwork();
  const over = new AbortController();
  try {
    const data = join(scratch, 'data');
    const up = network.start('a', [flowgauge, 'up', '--data', data]);
    let said = '';
    up.stdout!.on('data', (text: Buffer) => (said += text.toString()));
    while (!said.includes('Interfaces: eth0')) await once(up.stdout!, 'data');

    const shown = new Map<unknown, number>();
    const looking = (async () => {
      const console = { dataDirectory: data, standing: createStanding(), now: Date.now };
      for await (const { event, data: told } of liveEvents(console, over.signal)) {
        if (event !== 'packets') continue;
        const { fields, records } = told as NowPackets;
        for (const record of records) {
          const port = record[fields.indexOf('dstport')];
          if (!shown.has(port)) shown.set(port, Date.now());
        }
      }
    })();
    const delays: number[] = [];
    for (let packet = 0; packet < PACKETS; packet++) {
      // Anywhere in the second after which the kernel once handed packets over.
      await wait((packet * 389) % 1000);
      const port = 20_000 + packet;
      // Not waited for without a turn of the loop, which looks in the meantime.
      const sender = network.start('a', ['python3', '-c', SEND, network.b.address4, String(port)]);
      const [told] = (await once(sender.stdout!, 'data')) as [Buffer];
      const sentMillis = Number(told.toString());
      while (!shown.has(port) && Date.now() - sentMillis < PATIENCE_MILLIS) await wait(20);
      delays.push((shown.get(port) ?? Date.now()) - sentMillis);
    }
    over.abort();
    await looking;
    const sorted = delays.toSorted((one, other) => one - other).map(Math.round);
    context.diagnostic(`median ${sorted[PACKETS / 2]} ms, most ${sorted.slice(-3).join(', ')} ms`);
    assert.ok(sorted[PACKETS / 2]! < MEDIAN_MILLIS, sorted.join(' '));
    assert.ok(sorted.at(-1 - MOST_CLOSED)! < MOST_MILLIS, sorted.join(' '));
  } finally {
    over.abort();
    await network.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
});
