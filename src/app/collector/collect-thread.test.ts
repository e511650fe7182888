import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { makeFifo } from '../../collect/privileged/start-capture.ts';
import type { Assignment } from './assignment.ts';
import { startCollection } from './collect-thread.ts';
import type { FlowBatch } from '../../model/batch.ts';
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

/** An assignment of everything at one interface. */
function assignmentOf(source: Assignment['source']): Assignment {
  return {
    source,
    snapshot: openSnapshot(),
    judged: false,
    intervals: [{ seconds: 60, interfaces: [1] }],
    devices: [],
    vlans: [],
    tiedOnly: true,
    maxFlows: 10_000,
    maxConnections: 10,
  };
}

function packetsOf(batches: readonly FlowBatch[]): number {
  return batches.reduce((sum, { packets, rows }) => sum + packets.subarray(0, rows).reduce((a, b) => a + b, 0), 0);
}

for (const threads of [1, 2]) {
  test(`a look shows the packets of open windows, which come again when they close (threads: ${threads})`, async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-look-'));
    try {
      let ofFile = 0;
      const count = (batch: FlowBatch): void => void (ofFile += packetsOf([batch]));
      const whole = assignmentOf({ kind: 'file', path: DEMO });
      await (
        await startCollection(whole, { flows: count, closed: () => {}, counts: () => {} }, 1)
      ).done;
      assert.ok(ofFile > 0);

      const fifo = join(scratch, 'packets.fifo');
      await makeFifo(fifo);
      const drops = new Uint32Array(new SharedArrayBuffer(4));
      let given = 0;
      let looked: (packets: number) => void = () => {};
      const collection = await startCollection(
        assignmentOf({ kind: 'live', fifo, name: 'test', device: null, drops }),
        {
          flows: (batch) => void (given += packetsOf([batch])),
          closed: () => {},
          counts: () => {},
          looked: (batches) => {
            assert.ok(batches.every(({ open }) => open));
            looked(packetsOf(batches));
          },
        },
        threads,
      );
      const look = (): Promise<number> =>
        new Promise((resolve) => {
          looked = resolve;
          collection.look();
        });
      const writer = await open(fifo, 'w');
      await writer.write(gunzipSync(readFileSync(DEMO)));
      // The clock goes on: a window may close meanwhile, and then its packets have come.
      for (let seen = 0; seen < ofFile;) {
        const gathering = await look();
        seen = given + gathering;
        // In one thread a look is answered at once: without this the FIFO might never have its turn.
        await setImmediate();
      }
      const gathering = await look();
      assert.equal(given + gathering, ofFile);
      await writer.close();
      await collection.done;
      assert.equal(given, ofFile);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}
