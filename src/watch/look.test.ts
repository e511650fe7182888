import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildBucket } from '../lake/read/build-bucket.ts';
import { openFindings } from '../storage/state/findings.ts';
import { openState, statePath } from '../storage/state/state-file.ts';
import type { TestRecord } from './detection.ts';
import { look } from './look.ts';
import type { LookOptions } from './look.ts';
import { many } from './told-conversations.ts';
import { NOON, recordLines } from './told-records.fixture.ts';

const built = buildBucket();
const data = built.directory;
openState(statePath(data)).close();
after(() => built.remove());

/** As `up` publishes them: an object for what ended in five minutes. */
function publish(records: readonly TestRecord[], at: number): void {
  built.text(recordLines(records, 'four'), { prefix: 'bucket', slotSeconds: NOON + Math.ceil(at / 300) * 300 });
}

const scan = (at: number, ports: number): TestRecord[] =>
  many(ports, (port) => ({
    client: '198.51.100.7',
    server: '10.0.0.5',
    port: 1000 + port,
    at: at + port / 10,
    lasts: 0,
    back: null,
    action: 'REJECT',
  }));

const looks = (at: number, more: Partial<LookOptions> = {}) =>
  look(data, {
    place: null,
    reach: 'long',
    nowSeconds: NOON + at,
    memoryBytes: 500e6,
    only: null,
    except: [],
    parameters: {},
    receivers: [{ name: 'ops', least: 'low' }],
    signal: new AbortController().signal,
    ...more,
  });

function kept() {
  const state = openState(statePath(data));
  try {
    return openFindings(state).list(0, NOON + 100_000);
  } finally {
    state.close();
  }
}

test('where nothing was published yet a look finds nothing, and that is no error', async () => {
  const looked = await looks(0);
  assert.deepEqual([looked.findings, looked.fresh, looked.asked], [0, [], 0]);
});

test('a finding is told once, and later looks move its end, also those that see less of the past', async () => {
  publish(scan(100, 150), 130);
  const first = await looks(180);
  assert.deepEqual(
    first.fresh.map(({ detection }) => detection),
    ['port-scan'],
  );
  assert.equal(first.told, 1);
  assert.deepEqual(first.open, { info: 0, low: 1, medium: 0, high: 0 });
  const again = await looks(181);
  assert.deepEqual([again.findings, again.fresh, again.told], [1, [], 0]);

  // Two hours later the same goes on; a near look does not see where it began.
  publish(scan(7300, 160), 7400);
  const near = await looks(7500, { reach: 'near' });
  assert.deepEqual([near.findings, near.fresh.length, near.told], [1, 0, 0]);
  const [finding, ...more] = kept();
  assert.equal(more.length, 0);
  assert.equal(finding!.firstSeconds, NOON + 100);
  assert.equal(finding!.lastSeconds, NOON + 7315);
  assert.match(finding!.evidence.sql, new RegExp(`start <= ${NOON + 7315} AND "end" >= ${NOON + 100} ORDER BY start$`));
  assert.equal(finding!.evidence.records!.length, 5);
  const long = await looks(7600);
  assert.equal(long.told, 0);
  assert.equal(kept()[0]!.rows, 2);
});

test('a near look asks what looks at hours; detections that are left out are not asked', async () => {
  const near = await looks(7700, { reach: 'near' });
  const long = await looks(7700);
  assert.ok(near.asked > 10 && near.asked < long.asked, `${near.asked} of ${long.asked}`);
  const without = await looks(7700, { except: ['port-scan'] });
  assert.deepEqual([without.asked, without.findings], [long.asked - 1, 0]);
  const one = await looks(7700, { only: ['port-scan'], parameters: { 'port-scan': { least: '200' } } });
  assert.deepEqual([one.asked, one.findings], [1, 0]);
  assert.equal((await looks(7700, { only: ['beacon'], reach: 'near' })).asked, 0);
});

test("a place that is not the directory's own is looked at, and what is found is kept here with where its records are", async (t) => {
  const other = buildBucket();
  t.after(() => other.remove());
  const at = 200_000;
  other.text(recordLines(scan(at, 150), 'four'), { prefix: 'logs', slotSeconds: NOON + at + 300 });
  const place = { from: other.directory, access: {}, format: null, vpc: null };
  const looked = await looks(at + 200, { place, only: ['port-scan'] });
  assert.deepEqual([looked.findings, looked.fresh.length, looked.told], [1, 1, 1]);
  const [finding] = kept();
  assert.equal(finding!.source, other.directory);
  assert.equal((await looks(at + 200, { only: ['port-scan'] })).findings, 0);
});
