/**
 * `flowgauge ledger verify`: whether objects are what they were when they were published.
 *
 * In:    a data directory, a directory or a bucket. Out: sums, and what does not hold. Exit 3 where something does not, 1 where the place is not there.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { LedgerReport } from '../lake/keep/verify-ledger.ts';
import type { WindowFault } from '../lake/keep/verify-windows.ts';
import { countText } from './counts.ts';
import { dataDirectory } from './data-directory.ts';
import { sizeText } from './sizes.ts';
import { storeAt } from './store-at.ts';
import { shown } from './text-width.ts';

type Flags = {
  from: string;
  json?: true;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  pathStyle?: true;
  lake?: string;
};

/** Faults that are named one by one. */
const NAMED_AT_MOST = 50;

/** Adds the verb. */
export function ledgerCommand(program: Command): void {
  const ledger = program
    .command('ledger')
    .description('check what was published against its ledger')
    .addHelpText('after', '\nExamples:\n  flowgauge ledger verify\n  flowgauge ledger verify --from s3://flow-bucket');
  ledger
    .command('verify')
    .description('read every object again, and say whether it is what the ledger says')
    .addOption(dataDirectory(new Option('--from <src>', 'data directory of `up`, directory or s3://BUCKET/PREFIX')))
    .option('--profile <name>', 'profile of ~/.aws/config')
    .option('--region <name>', "region, where S3 does not tell the bucket's")
    .option('--endpoint-url <url>', "server that speaks S3 and is not AWS's")
    .option('--path-style', 'put the bucket into the path of the URL')
    .option('--lake <dest>', 'where a lake of these objects is, where `compact` was told another place')
    .option('--json', 'one JSON object with every fault')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge ledger verify
  flowgauge ledger verify --from s3://flow-bucket/team-a
  flowgauge ledger verify --json | jq -r '.faults[].key, (.windowFaults[] | .interfaceId)'`,
    )
    .action(async (flags: Flags) => {
      const { interruptible } = await import('./interruptible.ts');
      process.exitCode = await interruptible(async (stop) => {
        const report = await stop.atOnce(verify(flags, stop.signal));
        if (flags.json) console.log(JSON.stringify(report, null, 2));
        else for (const line of lines(report, flags.from)) console.log(line);
        return report.faults.length + report.windowFaults.length === 0 ? 0 : 3;
      });
    });
}

async function verify(
  { from, lake: dest, profile, region, endpointUrl, pathStyle }: Flags,
  signal: AbortSignal,
): Promise<LedgerReport> {
  const { verifyLedger } = await import('../lake/keep/verify-ledger.ts');
  const access = {
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
  };
  const found = await storeAt(from, access);
  if (found === null) throw (await import('../model/errors.ts')).failure('FG_LEDGER_PLACE', from);
  if (dest === undefined) return verifyLedger(found.store, found.below, signal);
  // One that is not there is an error, and not made.
  await storeAt(dest, access);
  const { compactPlaces } = await import('../lake/keep/compact-places.ts');
  const { from: objects, lake } = compactPlaces(from, dest, access);
  return verifyLedger(found.store, found.below, signal, { ...lake, source: objects.place });
}

/** A report for people. */
export function lines(report: LedgerReport, from: string): string[] {
  const { entries, records, packets, told, lostPackets, bytes, unlisted, elsewhere, faults, windows } = report;
  const { inLake, retired } = report;
  if (entries === 0)
    return [`${from} has no ledger: it is written by \`up\` and \`capture -i\`, beside their objects.`];
  const all = [
    `${countText(entries, 'object')} with ${countText(records, 'record')} of ${countText(packets, 'packet')}, ${sizeText(bytes)}; SKIPDATA tells of ${lostPackets} packets.`,
  ];
  if (told !== null) all.push(`Text objects: ${told.counted} packets counted, ${told.inRecords} in records.`);
  if (unlisted > 0) all.push(`${unlisted} objects are not in the ledger: of AWS, of a capture file, or on their way.`);
  if (inLake > 0) all.push(`${countText(inLake, 'object')} were removed by compaction; the lake has their records.`);
  if (retired > 0) all.push(`Records of ${countText(retired, 'object')} were removed by retention.`);
  if (elsewhere > 0)
    all.push(`${countText(elsewhere, 'record')} lie in log groups and streams, which are not read again.`);
  all.push(...windowLines(windows));
  const named = [
    ...faults.map(({ key, what, expected, found }) => `${what}: ${key}: ${expected} expected, ${found} found`),
    ...report.windowFaults.map(windowFaultText),
  ];
  all.push(...named.slice(0, NAMED_AT_MOST).map(shown));
  if (named.length > NAMED_AT_MOST) all.push(`and ${named.length - NAMED_AT_MOST} more`);
  if (named.length === 0) all.push('All of it holds.');
  else
    all.push(
      `${faults.length} of ${entries} entries and ${report.windowFaults.length} of ${windows.windows} windows do not hold.`,
    );
  return all;
}

/** What the accounts say, in sum. */
function windowLines({
  windows,
  counted,
  inRecords,
  filtered,
  lost,
  cut,
  uncounted,
  notCompared,
}: LedgerReport['windows']): string[] {
  if (windows + uncounted === 0) return [];
  const causes = Object.entries(lost).map(([cause, packets]) => `, ${packets} lost (${cause})`);
  const all = [
    `${countText(windows, 'window')} of interfaces: ${countText(counted, 'packet')} counted at the source: ${inRecords} in records, ${filtered} left out by traffic type${causes.join('')}.`,
  ];
  if (cut > 0)
    all.push(`In ${countText(cut, 'window')} a process was killed: what it had counted of them is not known.`);
  if (notCompared > 0)
    all.push(`The records of ${countText(notCompared, 'window')} cannot be compared: removed by retention, or in a file with others'.`); // prettier-ignore
  if (uncounted > 0)
    all.push(`${countText(uncounted, 'record')} have no count: a process was killed, or an older version wrote them.`);
  return all;
}

/** What is wrong with an interface and window. */
function windowFaultText({ flowLogId, interfaceId, windowSeconds, what, expected, found }: WindowFault): string {
  const window = windowSeconds === null ? 'all windows' : `window ${new Date(windowSeconds * 1000).toISOString()}`;
  const where = `${flowLogId} ${interfaceId ?? 'all interfaces'} ${window}`;
  if (what === 'balance')
    return `balance: ${where}: ${expected} packets counted, ${found} in records, left out and lost`;
  return `${what}: ${where}: ${expected} accounted for, ${found} in objects`;
}
