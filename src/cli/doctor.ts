/**
 * `flowgauge doctor`: what is missing on this machine, what it would give, and the command that gets it.
 *
 * In:    the needs that stages export, and those of no stage (below). Out: a line for each, or JSON.
 *        Exit 0 when everything that `up` needs is there, else 1.
 * Holds: looks, and changes nothing unless told to clean; every need is looked at, whatever the others said.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Need, NeededFor, NeedFound } from '../model/needs.ts';
import { dataDirectory } from './data-directory.ts';

/** A need with what was found. */
export type Looked = Omit<Need, 'look'> & NeedFound;

/** Adds the verb. */
export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what is missing here, what it would give, and the command that gets it')
    .addOption(dataDirectory(new Option('--data <dir>', 'the data directory to look at')))
    .option('--json', 'one JSON object with every need')
    .option('--clean', 'take away the table of nftables that a killed flowgauge has left here, and do nothing else')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge doctor
  flowgauge doctor --data /var/lib/flowgauge
  flowgauge doctor --clean
  flowgauge doctor --json | jq -r '.needs[] | select(.met | not) | .get'`,
    )
    .action(async (options: { data: string; json?: true; clean?: true }) => {
      if (options.clean) {
        const { removeTable } = await import('../collect/privileged/serve-nft.ts');
        const removed = await removeTable();
        console.log(removed ? 'The table of flowgauge was taken away.' : 'No table of flowgauge is here.');
        return;
      }
      const looked = await lookAtAll(await allNeeds(options.data));
      const ready = looked.every(({ met, neededFor }) => met || !neededFor.includes('up'));
      if (options.json) console.log(JSON.stringify({ ready, needs: looked }, null, 2));
      else for (const line of report(looked)) console.log(line);
      process.exitCode = ready ? 0 : 1;
    });
}

/** What `up` needs first, what only tests need last. */
function byUse(a: Need, b: Need): number {
  const rank = ({ neededFor }: Need): number =>
    (['up', 'capture', 'query', 'lab'] as const).findIndex((use) => neededFor.includes(use)) >>> 0;
  return rank(a) - rank(b);
}

/** Every need of every stage, and of the machine as a whole. */
async function allNeeds(dataDir: string): Promise<Need[]> {
  const [machine, capture, observe, duck, lab] = await Promise.all([
    import('./machine-needs.ts'),
    import('../collect/privileged/may-capture.ts'),
    import('../collect/privileged/may-observe.ts'),
    import('../storage/duck/needs.ts'),
    import('../app/lab/needs.ts'),
  ]);
  return [...machine.needs(dataDir), ...capture.needs, ...observe.needs, ...duck.needs, ...lab.needs].toSorted(byUse);
}

/** Looks at all of them at once; a look that throws is not met. */
export async function lookAtAll(needs: readonly Need[]): Promise<Looked[]> {
  return Promise.all(
    needs.map(async ({ look, ...need }) => {
      try {
        return { ...need, ...(await look()) };
      } catch (error) {
        return { ...need, met: false, found: `could not look: ${String(error)}`, get: null };
      }
    }),
  );
}

const WORDS: Readonly<Record<NeededFor, string>> = {
  up: '`flowgauge up`',
  capture: 'live capture',
  query: '`flowgauge query`',
  lab: '`flowgauge lab`',
  tests: 'the tests',
};

/** The lines for people: what is there first, then what is missing with the way to get it. */
export function report(looked: readonly Looked[]): string[] {
  const width = Math.max(...looked.map(({ name }) => name.length));
  const there = looked.filter(({ met }) => met).map(({ name, found }) => `ok       ${name.padEnd(width)}  ${found}`);
  const missing = looked
    .filter(({ met }) => !met)
    .flatMap(({ name, found, gives, neededFor, get }) => [
      `missing  ${name.padEnd(width)}  ${found}`,
      `         ${' '.repeat(width)}  gives: ${gives} (for ${neededFor.map((use) => WORDS[use]).join(', ')})`,
      ...(get === null ? [] : [`         ${' '.repeat(width)}  get it: ${get}`]),
    ]);
  const last = missing.length === 0 ? 'Nothing is missing.' : 'What is missing stops only what it is named for.';
  return [...there, ...missing, '', last];
}
