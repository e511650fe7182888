/**
 * `flowgauge query`: questions to flow logs.
 *
 * In:    SQL or a saved query's name, and where the flow logs lie. Out: the answer on stdout or in a file; notes about it
 *        on stderr, after it.
 * Holds: progress is shown on a terminal only. Ctrl-C and a reader that has gone end the query first, then us.
 *        Exit 1 when a file could not be read to its end, besides the reasons of every verb; with `--strict` before anything
 *        is printed, and for a broken line or value too.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { failure } from '../model/errors.ts';
import type { Answer } from '../query/engine.ts';
import { checkEngineOptions, engineOptions } from './engine-options.ts';
import type { EngineFlags } from './engine-options.ts';
import type { Stop } from './interruptible.ts';
import { printAnswer, printAs } from './print-answer.ts';
import type { AnswerForm } from './print-answer.ts';
import { askOptionsOf, sourceOptions, tellNotes } from './source-options.ts';
import type { SourceFlags } from './source-options.ts';
import type { TextOutput } from './table.ts';

type Flags = SourceFlags &
  EngineFlags & {
    dryRun?: boolean;
    param?: Record<string, string>;
    output: AnswerForm;
    outputFile?: string;
    list?: boolean;
    help?: boolean;
  };

const EXAMPLES = `
Examples:
  flowgauge query top-talkers                                   over what \`up\` wrote in ./flowgauge-data
  flowgauge query --from logs rejected-traffic --param limit=5  over a bucket on disk, AWS's or ours
  flowgauge query --from FILE.log.gz "SELECT dstport, sum(bytes) AS bytes FROM flow_logs GROUP BY ALL ORDER BY bytes DESC"
  flowgauge query "SELECT * FROM flow_logs WHERE cidr_contains(srcaddr, '10.0.0.0/8')" -o csv
  flowgauge query --last 1h "SELECT * FROM flow_logs" -o ocsf    records as OCSF, for a data lake or a SIEM
  flowgauge query --from s3://logs --from-time yesterday --to-time today rejected-by-port --param port=22
  flowgauge query --from s3://logs --last 6h --dry-run          how much would be read for that
  flowgauge query --list --from logs                            which saved queries these flow logs can answer
  flowgauge query --engine athena --table logs.flow_logs --last 1d top-talkers    the same question to Athena
  flowgauge query top-talkers --help                            what one saved query answers, and its SQL

The table is flow_logs; "DESCRIBE flow_logs" shows its columns: fields with _ for -, and start_time, end_time (UTC).`;

/** Adds the verb. */
export function queryCommand(program: Command): void {
  const query: Command = program.command('query');
  query
    .description('ask flow logs a question: SQL over flow_logs, or a saved query')
    .argument('[question]', 'SQL, or the name of a saved query');
  sourceOptions(query);
  engineOptions(query);
  query
    .option('--dry-run', 'print how many objects and bytes would be read, or the SQL for another engine, and read none')
    .option('--param <k=v>', 'parameter of the question: $k in SQL (again for more)', parameter)
    .addOption(
      new Option('-o, --output <form>', 'json is one object a line; ecs and ocsf are lines too, of records')
        .choices(['table', 'csv', 'json', 'parquet', 'ecs', 'ocsf'])
        .default('table'),
    )
    .option('--output-file <file>', 'write the answer there')
    .option('--list', 'print the saved queries with their parameters; with --from, which of them can be answered there')
    .helpOption(false)
    .option('-h, --help', 'print this; behind the name of a saved query: what it answers')
    .addHelpText('after', EXAMPLES)
    .action(async (question: string | undefined, flags: Flags) => {
      if (flags.help === true) return help(query, question);
      checkEngineOptions(query, flags);
      if (flags.engine !== 'duckdb') {
        if (question === undefined) query.error('error: give SQL or the name of a saved query', { exitCode: 2 });
        const { askElsewhere } = await import('./query-elsewhere.ts');
        process.exitCode = await askElsewhere(question, { ...flags, engine: flags.engine });
      } else if (flags.list === true) {
        if (flags.output === 'parquet' || question !== undefined)
          query.error('error: --list is printed as table, csv or json and takes no question', { exitCode: 2 });
        process.exitCode = await list(flags, query.getOptionValueSource('from') === 'cli');
      } else if (flags.dryRun === true) process.exitCode = await dryRun(flags);
      else if (question === undefined)
        query.error('error: give SQL or the name of a saved query, or --list', { exitCode: 2 });
      else process.exitCode = await run(question, flags);
    });
}

function parameter(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw failure('FG_PARAMETER_VALUE', text, '', 'it as NAME=VALUE');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

async function help(query: Command, question: string | undefined): Promise<void> {
  const { findSaved, isName } = await import('../query/find.ts');
  if (question === undefined || !isName(question)) {
    const { MACROS } = await import('../storage/duck/macros.ts');
    query.outputHelp();
    const functions = MACROS.map(({ call, gives }) => `  ${call.padEnd(36)} ${gives}`);
    process.stdout.write(['\nBesides the functions of DuckDB there are', ...functions, ''].join('\n'));
  } else {
    const { describeSaved } = await import('./saved-query-text.ts');
    process.stdout.write(describeSaved(findSaved(question)));
  }
}

/** Where the output is no terminal. */
const LIST_COLUMNS = 100;

async function list(flags: Flags, ofSource: boolean): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    await printCatalogue(flags, ofSource, stop);
    return 0;
  });
}

async function printCatalogue(flags: Flags, ofSource: boolean, stop: Stop): Promise<void> {
  const coverage = ofSource
    ? await stop.atOnce(
        (await import('../query/ask.ts')).coverageAt(flags.from, await askOptionsOf(flags.from, flags, stop)),
      )
    : null;
  stop.progress.end();
  const { listSaved, savedQueriesAnswer } = await import('./saved-query-text.ts');
  const { withOutputFile } = await import('./output-file.ts');
  const { widthOfOutput, write } = await import('./table.ts');
  const printList = async (output: TextOutput): Promise<void> => {
    if (flags.output === 'table') await write(output, listSaved(widthOfOutput(output) ?? LIST_COLUMNS, coverage));
    else await printAs(savedQueriesAnswer(coverage), flags.output, output);
  };
  if (flags.outputFile === undefined) await printList(process.stdout);
  else await withOutputFile(flags.outputFile, printList);
}

async function run(question: string, flags: Flags): Promise<number> {
  const toFile = flags.outputFile !== undefined;
  if (flags.output === 'parquet' && !toFile && process.stdout.isTTY) throw failure('FG_OUTPUT_TERMINAL');
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const { ask, askIntoParquet } = await import('../query/ask.ts');
    const options = await askOptionsOf(flags.from, flags, stop);
    let told: Pick<Answer, 'notes'>;
    if (flags.output === 'parquet') {
      const { withOutputPath } = await import('./output-file.ts');
      told = await withOutputPath(flags.outputFile ?? null, (path) =>
        stop.atOnce(askIntoParquet(flags.from, question, flags.param ?? {}, path, options)),
      );
    } else {
      const answer = await stop.atOnce(ask(flags.from, question, flags.param ?? {}, options));
      stop.progress.end();
      try {
        await printAnswer(answer, flags, stop);
      } finally {
        await answer.close();
      }
      told = answer;
    }
    stop.progress.end();
    return tellNotes(told.notes);
  });
}

/** Prints what would be read, in the form of an answer. */
async function dryRun(flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    if (!['table', 'csv', 'json'].includes(flags.output)) throw failure('FG_OUTPUT_DRY_RUN');
    const { planAt } = await import('../query/ask.ts');
    const { planAnswer } = await import('./plan-text.ts');
    const { onPlanned: _, ...options } = await askOptionsOf(flags.from, flags, stop);
    const { planned, notes } = await stop.atOnce(planAt(flags.from, options));
    stop.progress.end();
    await printAnswer(planAnswer(planned, notes), flags, stop);
    return tellNotes(notes);
  });
}
