/**
 * `flowgauge load`: flow logs into a table of a database file.
 *
 * In:    where the flow logs lie, and a file that is not there yet. Out: a database of DuckDB; how many records it has on stdout,
 *        notes about them on stderr.
 * Holds: the file is there whole or not at all, and one that is there is left as it is. Exit 1 when a file could not be read to
 *        its end, as of `query`.
 */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { failure } from '../model/errors.ts';
import { askOptionsOf, sourceOptions, tellNotes } from './source-options.ts';
import type { SourceFlags } from './source-options.ts';

const EXAMPLES = `
Examples:
  flowgauge load --from logs rows.duckdb                        all records of a bucket on disk
  flowgauge load --from s3://logs --last 30d --yes rows.duckdb  those of a range
  duckdb -readonly rows.duckdb "SELECT dstport, sum(bytes) FROM flow_logs GROUP BY ALL"

The table is records; flow_logs is a view of it that has start_time and end_time (UTC) besides, as in \`query\`.
DuckDB 0.10 and every later one reads the file, and may change it.`;

/** Adds the verb. */
export function loadCommand(program: Command): void {
  const load = program
    .command('load')
    .description('put flow logs into a table of a new database file of DuckDB')
    .argument('<file>', 'of the database, which is made');
  sourceOptions(load);
  load.addHelpText('after', EXAMPLES).action(async (file: string, flags: SourceFlags) => {
    process.exitCode = await run(file, flags);
  });
}

async function run(file: string, flags: SourceFlags): Promise<number> {
  if (existsSync(file)) throw failure('FG_LOAD_EXISTS', file);
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const { loadIntoDatabase } = await import('../query/ask.ts');
    const { withOutputPath } = await import('./output-file.ts');
    const options = await askOptionsOf(flags.from, flags, stop);
    const saved = await withOutputPath(file, (path) => stop.atOnce(loadIntoDatabase(flags.from, path, options)));
    stop.progress.end();
    console.log(`${saved.records} records of ${saved.files} files are in ${file}, table records, view flow_logs`);
    return tellNotes(saved.notes);
  });
}
