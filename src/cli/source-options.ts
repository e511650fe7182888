/**
 * Options that say which flow logs are read and how, for every verb that reads them.
 *
 * In:    a verb; what was given. Out: the verb with the options; what a question is asked with; the notes of its answer, told.
 * Holds: the same names, defaults and words for every verb. Notes go to stderr, after the answer.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Note } from '../lake/read/note.ts';
import type { AskOptions } from '../query/ask.ts';
import type { S3Access } from '../storage/object/stores/s3-connection.ts';
import { cacheFor, cacheOptions } from './cache-options.ts';
import type { CacheFlags } from './cache-options.ts';
import { dataDirectory } from './data-directory.ts';
import type { Stop } from './interruptible.ts';
import { readSize } from './sizes.ts';

/** As commander gives them. */
export type SourceFlags = ReadingFlags & { from: string };

/** The same of a verb that names the place in another way. */
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

type LogFormatOption = '--format' | '--log-format';

/**
 * Adds them, `--from` too.
 *
 * @param logFormat  the option that names a log format, where `--format` means another thing
 */
export function sourceOptions(command: Command, logFormat: LogFormatOption = '--format'): void {
  command.addOption(
    dataDirectory(
      new Option(
        '--from <src>',
        "data directory of `up`, directory or s3://BUCKET/PREFIX with AWS's layout, cloudwatch://GROUP, file, or - for stdin",
      ),
    ),
  );
  readingOptions(command, logFormat);
}

/** Adds all but `--from`. */
export function readingOptions(command: Command, logFormat: LogFormatOption = '--format'): void {
  command
    .option(`${logFormat} <format>`, 'log format of text without header line, as of cloudwatch://GROUP')
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
