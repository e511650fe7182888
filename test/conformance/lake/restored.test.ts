import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ledgerKey } from '../../../src/publish/ledger.ts';
import { objectKey } from '../../../src/storage/object/keys.ts';
import { stateIn } from '../../../src/storage/object/stores/s3-restore.ts';
import { ask } from '../../../src/query/ask.ts';
import { emptyDay, manifestBytes, manifestKey } from '../../../src/lake/read/compacted/manifest.ts';
import { openSource } from '../../../src/lake/read/open-source.ts';
import { restoreRange } from '../../../src/lake/keep/restore.ts';
import type { RestoreOptions } from '../../../src/lake/keep/restore.ts';

type Held = {
  body: Buffer;
  storageClass: string;
  /** Of its copy; only archives have one. */
  copy: 'none' | 'coming' | 'there';
};

/** S3, as far as archives go: a copy comes when a test lets it come. */
const held = new Map<string, Held>();
const asked: string[] = [];
const UNTIL = 'Fri, 01 Jan 2027 00:00:00 GMT';
const server = createServer((request, response) => {
  const url = new URL(request.url!, 'http://s3');
  const key = decodeURIComponent(url.pathname.replace(/^\/logs\/?/u, ''));
  const answer = (status: number, body: string | Buffer = '', headers = {}): void => {
    response.writeHead(status, headers).end(body);
  };
  if (url.searchParams.has('list-type')) {
    answer(200, listing(url.searchParams.get('prefix') ?? '', url.searchParams.get('delimiter')));
    return;
  }
  const object = held.get(key);
  if (object === undefined) {
    answer(404, request.method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>');
    return;
  }
  const { body, storageClass, copy } = object;
  if (request.method === 'POST') {
    asked.push(key);
    const isComing = copy === 'coming';
    object.copy = 'coming';
    answer(isComing ? 409 : 202, isComing ? '<Error><Code>RestoreAlreadyInProgress</Code></Error>' : '');
    return;
  }
  const ongoing = `ongoing-request="${copy === 'coming'}"${copy === 'there' ? `, expiry-date="${UNTIL}"` : ''}`;
  const restore = copy === 'none' ? {} : { 'x-amz-restore': ongoing };
  const headers = { 'x-amz-storage-class': storageClass, ...restore };
  if (request.method === 'HEAD') answer(200, '', { ...headers, 'content-length': body.length });
  else if (isArchived(object)) answer(403, '<Error><Code>InvalidObjectState</Code></Error>');
  else {
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/u.exec(request.headers.range ?? '') ?? [];
    const part = body.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
    answer(request.headers.range === undefined ? 200 : 206, part, headers);
  }
});
const isArchived = ({ storageClass, copy }: Held): boolean =>
  /^(?:GLACIER|DEEP_ARCHIVE)$/u.test(storageClass) && copy !== 'there';

function listing(prefix: string, delimiter: string | null): string {
  const folders = new Set<string>();
  const objects: string[] = [];
  for (const [key, { body, storageClass, copy }] of [...held].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    if (end !== -1) folders.add(key.slice(0, end + 1));
    else {
      const status =
        copy === 'none'
          ? ''
          : `<RestoreStatus><IsRestoreInProgress>${copy === 'coming'}</IsRestoreInProgress>${copy === 'there' ? '<RestoreExpiryDate>2027-01-01T00:00:00Z</RestoreExpiryDate>' : ''}</RestoreStatus>`;
      objects.push(
        `<Contents><Key>${key}</Key><Size>${body.length}</Size><ETag>"e"</ETag><StorageClass>${storageClass}</StorageClass>${status}</Contents>`,
      );
    }
  }
  const below = [...folders].map((each) => `<CommonPrefixes><Prefix>${each}</Prefix></CommonPrefixes>`);
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${objects.join('')}${below.join('')}</ListBucketResult>`;
}

const T = 1_795_435_500;
const keyAt = (at: number): string =>
  objectKey({ prefix: '', organization: null, accountId: '123456789012', region: 'us-east-1', flowLogId: 'fl-1', slotSeconds: T + at * 300, hash: '0123abcd', fileFormat: 'plain-text', hive: false, hourly: false }); // prettier-ignore
const bodyOf = (at: number): Buffer =>
  gzipSync(`version srcaddr bytes start end\n2 10.0.0.${at} 100 ${T + at * 300} ${T + at * 300 + 9}\n`);

function put(at: number, storageClass = 'GLACIER'): string {
  const key = keyAt(at);
  held.set(key, { body: bodyOf(at), storageClass, copy: 'none' });
  return key;
}

let endpoint = '';
const kept = { ...process.env };
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'us-east-1' });
});
after(() => {
  process.env = kept;
  server.close();
});

const { signal } = new AbortController();
const range = { startSeconds: T - 300, endSeconds: T + 3600 };
const restore = (more: Partial<RestoreOptions> = {}) =>
  restoreRange(
    's3://logs',
    { endpoint },
    { range, days: 7, tier: 'Bulk', asks: true, verifies: true, signal, onProgress: () => {}, ...more },
  );

/** Records of the range, and what the answer says it lacks. */
async function answered(): Promise<{ readonly records: number; readonly lacks: number }> {
  const { rows, notes } = await ask('s3://logs', 'SELECT * FROM flow_logs', {}, { range, source: { access: { endpoint } } }); // prettier-ignore
  let records = 0;
  for await (const batch of rows) records += batch.length;
  return { records, lacks: notes.reduce((sum, note) => sum + (note.kind === 'archived' ? note.files : 0), 0) };
}

test('a range is asked for, is on its way, and is restored when all of it is; until then answers say what they lack', async (t) => {
  t.after(() => held.clear());
  const [first, second] = [put(0), put(1, 'DEEP_ARCHIVE')];
  put(2, 'STANDARD');
  put(2000);
  const looked = await restore({ asks: false });
  assert.deepEqual(
    [looked.state, looked.objects, looked.archived, looked.others, asked.length],
    ['archived', 2, 2, 1, 0],
  );
  assert.deepEqual(await answered(), { records: 1, lacks: 2 });

  const begun = await restore();
  assert.deepEqual([begun.state, begun.asked, begun.onTheirWay, begun.verified], ['on-its-way', 2, 2, null]);
  assert.deepEqual(asked.splice(0), [first, second]);
  assert.deepEqual(await answered(), { records: 1, lacks: 2 });

  held.get(first)!.copy = 'there';
  const half = await restore();
  assert.deepEqual([half.state, half.asked, half.onTheirWay, half.restored], ['on-its-way', 0, 1, 1]);
  assert.deepEqual(await answered(), { records: 2, lacks: 1 }, 'half of a range is never given unsaid');

  held.get(second)!.copy = 'there';
  const whole = await restore();
  assert.deepEqual([whole.state, whole.restored, whole.untilSeconds], ['restored', 2, Date.parse(UNTIL) / 1000]);
  assert.deepEqual([whole.verified?.objects, whole.verified?.byLedger, whole.faults], [2, 0, []]);
  assert.deepEqual(await answered(), { records: 3, lacks: 0 });
  assert.deepEqual(asked.splice(0), []);
});

test('what is restored and not whole is told: cut, or not what the ledger has', async (t) => {
  t.after(() => held.clear());
  const [cut, changed, good] = [put(0), put(1), put(2)];
  for (const key of [cut, changed, good]) held.get(key)!.copy = 'there';
  held.get(cut)!.body = bodyOf(0).subarray(0, 40);
  for (const key of [changed, good]) {
    const sha256 = createHash('sha256').update(key === good ? bodyOf(2) : 'other bytes').digest('hex'); // prettier-ignore
    const entry = { ledger: 1, key, sizeBytes: 1, sha256, records: 1, packets: 1, lostPackets: 0, flowLogId: 'fl-1', slotSeconds: T, segment: 's', segmentCrc32: 0 }; // prettier-ignore
    held.set(ledgerKey(key), { body: Buffer.from(JSON.stringify(entry)), storageClass: 'STANDARD', copy: 'none' });
  }
  const { state, faults, verified } = await restore();
  assert.deepEqual([state, verified?.byLedger], ['restored', 2]);
  assert.deepEqual(
    new Map(faults.map(({ key, what }) => [key, what])),
    new Map([
      [cut, 'unreadable'],
      [changed, 'checksum'],
    ]),
  );
  assert.equal((await restore({ verifies: false })).verified, null);
});

test('what S3 does not bring so fast is refused before anything is asked for; a range without archives needs nothing', async (t) => {
  t.after(() => held.clear());
  put(0, 'STANDARD');
  assert.equal((await restore()).state, 'nothing-archived');
  put(1, 'DEEP_ARCHIVE');
  await assert.rejects(restore({ tier: 'Expedited' }), {
    code: 'FG_RESTORE_WISH',
    message: /--speed standard or bulk/u,
  });
  assert.deepEqual(asked, []);
});

test('archived objects whose records the lake has are needed by nobody: neither asked for nor missed', async (t) => {
  t.after(() => held.clear());
  const [compacted, other] = [put(0), put(1)];
  const sum = { key: 'flowgauge-lake/records/day=2026-11-23/x.parquet', sizeBytes: 9, sha256: 'a'.repeat(64) };
  const counts = { records: 1, packets: 0, bytes: 100, startSeconds: T, endSeconds: T + 3600 };
  const times = { firstStart: T, lastStart: T, firstEnd: T + 9, lastEnd: T + 9 };
  const body = manifestBytes({
    ...emptyDay('2026-11-23'),
    files: [{ ...sum, ...counts, ...times, coverage: [{ objects: 1, columns: ['srcaddr'] }], notes: [], rollups: [] }],
    sources: [{ place: null, objects: [{ key: compacted, sizeBytes: 1, etag: 'e', file: 0, at: T, expired: false }] }],
  });
  held.set(manifestKey('2026-11-23', 1), { body: Buffer.from(body), storageClass: 'STANDARD', copy: 'none' });
  const { state, objects, inLake } = await restore({ asks: false });
  assert.deepEqual([state, objects, inLake], ['archived', 1, 1]);
  const source = await openSource('s3://logs', { access: { endpoint } });
  const keys: string[] = [];
  for await (const { ref } of source.plan(range, signal)) keys.push(ref.key);
  assert.deepEqual(keys, [sum.key]);
  const lacks = source.notes!().flatMap((note) => (note.kind === 'archived' ? [[note.file, note.files]] : []));
  assert.deepEqual(lacks, [[other, 1]]);
});

test('how an object stands is read from what S3 says of it', () => {
  assert.deepEqual(stateIn('STANDARD', ''), { is: 'no-archive' });
  assert.deepEqual(stateIn('GLACIER_IR', ''), { is: 'no-archive' });
  assert.deepEqual(stateIn('GLACIER', ''), { is: 'archived' });
  assert.deepEqual(stateIn('DEEP_ARCHIVE', 'ongoing-request="true"'), { is: 'on-its-way' });
  const until = Date.parse(UNTIL) / 1000;
  const there = `ongoing-request="false", expiry-date="${UNTIL}"`;
  assert.deepEqual(stateIn('GLACIER', there), { is: 'restored', untilSeconds: until });
  assert.deepEqual(stateIn('GLACIER', 'ongoing-request="false"'), { is: 'restored', untilSeconds: null });
});
