import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const MAIN = join(import.meta.dirname, 'main.ts');
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-lab-'));
after(() => rmSync(directory, { recursive: true }));

function lab(...words: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'lab', ...words], { encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

test('refuses a scenario that there is not, and names those that there are', () => {
  const { code, said } = lab('up', 'volcano', '--data', join(directory, 'new'));
  assert.equal(code, 2);
  assert.match(said, /no scenario "volcano".*three-tier, two-vpc-peering, nat, attack.*FG_LAB_SCENARIO/);
});

test('touches no directory that is something else, or another scenario', () => {
  const other = join(directory, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'thesis.txt'), '');
  assert.match(lab('up', '--data', other).said, /holds no lab.*FG_LAB_FOREIGN/);
  const nat = join(directory, 'nat');
  mkdirSync(nat);
  writeFileSync(join(nat, 'lab.json'), '{"format":1,"scenario":"nat"}');
  const { code, said } = lab('up', 'attack', '--data', nat);
  assert.equal(code, 2);
  assert.match(said, /holds the scenario nat, not attack.*FG_LAB_OTHER/);
});

test('says that none runs, and ends none', () => {
  const none = ['--data', join(directory, 'none')];
  assert.equal(lab('status', ...none).code, 3);
  assert.match(lab('traffic', ...none).said, /no lab of .* runs.*FG_LAB_NONE/);
  assert.match(lab('exec', ...none, 'web', '--', 'true').said, /FG_LAB_NONE/);
  const { code, said } = lab('down', ...none);
  assert.deepEqual([code, said], [0, 'No lab runs; nothing was left.\n']);
});

test('refuses numbers that are none', () => {
  const { code, said } = lab('traffic', '--seconds', '0', '--data', directory);
  assert.equal(code, 2);
  assert.match(said, /--seconds "0" is no whole number from 1 to 86400.*FG_LAB_NUMBER/);
});
