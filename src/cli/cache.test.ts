import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildBucket } from '../lake/read/build-bucket.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const LINE = '2 123456789012 eni-0123456789abcdef0 10.0.0.4 10.0.0.9 443 50000 6 4 160 1795435500 1795435530 ACCEPT OK';

const built = buildBucket();
built.text([HEADER, LINE, LINE]);
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
after(() => {
  built.remove();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the program; gives its exit code and what it printed. */
function flowgauge(...args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const main = join(import.meta.dirname, 'main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args, '--cache-dir', directory], (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
    });
  });
}

test('says what is kept, finds damage with exit 3, and clears', async () => {
  assert.match((await flowgauge('cache')).stdout, /: nothing is kept/u);
  assert.deepEqual(readdirSync(directory), []);
  const asked = await flowgauge(
    'query',
    '--from',
    built.directory,
    '--cache',
    'SELECT count(*) AS n FROM flow_logs',
    '-o',
    'csv',
  );
  assert.equal(asked.stdout, 'n\r\n2\r\n');
  const status = JSON.parse((await flowgauge('cache', '--json')).stdout) as Record<string, unknown>;
  assert.deepEqual([status['directory'], status['packs'], status['objects'], status['rows']], [directory, 1, 1, 2]);
  assert.match((await flowgauge('cache', 'verify')).stdout, /1 pack looked at, .* 0 damaged/u);
  const [pack] = readdirSync(join(directory, 'packs'));
  writeFileSync(join(directory, 'packs', pack!), 'nothing');
  const verified = await flowgauge('cache', 'verify');
  assert.equal(verified.code, 3);
  assert.match(verified.stdout, /1 damaged\n.*damaged and removed/u);
  await flowgauge('query', '--from', built.directory, '--cache', 'FROM flow_logs', '-o', 'csv');
  assert.match((await flowgauge('cache', 'clear')).stdout, /1 packs removed/u);
  assert.deepEqual(readdirSync(join(directory, 'packs')), []);
});
