/**
 * `flowgauge rule-hits`: what each rule was used for.
 *
 * In:    groups and ACLs, all where none is named; flow logs; the network. Out: a line for each rule; `--json` has all.
 * Fails: FG_RULES_NONE; as reading flow logs and the network do. Exit 1 where a file could not be read to its end.
 */
import type { Command } from 'commander';
import type { RuleHitsReport } from '../api/rule-hits.ts';
import type { Note } from '../api/note.ts';
import { failure } from '../model/errors.ts';
import type { Stop } from './interruptible.ts';
import { networkOf, networkOptions } from './network-options.ts';
import type { NetworkFlags } from './network-options.ts';
import { askOptionsOf, logsOptions, tellNotes } from './source-options.ts';
import type { LogsFlags } from './source-options.ts';
import { fitted } from './text-width.ts';

type Flags = LogsFlags & NetworkFlags & { json?: true; unused?: true; shadowed?: true; wider?: true };

/** Adds the verb. */
export function ruleHitsCommand(program: Command): void {
  const command = program
    .command('rule-hits')
    .description('what each rule of security groups and network ACLs was used for: hits, unused, shadowed, too wide')
    .argument('[ids...]', 'sg-… and acl-…; all of them without')
    .option('--unused', 'only rules that nothing used; beside --shadowed or --wider: rules that are one or the other')
    .option('--shadowed', 'only rules that never decide, or only with another')
    .option('--wider', 'only rules that allow more than was used');
  networkOptions(command);
  logsOptions(command);
  command
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge rule-hits --last 30d                              every rule, over what \`up\` wrote
  flowgauge rule-hits sg-0a1b --logs s3://BUCKET --last 30d
  flowgauge rule-hits --logs logs --vpc model/ --unused --json | jq -r '.rules[].ruleId'

It says what these records show and no more: a rule for the end of the year is unused in November.`,
    )
    .action(async (ids: string[], flags: Flags) => {
      process.exitCode = await run(ids, flags);
    });
}

async function run(ids: readonly string[], flags: Flags): Promise<number> {
  const { interruptible } = await import('./interruptible.ts');
  return interruptible(async (stop) => {
    const { report: whole, notes } = await tally(ids, flags, stop);
    stop.progress.end();
    const asks = flags.unused === true || flags.shadowed === true || flags.wider === true;
    const rules = whole.rules.filter(
      (rule) =>
        !asks ||
        (flags.unused === true && rule.unused) ||
        (flags.shadowed === true && rule.shadowedBy !== null) ||
        (flags.wider === true && rule.wider !== null),
    );
    const report = { ...whole, rules };
    if (flags.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else {
      const { ruleHitsText } = await import('./rule-hits-text.ts');
      process.stdout.write(fitted(ruleHitsText(report), process.stdout));
    }
    return tellNotes(notes);
  });
}

async function tally(
  ids: readonly string[],
  flags: Flags,
  stop: Stop,
): Promise<{ report: RuleHitsReport; notes: readonly Note[] }> {
  const [{ timesOf }, { ruleHits }, { withConversations }] = await Promise.all([
    import('../explain/records/model-times.ts'),
    import('../explain/rule-hits/rule-hits.ts'),
    import('../explain/conversations/open-conversations.ts'),
  ]);
  const network = await networkOf(flags, flags.knownAt);
  try {
    const times = timesOf(network);
    const { snapshot, paths, interfaces } = times.asked(times.count - 1);
    const owners = [...snapshot.groups, ...snapshot.acls].map(({ id }) => id).filter((id) => id !== '');
    const { nearNames } = await import('../query/near.ts');
    for (const id of ids) if (!owners.includes(id)) throw failure('FG_RULES_NONE', id, nearNames(id, owners));
    const own = { holders: paths.holders, numberOf: (id: string) => interfaces.get(id) ?? 0 };
    const place = flags.logs ?? flags.data;
    const options = await askOptionsOf(place, flags, stop);
    const { result, notes } = await stop.atOnce(
      withConversations(place, 'rule-hits', own, options, (conversations) =>
        ruleHits(conversations, times, ids.length === 0 ? null : new Set(ids)),
      ),
    );
    return { report: result, notes };
  } finally {
    network.close();
  }
}
