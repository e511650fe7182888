/**
 * `flowgauge why-no-record`: why flow logs have nothing of an address or interface at a time.
 *
 * In:    who, when, perhaps with whom and over which port; where flow logs lie; the network. Out: every reason that holds,
 *        the surest first, with what says so; `--json` has all.
 * Holds: works with what there is: AWS's own bucket has no ledger, a bucket alone no network. What was not known is told.
 * Fails: FG_NO_RECORD_…; as reading flow logs and the network do. Exit 0 also where there are records after all.
 */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { NoRecord } from '../api/no-record.ts';
import type { NoRecordQuestion } from '../explain/no-record/question.ts';
import { FlowgaugeError } from '../model/errors.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import type { Stop } from './interruptible.ts';
import { networkOf, networkOptions, secondsOf } from './network-options.ts';
import type { NetworkFlags } from './network-options.ts';
import { portIn } from './protocol-options.ts';
import { accessOf, askOptionsOf, sourceOptions } from './source-options.ts';
import type { SourceFlags } from './source-options.ts';
import { storeAt } from './store-at.ts';

type Flags = SourceFlags & NetworkFlags & { at?: string; peer?: string; protocol?: string; port?: string; json?: true };

const EXAMPLES = `
Examples:
  flowgauge why-no-record eni-0a1 --at 2026-11-23T12:05Z
  flowgauge why-no-record 10.0.1.10 --peer 169.254.169.254 --protocol tcp --port 80 --last 10m
  flowgauge why-no-record i-0a1 --from s3://BUCKET --vpc model/ --from-time 2026-11-23T12:00Z --to-time 2026-11-23T13:00Z
  flowgauge why-no-record eni-0a1 --at yesterday --json | jq -r '.reasons[0].reason'

Without a time it is about the last hour. Several reasons may hold: the surest comes first.`;

/** Adds the verb. */
export function whyNoRecordCommand(program: Command): void {
  const command = program
    .command('why-no-record')
    .description('say why flow logs have no record of an address or interface at a time')
    .argument('<of>', 'an address, eni-… or i-…')
    .addOption(
      new Option('--at <time>', 'the time that it is about, in place of a span').conflicts([
        'last',
        'fromTime',
        'toTime',
      ]),
    )
    .option('--peer <end>', 'who it talks to: an address, eni-… or i-…')
    .option('--protocol <p>', 'tcp, udp, icmp, icmpv6 or a number')
    .option('--port <n>', 'port of either end');
  networkOptions(command);
  sourceOptions(command);
  command
    .option('--json', 'one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(async (of: string, flags: Flags) => {
      const { interruptible } = await import('./interruptible.ts');
      process.exitCode = await interruptible(async (stop) => {
        const answer = await stop.atOnce(explain(of, flags, stop));
        stop.progress.end();
        if (flags.json === true) console.log(JSON.stringify(answer, null, 2));
        else {
          const { noRecordText } = await import('./no-record-text.ts');
          process.stdout.write(noRecordText(answer, flags.from));
        }
        return 0;
      });
    });
}

async function explain(of: string, flags: Flags, stop: Stop): Promise<NoRecord> {
  const { protocolOf } = await import('../explain/diagnose/protocol-of.ts');
  const nowSeconds = Date.now() / 1000;
  const question: NoRecordQuestion = {
    of,
    ...(await spanOf(flags, nowSeconds)),
    peer: flags.peer ?? null,
    protocol: flags.protocol === undefined ? null : protocolOf(flags.protocol),
    port: flags.port === undefined ? null : portIn('--port', flags.port),
  };
  const [{ whyNoRecord }, { holderInRecords, recordsView }, { placeView }, { spoolView }] = await Promise.all([
    import('../explain/no-record/no-record.ts'),
    import('../explain/no-record/records-view.ts'),
    import('../explain/no-record/place-view.ts'),
    import('../explain/no-record/spool-view.ts'),
  ]);
  // What a log group has is accounted for on its host.
  const isGroup = flags.from.startsWith('cloudwatch://') && existsSync(flags.data);
  const found = await storeAt(isGroup ? flags.data : flags.from, accessOf(flags));
  const isHere = found !== null && !/^(?:s3|cloudwatch):/u.test(flags.from);
  const network = await networkIfAny(flags);
  try {
    const options = await askOptionsOf(flags.from, flags, stop);
    return await whyNoRecord(question, {
      network,
      nowSeconds,
      place: found === null ? null : await placeView(found.store, found.below, question, stop.signal),
      // A host that writes to a bucket of S3 keeps its spool in its data directory.
      spool: await spoolView(isHere ? flags.from : flags.data, question),
      holder: (addresses) => holderInRecords(flags.from, question, addresses, options),
      records: (ends, peer) => recordsView(flags.from, question, ends, peer, options),
    });
  } finally {
    network?.close();
  }
}

const HOUR_SECONDS = 3600;

/** The span: whole seconds, its end not in it. */
async function spanOf(flags: Flags, nowSeconds: number): Promise<{ startSeconds: number; endSeconds: number }> {
  if (flags.at !== undefined) {
    const at = Math.floor(await secondsOf('--at', flags.at));
    return { startSeconds: at, endSeconds: at + 1 };
  }
  const { askedRange } = await import('../query/asked-range.ts');
  const asked = askedRange(flags, nowSeconds * 1000);
  const endSeconds = Math.min(asked?.endSeconds ?? Infinity, Math.max(Math.ceil(nowSeconds), asked?.startSeconds ?? 0));
  const isOpen = asked === null || asked.startSeconds === Number.NEGATIVE_INFINITY;
  return { startSeconds: isOpen ? endSeconds - HOUR_SECONDS : asked.startSeconds, endSeconds };
}

/** Null where nothing was imported and no model given: flow logs and ledger tell something without it. */
async function networkIfAny(flags: Flags): Promise<ModelHistory | null> {
  try {
    return await networkOf(flags, flags.knownAt);
  } catch (error) {
    const isNone = error instanceof FlowgaugeError && /^FG_STATE_(?:MISSING|EMPTY)$/u.test(error.code);
    if (!isNone || flags.knownAt !== undefined) throw error;
    return null;
  }
}
