import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_FORMAT } from '../record/format.ts';
import { openDuck } from '../storage/duck/duck.ts';
import { parseKey } from '../storage/object/keys.ts';
import { filesBelow, newDirectory, numbers, PLAIN, scratch, SLOT, write } from './publisher.fixture.ts';

test('writes all four layouts in both formats, read by DuckDB’s own readers and zcat', async () => {
  const lines = numbers(400);
  const duck = await openDuck({ directories: [scratch] });
  for (const fileFormat of ['plain-text', 'parquet'] as const) {
    for (const hive of [false, true]) {
      for (const hourly of [false, true]) {
        const layout = { fileFormat, hive, hourly };
        const directory = newDirectory();
        await write({ directory, layout, capBytes: 6000 }, [lines.slice(0, 123), lines.slice(123)]);
        const files = filesBelow(directory);
        assert.ok(files.size > 1, 'the cap splits the slot');
        for (const [key, bytes] of files) {
          const { hash, ...name } = parseKey(key)!;
          assert.match(hash, /^[0-9a-f]{8}$/);
          assert.deepEqual([name.fileFormat, name.hive, name.hourly], [fileFormat, hive, hourly]);
          assert.ok(bytes.length <= 6000, `${bytes.length}`);
        }
        const glob = `${directory}/team/**/*`;
        const read =
          fileFormat === 'parquet'
            ? `read_parquet('${glob}.log.parquet', hive_partitioning = false)`
            : `read_csv('${glob}.log.gz', delim = ' ', header = true, nullstr = '-', all_varchar = true, hive_partitioning = false)`;
        const rows = await duck.all(`SELECT concat_ws(' ', ${columnsOf()}) FROM ${read} ORDER BY 1`);
        assert.deepEqual(
          rows.map(([line]) => line),
          [...lines].sort(),
        );
        if (fileFormat === 'plain-text') {
          const paths = [...files.keys()].map((key) => join(directory, key));
          const text = execFileSync('gzip', ['-dc', ...paths])
            .toString()
            .split('\n');
          assert.deepEqual(text.filter((line) => line.startsWith('2 ')).sort(), [...lines].sort());
        }
      }
    }
  }
  await duck.close();
});

function columnsOf(): string {
  const names = [...DEFAULT_FORMAT.matchAll(/\{(.*?)\}/g)].map(([, name]) => name!);
  // A reader of the text sees hyphens, one of Parquet underscores; positions are the same.
  return names.map((_, at) => `coalesce(CAST(#${at + 1} AS VARCHAR), '-')`).join(', ');
}

test('writes Parquet with AWS’s types', async () => {
  const directory = newDirectory();
  await write({ directory, layout: { ...PLAIN, fileFormat: 'parquet' } }, [numbers(40)]);
  const [key] = filesBelow(directory).keys();
  const duck = await openDuck({ directories: [directory] });
  const schema = await duck.all(
    `SELECT name, type, converted_type FROM parquet_schema('${directory}/${key}') WHERE type IS NOT NULL`,
  );
  const types = Object.fromEntries(schema.map(([name, type, converted]) => [name, `${type} ${converted}`]));
  const [text, int, big] = ['BYTE_ARRAY UTF8', 'INT32 INT_32', 'INT64 INT_64'];
  assert.deepEqual(types, {
    version: int,
    account_id: text,
    interface_id: text,
    srcaddr: text,
    dstaddr: text,
    srcport: int,
    dstport: int,
    protocol: int,
    packets: big,
    bytes: big,
    start: big,
    end: big,
    action: text,
    log_status: text,
  });
  const pages = await duck.all(`SELECT DISTINCT compression FROM parquet_metadata('${directory}/${key}')`);
  assert.deepEqual(pages, [['GZIP']]);
  await duck.close();
});

test('names Parquet columns with underscores, extension fields too, whatever the order of the format', async () => {
  const directory = newDirectory();
  const format =
    '${x-rule-id} ${end} ${pkt-srcaddr} ${version} ${tcp-flags} ${x-verdict-stage} ${instance-tag} ${start}';
  const lines = [
    `sgr-0a ${SLOT + 4} 2001:db8::1 11 19 sg-ingress my%2Dapp ${SLOT}`,
    `default-deny ${SLOT + 5} - 11 - sg-ingress - ${SLOT + 1}`,
  ];
  await write({ directory, format, layout: { ...PLAIN, fileFormat: 'parquet' } }, [lines]);
  const duck = await openDuck({ directories: [directory] });
  const { columns, batches } = await duck.rows(`SELECT * FROM read_parquet('${directory}/team/**/*.parquet')`);
  assert.deepEqual(
    columns.map(({ name, type }) => `${name} ${type}`),
    [
      'x_rule_id VARCHAR',
      'end BIGINT',
      'pkt_srcaddr VARCHAR',
      'version INTEGER',
      'tcp_flags INTEGER',
      'x_verdict_stage VARCHAR',
      'instance_tag VARCHAR',
      'start BIGINT',
    ],
  );
  for await (const batch of batches) {
    assert.deepEqual(batch, [
      ['sgr-0a', SLOT + 4, '2001:db8::1', 11, 19, 'sg-ingress', 'my%2Dapp', SLOT],
      ['default-deny', SLOT + 5, null, 11, null, 'sg-ingress', null, SLOT + 1],
    ]);
  }
  await duck.close();
});
