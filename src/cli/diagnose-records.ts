/**
 * `flowgauge diagnose RECORD…`: what rejected these records, as of their times.
 *
 * In:    records as words, `-` for standard input, a place with `--logs`, a question with `--query`; the network. Out: causes,
 *        the newly rejected first; `--json` has all that is known of them.
 * Holds: one pass in flat memory, so that a place may hold any number of records. Exit 1 where a file could not be read
 *        to its end.
 */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { RejectReport } from '../api/rejects.ts';
import { shellWord } from '../model/shell-word.ts';
import type { AskOptions } from '../query/ask.ts';
import type { TakeBatch } from '../explain/records/read-records.ts';
import type { Note } from '../api/note.ts';
import type { Stop } from './interruptible.ts';
import { networkOf, networkOptions, secondsOf } from './network-options.ts';
import type { NetworkFlags } from './network-options.ts';
import { askOptionsOf, readingOptions, tellNotes } from './source-options.ts';
import type { ReadingFlags } from './source-options.ts';
import { fitted } from './text-width.ts';

/** As commander gives them. */
export type RecordFlags = ReadingFlags &
  NetworkFlags & {
    json?: true;
    logs?: string;
    query?: string;
    param?: Record<string, string>;
    newSince?: string;
    learnedSince?: string;
    limit: number;
  };

/** Examples of the verb's help. */
export const RECORD_EXAMPLES = `
  flowgauge diagnose --last 6h                                        every REJECT that \`up\` wrote in six hours, by cause
  flowgauge diagnose --logs s3://BUCKET --last 6h                     of a bucket
  flowgauge diagnose --logs logs --vpc model/ --json | jq '.causes[0]'
  flowgauge diagnose --vpc model/ '2 123456789012 eni-0a 198.51.100.7 10.0.1.10 40112 23 6 1 60 1792000000 1792000000 REJECT OK'
  grep REJECT FILE.log | flowgauge diagnose --format '\${interface-id} …' -
  flowgauge diagnose --logs logs --query "SELECT * FROM flow_logs WHERE srcaddr = '198.51.100.7'"
  flowgauge diagnose --logs logs --learned-since yesterday            what later imports gave to another cause`;

/** Adds the options of records. */
export function recordOptions(command: Command): void {
  command
    .option('--query <question>', 'of --logs only the rows of a saved query or of SQL')
    .addOption(
      new Option('--param <k=v>', 'parameter of --query (again for more)').argParser(
        (text: string, before: Record<string, string> | undefined) => {
          const [name = '', ...value] = text.split('=');
          return { ...before, [name]: value.join('=') };
        },
      ),
    )
    .option('--new-since <time>', 'causes first met from then on are new (default: in the later half of the records)')
    .addOption(
      new Option(
        '--learned-since <time>',
        'also list what is attributed otherwise by what was imported since',
      ).conflicts('vpc'),
    )
    .addOption(
      new Option('--limit <count>', 'causes that are printed; with --json those that have an explanation')
        .default(20)
        .argParser((text: string) => {
          if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
          return Number(text);
        }),
    );
  networkOptions(command);
  readingOptions(command);
  command.option('--json', 'one JSON object');
}

/** Whether records are what is asked about: they are given, or a place, a question or a time to find them. */
export function asksAboutRecords(records: readonly string[], flags: Partial<RecordFlags>): boolean {
  const { logs, query, last, fromTime } = flags;
  return records.length > 0 || [logs, query, last, fromTime].some((text) => text !== undefined);
}

/**
 * Attributes and prints.
 *
 * @param records  as they were typed; `-` alone is standard input
 */
export async function diagnoseRecords(records: readonly string[], flags: RecordFlags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const { report, notes } = await attribute(records, flags, stop);
    stop.progress.end();
    if (flags.json === true) {
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    } else {
      const { rejectText } = await import('./diagnose-records-text.ts');
      const text = rejectText(report, { limit: flags.limit, network: networkWords(flags) });
      process.stdout.write(fitted(text, process.stdout, /^ {2}ask /));
    }
    return tellNotes(notes);
  });
}

/** The options that name the network again. */
function networkWords({ vpc, data }: RecordFlags): string {
  if (vpc !== undefined) return ` --vpc ${shellWord(vpc)}`;
  return data === './flowgauge-data' ? '' : ` --data ${shellWord(data)}`;
}

async function attribute(
  records: readonly string[],
  flags: RecordFlags,
  stop: Stop,
): Promise<{ report: RejectReport; notes: readonly Note[] }> {
  const [{ Attribution }, { timesOf }, { reportOf }, { Reattribution }] = await Promise.all([
    import('../explain/records/attribution.ts'),
    import('../explain/records/model-times.ts'),
    import('../explain/records/report.ts'),
    import('../explain/records/reattribution.ts'),
  ]);
  // Without a place it is what `up` wrote.
  const place = flags.logs ?? (records.length === 0 ? flags.data : records[0] === '-' ? '-' : null);
  const reading = await askOptionsOf(place ?? '-', flags, stop);
  const network = await networkOf(flags, flags.knownAt);
  const before =
    flags.learnedSince === undefined ? null : await networkOf(flags, flags.learnedSince, '--learned-since');
  try {
    const times = timesOf(network);
    const span = reading.range ?? null;
    const attribution = new Attribution(times, span);
    const again = before === null ? null : new Reattribution(timesOf(before), attribution, span);
    const take: TakeBatch = (batch) => {
      attribution.take(batch);
      again?.take(batch);
    };
    const notes = await stop.atOnce(readAll(records, place, flags, reading, take));
    const newSinceSeconds = flags.newSince === undefined ? undefined : await secondsOf('--new-since', flags.newSince);
    if (flags.strict === true) (await import('../query/strict.ts')).refuseUnread(notes);
    const reattributed =
      again === null
        ? null
        : {
            knownAtSeconds: await secondsOf('--learned-since', flags.learnedSince!),
            changes: again.changes(),
            learned: network.learnedLate(attribution.firstSeconds * 1e6),
          };
    // Steps are for who asks for everything; people are told the question that gives them.
    const explained = flags.json === true ? flags.limit : 0;
    const report = reportOf(attribution, times, { newSinceSeconds, explained, reattributed });
    return { report, notes };
  } finally {
    network.close();
    before?.close();
  }
}

async function readAll(
  records: readonly string[],
  place: string | null,
  flags: RecordFlags,
  reading: AskOptions,
  take: TakeBatch,
): Promise<readonly Note[]> {
  if (place === null) {
    const { givenRecords } = await import('../explain/records/given-records.ts');
    for (const batch of givenRecords(records, flags.format)) take(batch);
    return [];
  }
  const { readQuestion, readRecords } = await import('../explain/records/read-records.ts');
  if (flags.query === undefined) return (await readRecords(place, reading, take)).notes;
  return (await readQuestion(place, flags.query, flags.param ?? {}, reading, take)).notes;
}
