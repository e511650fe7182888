/**
 * `npm run bench -- ROW …`: measures, and prints Markdown for docs/performance.md.
 *
 * In:    names of rows and options. Out: tables on stdout, progress on stderr.
 * Fails: exit 2 for a wrong command line; 1 when a row could not be measured.
 */
import { parseArgs } from 'node:util';

import { ROWS } from './rows/list.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    input: { type: 'string', default: 'A' },
    rounds: { type: 'string', default: '3' },
    bursty: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !(name in ROWS));
if (positionals.length === 0 || unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(
    `usage: npm run bench -- ${Object.keys(ROWS).join('|')} [--input A|B|C] [--rounds 3] [--bursty] [--long]\n`,
  );
  process.exit(2);
}
for (const name of positionals) {
  const row = await (ROWS[name] as (typeof ROWS)[string])();
  const flags = process.argv.slice(2).filter((word) => !positionals.includes(word) || word === name);
  const text = await row({ ...values, rounds, command: `npm run bench -- ${flags.join(' ')}` });
  process.stdout.write(`${text}\n`);
}
