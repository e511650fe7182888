/**
 * P5: text.gz writing with formatting, against DuckDB's COPY of the same rows.
 *
 * In:    2 million records in memory: ours as flow batches, DuckDB's as a table. Out: a table; the floors of issue 2.
 * Holds: time begins when the rows are in memory. Both files have the same rows, compared after sorting.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { measure, median } from '../measure.ts';
import { ourVersion } from '../flowgauge.ts';
import { NODE, withWorkplace } from '../inputs.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const RECORDS = 2_000_000;

type Taken = { wallSeconds: number; cpuSeconds: number; version?: string };
type Side = { readonly name: string; readonly argv: readonly string[]; readonly out: string; readonly runs: Taken[] };

export const p5: Row = ({ rounds, command }) =>
  withWorkplace(RECORDS * 250, async (dir) => {
    const head = heading(`P5: ${RECORDS / 1e6} million records to text.gz`, command);
    const script = (name: string): string => join(import.meta.dirname, '../writing', name);
    const [mine, theirs] = [join(dir, 'ours.log.gz'), join(dir, 'duckdb.csv.gz')];
    const rows = join(dir, 'rows.log.gz');
    await measure({ argv: [NODE, script('ours.ts'), rows, String(RECORDS)] });
    const sides: Side[] = [
      { name: 'flowgauge', argv: [NODE, script('ours.ts'), mine, String(RECORDS)], out: mine, runs: [] },
      {
        name: 'DuckDB COPY',
        argv: [NODE, script('duckdb.ts'), rows, theirs, String(availableParallelism())],
        out: theirs,
        runs: [],
      },
    ];
    for (let round = 0; round < rounds; round++) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        rmSync(side.out, { force: true });
        const { stdout } = await measure({ argv: side.argv });
        const taken = JSON.parse(stdout) as Taken;
        side.runs.push(taken);
        process.stderr.write(
          `round ${round + 1} ${side.name}: wall ${fixed(taken.wallSeconds)} s, CPU ${fixed(taken.cpuSeconds)} s\n`,
        );
      }
    }
    const same = rowsOf(mine) === rowsOf(theirs);
    const figures = sides.map((side) => ({
      name: `${side.name} ${side.runs[0]?.version ?? ourVersion()}`,
      wall: median(side.runs.map((run) => run.wallSeconds)),
      cpu: median(side.runs.map((run) => run.cpuSeconds)),
      bytes: statSync(side.out).size,
    }));
    const [ours, duckdb] = figures;
    if (ours === undefined || duckdb === undefined) return head;
    const lines = figures.map((f) => [
      f.name,
      fixed(f.wall),
      fixed(f.cpu),
      fixed(f.bytes / 1e6),
      fixed(RECORDS / f.wall / 1e6),
    ]);
    return [
      head + table(['tool', 'wall s', 'CPU s', 'MB', 'million records/s'], lines),
      `- rows: ${same ? 'the same in both files' : '**differ; the row does not count**'}`,
      floor("DuckDB's wall to ours", duckdb.wall / ours.wall, 3, true),
      floor("our CPU to DuckDB's", ours.cpu / duckdb.cpu, 0.5, false),
      floor("our size to DuckDB's", ours.bytes / duckdb.bytes, 1.03, false),
      '',
    ].join('\n');
  });

/** A digest of the lines of a gzip file, whatever their order. */
function rowsOf(file: string): string {
  return execFileSync('sh', ['-c', 'set -e; zcat "$1" | LC_ALL=C sort -S 1G | sha256sum', 'rows', file], {
    encoding: 'utf8',
  });
}
