/**
 * `flowgauge watch worker`, `watch redrive`, `watch template`: new objects of a bucket into OpenSearch or Elasticsearch.
 *
 * In:    a queue, a search server, the network where there is one. Out: what was counted; exit 0 also after Ctrl-C (rule W7).
 * Holds: passwords are taken from the environment alone.
 * Fails: FG_WATCH_*, FG_SEARCH_*, FG_AWS_*; as reading the network does.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { readNumber } from './watch-number.ts';

export type QueueFlags = {
  queue: string;
  deadLetter?: string;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  pathStyle?: boolean;
  requestPayer?: boolean;
};

export type SearchFlags = { opensearch?: string; user?: string; sign?: string; signRegion?: string; profile?: string };

export type WorkerFlags = QueueFlags &
  SearchFlags & {
    discard?: true;
    target?: string;
    vpc?: string;
    data?: string;
    detect?: string;
    format?: string;
    workers: number;
    attempts: number;
    hold: number;
    untilEmpty?: true;
    port?: string;
    json?: true;
    logFormat?: string;
    logLevel?: string;
  };

export type RedriveFlags = QueueFlags & { list?: true; only?: string; json?: true };

export type TemplateFlags = SearchFlags & { keep: number; put?: true; elasticsearch?: true };

/** Adds the verb. */
export function watchCommand(program: Command): void {
  const watch = program
    .command('watch')
    .description('new objects of a bucket into OpenSearch or Elasticsearch, as S3 tells of them through SQS')
    .addHelpText(
      'after',
      '\nExamples:\n  flowgauge watch template --put --opensearch https://search.example\n  flowgauge watch worker --queue URL --opensearch https://search.example\n  flowgauge watch redrive --queue URL --list',
    );
  worker(watch);
  redrive(watch);
  template(watch);
}

function queueOptions(command: Command): void {
  command
    .addOption(new Option('--queue <url>', 'the queue that S3 notifies').env('FLOWGAUGE_QUEUE').makeOptionMandatory())
    .option('--dead-letter <url>', "queue for what cannot be handled (default: that of the queue's redrive policy)")
    .option('--profile <name>', 'profile of ~/.aws/config')
    .option('--region <name>', "region, where the queue's URL does not tell it")
    .option('--endpoint-url <url>', "server that speaks S3 and SQS and is not AWS's")
    .option('--path-style', 'put the bucket into the path of the URL')
    .option('--request-payer', 'pay for requests to a bucket of somebody else');
}

function searchOptions(command: Command): void {
  command
    .addOption(
      new Option('--opensearch <url>', 'server to write to: OpenSearch or Elasticsearch').env('FLOWGAUGE_SEARCH_URL'),
    )
    .option('--user <name>', 'user there; FLOWGAUGE_SEARCH_PASSWORD has the password, FLOWGAUGE_SEARCH_API_KEY a key')
    .addOption(
      new Option('--sign <service>', 'sign as AWS: a domain (es) or serverless (aoss)').choices(['es', 'aoss']),
    )
    .option('--sign-region <name>', 'region of the domain (default: --region, AWS_REGION)');
}

function worker(watch: Command): void {
  const command = watch
    .command('worker')
    .description('read each object that a message tells of, and write its records as documents, once each');
  queueOptions(command);
  searchOptions(command);
  command
    .option('--discard', 'write nothing, count only')
    .option('--target <name>', 'data stream, index or alias (default: flowgauge-flows)')
    .option('--vpc <model>', 'the network as describe answers, a JSON file or a folder: whose the addresses are')
    .option(
      '--data <dir>',
      'a data directory: the network as it was imported there, and when; with --detect its findings too',
    )
    .option(
      '--detect <place>',
      'look for findings in this bucket once a minute, such as s3://BUCKET/PREFIX; one worker does',
    )
    .option('--format <format>', 'log format of text without header line')
    .addOption(new Option('--workers <n>', 'messages at a time').argParser(readNumber('--workers', 1, 64)).default(4))
    .addOption(
      new Option('--attempts <n>', 'tries of a message').argParser(readNumber('--attempts', 1, 1000)).default(5),
    )
    .addOption(
      new Option('--hold <seconds>', 'how long nobody else gets a message; it is held on while it is under way')
        .argParser(readNumber('--hold', 3, 43_200))
        .default(120),
    )
    .option('--until-empty', 'end when the queue is empty')
    .addOption(
      new Option('--port <port>', 'of 127.0.0.1, for /health and /metrics; 0: any that is free (default: none)').env(
        'FLOWGAUGE_WATCH_PORT',
      ),
    )
    .option('--json', 'counts as JSON at the end')
    .option(
      '--log-format <format>',
      'json: a line for each event, on stderr (default: text; env: FLOWGAUGE_LOG_FORMAT)',
    )
    .option('--log-level <level>', 'the least they tell (default: info; env: FLOWGAUGE_LOG_LEVEL)')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge watch template --put --opensearch https://HOST:9200 --user admin
  flowgauge watch worker --queue URL --opensearch https://HOST:9200 --user writer
  flowgauge watch worker --queue URL --opensearch https://DOMAIN --sign es --vpc model/
  flowgauge watch worker --queue URL --discard --until-empty --json
  flowgauge watch worker --queue URL --opensearch https://HOST:9200 --detect s3://BUCKET --data DIR

Start as many as you like on one queue. Ctrl-C finishes what is under way.`,
    )
    .action(async (flags: WorkerFlags) => {
      const { work } = await import('./watch-worker.ts');
      process.exitCode = await work(flags);
    });
}

function redrive(watch: Command): void {
  const command = watch
    .command('redrive')
    .description('send messages of the dead-letter queue back, or show why they are there');
  queueOptions(command);
  command
    .option('--list', 'show them and why; move none')
    .option('--only <code>', 'only those with this code, such as FG_WATCH_UNREADABLE')
    .option('--json', 'JSON')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge watch redrive --queue URL --list
  flowgauge watch redrive --queue URL --only FG_WATCH_REFUSED`,
    )
    .action(async (flags: RedriveFlags) => {
      const { redriveQueue } = await import('./watch-redrive.ts');
      process.exitCode = await redriveQueue(flags);
    });
}

function template(watch: Command): void {
  const command = watch
    .command('template')
    .description('index templates, data stream and how long records are kept: print them, or write them');
  searchOptions(command);
  command
    .addOption(
      new Option('--keep <days>', 'days that records are kept').argParser(readNumber('--keep', 1, 36_500)).default(90),
    )
    .option('--put', 'write them to the server')
    .option('--elasticsearch', 'print those of Elasticsearch')
    .option('--profile <name>', 'profile of ~/.aws/config, to sign with')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge watch template > templates.json
  flowgauge watch template --put --opensearch https://HOST:9200 --user admin --keep 30`,
    )
    .action(async (flags: TemplateFlags) => {
      const { writeTemplates } = await import('./watch-template.ts');
      process.exitCode = await writeTemplates(flags);
    });
}
