import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_TIME } from '../../lake/read/source.ts';
import { openDuck } from '../../storage/duck/duck.ts';
import { TRINO } from '../dialect.ts';
import { flowLogsOver, tableName } from './remote-table.ts';

const range = (from: string, to: string) => ({
  startSeconds: Date.parse(from) / 1000,
  endSeconds: Date.parse(to) / 1000,
});
const over = (columns: Record<string, string>, asked = ALL_TIME): string =>
  flowLogsOver(
    '"t"',
    Object.entries(columns).map(([name, type]) => ({ name, type })),
    asked,
    TRINO,
  );

test('a name is up to three parts, quoted, and nothing else', () => {
  assert.equal(tableName('hive.logs.flow_logs', 3), '"hive"."logs"."flow_logs"');
  assert.equal(tableName('"a.b"".c".d', 3), '"a.b"".c"."d"');
  for (const name of ['', 'a.b.c.d', 'a b', 'a..b', 'a; DROP', '"a', 'a."'])
    assert.throws(() => tableName(name, 3), { code: 'FG_ENGINE_VALUE' }, name);
});

test('texts lose their hyphen, texts of numbers become numbers, other columns stay', () => {
  const sql = over({ SrcAddr: 'varchar', dstport: 'varchar(5)', bytes: 'bigint', mine: 'varchar', start: 'bigint' });
  assert.match(sql, /nullif\("SrcAddr", '-'\) AS "srcaddr"/);
  assert.match(sql, /TRY_CAST\("dstport" AS integer\) AS "dstport"/);
  assert.match(sql, /"bytes" AS "bytes", "mine" AS "mine"/);
  assert.match(sql, /AS start_time\n/);
  assert.doesNotMatch(sql, /end_time|WHERE/);
});

test('a compacted lake is compared as it is, so that its statistics are of use', () => {
  assert.match(over({ srcaddr: 'varchar', src_ip: 'bigint' }), /SELECT "srcaddr" AS "srcaddr"/);
});

test('a table without a field is no table of records', () => {
  assert.throws(() => over({ a: 'varchar', b: 'bigint' }), { code: 'FG_ENGINE_COLUMNS', message: /it has a, b\)/ });
});

test('a range leaves out partitions by plain comparisons, late records in mind, and rows by their times', () => {
  const asked = range('2026-01-30T12:00Z', '2026-03-01T00:00Z');
  const times = { start: 'bigint', end: 'bigint' };
  const folders = over({ ...times, year: 'varchar', month: 'varchar', day: 'varchar' }, asked);
  const expected = `WHERE ("year" = '2026' AND "month" = '01' AND "day" IN ('30', '31')) OR ("year" = '2026' AND "month" = '02') OR ("year" = '2026' AND "month" = '03' AND "day" IN ('01', '02'))`;
  assert.ok(folders.includes(expected.replace('WHERE ', 'WHERE (')), folders);
  assert.match(folders, /"end" >= 1769774400/);
  assert.match(over({ ...times, year: 'integer', month: 'integer', day: 'integer' }, asked), /"year" = 2026 AND "month" = 1 AND "day" IN \(30, 31\)/); // prettier-ignore
  assert.match(over({ ...times, date: 'date' }, asked), /WHERE "date" >= DATE '2026-01-30' AND "date" <= DATE '2026-03-02'/); // prettier-ignore
  assert.match(over({ ...times, day: 'varchar' }, asked), /WHERE \("day" BETWEEN '2026-01-30' AND '2026-03-02' OR "day" BETWEEN '2026\/01\/30' AND '2026\/03\/02'\)\n/); // prettier-ignore
  assert.match(over({ ...times, day: 'varchar', src_ip: 'bigint' }, asked), /WHERE \("day" BETWEEN '2026-01-30' AND '2026-03-02'\)\n/); // prettier-ignore
  const since = { ...asked, endSeconds: Number.POSITIVE_INFINITY };
  assert.match(
    over({ ...times, year: 'varchar', month: 'varchar', day: 'varchar' }, since),
    /WHERE "year" >= '2026'\n/,
  );
});

test('days as text, written either way, are those of the range, and the column stands alone in each comparison', async () => {
  const duck = await openDuck({ threads: 1 });
  const ends = [
    '2023-12-31T12:00Z',
    '2024-02-28T00:00Z',
    '2024-12-31T23:59Z',
    '2026-01-01T00:00Z',
    '2027-06-15T01:00Z',
  ];
  const times = [Number.NEGATIVE_INFINITY, ...ends.map((end) => Date.parse(end) / 1000), Number.POSITIVE_INFINITY];
  try {
    for (const [at, startSeconds] of times.entries())
      for (const endSeconds of times.slice(at + 1)) {
        if (!Number.isFinite(startSeconds) && !Number.isFinite(endSeconds)) continue;
        const sql = over({ action: 'varchar', day: 'varchar' }, { startSeconds, endSeconds });
        assert.doesNotMatch(sql, /\w\([^()]*"day"/);
        const where = /WHERE (.*)/u.exec(sql)![1]!;
        const low = Number.isFinite(startSeconds)
          ? `day >= make_timestamp(${(startSeconds - 600) * 1e6})::DATE`
          : 'true';
        const high = Number.isFinite(endSeconds)
          ? `day <= make_timestamp(${(endSeconds + 86_400) * 1e6})::DATE`
          : 'true';
        for (const form of ['%Y-%m-%d', '%Y/%m/%d']) {
          const days = `SELECT range::DATE AS day FROM range(TIMESTAMP '2021-12-30', TIMESTAMP '2030-01-03', INTERVAL 1 DAY)`;
          const texts = `SELECT day AS date, strftime(day, '${form}') AS day FROM (${days})`;
          const [[wrong, some] = []] = await duck.all(
            `SELECT count(*) FILTER (WHERE kept <> wanted), count(*) FILTER (WHERE wanted)
             FROM (SELECT ${where} AS kept, ${`${low} AND ${high}`.replaceAll('day ', 'date ')} AS wanted FROM (${texts}))`,
          );
          assert.equal(wrong, 0, `${form}: ${where}`);
          assert.ok(Number(some) > 0);
        }
      }
  } finally {
    await duck.close();
  }
});
