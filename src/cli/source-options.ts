/**
 * Options that say which flow logs are read and how, for every verb that reads them.
 *
 * In:    a verb; what was given. Out: the verb with the options; what a question is asked with; the notes of its answer, told.
 * Holds: the same names, defaults and words for every verb. Notes go to stderr, after the answer.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Note } from '../api/note.ts';
import type { AskOptions } from '../query/ask.ts';
import type { S3Access } from '../storage/object/stores/s3-connection.ts';
import { cacheFor, cacheOptions } from './cache-options.ts';
import type { CacheFlags } from './cache-options.ts';
import { dataDirectory } from './data-directory.ts';
import type { Stop } from './interruptible.ts';
import { readSize } from './sizes.ts';

/** As commander gives them. */
export type SourceFlags = ReadingFlags & { from: string };

/** Of a verb that is about a network: without a place it is what `up` wrote into the data directory. */
export type LogsFlags = ReadingFlags & { logs?: string };

/** How a place is read. */
export type ReadingFlags = CacheFlags & {
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
  /** False with `--no-open`. */
  open: boolean;
  strict?: boolean;
};

const PLACES =
  "data directory of `up`, directory or s3://BUCKET/PREFIX with AWS's layout, cloudwatch://GROUP, file, or - for stdin";

/** Adds them to a verb that is about records: `--from`, and `--logs` for who knows the other name. */
export function sourceOptions(command: Command): void {
  command.addOption(dataDirectory(new Option('--from <src>', PLACES)));
  sameOption(command, '--logs', 'from');
  readingOptions(command);
}

/** Adds them to a verb that is about a network, where `--from` may be an end of a path: `--logs`. */
export function logsOptions(command: Command): void {
  command.option('--logs <src>', `flow logs: ${PLACES} (default: what \`up\` wrote into --data)`);
  sameOption(command, '--from', 'logs');
  readingOptions(command);
}

/** Another name of an option, which help does not list. */
function sameOption(command: Command, name: '--logs' | '--from', as: 'from' | 'logs'): void {
  command.addOption(new Option(`${name} <src>`).hideHelp());
  command.on(`option:${name.slice(2)}`, (place: string) => command.setOptionValueWithSource(as, place, 'cli'));
}

/** Adds how the place is read. */
export function readingOptions(command: Command): void {
  command
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
    .option('--no-open', 'leave out the windows that a running `up` has open')
    .addOption(
      new Option('--memory <size>', 'memory for rows; more is spilled to disk (default: a share of the machine)')
        .env('FLOWGAUGE_MEMORY')
        .argParser((text) => readSize('--memory', text)),
    );
  cacheOptions(command);
}

/** How the place is reached and read, which records of it, and who is asked before that. */
export async function askOptionsOf(
  place: string,
  flags: ReadingFlags,
  { signal, progress }: Stop,
): Promise<AskOptions> {
  const { askedRange } = await import('../query/asked-range.ts');
  const { readGuard } = await import('./read-guard.ts');
  const range = askedRange(flags, Date.now());
  const cache = cacheFor(place, flags);
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
      place,
      maxBytes,
      yes: flags.yes === true,
      signal,
      beforeAsking: progress.end,
    }),
  };
}

/** How S3 and CloudWatch Logs are reached. */
export function accessOf({ profile, region, endpointUrl, pathStyle, requestPayer }: ReadingFlags): S3Access {
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

/** Tells notes on stderr; 1 where a file could not be read to its end. */
export async function tellNotes(notes: readonly Note[]): Promise<number> {
  const [{ noteTexts }, { fitted }] = await Promise.all([import('./answer-text.ts'), import('./text-width.ts')]);
  for (const text of noteTexts(notes.slice(0, NOTES)))
    console.error(fitted(`flowgauge: note: ${text}`, process.stderr));
  if (notes.length > NOTES) {
    const lines = notes.reduce((sum, note) => sum + (note.kind === 'bad-lines' ? note.count : 0), 0);
    const files = notes.filter(({ kind }) => kind === 'unreadable').length;
    const all = `in all ${lines} lines left out and ${files} files not read to their end`;
    console.error(`flowgauge: note: and ${notes.length - NOTES} notes more; ${all}`);
  }
  return notes.some(({ kind }) => kind === 'unreadable') ? 1 : 0;
}
