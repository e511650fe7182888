import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { DUCKDB } from '../dialect.ts';
import { shortName } from '../saved-query.ts';
import { SAVED_QUERIES } from './list.ts';

/** The sixteen of AWS's integration template. */
const OF_AWS =
  `AcceptedTraffic AdminPortTraffic IPv4Traffic IPv6Traffic RejectedTCPTraffic RejectedTraffic SshRdpTraffic TopTalkers
  TopTalkersPacketLevel TopTalkingInstances TopTalkingSubnets TopTCPTraffic TotalBytesTransferred
  TotalBytesTransferredPacketLevel TrafficFrmSrcAddr TrafficToDstAddr`
    .split(/\s+/)
    .map((name) => `VpcFlowLogs${name}`);

test('lists every file of the folder, by its short name', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((file) => file !== 'list.ts' && !file.endsWith('.test.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(
    SAVED_QUERIES.map((query) => shortName(query.name)),
    files.sort(),
  );
});

test("has AWS's sixteen by their names", () => {
  const names = SAVED_QUERIES.map((query) => query.name);
  assert.deepEqual(
    OF_AWS.filter((name) => !names.includes(name)),
    [],
  );
});

test('names in each query every parameter that it takes and no other', () => {
  for (const query of SAVED_QUERIES) {
    const used = new Set([...query.sql(DUCKDB).matchAll(/\$(\w+)/g)].map((match) => match[1]));
    assert.deepEqual(used, new Set(Object.keys(query.parameters)), query.name);
  }
});

test('gives 50 rows, and 10 where the question is about admin ports', () => {
  for (const query of SAVED_QUERIES) {
    const rows = query.parameters['limit']?.default;
    if (/IPv[46]/.test(query.name)) assert.equal(rows, undefined, query.name);
    else assert.equal(rows, query.name.includes('AdminPort') ? '10' : '50', query.name);
  }
});
