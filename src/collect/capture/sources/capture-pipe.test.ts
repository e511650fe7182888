import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openCaptureFile } from './capture-file.ts';

const CAPTURE = join(import.meta.dirname, '../../../app/server/demo/capture.pcap.gz');

void test('gives what came through a pipe before it waits for more', { timeout: 20_000 }, async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-pipe-'));
  const path = join(scratch, 'fifo');
  execFileSync('mkfifo', [path]);
  const writer = openSync(path, constants.O_RDWR);
  try {
    const source = await openCaptureFile(path);
    writeSync(writer, gunzipSync(readFileSync(CAPTURE)).subarray(0, 20_000));
    const batches = source.batches()[Symbol.asyncIterator]();
    let rows = 0;
    // Every packet that is counted is given while the writer keeps silent.
    do {
      const { value } = await batches.next();
      rows += value?.rows ?? 0;
    } while (rows < source.count.out);
    assert.ok(rows > 10);
    closeSync(writer);
    await batches.return?.();
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
