import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { directoryStore } from '../storage/object/stores/directory.ts';
import { ledgerOf, newestWindow } from './flow-log-ledger.ts';
import { accountsOf, begin, flowLog, newDirectory, numbers, PLAIN, print, SLOT, told } from './publisher.fixture.ts';
import { waitingSegments } from './waiting-segments.ts';

const SIGNAL = new AbortController().signal;
const DAY = { fromSeconds: SLOT - 80_000, toSeconds: SLOT + 300 };

for (const layout of [PLAIN, { ...PLAIN, hive: true, hourly: true }])
  test(`tells how far a flow log has come, and numbers that add up, ${layout.hive ? 'Hive by the hour' : 'plain'}`, async () => {
    const { store, publisher } = await begin({ hostId: 'host', layout });
    const lines = numbers(40);
    print(publisher, lines, SLOT, '', told);
    publisher.account(0, SLOT, accountsOf(lines));
    await publisher.close();
    const log = flowLog(layout);
    const packets = lines.reduce((sum, line) => sum + told(line), 0);
    const ledger = await ledgerOf(store, log, DAY, SIGNAL);
    assert.deepEqual(
      [ledger.objects, ledger.records, ledger.counted, ledger.inRecords, ledger.noData],
      [1, 40, packets, packets, 3],
    );
    assert.deepEqual([ledger.newest.length, ledger.newest[0]?.slotSeconds], [1, SLOT]);
    assert.equal(await newestWindow(store, log, SLOT + 86_400, SIGNAL), SLOT + 60);
    // Another flow log of the same place has none of it.
    const other = { ...log, id: 'fl-0123456789abcdef1' };
    assert.equal(await newestWindow(store, other, SLOT, SIGNAL), null);
    assert.equal((await ledgerOf(store, other, DAY, SIGNAL)).objects, 0);
    // A span before it.
    const before = { fromSeconds: SLOT - 7200, toSeconds: SLOT - 3600 };
    assert.equal((await ledgerOf(store, log, before, SIGNAL)).records, 0);
  });

test('reads the ledger on the host of what a log group has', async () => {
  const directory = newDirectory();
  const log = {
    ...flowLog(),
    destination: { type: 'cloud-watch-logs', logGroup: 'flows', roleArn: null },
  } as const;
  const folder = join(directory, '_flowgauge/ledger/elsewhere', log.id);
  mkdirSync(folder, { recursive: true });
  const window = { i: 'eni-1', at: SLOT, s: 60, counted: 10, packets: 5, filtered: 3, lost: { 'spool-full': 2 } };
  const entry = { ledger: 2, key: null, destination: 'log group flows', refused: { 'too-old': 4 }, sha256: '' };
  const written = { ...entry, records: 9, slotSeconds: SLOT, flowLogId: log.id, sizeBytes: 0, windows: [window] };
  writeFileSync(join(folder, '20261123T1205Z_01234567.json'), JSON.stringify(written));
  const store = directoryStore(directory);
  const { objects, counted, inRecords, filtered, lost, refused } = await ledgerOf(store, log, DAY, SIGNAL);
  assert.deepEqual([objects, counted, inRecords, filtered], [0, 10, 5, 3]);
  assert.deepEqual([lost, refused], [{ 'spool-full': 2 }, { 'too-old': 4 }]);
  assert.equal(await newestWindow(store, log, SLOT, SIGNAL), SLOT + 60);
});

test('counts what waits in a spool by flow log, and nothing where there is none', async () => {
  const spool = newDirectory();
  assert.equal((await waitingSegments(spool)).size, 0);
  mkdirSync(spool);
  for (const [name, bytes] of [
    [`fl-1_${SLOT}_0.segment`, 10],
    [`fl-1_${SLOT - 300}_1.open`, 5],
    [`fl-2_${SLOT}_2.segment`, 7],
    [`fl-2_${SLOT}_2.object`, 70],
    ['lock', 1],
  ] as const)
    writeFileSync(join(spool, name), 'x'.repeat(bytes));
  const found = await waitingSegments(spool);
  assert.deepEqual(found.get('fl-1'), { segments: 2, bytes: 15, oldestSlotSeconds: SLOT - 300 });
  assert.deepEqual(found.get('fl-2'), { segments: 1, bytes: 7, oldestSlotSeconds: SLOT });
});
