/**
 * `flowgauge ddl`: statements that make a place a table of Athena, Trino, Spark or DuckDB.
 *
 * In:    an engine, and a place. Out: SQL on stdout.
 * Fails: FG_LAKE_PLACE, FG_SOURCE_EMPTY; as reading the place does.
 */
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import type { DdlEngine } from '../lake/keep/ddl.ts';
import { dataDirectory } from './data-directory.ts';
import { accessOf } from './source-options.ts';
import type { SourceFlags } from './source-options.ts';

type Flags = Pick<
  SourceFlags,
  'from' | 'profile' | 'region' | 'endpointUrl' | 'pathStyle' | 'requestPayer' | 'open'
> & {
  table: string;
};

/** Adds the verb. */
export function ddlCommand(program: Command): void {
  program
    .command('ddl')
    .description('print the SQL that makes flow logs, and their lake, tables of another engine')
    .addArgument(
      new Argument('<engine>', 'whose SQL it is').choices(['athena', 'trino', 'spark', 'duckdb'] satisfies DdlEngine[]),
    )
    .addOption(
      dataDirectory(
        new Option('--from <src>', "data directory of `up`, directory or s3://BUCKET/PREFIX with AWS's layout"),
      ),
    )
    .option('--table <name>', 'name of the first table', 'flow_logs')
    .option('--profile <name>', 'profile of ~/.aws/config, for s3://')
    .option('--region <name>', "region, where S3 does not tell the bucket's")
    .option('--endpoint-url <url>', "server that speaks S3 and is not AWS's")
    .option('--path-style', 'put the bucket into the path of the URL')
    .option('--request-payer', 'pay for requests to a bucket of somebody else')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge ddl athena --from s3://logs/prod     the lake first, then objects by layout and format
  flowgauge ddl duckdb --from logs | duckdb

Nothing is run. Files of a lake count for these engines as soon as they lie there (docs/lake.md).`,
    )
    .action(async (engine: DdlEngine, flags: Flags) => {
      const { interruptible } = await import('./interruptible.ts');
      process.exitCode = await interruptible(async (stop) => {
        const [{ ddlOf }, { storedTables }, { compactPlaces }] = await Promise.all([
          import('../lake/keep/ddl.ts'),
          import('../lake/keep/stored-tables.ts'),
          import('../lake/keep/compact-places.ts'),
        ]);
        const { from, lake } = compactPlaces(flags.from, flags.from, accessOf(flags));
        const tables = await stop.atOnce(storedTables(from, lake, stop.signal));
        process.stdout.write(ddlOf(engine, tables, flags.table));
        return 0;
      });
    });
}
