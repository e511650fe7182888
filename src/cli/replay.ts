/**
 * `flowgauge replay`: recorded conversations under a proposed change.
 *
 * In:    a change, a model, flow logs. Out: what would be newly blocked and newly allowed, for people or as JSON; notes on stderr.
 * Holds: exit 3 when something is newly blocked; 1 when a file could not be read to its end, no conversation could be judged, or a
 *        step names what the model does not have; else 0.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ReplayAnswer } from '../api/replay.ts';
import { networkOptions, networkSourceAt } from './network-options.ts';
import type { NetworkFlags } from './network-options.ts';
import { logsOptions } from './source-options.ts';
import type { LogsFlags } from './source-options.ts';
import { fitted } from './text-width.ts';

type Flags = LogsFlags & NetworkFlags & { change: string[]; fix?: string; at?: string; json?: boolean };

const EXAMPLES = `
Examples:
  flowgauge replay --change proposal.json --last 30d          the network as it was imported last
  flowgauge replay --change proposal.json --vpc model --last 30d
  terraform show -json plan.out > plan.json; flowgauge replay --change plan.json --vpc model --logs s3://logs --last 7d
  flowgauge diagnose --from i-0a1 --to i-0b2 --port 5432 --json > why.json; flowgauge replay --change why.json --last 30d
  flowgauge replay --change before after --logs logs          two folders of describe answers
  flowgauge replay --change proposal.json --vpc model --json  for scripts; exit 3: something is newly blocked`;

/** Adds the verb. */
export function replayCommand(program: Command): void {
  const replay = program
    .command('replay')
    .description('what a change of rules would have done to the conversations that were recorded')
    .requiredOption(
      '--change <file...>',
      'change as JSON, the JSON of `diagnose --json`, or what `terraform show -json PLAN` prints; or two folders: before, after',
    )
    .option('--fix <which>', 'of several changes that a diagnosis proposes: its number, or all');
  networkOptions(replay);
  replay.addOption(
    new Option('--at <time>', 'the network as of this time (default: the newest that was imported)').conflicts('vpc'),
  );
  logsOptions(replay);
  replay
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      if (flags.change.length > 2)
        replay.error('error: --change takes one file, or two folders: before and after', { exitCode: 2 });
      if (flags.change.length === 2 && flags.vpc !== undefined)
        replay.error('error: --vpc says nothing beside two folders, which are the networks', { exitCode: 2 });
      process.exitCode = await run(flags);
    });
}

async function run(flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const { changedNetwork } = await import('../app/proposed-change.ts');
    const { ConversationRules } = await import('../network/verdict/conversation-rules.ts');
    const { withConversations } = await import('../explain/conversations/open-conversations.ts');
    const { ownAddressesOf, replay } = await import('../explain/replay/replay.ts');
    const { askOptionsOf, tellNotes } = await import('./source-options.ts');
    const {
      before,
      after,
      notes: changeNotes,
    } = await changedNetwork(flags.change, await networkSourceAt(flags), flags.fix ?? null);
    const rules = new ConversationRules(before);
    const place = flags.logs ?? flags.data;
    const { result, notes } = await stop.atOnce(
      withConversations(
        place,
        'replay',
        ownAddressesOf(rules),
        await askOptionsOf(place, flags, stop),
        (conversations) => replay(conversations, rules, after, changeNotes),
      ),
    );
    stop.progress.end();
    const { write } = await import('./table.ts');
    if (flags.json === true) await write(process.stdout, `${JSON.stringify(result)}\n`);
    else {
      const { replayText } = await import('./replay-text.ts');
      await write(process.stdout, fitted(replayText(result, { colour: process.stdout.isTTY }), process.stdout));
    }
    const unread = await tellNotes(notes);
    if (result.totals['newly-blocked'].conversations > 0) return 3;
    return isWhole(result) ? unread : 1;
  });
}

/** Whether the answer is about the change as it was written, and about the conversations that there are. */
function isWhole({ totals, changeNotes }: ReplayAnswer): boolean {
  const { 'not-in-model': lacking, 'not-placed': unplaced, ...judged } = totals;
  const unjudged = lacking.conversations + unplaced.conversations;
  const isJudged = unjudged === 0 || Object.values(judged).some(({ conversations }) => conversations > 0);
  return isJudged && !changeNotes.some(({ kind }) => kind === 'not-in-model');
}
