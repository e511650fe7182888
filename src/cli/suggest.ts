/**
 * `flowgauge suggest`: the rules that a security group needs.
 *
 * In:    a group, a model, flow logs. Out: the suggestion for people, as commands, Terraform or JSON; notes on stderr.
 * Holds: exit 3 when there are more rules than there may be, or replaying the suggestion blocks more than what was left out on
 *        purpose; 1 when a file could not be read to its end, else 0.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import { failure } from '../model/errors.ts';
import type { Format } from '../explain/suggest/written.ts';
import { networkOptions, networkSourceAt } from './network-options.ts';
import type { NetworkFlags } from './network-options.ts';
import { logsOptions } from './source-options.ts';
import type { LogsFlags } from './source-options.ts';
import { fitted } from './text-width.ts';

type Bits = { readonly bits4: number; readonly bits6?: number };
type Flags = LogsFlags &
  NetworkFlags & {
    at?: string;
    widen?: Bits;
    limit: number;
    output?: Format;
    json?: boolean;
  };

const EXAMPLES = `
Examples:
  flowgauge suggest sg-0a1b2c3d4e5f60718 --vpc model --last 30d
  flowgauge suggest sg-0a1b2c3d4e5f60718 --vpc model --last 30d -o terraform > rules.tf
  flowgauge suggest sg-0a1b2c3d4e5f60718 --vpc model -o json > tighter.json; flowgauge replay --change tighter.json --vpc model
  flowgauge suggest sg-0a1b2c3d4e5f60718 --vpc model --widen 24     blocks up to /24 where 60 rules are not enough`;

/** Adds the verb. */
export function suggestCommand(program: Command): void {
  const suggest = program
    .command('suggest')
    .description('the fewest rules that the accepted conversations of a security group need')
    .argument('<group>', 'the security group, sg-…')
    .option('--widen <n[,n6]>', 'allow blocks up to /n (of IPv6 /n6) where there is no room for exact rules', widening)
    .option('--limit <rules>', 'rules that a direction may have, for IPv4 and IPv6 each', limit, 60)
    .addOption(
      new Option('-o, --output <form>', 'print it to be run or kept; json is what `replay --change` takes')
        .choices(['aws-cli', 'terraform', 'json'])
        .conflicts('json'),
    );
  networkOptions(suggest);
  suggest.addOption(
    new Option('--at <time>', 'the network as of this time (default: the newest that was imported)').conflicts('vpc'),
  );
  logsOptions(suggest);
  suggest
    .option('--json', 'print the whole answer as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (group: string, flags: Flags) => {
      process.exitCode = await run(group, flags);
    });
}

function limit(text: string): number {
  const rules = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  if (rules < 1) throw failure('FG_SUGGEST_VALUE', '--limit', text, 'a whole number of rules, such as 60');
  return rules;
}

function widening(text: string): Bits {
  const [, four = '', six] = /^\/?(\d{1,2})(?:,\/?(\d{1,3}))?$/u.exec(text) ?? [];
  const bits4 = four === '' ? 99 : Number(four);
  const bits6 = six === undefined ? undefined : Number(six);
  if (bits4 > 32 || (bits6 ?? 0) > 128)
    throw failure('FG_SUGGEST_VALUE', '--widen', text, 'a prefix length such as 24, or 24,64 with one for IPv6');
  return bits6 === undefined ? { bits4 } : { bits4, bits6 };
}

async function run(group: string, flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const { openFacts } = await import('../storage/state/open-model.ts');
    const { compileSnapshot } = await import('../network/vpc/model.ts');
    const { ConversationRules } = await import('../network/verdict/conversation-rules.ts');
    const { withConversations } = await import('../explain/conversations/open-conversations.ts');
    const { ownAddressesOf } = await import('../explain/replay/replay.ts');
    const { suggest, wideningOf } = await import('../explain/suggest/suggest.ts');
    const { askOptionsOf, tellNotes } = await import('./source-options.ts');
    const model = await openFacts(await networkSourceAt(flags));
    const rules = new ConversationRules(compileSnapshot(model, { version: 1, atMicros: 0 }));
    const bits = flags.widen;
    const options = { limit: flags.limit, widening: bits === undefined ? null : wideningOf(bits.bits4, bits.bits6) };
    const place = flags.logs ?? flags.data;
    const { result, notes } = await stop.atOnce(
      withConversations(
        place,
        'suggest',
        ownAddressesOf(rules),
        await askOptionsOf(place, flags, stop),
        (conversations) => suggest(conversations, model, rules, group, options),
      ),
    );
    stop.progress.end();
    const { write } = await import('./table.ts');
    const { suggestionText, suggestionWarnings } = await import('./suggest-text.ts');
    if (flags.json === true) await write(process.stdout, `${JSON.stringify(result)}\n`);
    else if (flags.output !== undefined) {
      const { written } = await import('../explain/suggest/written.ts');
      await write(process.stdout, written(result, flags.output));
      for (const line of suggestionWarnings(result)) console.error(`flowgauge: note: ${line}`);
    } else
      await write(process.stdout, fitted(suggestionText(result, { colour: process.stdout.isTTY }), process.stdout));
    const unread = await tellNotes(notes);
    return !result.fits || result.replay.newlyBlocked > result.replay.leftOut ? 3 : unread;
  });
}
