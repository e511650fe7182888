import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDuck } from '../../storage/duck/duck.ts';
import { buildBucket, SLOT_SECONDS } from '../read/build-bucket.ts';
import { compact } from './compact.ts';
import { compactPlaces } from './compact-places.ts';
import { DDL_ENGINES, ddlOf } from './ddl.ts';
import { storedTables } from './stored-tables.ts';
import type { StoredTable } from './stored-tables.ts';

const signal = new AbortController().signal;
const HEADER = 'version interface-id srcaddr dstaddr packets bytes start end action';
const line = `2 eni-0a1b2c3d4e5f60001 10.0.0.1 - 3 120 ${SLOT_SECONDS} ${SLOT_SECONDS + 9} ACCEPT`;
const SQL = `SELECT 2 AS version, '10.0.0.1' AS srcaddr, 3::BIGINT AS packets, 120::BIGINT AS bytes, ${SLOT_SECONDS}::BIGINT AS start`;

const LAYOUTS = [
  { hive: false, hourly: false },
  { hive: false, hourly: true },
  { hive: true, hourly: false },
  { hive: true, hourly: true },
];

for (const layout of LAYOUTS)
  for (const kind of ['text', 'parquet'] as const)
    test(`DuckDB reads ${kind} of the layout ${JSON.stringify(layout)}, and its lake, by the statements that are printed`, async () => {
      const bucket = buildBucket();
      try {
        if (kind === 'text') bucket.text([HEADER, line, line], { ...layout, prefix: 'team' });
        else await bucket.parquet(`${SQL} FROM range(2)`, { ...layout, prefix: 'team' });
        const { from, lake } = compactPlaces(bucket.directory);
        const how = { by: 'hour', nowSeconds: 1.9e9, settleSeconds: 0, memoryBytes: 500e6 } as const;
        await compact(from, lake, { ...how, rollups: true, signal, onProgress: () => {} });
        const tables = await storedTables(from, lake, signal);
        assert.deepEqual(
          tables.map((table) => table.kind),
          ['lake', kind],
        );
        const duck = await openDuck({ directories: [bucket.directory], threads: 1 });
        await duck.run(ddlOf('duckdb', tables, 'flow_logs'));
        for (const name of ['flow_logs', 'flow_logs_2'])
          assert.deepEqual(
            await duck.all(`SELECT count(*), sum(bytes), min(srcaddr), CAST(min(start_time) AS VARCHAR) FROM ${name}`),
            [[2, 240, '10.0.0.1', '2026-11-23 12:05:00']],
          );
        await duck.close();
      } finally {
        bucket.remove();
      }
    });

const TABLE: StoredTable = {
  kind: 'text',
  folder: 's3://logs/team/AWSLogs/',
  columns: [
    { name: 'srcaddr', type: 'VARCHAR' },
    { name: 'region', type: 'VARCHAR' },
    { name: 'end', type: 'BIGINT' },
  ],
  layout: { hive: true, hourly: true },
  accounts: ['111122223333', '123456789012'],
  regions: ['eu-west-1'],
  firstDay: '2026-11-23',
};

test('partitions of all layouts are projected, under names that no field has', () => {
  const athena = ddlOf('athena', [TABLE], 'flow_logs');
  assert.match(
    athena,
    /'storage\.location\.template'='s3:\/\/logs\/team\/AWSLogs\/aws-account-id=\$\{account\}\/aws-service=vpcflowlogs\/aws-region=\$\{aws_region\}\/year=\$\{year\}\/month=\$\{month\}\/day=\$\{day\}\/hour=\$\{hour\}\/'/u,
  );
  assert.match(athena, /'projection\.account\.values'='111122223333,123456789012'/u);
  assert.match(athena, /'projection\.month\.range'='1,12',\n {2}'projection\.month\.digits'='2'/u);
  assert.match(athena, /'serialization\.null\.format'='-'/u);
  const trino = ddlOf('trino', [{ ...TABLE, layout: { hive: false, hourly: false } }], 'flow_logs');
  assert.match(
    trino,
    /partition_projection_location_template = 's3:\/\/logs\/team\/AWSLogs\/\$\{account\}\/vpcflowlogs\/\$\{aws_region\}\/\$\{day\}\/'/u,
  );
  assert.match(
    trino,
    /"day" varchar WITH \(partition_projection_type = 'DATE', partition_projection_range = ARRAY\['2026\/11\/23', 'NOW'\]/u,
  );
  assert.match(ddlOf('spark', [TABLE], 'flow_logs'), /path 's3a:\/\/logs\/team\/AWSLogs\/'/u);
});

test('a second table has a name of its own on every engine', () => {
  for (const engine of DDL_ENGINES)
    assert.match(ddlOf(engine, [TABLE, { ...TABLE, kind: 'parquet' }], 'logs'), /logs_2/u);
});
