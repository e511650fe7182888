/** Parquet as AWS writes it, and as others do. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EVERY_COLUMN, inBucket, reading } from './zoo.ts';

const AWS = `SELECT 2::INTEGER AS version, '012345678901' AS account_id, 'eni-0a1b2c3d' AS interface_id, '10.0.1.5' AS srcaddr,
  '10.0.2.9' AS dstaddr, 40000::INTEGER AS srcport, 443::INTEGER AS dstport, 6::INTEGER AS protocol, 10::BIGINT AS packets,
  9007199254740993::BIGINT AS bytes, 1795435500::BIGINT AS start, 1795435559::BIGINT AS "end", 'ACCEPT' AS action, 'OK' AS log_status`;
const ROW =
  '2 012345678901 eni-0a1b2c3d 10.0.1.5 10.0.2.9 40000 443 6 10 9007199254740993 1795435500 1795435559 ACCEPT OK';
const NODATA = `SELECT 2::INTEGER, '012345678901', 'eni-0a1b2c3d', NULL, '-', NULL, NULL, NULL, NULL, NULL, 1795435500000, 1795435559, NULL, 'SKIPDATA'`;

test(
  "reads AWS's types, NULL and `-` alike, and columns in any order",
  inBucket(async (bucket) => {
    await bucket.parquet(`${AWS} UNION ALL ${NODATA}`);
    await bucket.parquet(`SELECT log_status, bytes, * EXCLUDE (log_status, bytes) FROM (${AWS})`);
    assert.deepEqual(await reading(bucket.directory, EVERY_COLUMN), {
      rows: [ROW, '2 012345678901 eni-0a1b2c3d - - - - - - - 1795435500000 1795435559 - SKIPDATA', ROW],
      notes: [],
    });
  }),
);

test(
  'reads other widths of integers, texts, decimals and times exactly',
  inBucket(async (bucket) => {
    const types: Readonly<Record<string, string>> = {
      'small integers':
        'version: utinyint, srcport: usmallint, dstport: uinteger, protocol: tinyint, packets: integer, bytes: ubigint',
      'long integers':
        'version: bigint, srcport: bigint, dstport: ubigint, protocol: hugeint, packets: ubigint, start: integer',
      texts: 'version: varchar, srcport: varchar, packets: varchar, bytes: varchar, start: varchar, end: varchar',
      decimals: 'srcport: decimal(18,2), packets: double, bytes: decimal(30,3), start: decimal(12,0)',
      blobs: 'interface_id: blob, srcaddr: blob, action: blob',
    };
    for (const [name, list] of Object.entries(types)) {
      const casts = list
        .split(', ')
        .map((pair) => pair.split(': '))
        .map(([column, type]) => `CAST("${column}" AS ${type}) AS "${column}"`);
      const key = await bucket.parquet(`SELECT * REPLACE (${casts.join(', ')}) FROM (${AWS})`);
      assert.deepEqual(await reading(join(bucket.directory, key), EVERY_COLUMN), { rows: [ROW], notes: [] }, name);
    }
    const times = await bucket.parquet(
      `SELECT * REPLACE (make_timestamp(start * 1000000 + 999999) AS start, to_timestamp("end") AS "end") FROM (${AWS})`,
    );
    assert.deepEqual((await reading(join(bucket.directory, times), EVERY_COLUMN)).rows, [ROW]);
  }),
);

test(
  'gives accounts back the leading zeros that a number has lost',
  inBucket(async (bucket) => {
    await bucket.parquet(`SELECT * REPLACE (1::BIGINT AS account_id) FROM (${AWS})`);
    await bucket.parquet(`SELECT * REPLACE (123456789012::BIGINT AS account_id) FROM (${AWS})`);
    await bucket.parquet(`SELECT * REPLACE (86112738802::DOUBLE AS account_id) FROM (${AWS})`);
    await bucket.parquet(`SELECT * REPLACE (86112738803::DECIMAL(15, 2) AS account_id) FROM (${AWS})`);
    const { rows, notes } = await reading(bucket.directory, 'SELECT account_id FROM flow_logs ORDER BY 1');
    assert.deepEqual([rows, notes], [['000000000001', '086112738802', '086112738803', '123456789012'], []]);
  }),
);

test(
  'counts values that are no numbers, and takes none for another',
  inBucket(async (bucket) => {
    const values = [
      "'840'",
      "'840.5'",
      "'8e2'",
      "' 840'",
      "'x'",
      "'9223372036854775808'",
      "'-'",
      'NULL',
      "'840.0'",
      "''",
      "'NaN'",
    ];
    const key = await bucket.parquet(`SELECT 'OK' AS log_status, unnest([${values.join(', ')}]) AS bytes`);
    assert.deepEqual(await reading(bucket.directory, 'SELECT bytes FROM flow_logs'), {
      rows: ['840', '-', '-', '-', '-', '-', '-', '-', '840', '-', '-'],
      notes: [`7 bad of bytes in ${key}`],
    });
    const doubles = await bucket.parquet(
      "SELECT 'OK' AS log_status, unnest([1.0, 2.5, 1e30, 'NaN']::DOUBLE[]) AS packets",
    );
    assert.deepEqual(await reading(join(bucket.directory, doubles), 'SELECT packets FROM flow_logs'), {
      rows: ['1', '-', '-', '-'],
      notes: [`3 bad of packets in ${doubles.split('/').at(-1)}`],
    });
  }),
);

test(
  'finds columns of other capitals and hyphens, and keeps those that nobody knows, nested ones too',
  inBucket(async (bucket) => {
    const key = await bucket.parquet(
      `SELECT 'a' AS "SRCADDR", 'b' AS "Pkt-DstAddr", 7::BIGINT AS "Bytes", '2026' AS year, 'x' AS "Partition_Key",
        {'srcaddr': 'inner', 'bytes': 5} AS tags, ['p', 'q'] AS hops, MAP {'k': 'v'} AS extra, 'OK' AS log_status`,
      { hive: true, hourly: true },
    );
    const { rows, notes } = await reading(
      bucket.directory,
      'SELECT srcaddr, pkt_dstaddr, bytes, year, partition_key, tags, hops, extra, log_status FROM flow_logs',
    );
    assert.deepEqual(rows, ["a b 7 2026 x {'srcaddr': inner, 'bytes': 5} [p, q] {k=v} OK"]);
    assert.deepEqual(
      notes,
      ['year', 'partition_key', 'tags', 'hops', 'extra'].map((name) => `unknown ${name} in ${key}`),
    );
    const { rows: columns } = await reading(bucket.directory, 'SELECT * FROM flow_logs');
    assert.equal(columns[0]?.includes('us-east-1'), false, 'the folders of the key are no columns');
  }),
);

test(
  'refuses a file that has a field twice, and one that has none',
  inBucket(async (bucket) => {
    await bucket.parquet(AWS);
    const twice = await bucket.parquet(`SELECT 'a' AS "pkt-srcaddr", 'b' AS pkt_srcaddr, 'OK' AS log_status`);
    const none = await bucket.parquet('SELECT 1 AS a');
    const nested = await bucket.parquet("SELECT ['10.0.0.1'] AS srcaddr, 'OK' AS log_status");
    const { rows, notes } = await reading(bucket.directory, EVERY_COLUMN);
    assert.deepEqual(rows, [ROW]);
    assert.deepEqual(notes, [
      `unread ${twice}: it has the field pkt_srcaddr twice, and nothing says which is meant`,
      `unread ${none}: no column of it is a flow log field`,
      `unread ${nested}: its field srcaddr is no single value`,
    ]);
  }),
);

test(
  'names files that are cut, empty or damaged, wherever the damage is',
  inBucket(async (bucket) => {
    await bucket.parquet(AWS);
    const key = await bucket.parquet(
      `SELECT * REPLACE ('10.0.' || (n // 256) || '.' || (n % 256) AS srcaddr) FROM (${AWS}), range(50000) AS numbers(n)`,
    );
    const path = join(bucket.directory, key);
    const whole = readFileSync(path);
    for (const bytes of [whole.subarray(0, whole.length >> 1), whole.subarray(0, 4), new Uint8Array()]) {
      writeFileSync(path, bytes);
      const { rows, notes } = await reading(bucket.directory, EVERY_COLUMN);
      assert.deepEqual(rows, [ROW]);
      assert.match(notes.join(), new RegExp(`^unread ${key}: .`));
    }
    const damaged = Buffer.from(whole);
    damaged.fill(0xee, 200, whole.length >> 1);
    for (const bytes of [damaged, whole.subarray(4)]) {
      writeFileSync(path, bytes);
      for (const sql of ['SELECT srcaddr, count(*) FROM flow_logs GROUP BY ALL', 'SELECT srcaddr FROM flow_logs'])
        await assert.rejects(reading(bucket.directory, sql), {
          code: 'FG_SOURCE_UNREADABLE',
          message: new RegExp(key),
        });
    }
  }),
);
