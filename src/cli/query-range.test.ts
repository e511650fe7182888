/**
 * `flowgauge query` about a range of time, what it would read, and how it is stopped while it looks.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SLOT_SECONDS as T, buildBucket } from '../lake/read/build-bucket.ts';
import { inOneProcess } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const FLOWGAUGE = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
const bucket = buildBucket();
after(() => bucket.remove());
const HEADER = 'version srcaddr dstaddr packets bytes start end log-status';
for (let at = 0; at < 4; at++)
  bucket.text([HEADER, `2 10.0.0.${at} 10.0.1.1 1 40 ${T + at * 3600} ${T + at * 3600 + 59} OK`], {
    slotSeconds: T + at * 3600,
  });

const ENVIRONMENT = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

const flowgauge = inOneProcess(bucket.directory);
const query = (...words: readonly string[]): Promise<Ended> => flowgauge('query', ...words);

const ADDRESSES = 'SELECT srcaddr FROM flow_logs ORDER BY ALL';

test('asks about a range of time, by dates, times with zone and seconds since 1970', async () => {
  for (const [from, to] of [
    ['2026-11-23T13:00:00Z', '2026-11-23T15:00:00Z'],
    ['2026-11-23 14:00+01:00', '2026-11-23 16:00+01:00'],
    ['1795438800', '1795446000'],
  ] as const)
    assert.deepEqual(await query('--from', '.', '--from-time', from, '--to-time', to, ADDRESSES, '-o', 'csv'), {
      code: 0,
      out: 'srcaddr\r\n10.0.0.1\r\n10.0.0.2\r\n',
      err: '',
    });
  const none = await query('--from', '.', '--from-time', '2026-12-24', ADDRESSES);
  assert.equal(none.code, 1);
  assert.match(none.err, /no flow log objects since 2026-12-24T00:00:00Z.*newest is of 2026-11-23T15:05:00Z/);
});

test('a wrong time is a wrong command line', async () => {
  for (const [words, said] of [
    [['--last', '6 hours'], /--last "6 hours" is no such time.*such as 6h \(FG_TIME_VALUE\)/],
    [['--from-time', '23/11/2026'], /--from-time "23\/11\/2026".*2026-11-23T14:30Z/],
    [['--from-time', 'today', '--to-time', 'yesterday'], /FG_TIME_ORDER/],
    [['--last', '6h', '--to-time', 'today'], /FG_TIME_BOTH/],
    [['--max-bytes', 'much'], /--max-bytes "much" is no size.*such as 10GB/],
    [['--dry-run', '-o', 'parquet', '--output-file', 'plan'], /FG_OUTPUT_DRY_RUN/],
  ] as const) {
    const { code, out, err } = await query('--from', '.', ...words, ADDRESSES);
    assert.deepEqual([code, out], [2, ''], words.join(' '));
    assert.match(err, said);
  }
});

test('--dry-run counts what would be read and needs no question', async () => {
  const range = ['--from-time', '2026-11-23T13:00Z', '--to-time', '2026-11-23T14:00Z'];
  const { code, out, err } = await query('--from', '.', ...range, '--dry-run', '-o', 'csv');
  assert.deepEqual([code, err], [0, '']);
  const rows = out.trimEnd().split('\r\n');
  assert.equal(rows[0], 'what,form,storage_class,count,bytes');
  // Its own object and, for files come late, those of the hour and the window behind it.
  assert.match(rows[1] ?? '', /^to read,text,,3,\d+$/);
  assert.match(rows[2] ?? '', /^all to read,,,3,\d+$/);
  assert.equal(rows.length, 3);
  const table = await query('--from', '.', '--dry-run', ADDRESSES);
  assert.match(table.out, /^what {9}form {2}storage_class {2}count {2}bytes\n/);
});

test('a limit refuses a script, and --yes does not', async () => {
  const refused = await query('--from', '.', '--max-bytes', '10', ADDRESSES);
  assert.deepEqual([refused.code, refused.out], [1, '']);
  assert.match(
    refused.err,
    /^flowgauge: 4 objects with .* would be read from \., more than 10 bytes; nothing was read/,
  );
  const allowed = await query(
    '--from',
    '.',
    '--max-bytes',
    '10',
    '--yes',
    'SELECT count(*) AS n FROM flow_logs',
    '-o',
    'csv',
  );
  assert.deepEqual(allowed, { code: 0, out: 'n\r\n4\r\n', err: '' });
  const list = await query('--from', '.', '--max-bytes', '10', '--list');
  assert.match(list.err, /FG_READ_LIMIT/);
});

/** A bucket whose listing shows two objects of 3 GB of a day, and one in an archive; nothing of it may be read. */
const large: RequestListener = (asked, answer) => {
  const { searchParams } = new URL(asked.url ?? '', 'http://here');
  if (searchParams.get('list-type') === null) {
    answer.writeHead(500).end();
    return;
  }
  const isThere = `${DAY}x`.startsWith(searchParams.get('prefix') ?? '');
  const object = (hash: string, more = ''): string =>
    `<Contents><Key>${DAY}123456789012_vpcflowlogs_us-east-1_fl-1_20261123T1205Z_${hash}.log.gz</Key><Size>3000000000</Size><ETag>"${hash}"</ETag>${more}</Contents>`;
  const objects = [
    object('0000000a', '<StorageClass>STANDARD</StorageClass>'),
    object('0000000b', '<StorageClass>STANDARD_IA</StorageClass>'),
    object('0000000c', '<StorageClass>GLACIER</StorageClass>'),
  ];
  answer.writeHead(200, { 'content-type': 'application/xml' });
  answer.end(`<ListBucketResult><IsTruncated>false</IsTruncated>${isThere ? objects.join('') : ''}</ListBucketResult>`);
};
const DAY = 'AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/';

const noScript = process.platform === 'linux' ? false : 'script(1) takes other words here';
test(
  'before more than 5 GB of S3 are read it asks at a terminal and refuses in a pipe',
  { skip: noScript },
  async () => {
    const server = createServer(large).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const words = ['query', '--from', `s3://bucket/${DAY}`, '--endpoint-url', endpoint];
    const ended = async (program: string, args: readonly string[], typed: string | null) => {
      const child = spawn(program, args, { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'pipe'] });
      let said = '';
      let answered = false;
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (typed === null || answered || !said.includes('(y/N)')) return;
          answered = true;
          child.stdin.write(typed);
        });
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, said };
    };
    try {
      const piped = await ended(FLOWGAUGE, [...words, ADDRESSES], null);
      assert.equal(piped.code, 1);
      assert.match(
        piped.said,
        /^flowgauge: 2 objects with 6\.0 GB would be read from s3:.*--max-bytes 6\.0GB \(FG_READ_LIMIT\)\n$/,
      );
      const dry = await ended(FLOWGAUGE, [...words, '--dry-run', '-o', 'csv'], null);
      assert.equal(dry.code, 0);
      for (const row of [
        'to read,text,STANDARD,1,3000000000',
        'to read,text,STANDARD_IA,1,3000000000',
        'all to read,,,2,6000000000',
        'GET requests,,,4,',
        'archived,,GLACIER,1,3000000000',
      ])
        assert.ok(dry.said.includes(`${row}\r\n`), dry.said);
      // A terminal, made by script(1).
      const line = [FLOWGAUGE, ...words, `"${ADDRESSES}"`].join(' ');
      for (const [typed, code] of [
        ['n\r', 1],
        ['\u0003', 130],
      ] as const) {
        const asked = await ended('script', ['-qec', line, '/dev/null'], typed);
        assert.match(asked.said, /2 objects with 6\.0 GB would be read.*more than 5\.0 GB\. Read them\? \(y\/N\) /);
        assert.equal(asked.code, code, asked.said);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);

for (const [what, listener] of [
  ['a server that does not answer', () => {}],
  [
    'a server that is tried again and again',
    (_, answer) =>
      answer.writeHead(503, { 'content-type': 'application/xml' }).end('<Error><Code>SlowDown</Code></Error>'),
  ],
] as const satisfies readonly (readonly [string, RequestListener])[]) {
  test(`Ctrl-C stops at once while it lists the objects of ${what}`, async () => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(FLOWGAUGE, ['query', '--from', 's3://bucket', '--endpoint-url', endpoint, ADDRESSES], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: ENVIRONMENT,
    });
    for (let requests = 0; requests < (what.endsWith('again') ? 3 : 1); requests++) await once(server, 'request');
    const askedMillis = performance.now();
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 130);
    assert.ok(performance.now() - askedMillis < 3000, `${Math.round(performance.now() - askedMillis)} ms`);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
}
