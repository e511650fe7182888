/**
 * `flowgauge import aws`: the network of accounts into a data directory.
 *
 * In:    files and folders of answers, or profiles and regions. Out: what was recorded, or JSON.
 * Holds: how far it is on a terminal only. Calls that were refused are named; they do not make it fail.
 */
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import type { FileImport, Imported, LiveImport } from '../control/import/import-aws.ts';
import { countText } from './counts.ts';
import { dataDirectory } from './data-directory.ts';
import { shown } from './text-width.ts';

type Flags = {
  profile?: string[];
  region?: string[];
  endpointUrl?: string;
  at?: string;
  partial?: true;
  data: string;
  json?: true;
};

const again = (value: string, known: string[] | undefined): string[] => [...(known ?? []), value];

/** Adds the verb. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .description('take the network of real accounts into the data directory; read only')
    .addArgument(
      new Argument('<from>', 'aws: the answers of `aws ec2 describe-…`, or the accounts themselves').choices(['aws']),
    )
    .argument('[files...]', 'folders and files of answers; without any the accounts are asked')
    .option('--profile <name>', 'ask as this profile of ~/.aws/config (again for more)', again)
    .option('--region <name>', "ask in this region (again for more; default: the profile's)", again)
    .option('--endpoint-url <url>', "ask a server that is not AWS's")
    .option('--at <time>', 'the time for which the answers of files hold (default: that of the files)')
    .option('--partial', 'the answers of files are of some things only: what they lack has not ended')
    .addOption(dataDirectory(new Option('--data <dir>', 'directory that the network is kept in')))
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge import aws answers/                                    a folder of answers, its sub-folders too
  flowgauge import aws answers/ --at 2026-11-23T12:05Z             answers that are of another time than their files
  flowgauge import aws --profile prod --region eu-central-1        an account
  flowgauge import aws --profile prod --profile shared --region eu-central-1 --region us-east-1

docs/import.md has the permissions that asking needs, and the commands that make a folder of answers.`,
    )
    .action(async (_: 'aws', files: string[], flags: Flags) => {
      const [{ importAws }, { interruptible }] = await Promise.all([
        import('../control/import/import-aws.ts'),
        import('./interruptible.ts'),
      ]);
      const from = await sourceOf(files, flags);
      process.exitCode = await interruptible(async (stop) => {
        const line = progressLine();
        try {
          const done = await stop.atOnce(
            importAws(from, flags.data, Date.now() * 1000, stop.signal, {
              asking: line.show,
              throttled: line.throttled,
            }),
          );
          line.wipe();
          console.log(flags.json === true ? JSON.stringify(done) : wordsOf(done).map(shown).join('\n'));
        } finally {
          line.wipe();
        }
        return 0;
      });
    });
}

async function sourceOf(files: readonly string[], flags: Flags): Promise<FileImport | LiveImport> {
  const { failure } = await import('../model/errors.ts');
  const live = flags.profile ?? flags.region ?? flags.endpointUrl;
  if (files.length > 0 && live !== undefined)
    throw failure('FG_IMPORT_SOURCE', 'files are read and accounts are asked, not both at once');
  if (files.length === 0) {
    if (flags.at !== undefined || flags.partial === true)
      throw failure('FG_IMPORT_SOURCE', '--at and --partial are for files, and none is named');
    return { profiles: flags.profile ?? [], regions: flags.region ?? [], endpoint: flags.endpointUrl ?? null };
  }
  const { instantOf } = await import('../query/asked-range.ts');
  const atMicros = flags.at === undefined ? null : Math.round(instantOf('--at', flags.at, Date.now() / 1000) * 1e6);
  if (atMicros !== null && !Number.isSafeInteger(atMicros))
    throw failure('FG_TIME_VALUE', '--at', flags.at ?? '', 'a time before the year 2255');
  return { paths: files, atMicros, whole: flags.partial !== true };
}

/** How far asking is, as one line on a terminal. */
function progressLine(): {
  readonly show: (account: string, region: string, done: number, of: number, items: number) => void;
  readonly throttled: () => void;
  readonly wipe: () => void;
} {
  let on = false;
  let patience = 0;
  return {
    show(account, region, done, of, items) {
      if (!process.stderr.isTTY) return;
      on = true;
      const slow = patience === 0 ? '' : `, asked for patience ${patience} times`;
      process.stderr.write(`\r\x1b[K${account} ${region}: ${done} of ${of} calls answered, ${items} things${slow}`);
    },
    throttled() {
      patience++;
    },
    wipe() {
      if (on) process.stderr.write('\r\x1b[K');
      on = false;
    },
  };
}

/** Lines that are named one by one. */
const NAMED_AT_MOST = 10;

function wordsOf({ recorded, refused, strange, notUnderstood, statePath }: Imported): string[] {
  const width = Math.max(...recorded.map(({ kind }) => kind.length));
  const byPlace = Map.groupBy(recorded, ({ account, region }) => `${account} ${region}`);
  const lines: string[] = [];
  for (const [place, counts] of byPlace) {
    const [first] = counts;
    const at = new Date((first?.atMicros ?? 0) / 1000).toISOString().replace(/\.000Z$/, 'Z');
    lines.push(`${place}, as of ${at}${counts.some(({ late }) => late) ? ', learned late' : ''}`);
    for (const { kind, whole, added, changed, ended, same } of counts) {
      const total = String(added + changed + same).padStart(7);
      lines.push(`  ${kind.padEnd(width)} ${total}  ${changesText(added, changed, ended)}${whole ? '' : ', not all'}`);
    }
  }
  const list = (title: string, all: readonly string[]): void => {
    if (all.length === 0) return;
    lines.push('', `${title}:`, ...all.slice(0, NAMED_AT_MOST).map((text) => `  ${text}`));
    if (all.length > NAMED_AT_MOST) lines.push(`  and ${all.length - NAMED_AT_MOST} more; --json has all`);
  };
  for (const [words, isFault] of [
    ['refused, so it stays as it was known', false],
    ['failed at the server, so it stays as it was known; import again', true],
  ] as const) {
    const calls = refused.filter(({ fault }) => fault === isFault);
    list(
      `${words} (${countText(calls.length, 'call')})`,
      calls.map(({ account, region, call, code }) => `${account} ${region} ${call}: ${code}`),
    );
  }
  list('no part of a model', strange);
  list('not understood in the model as it is now', notUnderstood);
  return [...lines, '', `kept in ${statePath}`];
}

function changesText(added: number, changed: number, ended: number): string {
  const parts = [
    [added, 'new'],
    [changed, 'changed'],
    [ended, 'ended'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length === 0 ? 'as known' : told.join(', ');
}
