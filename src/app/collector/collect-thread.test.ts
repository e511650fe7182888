import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { makeFifo } from '../../collect/privileged/start-capture.ts';
import { startCollection } from './collect-thread.ts';
import { openSnapshot } from './open-snapshot.ts';

const DEMO = join(import.meta.dirname, '../server/demo/capture.pcap.gz');

test('the end of the worker closes no file that others have opened meanwhile', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-worker-'));
  try {
    const fifo = join(scratch, 'packets.fifo');
    await makeFifo(fifo);
    const made = once(process, 'worker') as Promise<[Worker]>;
    const collection = await startCollection(
      {
        source: { kind: 'live', fifo, name: 'test', device: null, drops: new Uint32Array(new SharedArrayBuffer(4)) },
        snapshot: openSnapshot(),
        judged: false,
        intervals: [{ seconds: 60, interfaces: [1] }],
        devices: [],
        vlans: [],
        tiedOnly: true,
        maxFlows: 10_000,
        maxConnections: 10,
      },
      { flows: () => {}, closed: () => {}, counts: () => {} },
      2,
    );
    const [worker] = await made;
    const exit = once(worker, 'exit');
    await writeFile(fifo, gunzipSync(readFileSync(DEMO)));
    const { counts } = await collection.done;
    assert.ok(counts.capture.in > 0);
    // One of them gets the number that the FIFO had.
    const opened = Array.from({ length: 40 }, () => openSync(DEMO, 'r'));
    await exit;
    for (const fd of opened) {
      assert.doesNotThrow(() => fstatSync(fd));
      closeSync(fd);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
