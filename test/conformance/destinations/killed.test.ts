import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { StageCount } from '../../../src/model/counters.ts';
import type { DestinationSpec } from '../../../src/network/vpc/snapshot.ts';
import { directoryStore } from '../../../src/storage/object/stores/directory.ts';
import { s3Store } from '../../../src/storage/object/stores/s3.ts';
import { startProxy } from '../../servers/proxy.ts';
import type { Proxy, Seen } from '../../servers/proxy.ts';
import type { Plan } from './agent.ts';
import type { FakeLogs } from './fake-logs.ts';
import { fakeLogs } from './fake-logs.ts';
import { fakeS3 } from './fake-s3.ts';
import type { FakeS3 } from './fake-s3.ts';
import { flowLogTo, recordOf } from './segments.ts';
import { recordOfEntry, recordsIn } from './subjects.ts';

const SLOT = Date.UTC(2026, 10, 23, 12, 5) / 1000;
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-killed-'));
const kept = { ...process.env };
let s3: FakeS3;
let logs: FakeLogs;
let proxies: Proxy[] = [];

before(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
  s3 = await fakeS3();
  logs = await fakeLogs((SLOT + 600) * 1000);
  proxies = [await startProxy(s3.endpoint), await startProxy(logs.endpoint)];
});
after(async () => {
  process.env = kept;
  for (const proxy of proxies) await proxy.stop();
  s3.stop();
  logs.stop();
  rmSync(scratch, { recursive: true });
});

function start(plan: Plan) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'agent.ts'), JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  return { child, output: () => output };
}

const bucket = (name: string): DestinationSpec => ({
  type: 's3',
  bucket: name,
  prefix: '',
  fileFormat: 'plain-text',
  hive: false,
  hourly: false,
});
const isTarget =
  (name: string) =>
  ({ headers }: Seen): boolean =>
    String(headers['x-amz-target']).endsWith(name);
const arn = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/logs';
const CASES: readonly {
  readonly name: string;
  readonly spec: DestinationSpec;
  readonly proxy: number;
  readonly isWrite: (seen: Seen) => boolean;
  /** Which write never gets its answer. */
  readonly nth: number;
  readonly records: () => Promise<readonly string[]> | readonly string[];
  /** Records in that write. */
  readonly twice: number;
}[] = [
  {
    name: 'S3',
    spec: bucket('flow-bucket'),
    proxy: 0,
    isWrite: ({ method }) => method === 'PUT',
    nth: 1,
    records: () => recordsIn(s3Store('flow-bucket', { endpoint: s3.endpoint, region: 'us-east-1' })),
    twice: 0,
  },
  {
    name: 'CloudWatch Logs',
    spec: { type: 'cloud-watch-logs', logGroup: 'killed', roleArn: null },
    proxy: 1,
    isWrite: isTarget('.PutLogEvents'),
    // Each of the three streams is missed first, and made.
    nth: 4,
    records: () => [...(logs.groups.get('killed')?.values() ?? [])].flat().map(({ message }) => message),
    twice: 600,
  },
  {
    name: 'Firehose',
    spec: { type: 'kinesis-data-firehose', streamArn: arn },
    proxy: 1,
    isWrite: isTarget('.PutRecordBatch'),
    nth: 2,
    records: () => logs.delivered.map(recordOfEntry),
    twice: 500,
  },
];

for (const { name, spec, proxy: at, isWrite, nth, records, twice } of CASES)
  test(`${name}: a process killed while it waits for an answer, and the next one, deliver each record`, async () => {
    const proxy = proxies[at]!;
    let writes = 0;
    const { promise: caught, resolve } = Promise.withResolvers<void>();
    proxy.fault = (seen) => {
      if (!isWrite(seen) || ++writes !== nth) return null;
      resolve();
      return 'held';
    };
    const flowLog = flowLogTo(spec);
    const plan = {
      flowLog,
      spool: join(scratch, name),
      place: proxy.endpoint,
      slotSeconds: SLOT,
      from: 0,
      records: 1800,
    };
    const first = start(plan);
    // The server has what was sent, and whoever sent it does not know.
    await caught;
    while ((await records()).length < twice) await turn();
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    proxy.fault = () => null;
    const second = start({ ...plan, records: 0 });
    second.child.stdin.end();
    await once(second.child, 'exit');
    const count = JSON.parse(second.output().split('\n')[1]!) as StageCount;
    const expected = Array.from({ length: 1800 }, (_, n) => recordOf(n, SLOT)).sort();
    const there = [...(await records())].sort();
    assert.deepEqual([...new Set(there)], expected);
    assert.equal(there.length - expected.length, twice);
    assert.equal(count.notes['possible-duplicates'] ?? 0, twice);
    assert.deepEqual([count.in, count.out, count.held, count.lost], [1800, 1800, 0, {}]);
  });

test('a directory: a process killed when its records are sealed, and the next one, deliver each once', async () => {
  const place = join(scratch, 'directory');
  const spool = join(scratch, 'directory-spool');
  const plan = { flowLog: flowLogTo(bucket('local')), spool, place, slotSeconds: SLOT, from: 0, records: 1800 };
  for (const from of [0, 1800, 3600]) {
    const { child, output } = start({ ...plan, from });
    while (!output().includes('sealed')) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const last = start({ ...plan, records: 0 });
  last.child.stdin.end();
  await once(last.child, 'exit');
  const expected = Array.from({ length: 5400 }, (_, n) => recordOf(n, SLOT)).sort();
  assert.deepEqual((await recordsIn(directoryStore(place))).sort(), expected);
});
