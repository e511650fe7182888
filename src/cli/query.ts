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
import type { S3Access } from '../storage/object/stores/s3-connection.ts';
import type { AskOptions } from '../query/ask.ts';
import type { Answer } from '../query/engine.ts';
import { readSize } from './sizes.ts';
import { cacheFor, cacheOptions } from './cache-options.ts';
import type { CacheFlags } from './cache-options.ts';
import { dataDirectory } from './data-directory.ts';
import type { Stop } from './interruptible.ts';
import type { TextOutput } from './table.ts';

type Flags = CacheFlags & {
  from: string;
  memory?: number;
  format?: string;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  pathStyle?: boolean;
  requestPayer?: boolean;
  last?: string;
  fromTime?: string;
  toTime?: string;
  maxBytes?: string;
  yes?: boolean;
  dryRun?: boolean;
  /** False with `--no-open`. */
  open: boolean;
  param?: Record<string, string>;
  output: 'table' | 'csv' | 'json' | 'parquet';
  outputFile?: string;
  strict?: boolean;
  list?: boolean;
  help?: boolean;
};

const EXAMPLES = `
Examples:
  flowgauge query top-talkers                                   over what \`up\` wrote in ./flowgauge-data
  flowgauge query --from logs rejected-traffic --param limit=5  over a bucket on disk, AWS's or ours
  flowgauge query --from FILE.log.gz "SELECT dstport, sum(bytes) AS bytes FROM flow_logs GROUP BY ALL ORDER BY bytes DESC"
  flowgauge query "SELECT * FROM flow_logs WHERE cidr_contains(srcaddr, '10.0.0.0/8')" -o csv
  flowgauge query --from s3://logs --from-time yesterday --to-time today rejected-by-port --param port=22
  flowgauge query --from s3://logs --last 6h --dry-run          how much would be read for that
  flowgauge query --list --from logs                            which saved queries these flow logs can answer
  flowgauge query top-talkers --help                            what one saved query answers, and its SQL

The table is flow_logs; "DESCRIBE flow_logs" shows its columns: fields with _ for -, and start_time, end_time (UTC).`;

/** Adds the verb. */
export function queryCommand(program: Command): void {
  const query: Command = program.command('query');
  query
    .description('ask flow logs a question: SQL over flow_logs, or a saved query')
    .argument('[question]', 'SQL, or the name of a saved query')
    .addOption(
      dataDirectory(
        new Option(
          '--from <src>',
          "data directory of `up`, directory or s3://BUCKET/PREFIX with AWS's layout, cloudwatch://GROUP, file, or - for stdin",
        ),
      ),
    )
    .option('--format <format>', 'log format of text without header line, as of cloudwatch://GROUP')
    .option('--profile <name>', 'profile of ~/.aws/config, for s3:// and cloudwatch://')
    .option('--region <name>', "region, where S3 does not tell the bucket's")
    .option('--endpoint-url <url>', "server that speaks S3 and is not AWS's")
    .option('--path-style', 'put the bucket into the path of the URL')
    .option('--request-payer', 'pay for requests to a bucket of somebody else')
    .option('--strict', 'give no answer (exit 1) where a line, a value or a file could not be read')
    .option('--last <length>', 'only records of the last so many s, m, h, d or w, such as 6h')
    .option('--from-time <time>', 'only records that reach it: 2026-11-23, 2026-11-23T14:30Z, today, yesterday (UTC)')
    .option('--to-time <time>', 'only records that began before it')
    .option('--max-bytes <size>', 'ask before more than this is read, such as 500MB (default: 5GB of s3://)')
    .option('--yes', 'do not ask, however much is read')
    .option('--dry-run', 'print how many objects and bytes would be read, and read none')
    .option('--no-open', 'leave out the windows that a running `up` has open')
    .addOption(
      new Option('--memory <size>', 'memory for rows; more is spilled to disk (default: a share of the machine)')
        .env('FLOWGAUGE_MEMORY')
        .argParser((text) => readSize('--memory', text)),
    )
    .option('--param <k=v>', 'parameter of the question: $k in SQL (again for more)', parameter)
    .addOption(
      new Option('-o, --output <form>', 'json is one object a line')
        .choices(['table', 'csv', 'json', 'parquet'])
        .default('table'),
    )
    .option('--output-file <file>', 'write the answer there')
    .option('--list', 'print the saved queries with their parameters; with --from, which of them can be answered there')
    .helpOption(false)
    .option('-h, --help', 'print this; behind the name of a saved query: what it answers')
    .addHelpText('after', EXAMPLES)
    .action(async (question: string | undefined, flags: Flags) => {
      if (flags.help === true) await help(query, question);
      else if (flags.list === true) {
        if (flags.output === 'parquet' || question !== undefined)
          query.error('error: --list is printed as table, csv or json and takes no question', { exitCode: 2 });
        process.exitCode = await list(flags, query.getOptionValueSource('from') === 'cli');
      } else if (flags.dryRun === true) process.exitCode = await dryRun(flags);
      else if (question === undefined)
        query.error('error: give SQL or the name of a saved query, or --list', { exitCode: 2 });
      else process.exitCode = await run(question, flags);
    });
  cacheOptions(query);
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
    ? await stop.atOnce((await import('../query/ask.ts')).coverageAt(flags.from, await optionsOf(flags, stop)))
    : null;
  stop.progress.end();
  const { listSaved, savedQueriesAnswer } = await import('./saved-query-text.ts');
  const { withOutputFile } = await import('./output-file.ts');
  const { widthOfOutput, write } = await import('./table.ts');
  const printList = async (output: TextOutput): Promise<void> => {
    if (flags.output === 'table') await write(output, listSaved(widthOfOutput(output) ?? LIST_COLUMNS, coverage));
    else await print(savedQueriesAnswer(coverage), flags.output, output);
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
    const options = await optionsOf(flags, stop);
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
        await printOut(answer, flags, stop);
      } finally {
        await answer.close();
      }
      told = answer;
    }
    stop.progress.end();
    return tell(told);
  });
}

/** Prints what would be read, in the form of an answer. */
async function dryRun(flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    if (flags.output === 'parquet') throw failure('FG_OUTPUT_DRY_RUN');
    const { planAt } = await import('../query/ask.ts');
    const { planAnswer } = await import('./plan-text.ts');
    const { onPlanned: _, ...options } = await optionsOf(flags, stop);
    const { planned, notes } = await stop.atOnce(planAt(flags.from, options));
    stop.progress.end();
    await printOut(planAnswer(planned, notes), flags, stop);
    return tell({ notes });
  });
}

async function printOut(answer: Pick<Answer, 'columns' | 'rows'>, flags: Flags, stop: Stop): Promise<void> {
  // A reader that does not read keeps no one from stopping.
  if (flags.outputFile === undefined) await Promise.race([print(answer, flags.output, process.stdout), stop.stopped]);
  else {
    const { withOutputFile } = await import('./output-file.ts');
    await withOutputFile(flags.outputFile, (output) => print(answer, flags.output, output));
  }
}

/** How the place is reached and read, which records of it, and who is asked before that. */
async function optionsOf(flags: Flags, { signal, progress }: Stop): Promise<AskOptions> {
  const { askedRange } = await import('../query/asked-range.ts');
  const { readGuard } = await import('./read-guard.ts');
  const range = askedRange(flags, Date.now());
  const cache = cacheFor(flags.from, flags);
  const maxBytes = flags.maxBytes === undefined ? null : readSize('--max-bytes', flags.maxBytes);
  return {
    signal,
    strict: flags.strict === true,
    ...(cache === undefined ? {} : { cache }),
    ...(flags.memory === undefined ? {} : { memoryBytes: flags.memory }),
    onProgress: progress.show,
    source: {
      access: accessOf(flags),
      open: flags.open,
      ...(flags.format === undefined ? {} : { format: flags.format }),
    },
    ...(range === null ? {} : { range }),
    onPlanned: readGuard({
      place: flags.from,
      maxBytes,
      yes: flags.yes === true,
      signal,
      beforeAsking: progress.end,
    }),
  };
}

function accessOf({ profile, region, endpointUrl, pathStyle, requestPayer }: Flags): S3Access {
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
    ...(requestPayer === undefined ? {} : { requestPayer }),
  };
}

/** Notes that are printed one by one; all are counted. */
const NOTES = 20;

async function tell({ notes }: Pick<Answer, 'notes'>): Promise<number> {
  const { noteText } = await import('./answer-text.ts');
  for (const note of notes.slice(0, NOTES)) console.error(`flowgauge: note: ${noteText(note)}`);
  if (notes.length > NOTES) {
    const lines = notes.reduce((sum, note) => sum + (note.kind === 'bad-lines' ? note.count : 0), 0);
    const files = notes.filter(({ kind }) => kind === 'unreadable').length;
    const all = `in all ${lines} lines left out and ${files} files not read to their end`;
    console.error(`flowgauge: note: and ${notes.length - NOTES} notes more; ${all}`);
  }
  return notes.some(({ kind }) => kind === 'unreadable') ? 1 : 0;
}

async function print(
  answer: Pick<Answer, 'columns' | 'rows'>,
  form: Flags['output'],
  output: TextOutput,
): Promise<void> {
  if (form === 'csv' || form === 'json') {
    const { printCsv, printJsonLines } = await import('./answer-text.ts');
    await (form === 'csv' ? printCsv : printJsonLines)(answer, output);
  } else {
    const { printTable } = await import('./table.ts');
    await printTable(answer, output);
  }
}
