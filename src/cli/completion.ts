/**
 * Completion of the command line in bash, zsh and fish.
 *
 * In:    the verbs and options as commander knows them, the names of saved queries. Out: `completion SHELL` prints a script; the script asks the
 *        hidden verb `complete` at each press of the tab key.
 * Holds: where no verb, option or choice fits, the shell offers file names.
 *        The only file that knows the package that does it, so that it can be replaced.
 */
import { Argument } from 'commander';
import type { Command } from 'commander';

/** `ShellCompDirectiveDefault` of the scripts: offer files. */
const OFFER_FILES = ':0';

/** What the bash script takes from the package bash-completion, for machines without it. */
const WORDS_FOR_BASH = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
}`;

/** The bash script so that it can be read twice, needs no package, and falls back to file names. */
function mendBash(lines: readonly string[]): string {
  const mended = lines.map((line) =>
    line.replace(/^readonly /, '').replace(/^complete -F /, 'complete -o default -F '),
  );
  return [...mended, WORDS_FOR_BASH].join('\n');
}

/** Runs `work` and gives what it printed, line by line. */
async function linesOf(work: () => void | Promise<void>): Promise<string[]> {
  const printed: string[] = [];
  const log = console.log;
  console.log = (...values: readonly unknown[]) => void printed.push(...values.join(' ').split('\n'));
  try {
    await work();
  } finally {
    console.log = log;
  }
  return printed;
}

/** Makes the names of saved queries choices of `query`, for candidates only: asked in earnest it takes SQL as well. */
async function offerSavedQueries(program: Command): Promise<void> {
  const [{ SAVED_QUERIES }, { shortName }] = await Promise.all([
    import('../query/saved/list.ts'),
    import('../query/saved-query.ts'),
  ]);
  const question = program.commands.find((command) => command.name() === 'query')?.registeredArguments[0];
  question?.choices(SAVED_QUERIES.map(({ name }) => shortName(name)));
}

/**
 * Adds the verbs `completion` and `complete`.
 *
 * @param program      gets the verbs
 * @param makeProgram  makes it anew without them, for the package adds its own and must not meet ours
 */
export function completionCommand(program: Command, makeProgram: () => Promise<Command>): void {
  program
    .command('completion')
    .description('print a script that completes verbs and options in your shell')
    .addArgument(new Argument('<shell>', 'the shell that will read it').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  eval "$(flowgauge completion bash)"                                     this shell, now
  flowgauge completion zsh > ~/.zfunc/_flowgauge                          zsh, with ~/.zfunc in fpath
  flowgauge completion fish > ~/.config/fish/completions/flowgauge.fish   fish, from the next shell on`,
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { script } = await import('@bomb.sh/tab');
      const lines = await linesOf(() => script(shell, 'flowgauge', 'flowgauge'));
      console.log(shell === 'bash' ? mendBash(lines) : lines.join('\n'));
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { default: tab } = await import('@bomb.sh/tab/commander');
      const whole = await makeProgram();
      if (words.includes('query')) await offerSavedQueries(whole);
      const candidates = tab(whole, { completionCommandName: 'completion' });
      const printed = await linesOf(() => candidates.parse([...words]));
      console.log(printed.length > 1 ? printed.join('\n') : OFFER_FILES);
    });
}
