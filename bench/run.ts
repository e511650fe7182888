/**
 * `npm run bench -- ROW …`: measures, and prints Markdown for docs/performance.md.
 *
 * In:    names of rows and options. Out: tables on stdout, progress on stderr; the rows there are for `--help`, or without a name.
 * Fails: exit 2 for a wrong command line, which is said in one line; 1 when a row could not be measured.
 */
import { parseArgs } from 'node:util';

import { ROWS } from './rows/list.ts';

const USAGE = `usage: npm run bench -- ROW … [--input A|B|C] [--rounds 3] [--bursty] [--long]

rows: ${Object.keys(ROWS).join(' ')}
`;

function fail(words: string): never {
  process.stderr.write(`${words}; \`npm run bench -- --help\` lists rows and options\n`);
  process.exit(2);
}

const OPTIONS = {
  input: { type: 'string', default: 'A' },
  rounds: { type: 'string', default: '3' },
  bursty: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
} as const;

function commandLine() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    // Behind the first sentence Node tells how a name that begins with a dash is given: there is none.
    return fail((error as Error).message.split(/\.\s/, 1)[0]!);
  }
}

const { values, positionals } = commandLine();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (positionals.length === 0) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const unknown = positionals.find((name) => !Object.hasOwn(ROWS, name));
if (unknown !== undefined) fail(`there is no row "${unknown}"`);
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) fail(`--rounds is "${values.rounds}", and takes a whole number from 1`);
for (const name of positionals) {
  const row = await (ROWS[name] as (typeof ROWS)[string])();
  const flags = process.argv.slice(2).filter((word) => !positionals.includes(word) || word === name);
  const text = await row({ ...values, rounds, command: `npm run bench -- ${flags.join(' ')}` });
  process.stdout.write(`${text}\n`);
}
