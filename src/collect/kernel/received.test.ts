import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packetsReceived } from './received.ts';

const FILE = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9000      90    0    0    0     0          0         0     9000      90    0    0    0     0       0          0
  eth0: 1234567    1200    0    3    0     0          0         0   765432     800    0    0    0     0       0          0
to-b.7:4294967296 34 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`;

test('adds up what all devices but lo have received', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-received-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'dev');
  writeFileSync(path, FILE);
  assert.equal(packetsReceived(path), 1234);
  assert.equal(packetsReceived(join(directory, 'none')), 0);
  assert.ok(packetsReceived() >= 0);
});
