/**
 * `flowgauge lifecycle restore`: a range that lies in an archive of S3, brought back.
 *
 * In:    a bucket, a range of time. Out: how far it is; exit 0 when all of it can be read, 1 while some cannot, 3 where something that is
 *        there is not whole.
 * Holds: asked again it tells how things stand and asks for nothing twice.
 * Fails: FG_RESTORE_*, FG_TIME_*; as listing a bucket does.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import { failure } from '../model/errors.ts';
import type { RestoreReport } from '../lake/keep/restore.ts';
import { countText } from './counts.ts';
import type { Stop } from './interruptible.ts';
import { sizeText } from './sizes.ts';
import { accessOf } from './source-options.ts';

type Flags = {
  last?: string;
  fromTime?: string;
  toTime?: string;
  days: number;
  speed: 'expedited' | 'standard' | 'bulk';
  dryRun?: true;
  wait?: true;
  verify: boolean;
  json?: true;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  pathStyle?: boolean;
  requestPayer?: boolean;
  open: boolean;
};

/** How often it is looked; S3 takes minutes to days. */
const LOOK_MILLIS = 60_000;
const NAMED_AT_MOST = 50;

/** Adds the verb. */
export function restoreCommand(lifecycle: Command): void {
  lifecycle
    .command('restore')
    .description('bring flow logs of a time back from Glacier or Deep Archive, and read them whole')
    .argument('<place>', "s3://BUCKET/PREFIX with AWS's layout")
    .option('--last <length>', 'of the last so many s, m, h, d or w')
    .option('--from-time <time>', 'from then on')
    .option('--to-time <time>', 'up to then')
    .addOption(new Option('--days <days>', 'how long copies stay').default(7).argParser(days))
    .addOption(
      new Option('--speed <speed>', 'how soon they are there: hours (bulk: up to 2 days), the sooner the dearer')
        .choices(['expedited', 'standard', 'bulk'])
        .default('bulk'),
    )
    .option('--dry-run', 'say how things stand, ask S3 for nothing')
    .option('--wait', 'look every minute until all of it is there')
    .option('--no-verify', 'do not read what is there')
    .option('--json', 'one JSON object')
    .option('--profile <name>', 'profile of ~/.aws/config')
    .option('--region <name>', "region, where S3 does not tell the bucket's")
    .option('--endpoint-url <url>', "server that speaks S3 and is not AWS's")
    .option('--path-style', 'put the bucket into the path of the URL')
    .option('--request-payer', 'pay for requests to a bucket of somebody else')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge lifecycle restore s3://logs --from-time 2026-03-01 --to-time 2026-03-04 --dry-run
  flowgauge lifecycle restore s3://logs --from-time 2026-03-01 --to-time 2026-03-04 --days 14
  flowgauge lifecycle restore s3://logs --from-time 2026-03-01 --to-time 2026-03-04 --wait

S3 charges for requests, for bytes that are brought back, and for the copies; prices of that are not reckoned here.
Exit 0: all of it can be read. 1: some of it cannot yet. 3: something that is there is not whole.`,
    )
    .action(async (place: string, flags: Flags) => {
      const { interruptible } = await import('./interruptible.ts');
      process.exitCode = await interruptible((stop) => run(place, flags, stop));
    });
}

function days(text: string): number {
  if (!/^[1-9]\d{0,3}$/u.test(text)) throw failure('FG_LIFECYCLE_WISH', `--days "${text}" is no number of days`, 'give one such as 7'); // prettier-ignore
  return Number(text);
}

async function run(place: string, flags: Flags, stop: Stop): Promise<number> {
  if (!place.startsWith('s3://')) throw failure('FG_LIFECYCLE_LOCAL', place, 'restore');
  const [{ restoreRange }, { askedRange }] = await Promise.all([
    import('../lake/keep/restore.ts'),
    import('../query/asked-range.ts'),
  ]);
  const { last, fromTime, toTime } = flags;
  const texts = { ...(last === undefined ? {} : { last }), ...(fromTime === undefined ? {} : { fromTime }), ...(toTime === undefined ? {} : { toTime }) }; // prettier-ignore
  const range = askedRange(texts, Date.now());
  if (range === null) throw failure('FG_LIFECYCLE_WISH', 'no time was given', 'say which with --from-time and --to-time, or --last'); // prettier-ignore
  const options = {
    range,
    days: flags.days,
    tier: ({ expedited: 'Expedited', standard: 'Standard', bulk: 'Bulk' } as const)[flags.speed],
    verifies: flags.verify,
    signal: stop.signal,
    onProgress: stop.progress.show,
  };
  let asks = flags.dryRun !== true;
  for (;;) {
    const report = await stop.atOnce(restoreRange(place, accessOf(flags), { ...options, asks }));
    stop.progress.end();
    const isThere = report.state === 'restored' || report.state === 'nothing-archived';
    if (!isThere && flags.wait === true && flags.dryRun !== true) {
      asks = true;
      await pause(LOOK_MILLIS, undefined, { signal: stop.signal });
      continue;
    }
    if (flags.json === true) console.log(JSON.stringify(report, null, 2));
    else for (const line of restoreLines(report)) console.log(line);
    return report.faults.length > 0 ? 3 : isThere ? 0 : 1;
  }
}

/** How things stand, for people. */
export function restoreLines(report: RestoreReport): string[] {
  const { state, objects, bytes, archived, asked, onTheirWay, restored, untilSeconds, inLake, others } = report;
  const lines: string[] = [];
  if (state === 'nothing-archived') lines.push('No object of this time has to be restored.');
  else
    lines.push(
      `${countText(objects, 'object')} of this time, ${sizeText(bytes)}, lie in an archive: ${restored} can be read, ${onTheirWay} are on their way, ${archived} are not asked for.`,
    );
  if (asked > 0) lines.push(`${countText(asked, 'object')} were asked for now.`);
  if (state === 'restored')
    lines.push(
      `All of it can be read${untilSeconds === null ? '' : ` until ${new Date(untilSeconds * 1000).toISOString()}`}.`,
    );
  if (state === 'on-its-way') lines.push('Ask again later; until then answers say how many objects they lack.');
  if (inLake > 0) lines.push(`${countText(inLake, 'archived object')} are in the lake: no question needs them.`);
  if (others > 0) lines.push(`${countText(others, 'object')} of this time lie in no archive.`);
  const { verified, faults } = report;
  if (verified !== null)
    lines.push(
      `${countText(verified.objects, 'object')}, ${sizeText(verified.bytes)}, were read whole, ${verified.byLedger} compared with the ledger: ${faults.length === 0 ? 'all of it holds.' : `${faults.length} are not whole.`}`,
    );
  for (const { key, what, expected, found } of faults.slice(0, NAMED_AT_MOST))
    lines.push(`${what}: ${key}: ${expected} expected, ${found} found`);
  if (faults.length > NAMED_AT_MOST) lines.push(`and ${faults.length - NAMED_AT_MOST} more`);
  return lines;
}
