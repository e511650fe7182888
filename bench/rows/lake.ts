/**
 * lake: flow logs as text.gz, compacted, against DuckDB over the same records as AWS writes Parquet.
 *
 * In:    a day of 50 million records with --long, two hours of 4.2 million without; five-minute objects. Out: tables, the floors of issue 10.
 * Holds: DuckDB is in this process, warm, and asked the SQL of the saved query over one Parquet file with gzip pages for each
 *        object; ours is asked by the same name, with all that it does before and after. Each answers in turn; answers that differ do not
 *        count. Wall and CPU are those of a whole question.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FlowgaugeError } from '../../src/model/errors.ts';
import { ask } from '../../src/query/ask.ts';
import { DUCKDB } from '../../src/query/dialect.ts';
import { heldFields } from '../../src/query/held-fields.ts';
import { SAVED_QUERIES } from '../../src/query/saved/list.ts';
import { bind, shortName } from '../../src/query/saved-query.ts';
import type { SavedQuery } from '../../src/query/saved-query.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../src/record/format.ts';
import { columnName } from '../../src/record/fields/list.ts';
import type { Duck } from '../../src/storage/duck/duck.ts';
import { openDuck, quoteText } from '../../src/storage/duck/duck.ts';
import { createMacros } from '../../src/storage/duck/macros.ts';
import { NODE, ROOT, withWorkplace } from '../inputs.ts';
import { measure, median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const SIZES = {
  long: { records: 50_000_000, files: 288, name: '50 million records of a day' },
  short: { records: 4_160_000, files: 24, name: '4.2 million records of two hours' },
};
const BEGIN = '2026-11-23T00:00:00Z';
const HOUR = { startSeconds: Date.parse(BEGIN) / 1000 + 3600, endSeconds: Date.parse(BEGIN) / 1000 + 7200 };
const MEMORY_BYTES = 2e9;
const FIELDS = parseLogFormat(DEFAULT_FORMAT).fields;

/** What is asked with a floor; `hour`: of one hour. */
const HEADLINES = [
  { query: 'top-talkers', what: 'top talkers', least: 6, hour: false },
  { query: 'traffic-frm-src-addr', what: 'one source', least: 30, hour: false },
  { query: 'conversations', what: 'either side', least: 7, hour: false },
  { query: 'traffic-frm-src-addr', what: 'one address in one hour', least: 3, hour: true },
  { query: 'bytes-over-time', what: 'dashboard: bytes over time', least: 15, hour: false },
  { query: 'traffic-by-interface', what: 'dashboard: traffic by interface', least: 15, hour: false },
  { query: 'rejected-traffic', what: 'dashboard: rejected traffic', least: 15, hour: false },
] as const;

type Cost = { readonly wall: number; readonly cpu: number };
type Asked = { readonly name: string; readonly given: Record<string, string>; readonly hour: boolean };

export const lake: Row = ({ rounds, long, command }) =>
  withWorkplace((long ? SIZES.long : SIZES.short).records * 80, async (dir) => {
    const { records, files, name } = long ? SIZES.long : SIZES.short;
    const head = heading(`lake: ${name}`, command);
    const [text, aws, made] = [join(dir, 'text'), join(dir, 'aws'), join(dir, 'lake')];
    const flows = ['--out', text, '--records', String(records), '--files', String(files)];
    await measure({ argv: [NODE, join(ROOT, 'bench/generate/flow-logs.ts'), ...flows], timeoutSeconds: 7200 });
    await asAwsParquet(text, aws);
    const compacting = await measure({
      argv: [NODE, join(ROOT, 'src/cli/main.ts'), 'compact', text, made, '--by', 'hour', '--json'],
      timeoutSeconds: 3600,
    });
    process.stderr.write(`compacted: ${JSON.stringify({ ...compacting, stdout: '', stderr: '' })}\n`);
    const report = JSON.parse(compacting.stdout) as Record<
      'objectBytes' | 'fileBytes' | 'rollupBytes' | 'records',
      number
    >;
    const duck = await overParquet(aws, join(dir, 'spilled'));
    try {
      const [[source, address] = []] = await duck.all(
        `SELECT (SELECT srcaddr FROM flow_logs WHERE srcaddr LIKE '10.%' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), min(dstaddr) FROM flow_logs WHERE dstaddr LIKE '10.%'`,
      );
      const given = { address: String(source), peer: String(address), since: '2026-11-23T00:30:00Z' };
      const headlines: { row: string[]; ratio: number; cpuRatio: number; least: number; what: string }[] = [];
      for (const { query, what, least, hour } of HEADLINES) {
        const { sides, same } = await compare(duck, made, askedOf(query, given, hour), rounds);
        const [theirs, ours] = sides.map(middle) as [Cost, Cost];
        const [ratio, cpuRatio] = [theirs.wall / ours.wall, theirs.cpu / ours.cpu];
        const row = [
          what,
          millis(theirs.wall),
          millis(theirs.cpu),
          millis(ours.wall),
          millis(ours.cpu),
          `${fixed(ratio, 1)}x`,
          `${fixed(cpuRatio, 1)}x`,
        ];
        process.stderr.write(`${row.join(', ')}\n`);
        headlines.push({
          row: same ? row : [`${what}: **answers differ**`, ...row.slice(1)],
          ratio,
          cpuRatio,
          least,
          what,
        });
      }
      const slower: string[] = [];
      const beyond: string[] = [];
      let asked = 0;
      for (const query of SAVED_QUERIES.filter(isAnswered)) {
        const compared = await compare(duck, made, askedOf(shortName(query.name), given, false), 1).catch(
          (error: unknown) => {
            if (error instanceof FlowgaugeError && error.code === 'FG_MEMORY') return null;
            throw error;
          },
        );
        if (compared === null) {
          beyond.push(shortName(query.name));
          continue;
        }
        const { sides, same } = compared;
        const [theirs, ours] = sides.map(middle) as [Cost, Cost];
        asked++;
        process.stderr.write(`${shortName(query.name)}: ${millis(theirs.cpu)} and ${millis(ours.cpu)} ms of CPU\n`);
        if (!same) slower.push(`${shortName(query.name)} (answers differ)`);
        else if (ours.cpu > theirs.cpu * 1.05 + 20)
          slower.push(`${shortName(query.name)} (${millis(theirs.cpu)}, ${millis(ours.cpu)})`);
      }
      const columns = [
        'question',
        'DuckDB on AWS’s Parquet, wall ms',
        'CPU ms',
        'lake, wall ms',
        'CPU ms',
        'wall',
        'CPU',
      ];
      return [
        head +
          table(
            columns,
            headlines.map(({ row }) => row),
          ),
        `- text.gz ${fixed(report.objectBytes / 1e6, 0)} MB, lake ${fixed(report.fileBytes / 1e6, 0)} MB, roll-ups ${fixed(report.rollupBytes / 1e6, 0)} MB`,
        `- compacting: ${fixed(compacting.wallSeconds)} s wall, ${fixed(compacting.cpuSeconds)} s of CPU, peak ${fixed(compacting.peakMegabytes, 0)} MB`,
        floor('size to text.gz', report.fileBytes / report.objectBytes, 0.5, false),
        floor('million records compacted in a second', records / compacting.wallSeconds / 1e6, 0.5, true),
        floor(
          'million records compacted in two seconds of CPU (two cores, nothing else on them)',
          (records / compacting.cpuSeconds / 1e6) * 2,
          0.5,
          true,
        ),
        floor('peak MB of compacting', compacting.peakMegabytes, 2000, false),
        ...headlines.map(({ what, cpuRatio, least }) => floor(`${what}, times less CPU`, cpuRatio, least, true)),
        `- saved queries slower by more than 5 % and 20 ms (CPU, one round, of ${asked}): ${slower.length === 0 ? 'none' : slower.join(', ')}`,
        ...(beyond.length === 0
          ? []
          : [`- of which a side needs more than ${MEMORY_BYTES / 1e9} GB and a disk: ${beyond.join(', ')}`]),
        '',
      ].join('\n');
    } finally {
      await duck.close();
    }
  });

const millis = (seconds: number): string => fixed(seconds * 1000, 0);

/** Whether the default format has all that a query needs. */
function isAnswered({ needsFields }: SavedQuery): boolean {
  return needsFields.every((field) => FIELDS.some((each) => each.name === field));
}

function askedOf(name: string, given: Record<string, string>, hour: boolean): Asked {
  const query = SAVED_QUERIES.find((each) => shortName(each.name) === name)!;
  const own = Object.entries(given).filter(([key]) => query.parameters[key] !== undefined);
  return { name, given: Object.fromEntries(own), hour };
}

/** Text objects as Parquet with gzip pages, one for each, as AWS delivers them. */
async function asAwsParquet(text: string, aws: string): Promise<void> {
  mkdirSync(aws, { recursive: true });
  const types = FIELDS.map(({ name, column }) => `'${columnName(name)}': '${column}'`).join(', ');
  const duck = await openDuck({ directories: [text, aws], memoryLimitBytes: MEMORY_BYTES });
  for (const each of readdirSync(text, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.gz'))) {
    const to = join(aws, `${each.slice(each.lastIndexOf('/') + 1, -'.gz'.length)}.parquet`);
    await duck.run(`COPY (FROM read_csv(${quoteText(join(text, each))}, delim = ' ', header = true, nullstr = '-', columns = {${types}}))
      TO ${quoteText(to)} (FORMAT parquet, COMPRESSION gzip)`);
  }
  await duck.close();
}

/** A database over them, with the times and macros that saved queries ask for. */
async function overParquet(aws: string, tempDirectory: string): Promise<Duck> {
  const duck = await openDuck({ directories: [aws], memoryLimitBytes: MEMORY_BYTES, tempDirectory });
  await createMacros(duck);
  await duck.run('CREATE MACRO began_in_range(began) AS true');
  const rows = (files: string): string =>
    `SELECT *, make_timestamp(start * 1000000) AS start_time, make_timestamp("end" * 1000000) AS end_time FROM read_parquet(${quoteText(files)})`;
  await duck.run(`CREATE VIEW flow_logs AS ${rows(join(aws, '*.parquet'))}`);
  // Who asks for an hour names its folder: objects of its slots, as AWS's hourly folders have them.
  await duck.run(`CREATE VIEW one_hour AS ${rows(join(aws, '*T01*.parquet'))}`);
  return duck;
}

async function compare(
  duck: Duck,
  made: string,
  asked: Asked,
  rounds: number,
): Promise<{ sides: Cost[][]; same: boolean }> {
  const sides: Cost[][] = [[], []];
  const answers: string[] = [];
  const theirs = async (): Promise<unknown> => {
    const query = SAVED_QUERIES.find((each) => shortName(each.name) === asked.name)!;
    const held = heldFields({
      files: 1,
      holding: (column) => (FIELDS.some(({ name }) => columnName(name) === column) ? 1 : 0),
    });
    const { parameters, saved } = bind(query, DUCKDB, asked.given);
    const sql = saved!.sql(held);
    const order = [...new Set([...sql.matchAll(/\$([a-z]\w*)/g)].map((match) => match[1]!))];
    const numbered = sql.replaceAll(/\$([a-z]\w*)/g, (_, name: string) => `$${order.indexOf(name) + 1}`);
    const over = asked.hour ? numbered.replaceAll('flow_logs', 'one_hour') : numbered;
    return duck.all(
      over,
      order.map((name) => parameters[name]!),
    );
  };
  const ours = async (): Promise<unknown> => {
    const answer = await ask(made, asked.name, asked.given, {
      memoryBytes: MEMORY_BYTES,
      ...(asked.hour ? { range: HOUR } : {}),
    });
    const rows: unknown[] = [];
    for await (const batch of answer.rows) rows.push(...batch);
    return rows;
  };
  for (let round = 0; round < rounds; round++)
    for (const [at, work] of [theirs, ours].entries()) {
      const [cpu, began] = [process.cpuUsage(), performance.now()];
      const rows = await work();
      const used = process.cpuUsage(cpu);
      sides[at]!.push({ wall: (performance.now() - began) / 1000, cpu: (used.user + used.system) / 1e6 });
      answers[at] = JSON.stringify(rows, (_, value: unknown) =>
        typeof value === 'bigint' ? Number(value) : value,
      ).replaceAll(/(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)Z?/gu, '$1 $2');
    }
  // An hour of records is not quite an hour of objects.
  return { sides, same: asked.hour || answers[0] === answers[1] };
}

function middle(costs: readonly Cost[]): Cost {
  return { wall: median(costs.map(({ wall }) => wall)), cpu: median(costs.map(({ cpu }) => cpu)) };
}
