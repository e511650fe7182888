/** Records in what others put around them, and without header. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { streamSource } from '../../../src/lake/read/file.ts';
import { duckEngine } from '../../../src/query/engines/duckdb.ts';
import { EVERY_COLUMN, NODATA, RECORD, REJECTED, inBucket, reading, readingOf } from './zoo.ts';

const THREE = [RECORD, REJECTED, NODATA];
/** Prints as text what the three records are, written by hand from the spec. */
const ROWS = [
  '2 012345678901 eni-0a1b2c3d 10.0.1.5 10.0.2.9 40000 443 6 10 840 1795435500 1795435559 ACCEPT OK',
  '2 012345678901 eni-0a1b2c3d4e5f60718 203.0.113.9 10.0.1.5 55555 22 6 1 40 1795435502 1795435502 REJECT OK',
  '2 012345678901 eni-0a1b2c3d - - - - - - - 1795435500 1795435559 - NODATA',
];

/** What each way of writing the three records looks like. */
const FORMS: Readonly<Record<string, string>> = {
  'lines alone': `${THREE.join('\n')}\n`,
  'lines alone, the last without newline': THREE.join('\n'),
  'an export of CloudWatch Logs': THREE.map((line) => `2026-11-23T12:05:00.000Z ${line}\n`).join(''),
  '`aws logs tail`': THREE.map((line) => `2026-11-23T12:05:00.123000+00:00 eni-0a1b2c3d-all ${line}\n`).join(''),
  '`aws logs tail --format short`': THREE.map((line) => `2026-11-23T12:05:00 ${line}\n`).join(''),
  '`aws logs get-log-events`': JSON.stringify(
    {
      events: THREE.map((message) => ({ timestamp: 1, message, ingestionTime: 2 })),
      nextForwardToken: 'f/1',
      nextBackwardToken: 'b/1',
    },
    null,
    4,
  ),
  '`aws logs filter-log-events`': JSON.stringify({
    events: THREE.map((message) => ({ logStreamName: 'eni-0a1b2c3d-all', timestamp: 1, message, eventId: '3' })),
    searchedLogStreams: [],
  }),
  '`aws logs get-log-events --output text`': `b/39\tf/39\n${THREE.map((line) => `EVENTS\t1795435510000\t${line}\t1795435500000\n`).join('')}`,
  '`aws logs filter-log-events --output text`': `${THREE.map((line) => `EVENTS\t3\t17954355\teni-0a1b2c3d-all\t${line}\t1795435500000\n`).join('')}SEARCHEDLOGSTREAMS\teni-0a1b2c3d-all\tTrue\n`,
  "`--query 'events[].message'`": JSON.stringify(THREE, null, 4),
  "`--query 'events[].message' --output text`": `${THREE.join('\t')}\n`,
  'what the console of CloudWatch Logs saves': `timestamp,message\n${THREE.map((line) => `1795435500000,${line}\n`).join('')}`,
  'what the console saves, in quotes and without header': THREE.map((line) => `1795435500000,"${line}"\n`).join(''),
  'JSON texts, one a line': THREE.map((line) => `${JSON.stringify(line)}\n`).join(''),
  'Firehose, a message a line': THREE.map((message) => `${JSON.stringify({ message })}\n`).join(''),
  'Firehose, without newlines': THREE.map((message) => JSON.stringify({ message })).join(''),
  'Firehose, messages with newlines': THREE.map((line) => JSON.stringify({ message: `${line}\n` })).join(''),
  'Firehose, with letters escaped': THREE.map(
    (line) =>
      `{"message":"${line
        .split('')
        .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('')}"}`,
  ).join('\n'),
  'a subscription of CloudWatch Logs': [THREE.slice(0, 2), THREE.slice(2)]
    .map((lines) => ({
      messageType: 'DATA_MESSAGE',
      logEvents: lines.map((message, id) => ({ id: String(id), timestamp: 1, message })),
    }))
    .map((envelope) => JSON.stringify(envelope))
    .join(''),
};

for (const [form, text] of Object.entries(FORMS)) {
  test(
    `reads ${form}`,
    inBucket(async (bucket) => {
      const from = bucket.file('a', text);
      assert.deepEqual(await reading(from, EVERY_COLUMN), { rows: ROWS, notes: ['assumed 14 fields in 1 from a'] });
      // Packed and with other ends of lines, all in one answer: a question for each takes longer than reading.
      const others = [
        `\ufeff${text}`,
        text.replaceAll('\n', '\r\n'),
        gzipSync(text),
        zstdCompressSync(text),
        gzipSync(gzipSync(text)),
      ];
      for (const [at, bytes] of others.entries()) bucket.file(`others/${at}`, bytes);
      const answer = await reading(join(bucket.directory, 'others'), EVERY_COLUMN);
      assert.deepEqual(answer.rows.toSorted(), ROWS.flatMap((row) => others.map(() => row)).toSorted());
      assert.deepEqual(answer.notes, ['assumed 14 fields in 5 from 0']);
      for (const size of [1, 3, 64]) {
        const bytes = Buffer.from(text);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        );
        const engine = duckEngine(streamSource('input', Readable.from(pieces)));
        const question = { sql: EVERY_COLUMN, parameters: {}, saved: null };
        const { rows } = await readingOf(await engine.run(question, new AbortController().signal));
        assert.deepEqual(rows, ROWS, `pieces of ${size}`);
      }
    }),
  );
}

test('reads the subscription payload that others test with', async () => {
  const sample = fileURLToPath(new URL('../../fixtures/samples/cwl-subscription-default.json', import.meta.url));
  assert.deepEqual((await reading(sample, 'SELECT srcaddr, dstport, action FROM flow_logs')).rows, [
    '172.31.16.139 22 ACCEPT',
    '172.31.9.69 3389 REJECT',
  ]);
});

test(
  'counts what is no message, no JSON and no record, and reads on behind it',
  inBucket(async (bucket) => {
    const good = JSON.stringify({ message: RECORD });
    const lines = [
      good,
      '{"message":42}',
      '{"other":"x"}',
      '{"message":"2 cut off',
      '{"message":"2 \\x"}',
      good,
      '{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE: Checking health"}]}',
      '{"logEvents":[{"id":"1"}]}',
      '',
      RECORD,
      'nonsense',
      '{"message":""}',
      good.slice(0, -1),
    ];
    const from = bucket.file('a.json', lines.join('\n'));
    const { rows, notes } = await reading(from, EVERY_COLUMN);
    // The last record is whole although its object is not: it is read, and the object counted.
    assert.deepEqual(rows, [ROWS[0], ROWS[0], ROWS[0], ROWS[0]]);
    assert.deepEqual(notes, ['assumed 14 fields in 1 from a.json', '8 bad in a.json: line 2 whole field-count']);
  }),
);

test(
  'tells formats without header where the first lines decide, and names them',
  inBucket(async (bucket) => {
    const console5 =
      '999999999999 ACCEPT use2-az2 4895 192.0.2.156 50318 1614866511 ingress i-00123456789abcdef eni-00123456789abcdef OK 15 - 192.0.2.156 S3 198.51.100.6 6 us-east-2 198.51.100.7 443 1614866493 - - subnet-0123456789abcdef 19 - IPv4 5 vpc-04456ab739938ee3f';
    const from = bucket.file('console', `${console5}\n`);
    const sql =
      'SELECT account_id, srcaddr, dstaddr, srcport, dstport, packets, bytes, start, "end", version, pkt_src_aws_service, vpc_id FROM flow_logs';
    assert.deepEqual(await reading(from, sql), {
      rows: [
        '999999999999 198.51.100.7 192.0.2.156 443 50318 15 4895 1614866493 1614866511 5 S3 vpc-04456ab739938ee3f',
      ],
      notes: ['assumed 29 fields in 1 from console'],
    });
    const gateway =
      '6 TransitGateway 123456789012 tgw-0123456789abcdef0 tgw-attach-0123456789abcdef0 123456789012 210987654321 vpc-0a vpc-0b subnet-0a subnet-0b eni-0a eni-0b use1-az1 use1-az2 tgw-attach-0fedcba9876543210 10.0.0.1 10.1.0.1 443 50000 6 12 4096 1614866493 1614866511 OK IPv4 1 2 3 4 19 us-east-1 ingress - -';
    const other = bucket.file('gateway', `2026-11-23T12:05:00.000Z ${gateway}\n`);
    const columns =
      'SELECT version, tgw_src_eni, tgw_dst_eni, srcaddr, dstaddr, srcport, dstport, packets, bytes, packets_lost_blackhole, tcp_flags FROM flow_logs';
    assert.deepEqual((await reading(other, columns)).rows, [
      '6 eni-0a eni-0b 10.0.0.1 10.1.0.1 443 50000 12 4096 2 19',
    ]);
  }),
);

test(
  'guesses no format: of another order, of dashes alone, or of the default with another version',
  inBucket(async (bucket) => {
    const odd = {
      'another order': '10.0.0.1 10.0.0.2 443 50000 6 12 4096 ACCEPT OK',
      'fourteen fields of version 3':
        '3 012345678901 eni-0a1b2c3d 10.0.1.5 10.0.2.9 40000 443 6 10 840 1795435500 1795435559 ACCEPT OK',
      'fourteen fields with packets and times elsewhere':
        '2 012345678901 eni-0a1b2c3d 10.0.1.5 10.0.2.9 1795435500 1795435559 6 10 840 40000 443 ACCEPT OK',
      'the console order of NODATA alone':
        '999999999999 - use2-az2 - - - 1614866511 - i-00123456789abcdef eni-00123456789abcdef NODATA - - - - - - us-east-2 - - 1614866493 - - subnet-0123456789abcdef - - - 5 vpc-04456ab739938ee3f',
    };
    for (const [name, line] of Object.entries(odd)) {
      const from = bucket.file(name, `${line}\n`);
      await assert.rejects(reading(from, 'FROM flow_logs'), {
        code: 'FG_SOURCE_NO_RECORDS',
        message: /no header.*--format '\$\{version\} \$\{account-id\} …'/,
      });
    }
    const given = {
      format: '${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${action} ${log-status}',
    };
    const from = bucket.file('given', `${odd['another order']}\n`);
    assert.deepEqual(await reading(from, 'SELECT dstaddr, srcport, dstport, packets, bytes FROM flow_logs', given), {
      rows: ['10.0.0.2 443 50000 12 4096'],
      notes: [],
    });
    const tailed = bucket.file('tailed', `2026-11-23T12:05:00 eni-0a ${odd['another order']}\n`);
    assert.deepEqual((await reading(tailed, 'SELECT srcaddr, log_status FROM flow_logs', given)).rows, ['10.0.0.1 OK']);
  }),
);

test(
  'says what a text is that is no flow log',
  inBucket(async (bucket) => {
    const others: Readonly<Record<string, readonly [string | Uint8Array, RegExp]>> = {
      'UTF-16': [Buffer.from(`\ufeff${RECORD}\n`, 'utf16le'), /it is UTF-16 text/],
      'other JSON': ['{"Records":[{"eventVersion":"1.08"}]}', /no record of a known format/],
      'Parquet in gzip': [gzipSync('PAR1....PAR1'), /it is Parquet in a packing/],
      'no text': [Buffer.from([0, 1, 2, 3, 10, 0, 0]), /no record of a known format/],
      'the permission test': ['Permission Check Successful', /no record of a known format/],
    };
    for (const [name, [bytes, message]] of Object.entries(others)) {
      await assert.rejects(reading(bucket.file(name, bytes), 'FROM flow_logs'), {
        code: 'FG_SOURCE_NO_RECORDS',
        message,
      });
    }
  }),
);
