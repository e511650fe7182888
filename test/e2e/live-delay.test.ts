/**
 * How long a packet takes until *Now* may show it: a running `up` is asked for its open windows as the console asks.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lookAtOpenWindows } from '../../src/lake/read/open-windows.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

// What a packet capture sees, with the verdicts of the model.
process.env['FLOWGAUGE_OBSERVE'] = 'no';

const skip = namespacesMissing(['tcpdump', 'python3']) ?? false;
const flowgauge = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
const PACKETS = 40;
const MOST_BYTES = 5_000_000;
/** One that is not seen by then was in a window that closed in the meantime. */
const PATIENCE_MILLIS = 3000;
/** Windows that close while it takes so long. */
const MOST_CLOSED = 2;
/** The console looks four times a second: what is left of a second is for that. */
const MOST_MILLIS = 700;
/** Sends a datagram, and says when. */
const SEND = `
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
at = time.time()
out.sendto(b"x", (sys.argv[1], int(sys.argv[2])))
print(at * 1000)
`;

test('a packet is in an open window within a second', { skip, timeout: 170_000 }, async (context) => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-delay-'));
  const network = buildNetwork();
  try {
    const data = join(scratch, 'data');
    const up = network.start('a', [flowgauge, 'up', '--data', data]);
    let said = '';
    up.stdout!.on('data', (text: Buffer) => (said += text.toString()));
    while (!said.includes('Interfaces: eth0')) await once(up.stdout!, 'data');

    const delays: number[] = [];
    for (let packet = 0; packet < PACKETS; packet++) {
      // Anywhere in the second after which the kernel once handed packets over.
      await wait((packet * 389) % 1000);
      const port = 20_000 + packet;
      const sentMillis = Number(network.run('a', ['python3', '-c', SEND, network.b.address4, String(port)]));
      let isThere = false;
      while (!isThere && Date.now() - sentMillis < PATIENCE_MILLIS) {
        const text = await lookAtOpenWindows(data, MOST_BYTES, AbortSignal.timeout(PATIENCE_MILLIS));
        isThere = text !== null && text !== 'too-much' && text.includes(` ${port} `);
        if (!isThere) await wait(20);
      }
      delays.push(Date.now() - sentMillis);
    }
    const sorted = delays.toSorted((one, other) => one - other).map(Math.round);
    context.diagnostic(`median ${sorted[PACKETS / 2]} ms, most ${sorted.slice(-3).join(', ')} ms`);
    assert.ok(sorted.at(-1 - MOST_CLOSED)! < MOST_MILLIS, sorted.join(' '));
  } finally {
    await network.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
});
