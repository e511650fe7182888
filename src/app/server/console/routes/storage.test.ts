import assert from 'node:assert/strict';
import { rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type { CostAnswer } from '../../../../api/cost.ts';
import type { KeepingTold, StorageAnswer } from '../../../../api/storage.ts';
import { tend } from '../../../../lake/keep/tend.ts';
import { buildBucket, SLOT_SECONDS as T } from '../../../../lake/read/build-bucket.ts';
import { ledgerKey } from '../../../../publish/ledger.ts';
import { createStanding } from '../../standing.ts';
import { startConsole } from '../console.fixture.ts';

const DAY = 86_400;
const NOW = T + 3 * DAY;
const HEADER =
  'interface-id instance-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr packets bytes start end action flow-direction traffic-path log-status';
const line = (at: number): string =>
  `eni-a i-web 10.0.0.1 198.51.100.7 10.0.0.1 198.51.100.7 1 1073741824 ${at} ${at + 9} ACCEPT egress 8 OK`;
const now = (): number => NOW * 1000;

test('a place without anything is zeros, and no error', async (t) => {
  const { browser } = await startConsole(t, { now });
  const own = await browser();
  const { status, json } = await own.ask<StorageAnswer>('GET', '/api/storage');
  assert.equal(status, 200);
  assert.deepEqual([json.objects, json.days, json.flowLogs, json.ledger.entries], [0, [], [], 0]);
  const told = await own.ask<KeepingTold>('GET', '/api/storage/keeping');
  assert.deepEqual(told.json, { is: 'off', plan: null, progress: null, problem: null, last: null, nextSeconds: null });
  const cost = await own.ask<ConsoleFailure>('GET', '/api/cost?last=24h');
  assert.deepEqual([cost.status, cost.json.error.code], [400, 'FG_SOURCE_EMPTY']);
});

test('objects are told by flow log and day: due, waiting, in the lake, removed, gone; and the ledger by names', async (t) => {
  const bucket = buildBucket();
  t.after(() => rmSync(bucket.directory, { recursive: true }));
  const put = (slotSeconds: number, flowLogId: string): string => {
    const key = bucket.text([HEADER, line(slotSeconds)], { slotSeconds, flowLogId });
    bucket.file(ledgerKey(key), '{}');
    return key;
  };
  const keys = [put(T, 'fl-a'), put(T + DAY, 'fl-a'), put(T + 2 * DAY, 'fl-a')];
  const how = { dest: null, by: 'hour', settleSeconds: 0, rollups: true, memoryBytes: 200e6, graceSeconds: 0, signal: t.signal, onProgress: () => {} } as const; // prettier-ignore
  // The first day's records go, the second's object goes, the third's stays.
  await tend(bucket.directory, { ...how, expireSeconds: null, retention: { recordsSeconds: 2 * DAY, rollupsSeconds: null }, nowSeconds: NOW - 3600 }); // prettier-ignore
  unlinkSync(join(bucket.directory, keys[1]!));
  put(T + 3600, 'fl-b');
  put(NOW, 'fl-b');
  unlinkSync(join(bucket.directory, put(T + 600, 'fl-b')));
  bucket.text([HEADER, line(T)], { flowLogId: 'fl-aws' });
  const { browser, addKey } = await startConsole(t, { directory: bucket.directory, now });
  const own = await browser(addKey('read'));
  const { json } = await own.ask<StorageAnswer>('GET', '/api/storage');
  assert.deepEqual([json.objects, json.due.objects, json.waiting.objects], [4, 2, 1]);
  assert.deepEqual(
    new Map(json.flowLogs.map(({ flowLogId, ...of }) => [flowLogId, [of.objects, of.compacted, of.removed]])),
    new Map([
      ['fl-a', [1, 1, 2]],
      ['fl-aws', [1, 0, 0]],
      ['fl-b', [2, 0, 0]],
    ]),
  );
  const { entries, there, inLake, retired, missing, unlisted } = json.ledger;
  assert.deepEqual([entries, there, inLake, retired, missing, unlisted], [6, 3, 1, 1, 1, 1]);
  assert.deepEqual([json.lake.records, json.lake.files, json.lake.retired, json.lake.objects], [2, 2, 1, 3]);
  assert.deepEqual(
    json.days.map(({ objects, compacted, removed, files, records, retired: gone }) => [objects, compacted, removed, files, records, gone]), // prettier-ignore
    [
      [1, 0, 0, 0, 0, 0],
      [1, 1, 0, 1, 1, 0],
      [0, 0, 1, 1, 1, 0],
      [2, 0, 1, 0, 0, 1],
    ],
  );
});

test('how the lake is kept is told as it stands', async (t) => {
  const standing = createStanding();
  const progress = { step: 'compact', stage: 'reading', files: 3, of: 9, bytes: 100 } as const;
  Object.assign(standing.keeping, { is: 'working', progress, problem: { code: 'FG_LAKE_ENDED', message: 'it ended' } });
  const { browser } = await startConsole(t, { now, context: { standing } });
  const { json } = await (await browser()).ask<KeepingTold>('GET', '/api/storage/keeping');
  assert.deepEqual([json.is, json.progress, json.problem?.code], ['working', progress, 'FG_LAKE_ENDED']);
  assert.ok(!('sums' in json));
});

test('what traffic costs, by the owner that is asked for; one that is none is refused', async (t) => {
  const bucket = buildBucket();
  t.after(() => rmSync(bucket.directory, { recursive: true }));
  bucket.text([HEADER, line(T)]);
  const { browser } = await startConsole(t, { directory: bucket.directory, now });
  const own = await browser();
  const { json } = await own.ask<CostAnswer>('GET', `/api/cost?from=${T - 3600}&to=${T + 3600}&by=instance-id`);
  assert.deepEqual(
    json.answer.charges.map(({ charge, bytes, cost }) => [charge, bytes, cost]),
    [['internet', 1_073_741_824, 0.09]],
  );
  assert.deepEqual(
    json.answer.owners.map(({ owner }) => owner),
    ['i-web'],
  );
  assert.deepEqual([json.range.from, json.answer.log.records], [T - 3600, 1]);
  const refused = await own.ask<ConsoleFailure>('GET', '/api/cost?last=1h&by=__proto__');
  assert.deepEqual([refused.status, refused.json.error.code], [400, 'FG_COST_OWNER']);
});
