import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { accountsOf, begin, newDirectory, numbers, print, SLOT, told } from '../publish/publisher.fixture.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const flowgauge = inOneProcess();
const verify = (...args: readonly string[]): Promise<Ended> => flowgauge('ledger', 'verify', ...args);

test('says that all holds, and names what does not, with exit 3', async () => {
  const data = newDirectory();
  const { publisher } = await begin({ directory: join(data, 'bucket'), hostId: 'host-1' });
  print(publisher, numbers(100), SLOT, '', told);
  publisher.account(0, SLOT, accountsOf(numbers(100)));
  const { objects } = await publisher.close();
  const well = await start('.', 'ledger', 'verify', '--from', data);
  assert.match(
    well.out,
    /^1 object with 100 records of 4695 packets, .* SKIPDATA tells of 0 packets\.\nText objects: 4695 packets counted, 4695 in records\.\n3 windows of interfaces: 4695 packets counted at the source: 4695 in records, 0 left out by traffic type\.\nAll of it holds\.\n$/,
  );
  rmSync(join(data, 'bucket', objects[0]!.key));
  const gone = await verify('--from', data);
  assert.equal(gone.code, 3);
  assert.match(gone.out, /missing: team\/AWSLogs.*: 100 records expected, no object found\n/);
  assert.match(
    gone.out,
    /records: fl-0123456789abcdef0 eni-0123456789abcdef0 window 2026-11-23T12:04:00.000Z: 5 accounted for, 0 in objects\n/,
  );
  assert.match(gone.out, /\n1 of 1 entries and 3 of 3 windows do not hold\.\n$/);
  const json = JSON.parse((await verify('--from', data, '--json')).out) as {
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
  assert.equal(ended.code, 1);
  assert.match(ended.err, /FG_SOURCE_MISSING/);
});

test('a place without a ledger is told to have none', async () => {
  const directory = newDirectory();
  mkdirSync(directory, { recursive: true });
  assert.match((await verify('--from', directory)).out, /has no ledger/);
});
