/**
 * P2: flow logs as text, read: against DuckDB's reader of CSV, zcat and flowlogs-reader.
 *
 * In:    a day of five-minute files, default format and 29 fields, as text.gz and as one plain file. Out: tables; the floors of issue 3.
 * Holds: every side counts the rows and the sum of `bytes` that the generator says, or it does not count. Without
 *        `--long` a day has a quarter of its 5.6 million records.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { ourVersion } from '../flowgauge.ts';
import { NODE, ROOT, withWorkplace } from '../inputs.ts';
import { measure, median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const DAY_RECORDS = 5_600_000;
const DAY_FILES = 288;
const ROOM = 4_000_000_000;
/** Records that flowlogs-reader reads: a sixth of a minute. */
const PYTHON_RECORDS = 200_000;

type Made = { readonly files: number; readonly records: number; readonly bytes: number; readonly sum: number };
type Taken = { readonly wallSeconds: number; readonly cpuSeconds: number; readonly peakMegabytes?: number };
type Said = Taken & { readonly rows: number; readonly sum: number; readonly version?: string };
type Side = { readonly name: string; readonly run: () => Promise<Taken> };
type Result = { readonly name: string; readonly wall: number; readonly cpu: number; readonly peak: number };

function makeDay(dir: string, name: string, options: readonly string[]): { path: string; made: Made } {
  const path = join(dir, name);
  const script = join(ROOT, 'bench/generate/flow-logs.ts');
  const out = execFileSync(NODE, [script, '--out', path, ...options], { encoding: 'utf8' });
  return { path: options.includes('--plain') ? join(path, 'day.log') : path, made: JSON.parse(out) as Made };
}

/** Sides in turn, each round beginning with another; medians. */
async function alternate(sides: readonly Side[], rounds: number): Promise<Result[]> {
  const runs = sides.map((): Taken[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const at = (turn + round) % sides.length;
      const taken = await sides[at]!.run();
      runs[at]!.push(taken);
      process.stderr.write(
        `round ${round + 1} ${sides[at]!.name}: wall ${fixed(taken.wallSeconds)} s, CPU ${fixed(taken.cpuSeconds)} s\n`,
      );
    }
  }
  return sides.map(({ name }, at) => ({
    name,
    wall: median(runs[at]!.map((run) => run.wallSeconds)),
    cpu: median(runs[at]!.map((run) => run.cpuSeconds)),
    peak: Math.max(...runs[at]!.map((run) => run.peakMegabytes ?? Number.NaN)),
  }));
}

/** A script that says what it took and counted. */
function script(name: string, argv: readonly string[], made: Made, versions: Set<string>): Side {
  return {
    name,
    async run() {
      const { stdout, peakMegabytes } = await measure({ argv });
      const said = JSON.parse(stdout) as Said;
      if (said.rows !== made.records || said.sum !== made.sum) throw new Error(`${name} counted other rows: ${stdout}`);
      if (said.version !== undefined) versions.add(said.version);
      return { ...said, peakMegabytes };
    },
  };
}

/** A whole command, its start included. */
function command(name: string, argv: readonly string[], expected: string | null): Side {
  return {
    name,
    async run() {
      const done = await measure({ argv });
      if (expected !== null && !done.stdout.includes(expected)) throw new Error(`${name} said: ${done.stdout}`);
      return done;
    },
  };
}

function ask(from: string, sql: string): string[] {
  return [join(ROOT, 'bin/flowgauge'), 'query', '--from', from, sql, '--output', 'csv'];
}

function resultTable(results: readonly Result[], records: number): string {
  const rows = results.map(({ name, wall, cpu, peak }) => [
    name,
    fixed(wall),
    fixed(cpu),
    fixed(records / wall / 1e6),
    fixed(peak, 0),
  ]);
  return table(['', 'wall s', 'CPU s', 'million records/s', 'peak MB'], rows);
}

/** P2: (a) all columns into rows that an engine answers from, and on into a table of it, (b) two columns asked for, against DuckDB. */
export const p2: Row = ({ rounds, long, command: made }) =>
  withWorkplace(ROOM, async (dir) => {
    const records = long ? DAY_RECORDS : DAY_RECORDS / 4;
    const parts = [heading(`P2: a day of ${records / 1e6} million records as text, against DuckDB`, made)];
    const versions = new Set<string>();
    for (const format of ['default', 'long']) {
      for (const kind of ['text.gz', 'plain']) {
        const count = format === 'long' ? records / 2 : records;
        const options = ['--records', String(count), '--files', String(DAY_FILES), '--format', format];
        const day = makeDay(dir, 'day', kind === 'plain' ? [...options, '--plain'] : options);
        for (const [what, limit] of [
          ['load', 1.5],
          ['two', 1.2],
        ] as const) {
          const side = (name: string, file: string, doing: string = what): Side =>
            script(name, [NODE, join(ROOT, 'bench/reading', file), day.path, doing], day.made, versions);
          const sides = [side('flowgauge', 'ours.ts'), side('DuckDB read_csv', 'duckdb.ts')];
          if (what === 'load') {
            sides.push(
              side('flowgauge, into a table of DuckDB', 'ours.ts', 'table'),
              side('DuckDB read_csv, in any order', 'duckdb.ts', 'any-order'),
              side('DuckDB read_csv, into a file', 'duckdb.ts', 'file'),
            );
          }
          const results = await alternate(sides, rounds);
          const [ours, theirs, stored, anyOrder, file] = results as [Result, Result, Result?, Result?, Result?];
          const title = `${format === 'long' ? '29 fields' : 'default format'}, ${kind}, ${what === 'load' ? 'all columns as rows' : 'two columns asked for'}`;
          parts.push(`\n${title}:\n`, resultTable(results, count));
          parts.push(floor(`DuckDB's wall to ours, ${title}`, theirs.wall / ours.wall, limit, true));
          parts.push(`- DuckDB's CPU to ours: ${fixed(theirs.cpu / ours.cpu)}`);
          if (stored !== undefined) {
            parts.push(floor('the same into a table of DuckDB', theirs.wall / stored.wall, limit, true));
            parts.push(`- DuckDB's CPU to that: ${fixed(theirs.cpu / stored.cpu)}`);
          }
          for (const [name, other] of [
            ['where rows may come in any order', anyOrder],
            ['into a file of its own', file],
          ] as const) {
            if (stored === undefined || other === undefined) continue;
            const [wall, cpu] = [other.wall / stored.wall, other.cpu / stored.cpu];
            parts.push(`- DuckDB ${name}, to that: wall ${fixed(wall)}, CPU ${fixed(cpu)}`);
          }
        }
        rmSync(join(dir, 'day'), { recursive: true });
      }
    }
    const of = [...versions].join(', ');
    parts.push(`\nflowgauge ${ourVersion()}, DuckDB ${of} with all cores; median of ${rounds}`);
    return `${parts.join('\n')}\n`;
  });

/** P2-day: the command over a day of text.gz, against two zcat at one time; and flowlogs-reader. */
export const p2Day: Row = ({ rounds, long, command: made }) =>
  withWorkplace(ROOM, async (dir) => {
    const records = long ? DAY_RECORDS : DAY_RECORDS / 4;
    const day = makeDay(dir, 'day', ['--records', String(records), '--files', String(DAY_FILES)]);
    const list = `find ${day.path} -name '*.gz' | sort`;
    const zcat = `${list} | head -${DAY_FILES / 2} | xargs zcat >/dev/null & ${list} | tail -${DAY_FILES / 2} | xargs zcat >/dev/null & wait`;
    const two = 'SELECT count(*) AS rows, sum(bytes) AS bytes, sum(packets) AS packets FROM flow_logs';
    const sides = [
      command('flowgauge query, two columns', ask(day.path, two), `${records},${day.made.sum}`),
      command('two zcat at one time', ['sh', '-c', zcat], null),
      command('flowgauge query, all columns', ask(day.path, ALL), null),
    ];
    const results = await alternate(sides, rounds);
    const [ours, zcats, all] = results as [Result, Result, Result];
    const parts = [
      heading(`P2-day: ${records / 1e6} million records in ${DAY_FILES} text.gz files`, made),
      resultTable(results, records),
      floor('records/s to those of two zcat', zcats.wall / ours.wall, 0.8, true),
      floor('seconds to the first answer, two columns', ours.wall, 30, false),
      floor('seconds to the first answer, all columns', all.wall, 30, false),
      await againstPython(dir, day.path, { wall: records / ours.wall, cpu: records / ours.cpu }),
      '',
    ];
    return parts.join('\n');
  });

const ALL = `SELECT min(version), min(account_id), min(interface_id), min(srcaddr), min(dstaddr), min(srcport), min(dstport),
  min(protocol), sum(packets), sum(bytes), min(start), max("end"), min("action"), min(log_status) FROM flow_logs`;

/** Records a second against flowlogs-reader's, in a venv of this row. */
async function againstPython(
  dir: string,
  from: string,
  ours: { readonly wall: number; readonly cpu: number },
): Promise<string> {
  const venv = join(dir, 'venv');
  try {
    await measure({ argv: ['python3', '-m', 'venv', venv], timeoutSeconds: 120 });
    await measure({ argv: [join(venv, 'bin/pip'), 'install', '-q', 'flowlogs-reader'], timeoutSeconds: 300 });
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return `- flowlogs-reader is not measured: it could not be installed (${why})`;
  }
  const argv = [
    join(venv, 'bin/python'),
    join(ROOT, 'bench/reading/flowlogs_reader_side.py'),
    from,
    String(PYTHON_RECORDS),
  ];
  const said = JSON.parse((await measure({ argv })).stdout) as Said;
  if (said.sum === 0) throw new Error('flowlogs-reader read no bytes');
  const [wall, cpu] = [said.rows / said.wallSeconds, said.rows / said.cpuSeconds];
  const what = `records/s to those of flowlogs-reader ${said.version} (${fixed(wall / 1000, 0)},000)`;
  return `${floor(what, ours.wall / wall, 20, true)}\n- of a CPU second: ${fixed(ours.cpu / cpu)}`;
}

/** P2-files: memory with ten times the files of the same records. */
export const p2Files: Row = ({ rounds, long, command: made }) =>
  withWorkplace(ROOM, async (dir) => {
    const records = long ? 4_000_000 : 1_000_000;
    const [few, many] = long ? [2000, 20_000] : [1000, 10_000];
    const days = [few, many].map((files) =>
      makeDay(dir, `files-${files}`, ['--records', String(records), '--files', String(files)]),
    );
    const sides = days.map(({ path, made: { files, sum } }) =>
      command(
        `${files} files`,
        ask(path, 'SELECT count(*) AS rows, sum(bytes) AS bytes FROM flow_logs'),
        `${records},${sum}`,
      ),
    );
    const results = await alternate(sides, rounds);
    const [small, large] = results as [Result, Result];
    return [
      heading(`P2-files: ${records / 1e6} million records in ${few} and in ${many} text.gz files`, made),
      resultTable(results, records),
      floor('peak memory with ten times the files', large.peak / small.peak, 1.25, false),
      '',
    ].join('\n');
  });
