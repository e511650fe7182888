/** Directories without AWS's names, and answers that may lack nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { buildBucket } from '../../../src/lake/read/build-bucket.ts';
import { DEFAULT_HEADER, EVERY_COLUMN, NODATA, RECORD, REJECTED, inBucket, reading } from './zoo.ts';

const COUNT = 'SELECT count(*) FROM flow_logs';
const stamped = (line: string): string => `2026-11-23T12:05:00.000Z ${line}\n`;

test(
  'reads an export of CloudWatch Logs, folder by folder, without the test file of AWS',
  inBucket(async (bucket) => {
    bucket.file('exports/aws-logs-write-test', 'Permission Check Successful');
    const task = 'exports/0f3a5f7c-2b1f-4a83-9f4e-4a4a5b1a7c11';
    bucket.file(`${task}/eni-0a1b2c3d-all/000000.gz`, gzipSync(stamped(RECORD) + stamped(NODATA)));
    bucket.file(`${task}/eni-0a1b2c3d-all/000001.gz`, gzipSync(stamped(RECORD)));
    bucket.file(`${task}/eni-0a1b2c3d4e5f60718-all/000000.gz`, gzipSync(stamped(REJECTED)));
    assert.deepEqual(await reading(bucket.directory, `${EVERY_COLUMN} ORDER BY srcaddr NULLS LAST`), {
      rows: [RECORD, RECORD, REJECTED, NODATA],
      notes: [`assumed 14 fields in 3 from ${task}/eni-0a1b2c3d-all/000000.gz`],
    });
  }),
);

test(
  'reads what Firehose wrote, mixed with copies of any form, and counts what is none as strays',
  inBucket(async (bucket) => {
    bucket.file('2026/11/23/12/stream-1-2026-11-23-12-05-00-0a', JSON.stringify({ message: RECORD }).repeat(3));
    bucket.file('2026/11/23/12/stream-1-2026-11-23-12-10-00-0b', zstdCompressSync(`${REJECTED}\n${NODATA}\n`));
    bucket.file('2026/11/23/12/with-header.log', `${DEFAULT_HEADER}\n${RECORD}\n`);
    const other = buildBucket();
    const key = await other.parquet("SELECT 'OK' AS log_status, 99::INTEGER AS dstport");
    bucket.file('2026/11/23/13/part-0.parquet', readFileSync(join(other.directory, key)));
    other.remove();
    bucket.file('2026/11/23/12/README.txt', 'What lies here\n');
    bucket.file('2026/11/23/12/_SUCCESS', '');
    bucket.file('2026/11/23/12/.hidden', RECORD);
    assert.deepEqual(await reading(bucket.directory, 'SELECT dstport FROM flow_logs ORDER BY 1'), {
      rows: ['22', '99', '443', '443', '443', '443', '-'],
      notes: [
        'stray 3 as 2026/11/23/12/README.txt',
        'assumed 14 fields in 2 from 2026/11/23/12/stream-1-2026-11-23-12-05-00-0a',
      ],
    });
  }),
);

test(
  'reads no file of other names where one of them is named as AWS does',
  inBucket(async (bucket) => {
    bucket.file('copy.log', `${DEFAULT_HEADER}\n${RECORD}\n`);
    assert.deepEqual((await reading(bucket.directory, COUNT)).rows, ['1']);
    bucket.text([DEFAULT_HEADER, REJECTED]);
    assert.deepEqual(await reading(bucket.directory, 'SELECT dstport FROM flow_logs'), {
      rows: ['22'],
      notes: ['stray 1 as copy.log'],
    });
  }),
);

test(
  'names a file of other name that is broken or of a format that nobody knows',
  inBucket(async (bucket) => {
    bucket.file('a.log', `${RECORD}\n`);
    bucket.file('b.gz', gzipSync(`${RECORD}\n`.repeat(500)).subarray(0, 30));
    bucket.file('c.log', '10.0.0.1 10.0.0.2 443 ACCEPT OK\n');
    bucket.file('d.txt', 'nothing of the kind\n');
    const { rows, notes } = await reading(bucket.directory, COUNT);
    assert.deepEqual(rows, ['1']);
    assert.equal(notes.length, 4);
    assert.match(notes.join('\n'), /unread b\.gz: its gzip data ends too early/);
    assert.match(
      notes.join('\n'),
      /unread c\.log: its records have 5 fields and no header, which no known format fits/,
    );
    assert.match(notes.join('\n'), /stray 1 as d\.txt/);
    await assert.rejects(reading(join(bucket.directory, 'none'), COUNT), { code: 'FG_SOURCE_MISSING' });
  }),
);

test(
  'says how many files there are where none is a flow log',
  inBucket(async (bucket) => {
    bucket.file('a.txt', 'nothing\n');
    bucket.file('b/c.json', '{"Records":[]}');
    await assert.rejects(reading(bucket.directory, COUNT), { code: 'FG_SOURCE_EMPTY', message: /2 other files/ });
    for (let n = 0; n < 300; n++) bucket.file(`b/${n}.txt`, 'nothing\n');
    await assert.rejects(reading(bucket.directory, COUNT), { code: 'FG_SOURCE_EMPTY', message: /302 other files/ });
    for (let n = 0; n < 300; n++) bucket.file(`c/${n}.txt`, `${RECORD}\n`);
    assert.deepEqual(await reading(bucket.directory, COUNT), {
      rows: ['300'],
      notes: ['stray 302 as a.txt', 'assumed 14 fields in 300 from c/0.txt'],
    });
  }),
);

test(
  'gives no answer with --strict where a line, a value or a file is not read, whatever the question needs',
  inBucket(async (bucket) => {
    const whole = bucket.file('whole.log', `${DEFAULT_HEADER}\n${RECORD}\n${NODATA}\n`);
    assert.deepEqual((await reading(whole, COUNT, {}, true)).rows, ['2']);
    const bare = bucket.file('bare.log', `${RECORD}\n`);
    assert.deepEqual((await reading(bare, COUNT, {}, true)).rows, ['1']);
    const broken: Readonly<Record<string, readonly [string | Uint8Array, RegExp]>> = {
      'line.log': [
        `${DEFAULT_HEADER}\n${RECORD}\nbroken\n`,
        /"line\.log, line 3" could not be read: its version is no number/,
      ],
      'value.log': [
        `${DEFAULT_HEADER}\n${RECORD.replace(' 840 ', ' x ')}\nbroken\n`,
        /"value\.log, line 2" could not be read: its bytes is no number, and there is one more like it/,
      ],
      'cut.gz': [
        gzipSync(`${DEFAULT_HEADER}\n${`${RECORD}\n`.repeat(99)}`).subarray(0, -9),
        /"cut\.gz" could not be read: its gzip/,
      ],
      'json.log': [`{"message":"${RECORD}"}{"message":1}`, /"json\.log, line 2" could not be read/],
    };
    for (const [name, [bytes, message]] of Object.entries(broken)) {
      const from = bucket.file(name, bytes);
      await assert.rejects(reading(from, 'SELECT srcaddr FROM flow_logs', {}, true), { code: 'FG_STRICT', message });
      assert.equal((await reading(from, COUNT)).notes.length > 0, true);
    }
    const sample = fileURLToPath(new URL('../../fixtures/samples/flows-pandas-v2.parquet', import.meta.url));
    await assert.rejects(reading(sample, COUNT, {}, true), { code: 'FG_STRICT', message: /no number/ });
  }),
);
