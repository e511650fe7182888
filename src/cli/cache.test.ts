import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildBucket } from '../lake/read/build-bucket.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

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

const run = inOneProcess();
const flowgauge = (...args: readonly string[]): Promise<Ended> => run(...args, '--cache-dir', directory);

test('says what is kept, finds damage with exit 3, and clears', async () => {
  assert.match((await start('.', 'cache', '--cache-dir', directory)).out, /: nothing is kept/u);
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
  assert.equal(asked.out, 'n\r\n2\r\n');
  const status = JSON.parse((await flowgauge('cache', '--json')).out) as Record<string, unknown>;
  assert.deepEqual([status['directory'], status['packs'], status['objects'], status['rows']], [directory, 1, 1, 2]);
  assert.match((await flowgauge('cache', 'verify')).out, /1 pack looked at, .* 0 damaged/u);
  const [pack] = readdirSync(join(directory, 'packs'));
  writeFileSync(join(directory, 'packs', pack!), 'nothing');
  const verified = await flowgauge('cache', 'verify');
  assert.equal(verified.code, 3);
  assert.match(verified.out, /1 damaged\n.*damaged and removed/u);
  await flowgauge('query', '--from', built.directory, '--cache', 'FROM flow_logs', '-o', 'csv');
  assert.match((await flowgauge('cache', 'clear')).out, /1 packs removed/u);
  assert.deepEqual(readdirSync(join(directory, 'packs')), []);
});
