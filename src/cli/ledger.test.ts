import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { accountsOf, begin, newDirectory, numbers, print, SLOT, told } from '../publish/publisher.fixture.ts';

const verify = async (...args: readonly string[]) =>
  promisify(execFile)(join(import.meta.dirname, '../../bin/flowgauge'), ['ledger', 'verify', ...args]).catch(
    (error: { code: number; stdout: string }) => error,
  );

test('says that all holds, and names what does not, with exit 3', async () => {
  const data = newDirectory();
  const { publisher } = await begin({ directory: join(data, 'bucket'), hostId: 'host-1' });
  print(publisher, numbers(100), SLOT, '', told);
  publisher.account(0, SLOT, accountsOf(numbers(100)));
  const { objects } = await publisher.close();
  const well = await verify('--from', data);
  assert.match(
    well.stdout,
    /^1 object with 100 records of 4695 packets, .* SKIPDATA tells of 0 packets\.\nText objects: 4695 packets counted, 4695 in records\.\n3 windows of interfaces: 4695 packets counted at the source: 4695 in records, 0 left out by traffic type\.\nAll of it holds\.\n$/,
  );
  rmSync(join(data, 'bucket', objects[0]!.key));
  const gone = await verify('--from', data);
  assert.equal('code' in gone ? gone.code : 0, 3);
  assert.match(gone.stdout, /missing: team\/AWSLogs.*: 100 records expected, no object found\n/);
  assert.match(
    gone.stdout,
    /records: fl-0123456789abcdef0 eni-0123456789abcdef0 window 2026-11-23T12:04:00.000Z: 5 accounted for, 0 in objects\n/,
  );
  assert.match(gone.stdout, /\n1 of 1 entries and 3 of 3 windows do not hold\.\n$/);
  const json = JSON.parse((await verify('--from', data, '--json')).stdout) as {
    faults: { what: string }[];
    windowFaults: { what: string }[];
  };
  assert.deepEqual(
    [...json.faults, ...json.windowFaults].map(({ what }) => what),
    ['missing', 'records', 'records', 'records'],
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
