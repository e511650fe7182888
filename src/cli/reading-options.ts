/**
 * Options of verbs that read records to explain them: where they lie, of what time, how they are reached; the network.
 *
 * In:    a verb; what was given. Out: the verb with the options; how records are read; the network over time.
 * Holds: an option that the verb has already is left as it is, so that two parts of a verb may ask for the same. The
 *        words are those of `query`.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { AskOptions } from '../query/ask.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import { cacheFor } from './cache-options.ts';
import type { CacheFlags } from './cache-options.ts';
import { dataDirectory } from './data-directory.ts';
import type { Stop } from './interruptible.ts';
import { readSize } from './sizes.ts';

/** As commander gives them. */
export type ReadingFlags = CacheFlags & {
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
  vpc?: string;
  data: string;
  knownAt?: string;
  json?: true;
};

/** Adds what the verb has not. */
export function readingOptions(command: Command): void {
  const add = (option: Option): void => {
    if (!command.options.some(({ long }) => long === option.long)) command.addOption(option);
  };
  const plain = (flags: string, description: string): void => add(new Option(flags, description));
  plain('--last <length>', 'only records of the last so many s, m, h, d or w, such as 6h');
  plain('--from-time <time>', 'only records that reach it: 2026-11-23, 2026-11-23T14:30Z, today, yesterday (UTC)');
  plain('--to-time <time>', 'only records that began before it');
  plain('--vpc <model>', 'the network as describe answers, a JSON file or a folder; it is taken to hold always');
  add(dataDirectory(new Option('--data <dir>', 'the data directory whose imports say what the network was when')));
  plain('--known-at <time>', 'only what was imported by then counts');
  plain('--format <format>', 'log format of text without header line');
  plain('--profile <name>', 'profile of ~/.aws/config, for s3:// and cloudwatch://');
  plain('--region <name>', "region, where S3 does not tell the bucket's");
  plain('--endpoint-url <url>', "server that speaks S3 and is not AWS's");
  plain('--path-style', 'put the bucket into the path of the URL');
  plain('--request-payer', 'pay for requests to a bucket of somebody else');
  plain('--max-bytes <size>', 'ask before more than this is read, such as 500MB (default: 5GB of s3://)');
  plain('--yes', 'do not ask, however much is read');
  plain('--json', 'one JSON object');
}

/** How records of a place are read. */
export async function readingOf(place: string, flags: ReadingFlags, { signal, progress }: Stop): Promise<AskOptions> {
  const { askedRange } = await import('../query/asked-range.ts');
  const { readGuard } = await import('./read-guard.ts');
  const range = askedRange(flags, Date.now());
  const cache = cacheFor(place, flags);
  const { profile, region, endpointUrl, pathStyle, requestPayer } = flags;
  return {
    signal,
    ...(cache === undefined ? {} : { cache }),
    ...(range === null ? {} : { range }),
    onProgress: progress.show,
    source: {
      access: {
        ...(profile === undefined ? {} : { profile }),
        ...(region === undefined ? {} : { region }),
        ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
        ...(pathStyle === undefined ? {} : { pathStyle }),
        ...(requestPayer === undefined ? {} : { requestPayer }),
      },
      ...(flags.format === undefined ? {} : { format: flags.format }),
    },
    onPlanned: readGuard({
      place,
      maxBytes: flags.maxBytes === undefined ? null : readSize('--max-bytes', flags.maxBytes),
      yes: flags.yes === true,
      signal,
      beforeAsking: progress.end,
    }),
  };
}

/**
 * The network over time. To be closed.
 *
 * @param knownAt  what was known by when, in words; not given: all
 * @param option   that said so
 */
export async function networkOf(
  { vpc, data }: Pick<ReadingFlags, 'vpc' | 'data'>,
  knownAt: string | undefined,
  option: string = '--known-at',
): Promise<ModelHistory> {
  const { openModelHistory } = await import('../storage/state/open-model.ts');
  const known = knownAt === undefined ? null : await secondsOf(option, knownAt);
  return openModelHistory({ vpc, data, ...(known === null ? {} : { knownAt: Math.round(known * 1e6) }) });
}

/** A time in words as seconds since 1970 UTC. */
export async function secondsOf(option: string, text: string): Promise<number> {
  const { instantOf } = await import('../query/asked-range.ts');
  return instantOf(option, text, Date.now() / 1000);
}
