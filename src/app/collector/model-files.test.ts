import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readModelFiles } from './model-files.ts';

/** What is read from a file of these bytes. */
async function read(t: { after(done: () => void): void }, bytes: Uint8Array): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'flowgauge-model-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'model.json'), bytes);
  const [part] = await readModelFiles(join(folder, 'model.json'));
  return part?.json;
}

test('reads JSON with a mark before it, and UTF-16 as shells of Windows write it', async (t) => {
  const text = '\ufeff{"Vpcs": []}';
  assert.deepEqual(await read(t, Buffer.from(text, 'utf8')), { Vpcs: [] });
  assert.deepEqual(await read(t, Buffer.from(text, 'utf16le')), { Vpcs: [] });
  assert.deepEqual(await read(t, gzipSync(Buffer.from(text, 'utf8'))), { Vpcs: [] });
});

test('refuses what is no JSON, naming the file', async (t) => {
  await assert.rejects(read(t, Buffer.from('{"Vpcs": [')), /model\.json is not JSON/);
});
