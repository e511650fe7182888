/** A live capture whose reader is slower than the packets: what it reads is a whole stream. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['tcpdump', 'ping']) ?? false;
const PACKETS = 60_000;

test('no packet is torn while tcpdump waits for its reader', { skip, timeout: 120_000 }, async () => {
  const network = buildNetwork();
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-slow-'));
  try {
    network.run('b', ['ip', 'link', 'set', 'lo', 'up']);
    for (let one = 0; one < 2; one++) network.start('b', ['ping', '-f', '-q', '127.0.0.1']).stdout?.resume();
    const reader = [process.execPath, join(import.meta.dirname, 'read-slowly.ts')];
    assert.equal(network.run('b', [...reader, join(directory, 'fifo'), String(PACKETS)]).trim(), 'whole');
  } finally {
    await network.remove();
    rmSync(directory, { recursive: true, force: true });
  }
});
