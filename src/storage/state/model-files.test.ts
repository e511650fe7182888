import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { readSnapshot } from './model-files.ts';

/** The snapshot of a file of these bytes. */
async function read(t: { after(done: () => void): void }, bytes: Uint8Array): Promise<VpcSnapshot> {
  const folder = mkdtempSync(join(tmpdir(), 'flowgauge-model-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'model.json'), bytes);
  return readSnapshot(join(folder, 'model.json'));
}

test('reads JSON with a mark before it, and UTF-16 as shells of Windows write it', async (t) => {
  const text = '\ufeff{"Vpcs": [{"VpcId": "vpc-1"}], "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}]}';
  const plain = await read(t, Buffer.from(text.slice(1), 'utf8'));
  assert.equal(plain.subnets[1]?.id, 'subnet-1');
  assert.deepEqual(await read(t, Buffer.from(text, 'utf8')), plain);
  assert.deepEqual(await read(t, Buffer.from(text, 'utf16le')), plain);
  assert.deepEqual(await read(t, gzipSync(Buffer.from(text, 'utf8'))), plain);
});

test('refuses what is no JSON, naming the file and the place, also inside a long list', async (t) => {
  await assert.rejects(read(t, Buffer.from('{"Vpcs": [')), /model\.json is not JSON/);
  const inside = '{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}, {"SubnetId": nothing}]}';
  await assert.rejects(read(t, Buffer.from(inside)), {
    code: 'FG_MODEL_NOT_JSON',
    message: /model\.json is not JSON: .*"bnetId": nothing/,
  });
});

test('an error of the content is told with its file', async (t) => {
  await assert.rejects(read(t, Buffer.from('{"Vpcs": 7}')), { code: 'FG_MODEL_VALUE', owner: 'content' });
});

test('refuses what has no member of a model at all', async (t) => {
  for (const json of ['{"changes": []}', '{"SecurityGroup": [], "Vpc": []}'])
    await assert.rejects(read(t, Buffer.from(json)), { code: 'FG_MODEL_NOTHING' });
  assert.equal((await read(t, Buffer.from('{"SecurityGroup": [], "Vpcs": []}'))).notUnderstood.length, 1);
  assert.equal((await read(t, Buffer.from('{}'))).interfaces.length, 1);
});
