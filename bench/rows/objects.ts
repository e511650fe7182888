/**
 * The whole path from flows to objects in a directory: against DuckDB's COPY to csv.gz, and against DuckDB loading the
 * same text and copying it out as Parquet.
 *
 * In:    2 million records (without `--long` 600,000) and ten times as many. Out: two tables; the floors of issue 5.
 * Holds: our time is from flows in memory to objects on the disk, through a spool that is synced; DuckDB's to one file that is not.
 *        Its loading counts for Parquet, as issue 5 has it, and not for text, as P5 has it. Rows and the sum of `bytes` must be
 *        in our objects and in DuckDB's file, or nothing counts.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ourVersion } from '../flowgauge.ts';
import { NODE, withWorkplace } from '../inputs.ts';
import { measure, median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

type Format = 'plain-text' | 'parquet';
type Said = { wallSeconds: number; cpuSeconds: number; version?: string };
type Ours = Said & { records: number; bytes: number; slowestCloseSeconds: number };
type Taken<S extends Said> = S & { readonly peakMegabytes: number };
type Sums = { readonly rows: number; readonly bytes: number };

const script = (name: string): string => join(import.meta.dirname, '../writing', name);

/** Runs one of our scripts; what it said of itself, and its peak. */
async function take<S extends Said>(argv: readonly string[]): Promise<Taken<S>> {
  const { stdout, peakMegabytes } = await measure({ argv: [NODE, ...argv] });
  return { ...(JSON.parse(stdout) as S), peakMegabytes };
}

/** Our objects of so many records, in an empty directory. */
async function write(dir: string, records: number, format: Format): Promise<Taken<Ours>> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  return take<Ours>([script('objects.ts'), dir, String(records), format]);
}

async function sums(dir: string, format: Format): Promise<Sums> {
  const { stdout } = await measure({ argv: [NODE, script('sums.ts'), dir, format] });
  return JSON.parse(stdout) as Sums;
}

/** Bytes of all files below a directory. */
function sizeOf(dir: string): number {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(dir, name)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

const medians = <S extends Said>(runs: readonly Taken<S>[], of: (run: Taken<S>) => number): number =>
  median(runs.map(of));

export const objects: Row = ({ rounds, long, command }) => {
  const records = long ? 2_000_000 : 600_000;
  return withWorkplace(records * 10 * 200, async (dir) => {
    const lines: string[] = [heading(`Flows to objects: ${records / 1e6} million records`, command)];
    for (const format of ['plain-text', 'parquet'] as const) lines.push(await compare(dir, records, rounds, format));
    return lines.join('\n');
  });
};

async function compare(dir: string, records: number, rounds: number, format: Format): Promise<string> {
  const [mine, theirs, text] = [join(dir, 'ours'), join(dir, 'theirs'), join(dir, 'records.log')];
  mkdirSync(theirs, { recursive: true });
  await write(mine, records, 'plain-text');
  // One header, then all records: what DuckDB loads.
  const join1 = 'find "$1" -name "*.gz" | sort | while read -r f; do zcat "$f" | tail -n +2; done > "$2.rows"';
  const join2 =
    'f=$(find "$1" -name "*.gz" | head -n 1); { zcat "$f" | head -n 1; cat "$2.rows"; } > "$2"; rm "$2.rows"';
  execFileSync('sh', ['-c', `${join1}; ${join2}`, 'join', mine, text]);
  const out = join(theirs, format === 'parquet' ? 'all.parquet' : 'all.csv.gz');
  const duck = [
    script('duckdb.ts'),
    text,
    out,
    String(availableParallelism()),
    format === 'parquet' ? 'parquet' : 'csv',
  ];
  const ours: Taken<Ours>[] = [];
  const duckdb: Taken<Said>[] = [];
  const sides: readonly (() => Promise<unknown>)[] = [
    async () => ours.push(await write(mine, records, format)),
    async () => {
      rmSync(out, { force: true });
      duckdb.push(await take<Said>(duck));
    },
  ];
  for (let round = 0; round < rounds; round++)
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
  const [found, theirSums, expected] = [await sums(mine, format), await sums(theirs, format), ours[0]!];
  const same =
    found.rows === expected.records &&
    found.bytes === expected.bytes &&
    theirSums.rows === found.rows &&
    theirSums.bytes === found.bytes;
  const [ourBytes, theirBytes] = [sizeOf(mine), sizeOf(theirs)];
  rmSync(text);
  const longer = await write(mine, records * 10, format);
  rmSync(mine, { recursive: true });
  rmSync(theirs, { recursive: true });
  const row = (name: string, runs: readonly Taken<Said>[], count: number, bytes: number): string[] => [
    name,
    fixed(medians(runs, (run) => run.wallSeconds)),
    fixed((medians(runs, (run) => run.cpuSeconds) / count) * 1e6),
    fixed(count / medians(runs, (run) => run.wallSeconds) / 1e6),
    fixed(
      medians(runs, (run) => run.peakMegabytes),
      0,
    ),
    bytes === 0 ? '-' : fixed(bytes / 1e6),
  ];
  const [wall, theirWall] = [medians(ours, (run) => run.wallSeconds), medians(duckdb, (run) => run.wallSeconds)];
  const cpu = medians(ours, (run) => run.cpuSeconds) / medians(duckdb, (run) => run.cpuSeconds);
  const name = format === 'parquet' ? 'Parquet' : 'text.gz';
  return [
    table(
      [name, 'wall s', 'CPU s per million', 'million records/s', 'peak MB', 'MB'],
      [
        row(`flowgauge ${ourVersion()}`, ours, records, ourBytes),
        row(`flowgauge, ten times longer`, [longer], records * 10, 0),
        row(
          `DuckDB ${duckdb[0]?.version ?? ''} ${format === 'parquet' ? 'read_csv and COPY' : 'COPY'}`,
          duckdb,
          records,
          theirBytes,
        ),
      ],
    ),
    `- rows and bytes: ${same ? 'the same on both sides, and as they went in' : '**differ; the row does not count**'}`,
    floor("DuckDB's wall to ours", theirWall / wall, format === 'parquet' ? 1 : 3, true),
    format === 'parquet' ? `- our CPU to DuckDB's: ${fixed(cpu)}` : floor("our CPU to DuckDB's", cpu, 0.5, false),
    floor("our size to DuckDB's", ourBytes / theirBytes, 1.03, false),
    floor(
      'peak memory, ten times longer',
      longer.peakMegabytes / medians(ours, (run) => run.peakMegabytes),
      1.1,
      false,
    ),
    floor('seconds from the close of a window to its object', longer.slowestCloseSeconds, 5, false),
    '',
  ].join('\n');
}
