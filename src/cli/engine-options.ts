/**
 * Options of `query` for engines elsewhere.
 *
 * In:    the verb; what was given. Out: the verb with the options; the engine that is asked.
 * Holds: an option of one engine that another would take no heed of is an error, not ignored.
 * Fails: FG_ENGINE_NEEDS, FG_ENGINE_OPTION, FG_ENGINE_VALUE.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { failure } from '../model/errors.ts';
import type { Remote } from '../query/engines/remote.ts';
import { accessOf } from './source-options.ts';
import type { ReadingFlags } from './source-options.ts';

export type EngineName = 'duckdb' | 'trino' | 'athena';

export type EngineFlags = ReadingFlags & {
  engine: EngineName;
  server?: string;
  user?: string;
  session?: Record<string, string>;
  table?: string;
  workgroup?: string;
  results?: string;
};

/** By name of the option: the engines that it is for. Those that are not here are for all. */
const ONLY: Readonly<Record<string, readonly EngineName[]>> = {
  table: ['trino', 'athena'],
  server: ['trino'],
  user: ['trino'],
  session: ['trino'],
  workgroup: ['athena'],
  results: ['athena'],
  profile: ['duckdb', 'athena'],
  region: ['duckdb', 'athena'],
  endpointUrl: ['duckdb', 'athena'],
  ...Object.fromEntries(
    ['from', 'format', 'pathStyle', 'requestPayer', 'strict', 'maxBytes', 'yes', 'open', 'memory', 'list'].map(
      (name) => [name, ['duckdb' as const]],
    ),
  ),
};

/** Adds them. */
export function engineOptions(command: Command): void {
  command
    .addOption(
      new Option('--engine <name>', 'who answers: duckdb here, or trino or athena over --table')
        .choices(['duckdb', 'trino', 'athena'])
        .default('duckdb'),
    )
    .option(
      '--table <name>',
      'table of records there: CATALOG.SCHEMA.TABLE of Trino, [CATALOG.]DATABASE.TABLE of Athena',
    )
    .addOption(new Option('--server <url>', 'Trino, such as https://trino.example.com:8443').env('TRINO_SERVER'))
    .addOption(new Option('--user <name>', 'who asks Trino; the password is TRINO_PASSWORD').env('TRINO_USER'))
    .option('--session <k=v>', "property of Trino's session (again for more)", property)
    .option('--workgroup <name>', 'of Athena')
    .option('--results <s3url>', 'where Athena puts results, where the workgroup does not say: s3://BUCKET/PREFIX/');
}

function property(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([\w.]+)=(.*)$/su.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw failure('FG_ENGINE_VALUE', '--session', text, 'a property as NAME=VALUE, such as query_max_run_time=5m');
  return { ...before, [name]: value };
}

/** Refuses options that the engine takes no heed of. */
export function checkEngineOptions(command: Command, { engine }: EngineFlags): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli' || (ONLY[name] ?? [engine]).includes(engine)) continue;
    const others = ONLY[name]!.map((each) => `--engine ${each}`).join(' or ');
    throw failure('FG_ENGINE_OPTION', option.long ?? name, engine, `leave it out, or ask with ${others}`);
  }
}

/** The engine that was asked for. */
export async function remoteOf(flags: EngineFlags & { readonly engine: 'trino' | 'athena' }): Promise<Remote> {
  const { askedRange } = await import('../query/asked-range.ts');
  const range = askedRange(flags, Date.now());
  const { engine, table } = flags;
  if (engine === 'trino') {
    if (flags.server === undefined)
      throw failure('FG_ENGINE_NEEDS', engine, '--server', '--server https://trino.example.com:8443');
    if (table === undefined) throw failure('FG_ENGINE_NEEDS', engine, '--table', '--table hive.logs.flow_logs');
    const { trino } = await import('../query/engines/trino.ts');
    const password = process.env['TRINO_PASSWORD'];
    const server = {
      url: flags.server,
      user: flags.user ?? process.env['USER'] ?? 'flowgauge',
      password: password === undefined || password === '' ? null : password,
      session: flags.session ?? {},
    };
    return trino(server, table, range);
  }
  if (table === undefined) throw failure('FG_ENGINE_NEEDS', engine, '--table', '--table logs.flow_logs');
  if (flags.results !== undefined && !/^s3:\/\/[^/]+\//u.test(flags.results))
    throw failure('FG_ENGINE_VALUE', '--results', flags.results, 'a place in S3, such as s3://my-results/athena/');
  const { athena } = await import('../query/engines/athena.ts');
  const { workgroup = null, results = null } = flags;
  return athena({ access: accessOf(flags), table, workgroup, resultsAt: results, range });
}
