/**
 * The program `flowgauge`: its verbs, its exit codes, and how it says that something went wrong.
 *
 * In:    the command line. Out: what the verb prints; exit 0 fine, 1 failed, 2 wrong command line, 3 the answer is no,
 *        4 a proof failed (the verb sets `process.exitCode` to these itself).
 * Holds: starting loads the definition of the verb at hand, or those of all, and nothing they work with; an action imports its work. A reader of
 *        our output that has gone (`| head`) is a quiet end, exit 0.
 * Fails: `flowgauge: MESSAGE (CODE)` on stderr; the stack too with FLOWGAUGE_DEBUG=1.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { FlowgaugeError, failureFrom } from '../model/errors.ts';
import { exitCodeOf } from './exit-code.ts';
import { VERBS } from './list.ts';
import { shown } from './text-width.ts';

const DEBUG = process.env['FLOWGAUGE_DEBUG'] === '1';

/**
 * The command line; parsing it runs the verb.
 *
 * @param verb       the only one that is wanted; without it, and where there is none of that name, all are there
 * @param completes  false leaves out the verbs of `completion.ts`
 */
export async function createProgram(verb: string = '', completes: boolean = true): Promise<Command> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program = new Command('flowgauge')
    .description('VPC Flow Logs as software that anyone can run.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print what a verb does, with examples')
    .helpCommand(false)
    // `detect list` has options that `detect` has too.
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'flowgauge: ')) })
    .addHelpText(
      'after',
      '\nExamples:\n  flowgauge up\n  flowgauge capture -r FILE\n  flowgauge query top-talkers\n\nEach verb has its own: flowgauge VERB --help',
    );
  const only = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  for (const add of new Set(
    await Promise.all((only === undefined ? Object.values(VERBS) : [only]).map((load) => load())),
  ))
    add(program);
  if (completes && only === undefined) {
    const { completionCommand } = await import('./completion.ts');
    completionCommand(program, () => createProgram('', false));
  }
  pointToHelp(program);
  return program;
}

/** A wrong command line is answered with what is wrong, and with where the right one stands. */
function pointToHelp(command: Command, words: string = command.name()): void {
  command.showHelpAfterError(`flowgauge: see \`${words} --help\``);
  for (const verb of command.commands) pointToHelp(verb, `${words} ${verb.name()}`);
}

/**
 * Says what went wrong and gives the exit code.
 *
 * @param error  anything that was thrown
 */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const words = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  // Words may hold names and values of others: a terminal shall not obey them.
  console.error(`flowgauge: ${words.split('\n').map(shown).join('\n')}${code}`);
  if (DEBUG && error instanceof Error) console.error(error);
  else if (!(error instanceof FlowgaugeError)) console.error('flowgauge: FLOWGAUGE_DEBUG=1 shows where');
  return exitCodeOf(error);
}

/**
 * `help VERB …` asks the same as `VERB … --help`, which some verbs answer themselves. A word that is no verb stands
 * alone afterwards: behind it commander would take `--help` for a question about the whole program.
 */
function helpAsOption(words: readonly string[], program: Command): readonly string[] {
  const asked = words[0] === 'help' ? [...words.slice(words[1] === 'help' ? 2 : 1), '--help'] : words;
  const [verb = '--help'] = asked;
  return verb.startsWith('-') || program.commands.some((command) => command.name() === verb) ? asked : [verb];
}

/**
 * Ends quietly when whoever reads our output has gone, and says what else is wrong with it, such as a full disk. Children
 * notice the closed pipe of their parent.
 */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  const where = 'standard output';
  process.exit(
    reportError(
      isFull ? failureFrom(error, 'FG_DISK_FULL', where) : failureFrom(error, 'FG_FILE_FAILED', where, error.message),
    ),
  );
}

/** Runs the command line; sets the exit code. */
export async function main(): Promise<void> {
  process.stdout.on('error', endWithReader);
  try {
    const program = await createProgram(process.argv[2]);
    await program.parseAsync(helpAsOption(process.argv.slice(2), program), { from: 'user' });
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

if (import.meta.main) await main();
