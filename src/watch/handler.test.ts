import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { FlowgaugeError } from '../model/errors.ts';
import { allFields, headerLine, parseLogFormat, transitGatewayFields } from '../record/format.ts';
import type { LogFormat } from '../record/format.ts';
import { objectKey } from '../storage/object/keys.ts';
import { PARQUET_HEAD, writeParquet } from '../storage/object/parquet.ts';
import { directoryStore } from '../storage/object/stores/directory.ts';
import { createWatchCounters } from './counters.ts';
import type { WatchCounters } from './counters.ts';
import { enrichWith } from './enrich.ts';
import { handleObject, idPrefix } from './handler.ts';
import type { Handled } from './handler.ts';
import { rememberingSink } from './sinks/remembering.fixture.ts';
import type { Remembering } from './sinks/remembering.fixture.ts';
import type { Sink } from './sinks/sink.ts';

const root = mkdtempSync(join(tmpdir(), 'flowgauge-handler-'));
after(() => rmSync(root, { recursive: true }));
const store = directoryStore(root);
const signal = new AbortController().signal;

const KEY = objectKey({
  prefix: '',
  organization: null,
  accountId: '123456789012',
  region: 'eu-west-1',
  flowLogId: 'fl-0123456789abcdef0',
  slotSeconds: 1_764_504_000,
  hash: '0123abcd',
  fileFormat: 'plain-text',
  hive: false,
  hourly: false,
});

function put(key: string, bytes: Uint8Array): void {
  const path = join(root, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

async function handle(
  key: string,
  sink: Sink = rememberingSink(),
  format: LogFormat | null = null,
): Promise<{ answer: Handled; counters: WatchCounters }> {
  const counters = createWatchCounters();
  const context = { sink, format, counters, signal, enrich: enrichWith(null) };
  const answer = await handleObject({ bucket: 'logs', key, store, seconds: 1_764_515_000 }, context);
  return { answer, counters };
}

const line = (n: number): string =>
  `2 123456789012 eni-0a 10.0.0.1 10.0.${n >> 8}.${n & 255} ${n % 60_000} 443 6 1 40 ${1_764_504_000 + (n % 300)} ${1_764_504_060 + (n % 300)} ACCEPT OK`;
const text = (count: number): string =>
  `${headerLine(allFields(2))}\n${Array.from({ length: count }, (_, n) => `${line(n)}\n`).join('')}`;
const code =
  (wanted: string, words = /./) =>
  (error: unknown) =>
    error instanceof FlowgaugeError && error.code === wanted && words.test(error.message);

test('an object becomes documents once, however often it is handled', async () => {
  put(KEY, gzipSync(text(1000)));
  const sink = rememberingSink();
  const first = await handle(KEY, sink);
  assert.deepEqual(first.answer, { outcome: 'read', records: 1000, created: 1000, existing: 0 });
  for (const _ of [1, 2])
    assert.deepEqual((await handle(KEY, sink)).answer, { outcome: 'read', records: 1000, created: 0, existing: 1000 });
  assert.equal(sink.documents.size, 1000);
  const document = sink.documents.get(`${idPrefix('logs', KEY)}-999`)!;
  assert.deepEqual(document['cloud'], { provider: 'aws', account: { id: '123456789012' }, region: 'eu-west-1' });
  assert.deepEqual((document['aws'] as Record<string, unknown>)['s3'], {
    bucket: { name: 'logs' },
    object: { key: KEY },
  });
});

test('forms: plain, zstd, Firehose’s JSON, an export of CloudWatch Logs, without header, several members of gzip', async () => {
  const header = `${headerLine(allFields(2))}\n`;
  const forms: Record<string, Uint8Array> = {
    plain: Buffer.from(text(3)),
    zstd: zstdCompressSync(text(3)),
    json: gzipSync([0, 1, 2].map((n) => JSON.stringify({ message: line(n) })).join('')),
    export: gzipSync([0, 1, 2].map((n) => `2026-11-30T12:00:00.000Z ${line(n)}\n`).join('')),
    bare: gzipSync(`${line(0)}\n${line(1)}\n${line(2)}`),
    members: Buffer.concat([gzipSync(header), gzipSync(`${line(0)}\n`), gzipSync(`${line(1)}\n${line(2)}\n`)]),
  };
  for (const [name, bytes] of Object.entries(forms)) {
    put(`forms/${name}`, bytes);
    const sink = rememberingSink();
    assert.equal((await handle(`forms/${name}`, sink)).answer.created, 3, name);
    assert.deepEqual(
      [...sink.documents.values()].map((each) => (each['destination'] as Record<string, unknown>)['ip']),
      ['10.0.0.0', '10.0.0.1', '10.0.0.2'],
      name,
    );
  }
});

test('a format that only its flow log knows is given', async () => {
  put('given.gz', gzipSync('10.0.0.1 99\n10.0.0.2 98\n'));
  const { answer } = await handle('given.gz', rememberingSink(), parseLogFormat('${srcaddr} ${bytes}'));
  assert.equal(answer.created, 2);
  assert.deepEqual((await handle('given.gz')).answer.outcome, 'other');
});

/** Parquet as we publish it. */
async function parquet(format: LogFormat, lines: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [PARQUET_HEAD];
  const blocks = (async function* () {
    yield { text: new Uint8Array(Buffer.from(lines)) };
  })();
  await writeParquet(format, blocks, 'test', 1, (bytes) => {
    parts.push(bytes.slice());
    return Promise.resolve();
  });
  return Buffer.concat(parts);
}

test('Parquet becomes the same documents as its text', async () => {
  for (const [name, format] of [
    ['all', allFields(11)],
    ['gateway', transitGatewayFields()],
  ] as const) {
    const value = (column: string, field: string, n: number): string =>
      n === 1 && field !== 'version'
        ? '-'
        : field.endsWith('addr')
          ? `10.0.0.${n}`
          : field === 'start' || field === 'end'
            ? String(1_764_504_000 + n)
            : field === 'protocol'
              ? '17'
              : column === 'VARCHAR'
                ? `w"${n}`
                : String(n * 7);
    const lines = [0, 1, 2, 3]
      .map((n) => `${format.fields.map((each) => value(each.column, each.name, n)).join(' ')}\n`)
      .join('');
    put(`${name}.parquet`, await parquet(format, lines));
    put(`${name}.gz`, gzipSync(`${headerLine(format)}\n${lines}`));
    const documents = async (key: string): Promise<unknown[]> => {
      const sink = rememberingSink();
      assert.equal((await handle(key, sink)).answer.records, 4);
      return [...sink.documents.values()].map(({ aws, ...rest }) => ({
        ...rest,
        aws: (aws as Record<string, unknown>)['vpcflow'],
      }));
    };
    assert.deepEqual(await documents(`${name}.parquet`), await documents(`${name}.gz`));
  }
});

test('a gzip file that breaks off: what was readable is written, the rest is told', async () => {
  const whole = gzipSync(text(20_000));
  put(KEY, whole.subarray(0, whole.length >> 1));
  const sink = rememberingSink();
  const counters = createWatchCounters();
  const context = { sink, format: null, counters, signal, enrich: enrichWith(null) };
  const object = { bucket: 'logs', key: KEY, store, seconds: null };
  await assert.rejects(
    handleObject(object, context),
    code('FG_WATCH_UNREADABLE', /gzip data ends too early; the \d+ records before that were written/),
  );
  assert.ok(sink.documents.size > 5000 && sink.documents.size < 15_000);
  assert.deepEqual([counters.objects.partly, counters.objects.read, counters.records.badLines], [1, 0, 1]);
  // The whole object comes: what was there is there once.
  put(KEY, whole);
  await handle(KEY, sink);
  assert.equal(sink.documents.size, 20_000);
});

test('broken Parquet, and what only has the name of a flow log, are told', async () => {
  const whole = await parquet(allFields(2), `${line(1)}\n`);
  for (const [name, bytes] of [
    ['cut', whole.subarray(0, whole.length - 20)],
    ['head', Buffer.from('PAR1')],
    ['noise', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(5000, 0xa5), Buffer.from('PAR1')])],
    ['long footer', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(8, 0xff), Buffer.from('PAR1')])],
  ] as const) {
    put(`${name}.parquet`, bytes);
    await assert.rejects(handle(`${name}.parquet`), code('FG_WATCH_UNREADABLE'), name);
  }
  put(KEY, Buffer.from('this is no flow log\n'));
  await assert.rejects(handle(KEY), code('FG_WATCH_UNREADABLE', /no header/));
});

test('objects of others are passed over, and one that is gone is done', async () => {
  put('trail.json.gz', gzipSync('{"Records":[{"eventVersion":"1.08"}]}'));
  const other = await handle('trail.json.gz');
  assert.deepEqual([other.answer.outcome, other.counters.objects.other], ['other', 1]);
  const gone = await handle('nothing/here.gz');
  assert.deepEqual([gone.answer.outcome, gone.counters.objects.gone], ['gone', 1]);
  put('empty.gz', gzipSync(''));
  assert.equal((await handle('empty.gz')).answer.records, 0);
});

test('lines that are broken are left out and counted, and windows without traffic are documents', async () => {
  put(
    'odd.gz',
    gzipSync(
      `${headerLine(allFields(2))}\n${line(1)}\nbroken line\n2 1 eni-1 - - - - - - - 1 2 - NODATA\n2 1 eni-1 - - - - - - - 1 2 - SKIPDATA\n`,
    ),
  );
  const { counters } = await handle('odd.gz');
  assert.deepEqual(counters.records, { read: 3, noData: 1, skipData: 1, badLines: 1, fieldsLeftOut: 0 });
});

test('documents that the sink refuses fail the object when all others are written', async () => {
  put('some.gz', gzipSync(text(100)));
  const sink = rememberingSink(undefined, (document) =>
    (document['source'] as Record<string, unknown>)['port'] === 7 ? 'no sevens' : null,
  );
  await assert.rejects(handle('some.gz', sink), code('FG_WATCH_REFUSED', /refused 1 of 100 documents .* no sevens/));
  assert.equal(sink.documents.size, 99);
});

test('a sink that fails ends it, and nothing is left under way', async () => {
  put('large.gz', gzipSync(text(60_000)));
  let calls = 0;
  const sink = rememberingSink(() => {
    calls++;
    if (calls === 3) throw new Error('sink fails');
  });
  await assert.rejects(handle('large.gz', sink), /sink fails/);
  assert.ok(calls <= 5);
  const again = rememberingSink();
  assert.equal((await handle('large.gz', again)).answer.created, 60_000);
});

test('reading waits for the sink: two requests are under way at most', async () => {
  put('large.gz', gzipSync(text(120_000)));
  const sink: Remembering = rememberingSink(() => new Promise((resolve) => setImmediate(resolve)));
  await handle('large.gz', sink);
  assert.ok(sink.batches > 10);
  assert.ok(sink.mostBytes < 2 * 7e6, `${sink.mostBytes} bytes under way`);
});

test('a stop ends it with the reason of the signal', async () => {
  put('large.gz', gzipSync(text(60_000)));
  const stop = new AbortController();
  const sink = rememberingSink(() => stop.abort(new Error('stopped')));
  const context = {
    sink,
    format: null,
    counters: createWatchCounters(),
    signal: stop.signal,
    enrich: enrichWith(null),
  };
  await assert.rejects(handleObject({ bucket: 'logs', key: 'large.gz', store, seconds: null }, context), /stopped/);
});
