import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { begin, newDirectory, numbers, print, SLOT, told } from '../publish/publisher.fixture.ts';

const verify = async (...args: readonly string[]) =>
  promisify(execFile)(join(import.meta.dirname, '../../bin/flowgauge'), ['ledger', 'verify', ...args]).catch(
    (error: { code: number; stdout: string }) => error,
  );

test('says that all holds, and names what does not, with exit 3', async () => {
  const data = newDirectory();
  const { publisher } = await begin({ directory: join(data, 'bucket'), hostId: 'host-1' });
  print(publisher, numbers(100), SLOT, '', told);
  const { objects } = await publisher.close();
  const well = await verify('--from', data);
  assert.match(
    well.stdout,
    /^1 object with 100 records of 4695 packets, .* SKIPDATA tells of 0 packets\.\nText objects: 4695 packets counted, 4695 in records\.\nAll of it holds\.\n$/,
  );
  rmSync(join(data, 'bucket', objects[0]!.key));
  const gone = await verify('--from', data);
  assert.equal('code' in gone ? gone.code : 0, 3);
  assert.match(gone.stdout, /missing: team\/AWSLogs.*: 100 records expected, no object found\n1 of 1 do not hold\.\n$/);
  const json = JSON.parse((await verify('--from', data, '--json')).stdout) as { faults: { what: string }[] };
  assert.deepEqual(
    json.faults.map(({ what }) => what),
    ['missing'],
  );
});

test('a place that is not there is no place where all holds', async () => {
  const ended = await verify('--from', join(newDirectory(), 'nowhere'));
  assert.equal('code' in ended ? ended.code : 0, 1);
  assert.match('stderr' in ended ? ended.stderr : '', /FG_SOURCE_MISSING/);
});

test('a place without a ledger is told to have none', async () => {
  const directory = newDirectory();
  mkdirSync(directory, { recursive: true });
  assert.match((await verify('--from', directory)).stdout, /has no ledger/);
});
