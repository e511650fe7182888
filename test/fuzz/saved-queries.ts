/**
 * Tries saved queries on records made by chance: `bin/node test/fuzz/saved-queries.ts --rounds 5 --seed N --records 200`.
 * Python makes the records and computes each answer from what the query means; the query must give the same.
 *
 * In:    how many rounds, a seed (printed; default: the clock), records for each file. Out: a line a round; exit 1 at the
 *        first answer that differs, with the row, and the folder of the records is kept.
 * Fails: with exit 1.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { buildBucket } from '../../src/lake/read/build-bucket.ts';
import { ask } from '../../src/query/ask.ts';

const SCRIPTS = join(import.meta.dirname, '../fixtures/saved-queries/answers');

type Answered = {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly over: string | null;
  readonly rows: readonly (readonly unknown[])[];
};

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, records: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);

function python(folder: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('python3', words, {
    cwd: SCRIPTS,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, SAVED_QUERY_RECORDS: folder, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What differs first, or null. */
async function difference(folder: string): Promise<string | null> {
  const bucket = buildBucket();
  try {
    for (const name of readdirSync(folder)) bucket.text(readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
    for (const { query, parameters, over, rows } of JSON.parse(python(folder, 'answers.py', '--print')) as Answered[]) {
      const answer = await ask(over === null ? bucket.directory : join(folder, over), query, parameters);
      const got: (readonly unknown[])[] = [];
      for await (const batch of answer.rows) got.push(...batch);
      if (isDeepStrictEqual(got, rows)) continue;
      const at = [...Array(Math.max(got.length, rows.length)).keys()].find((n) => !isDeepStrictEqual(got[n], rows[n]))!;
      const asked = `${query} ${JSON.stringify(parameters)} over ${over ?? 'all files'}, row ${at + 1}`;
      return `${asked}\n  python ${JSON.stringify(rows[at])}\n  query  ${JSON.stringify(got[at])}`;
    }
    return null;
  } finally {
    bucket.remove();
  }
}

for (let round = 0; round < Number(values.rounds ?? 5); round++) {
  const folder = mkdtempSync(join(tmpdir(), 'flowgauge-saved-'));
  python(folder, 'random_records.py', String(seed + round), folder, values.records ?? '200');
  const found = await difference(folder);
  console.log(`saved queries: seed ${seed + round}: ${found ?? 'equal'}`);
  if (found !== null) {
    console.log(`the records are in ${folder}`);
    process.exit(1);
  }
  rmSync(folder, { recursive: true });
}
