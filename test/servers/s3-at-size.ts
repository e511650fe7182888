/**
 * A bucket of many objects on a real S3 server, asked by hand: `bin/node test/servers/s3-at-size.ts [OBJECTS]`.
 *
 * In:    how many objects, 20,000 if not said. Out: what was listed and read for six hours and for all, as JSON lines;
 *        exit 1 where that is more than it should be, or the rows differ from those of a directory with the same files.
 * Holds: the server is OpenStack Swift, asked through a proxy that counts, and that fails each fiftieth request.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TimeRange } from '../../src/lake/read/source.ts';
import { ALL_TIME } from '../../src/lake/read/source.ts';
import { flowLogFile, isWithin, stampsOf } from '../../src/lake/read/bucket.ts';
import { ask } from '../../src/query/ask.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import { s3Error, startProxy } from './proxy.ts';
import { makeBucket, putBytes, useCredentials } from './s3-place.ts';
import { directoryOf } from './server.ts';
import { startSwift } from './swift.ts';

const OBJECTS = Number(process.argv[2] ?? 20_000);
const RECORDS = 20;
/** 2026-11-01. */
const FIRST_SLOT = Date.UTC(2026, 10, 1) / 1000;
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
/** Four places, each with a layout of its own. */
const PLACES = [
  { accountId: '123456789012', region: 'us-east-1', hive: false, hourly: false },
  { accountId: '123456789012', region: 'eu-west-1', hive: false, hourly: true },
  { accountId: '210987654321', region: 'us-east-1', hive: true, hourly: false },
  { accountId: '210987654321', region: 'eu-central-1', hive: true, hourly: true },
] as const;

/** The records of a slot; of every tenth object the last one began in the slot before. */
function textOf(number: number, slot: number): Uint8Array {
  const lines = Array.from({ length: RECORDS }, (_, at) => {
    const start = slot + at * 10 - (at === RECORDS - 1 && number % 10 === 0 ? 400 : 0);
    return `2 123456789012 eni-0a 10.0.${number % 250}.${at} 10.1.0.1 ${1024 + at} 443 6 ${at + 1} ${number * 100 + at} ${start} ${slot + at * 10 + 59} ACCEPT OK`;
  });
  return gzipSync(`${[HEADER, ...lines].join('\n')}\n`, { level: 1 });
}

function say(what: string, facts: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ what, ...facts }));
}

/** Runs `work` for each number, sixteen at a time. */
async function each(count: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

const swift = await startSwift();
const here = directoryOf('at-size');
const proxy = await startProxy(swift.endpoint);
try {
  useCredentials(swift);
  const store = await makeBucket(swift, 'size');
  const keys: string[] = [];
  let from = performance.now();
  await each(OBJECTS, async (number) => {
    const slotSeconds = FIRST_SLOT + Math.floor(number / PLACES.length) * 300;
    const key = objectKey({
      prefix: 'logs',
      organization: null,
      flowLogId: 'fl-0123456789abcdef0',
      slotSeconds,
      hash: number.toString(16).padStart(8, '0'),
      fileFormat: 'plain-text',
      ...PLACES[number % PLACES.length]!,
    });
    keys.push(key);
    const bytes = textOf(number, slotSeconds);
    const path = join(here.path, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    await putBytes(store, key, bytes);
  });
  say('stored', { objects: OBJECTS, seconds: Math.round((performance.now() - from) / 1000) });

  const middle = FIRST_SLOT + Math.floor(OBJECTS / PLACES.length / 2) * 300;
  let asked = 0;
  const faults = [s3Error(503, 'SlowDown'), 'reset', s3Error(500, 'InternalError'), 'cut'] as const;
  const question = 'SELECT * FROM flow_logs ORDER BY ALL';
  const summary =
    'SELECT count(*), sum(bytes), sum(packets), min(start), max("end"), bit_xor(hash(COLUMNS(*))) FROM flow_logs';
  for (const [name, range, sql, failing] of [
    ['six hours', { startSeconds: middle, endSeconds: middle + 6 * 3600 }, question, false],
    ['six hours, one request in fifty fails', { startSeconds: middle, endSeconds: middle + 6 * 3600 }, question, true],
    ['all', ALL_TIME, summary, false],
  ] as const satisfies readonly (readonly [string, TimeRange, string, boolean])[]) {
    proxy.seen.length = 0;
    proxy.fault = () => (failing && ++asked % 50 === 0 ? faults[(asked / 50) % faults.length]! : null);
    from = performance.now();
    const far = await rowsOf('s3://size', sql, range, proxy.endpoint);
    const seconds = (performance.now() - from) / 1000;
    from = performance.now();
    const near = await rowsOf(here.path, sql, range);
    const nearSeconds = (performance.now() - from) / 1000;
    const wanted = new Set(keys.filter((key) => isWithin(flowLogFile(key)!, stampsOf(range))));
    const reads = proxy.seen
      .filter(({ query }) => !query.has('list-type'))
      .map(({ path }) => path.slice('/size/'.length));
    const listed = proxy.seen.flatMap(({ query }) => query.get('prefix') ?? []);
    say(name, {
      objectsThere: OBJECTS,
      objectsOfRange: wanted.size,
      listings: listed.length,
      reads: reads.length,
      mostAtOneTime: proxy.most(),
      rows: far.length,
      seconds: Number(seconds.toFixed(1)),
      secondsFromDirectory: Number(nearSeconds.toFixed(1)),
    });
    assert.deepEqual(far, near, `${name}: the rows are those of the directory`);
    assert.ok(far.length > 0);
    assert.deepEqual(new Set(reads), wanted, `${name}: the objects of the range are read, and no others`);
    if (!failing) assert.equal(reads.length, wanted.size, `${name}: each is asked for once`);
    if (name !== 'all') {
      const days = listed.flatMap(
        (prefix) => /(?:year=)?(\d{4})\/(?:month=)?(\d\d)\/(?:day=)?(\d\d)\//.exec(prefix)?.slice(1).join('-') ?? [],
      );
      const first = new Date((range.startSeconds - 300) * 1000).toISOString().slice(0, 10);
      const last = new Date((range.endSeconds + 4200) * 1000).toISOString().slice(0, 10);
      assert.ok(
        days.every((day) => day >= first && day <= last),
        `${name}: only its days are listed`,
      );
    }
  }
} finally {
  await proxy.stop();
  await swift.stop();
  here.remove();
}

async function rowsOf(place: string, sql: string, range: TimeRange, endpoint?: string) {
  const answer = await ask(
    place,
    sql,
    {},
    { range, ...(endpoint === undefined ? {} : { source: { access: { endpoint } } }) },
  );
  const rows = [];
  for await (const batch of answer.rows) rows.push(...batch);
  assert.deepEqual(answer.notes, []);
  return rows;
}
