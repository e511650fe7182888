import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSnapshot } from './model-thread.ts';

/** Long enough that a thread reads it. */
const PADDING = ' '.repeat(600_000);

test('a model means the same whether this thread reads it or one that ends', async (t) => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-model-'));
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const model = { Vpcs: [{ VpcId: 'vpc-0123456789abcdef0', CidrBlock: '10.0.0.0/16' }] };
  const file = join(scratch, 'model.json');
  writeFileSync(file, JSON.stringify(model));
  const here = await readSnapshot(file);
  writeFileSync(file, JSON.stringify(model) + PADDING);
  assert.deepEqual(await readSnapshot(file), here);
  assert.equal(here.vpcs[1]?.id, 'vpc-0123456789abcdef0');
});

test('an error of the thread that reads a model is the error of reading it', async (t) => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-model-'));
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const file = join(scratch, 'model.json');
  writeFileSync(file, `{"Vpcs": 7}${PADDING}`);
  await assert.rejects(readSnapshot(file), { code: 'FG_MODEL_VALUE', owner: 'content' });
});
