/**
 * `flowgauge compact`: small objects into a lake of sorted Parquet.
 *
 * In:    where objects lie, and where the lake is to be. Out: what was done, in a few lines or JSON.
 * Holds: Ctrl-C leaves a lake that is whole: what was entered stays, what was on its way goes. Progress is shown on a terminal
 *        only. Exit 1 when an object could not be read to its end.
 * Fails: FG_LAKE_*, FG_TIME_VALUE; as reading the objects does.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { CompactReport } from '../lake/keep/compact.ts';
import type { ExpireReport, KeptBecause } from '../lake/keep/expire.ts';
import { countText } from './counts.ts';
import { readSize, sizeText } from './sizes.ts';
import { accessOf, tellNotes } from './source-options.ts';

type Flags = {
  by: 'hour' | 'day' | 'size';
  settle: string;
  rollups: boolean;
  expire?: string | true;
  memory: number;
  json?: true;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  pathStyle?: boolean;
  requestPayer?: boolean;
  open: boolean;
};

/** Enough for an hour of some million records; more is sorted on the disk. */
const MEMORY_BYTES = 1e9;

/** Questions that have listed an object are answered by then. */
const EXPIRE_AFTER = '1h';

/** Adds the verb. */
export function compactCommand(program: Command): void {
  program
    .command('compact')
    .description('merge small objects into sorted Parquet with roll-ups; questions to the same place use it')
    .argument('<src>', "data directory of `up`, directory or s3://BUCKET/PREFIX with AWS's layout")
    .argument('[dest]', 'where the lake is to be (default: at the same place)')
    .addOption(
      new Option('--by <period>', 'a file for each hour or day; size: days with less than 64 MB become one file')
        .choices(['size', 'hour', 'day'])
        .default('size'),
    )
    .option('--settle <length>', 'let a period alone for so long after its end, for what comes late', '30m')
    .option('--no-rollups', 'make no roll-ups')
    .option(
      '--expire [age]',
      'then remove objects that have been in the lake for that long (default: 1h), once their file was compared with them',
    )
    .addOption(
      new Option('--memory <size>', 'memory for sorting; more goes to disk')
        .default(MEMORY_BYTES, '1GB')
        .argParser((text) => readSize('--memory', text)),
    )
    .option('--profile <name>', 'profile of ~/.aws/config, for s3://')
    .option('--region <name>', "region, where S3 does not tell the bucket's")
    .option('--endpoint-url <url>', "server that speaks S3 and is not AWS's")
    .option('--path-style', 'put the bucket into the path of the URL')
    .option('--request-payer', 'pay for requests to a bucket of somebody else')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge compact flowgauge-data                    what \`up\` wrote, in place
  flowgauge compact s3://logs/prod                    objects of AWS; the lake lies beside them
  flowgauge compact s3://logs s3://lake --by hour
  flowgauge compact s3://logs/prod --expire 7d        and remove what has been in the lake for a week
  flowgauge query --from s3://logs/prod top-talkers   reads the lake, and what is not in it yet`,
    )
    .action(async (src: string, dest: string | undefined, flags: Flags) => {
      process.exitCode = await run(src, dest, flags);
    });
}

async function run(src: string, dest: string | undefined, flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const [{ compact }, { compactPlaces }, { expire }] = await Promise.all([
      import('../lake/keep/compact.ts'),
      import('../lake/keep/compact-places.ts'),
      import('../lake/keep/expire.ts'),
    ]);
    const { lengthOrNone } = await import('../query/asked-range.ts');
    const settleSeconds = lengthOrNone('--settle', flags.settle);
    const afterSeconds =
      flags.expire === undefined ? null : lengthOrNone('--expire', flags.expire === true ? EXPIRE_AFTER : flags.expire);
    const { from, lake } = compactPlaces(src, dest, accessOf(flags));
    const how = {
      nowSeconds: Math.floor(Date.now() / 1000),
      memoryBytes: flags.memory,
      signal: stop.signal,
      onProgress: stop.progress.show,
    };
    const report = await compact(from, lake, { ...how, by: flags.by, settleSeconds, rollups: flags.rollups });
    const expired =
      afterSeconds === null ? null : await expire(from, lake, { ...how, afterSeconds: () => afterSeconds });
    stop.progress.end();
    if (flags.json === true) console.log(JSON.stringify({ ...report, expired }));
    else {
      for (const line of compactLines(report, lake.store.name)) console.log(line);
      if (expired !== null) for (const line of expireLines(expired)) console.log(line);
    }
    return tellNotes(report.notes);
  });
}

/** What was done, for people. */
export function compactLines(report: CompactReport, place: string): string[] {
  const { objects, objectBytes, records, files, fileBytes, rollupBytes, waiting, before, unreadable, removed } = report;
  const lines = [
    objects === 0
      ? `Nothing new to compact at ${place}.`
      : `${countText(objects, 'object')} with ${countText(records, 'record')}, ${sizeText(objectBytes)}, are now ${countText(files, 'file')} of ${sizeText(fileBytes)}, with roll-ups of ${sizeText(rollupBytes)}.`,
  ];
  if (before > 0) lines.push(`${countText(before, 'object')} were in the lake before.`);
  if (waiting > 0) lines.push(`${countText(waiting, 'object')} wait for the end of their period.`);
  if (unreadable > 0) lines.push(`${countText(unreadable, 'object')} could not be read and stay as they are.`);
  if (removed > 0) lines.push(`${countText(removed, 'file')} of a run that was ended were removed.`);
  return lines;
}

const BECAUSE: Readonly<Record<KeptBecause, string>> = {
  changed: 'an object of it is not the one that was compacted',
  incomplete: 'it has objects of another place too',
  'broken-lines': 'its objects have lines or values that are no records',
  'damaged-file': 'it is damaged',
  different: 'its records are not those of its objects',
};

/** What was removed, for people. */
export function expireLines({ objects, objectBytes, verified, young, kept }: ExpireReport): string[] {
  const lines = [
    objects === 0
      ? 'No object was removed.'
      : `${countText(objects, 'object')}, ${sizeText(objectBytes)}, were removed; ${countText(verified, 'file')} had been compared with them.`,
  ];
  if (young > 0) lines.push(`${countText(young, 'object')} have not been in the lake for long enough.`);
  for (const one of kept)
    lines.push(`${countText(one.objects, 'object')} of ${one.file} stay: ${BECAUSE[one.because]}.`);
  return lines;
}
