/**
 * cache: a question over 5.6 million records, the first time, from the cache, and without one.
 *
 * In:    a day of 288 text.gz objects in a directory. Out: a table; the floors of issue 3.
 * Holds: all three give the same answer, or the row does not count. The first question begins with an empty cache.
 */
import { rmSync, statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeTextDay } from '../generate/text-day.ts';
import { ROOT, withWorkplace } from '../inputs.ts';
import { measure, median } from '../measure.ts';
import type { Measurement } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const RECORDS = 5_600_000;
const QUESTION =
  'SELECT srcaddr, sum(bytes) AS bytes, count(*) AS n FROM flow_logs GROUP BY ALL ORDER BY bytes DESC, srcaddr LIMIT 10';

export const cache: Row = ({ rounds, command }) =>
  withWorkplace(RECORDS * 60, async (dir) => {
    const head = heading(`cache: ${RECORDS / 1e6} million records in 288 text.gz objects`, command);
    const [day, kept] = [join(dir, 'day'), join(dir, 'cache')];
    const textBytes = makeTextDay(day, RECORDS);
    const ask = (...flags: readonly string[]): Promise<Measurement> =>
      measure({ argv: [join(ROOT, 'bin/flowgauge'), 'query', '--from', day, ...flags, '-o', 'csv', QUESTION] });
    const sides: { name: string; flags: readonly string[]; runs: Measurement[] }[] = [
      { name: 'first question, into the cache', flags: ['--cache', '--cache-dir', kept], runs: [] },
      { name: 'second question, from the cache', flags: ['--cache', '--cache-dir', kept], runs: [] },
      { name: 'without a cache', flags: ['--no-cache'], runs: [] },
    ];
    let packBytes = 0;
    for (let round = 0; round < rounds; round++) {
      rmSync(kept, { recursive: true, force: true });
      for (const side of sides) {
        const run = await ask(...side.flags);
        side.runs.push(run);
        process.stderr.write(
          `round ${round + 1} ${side.name}: wall ${fixed(run.wallSeconds)} s, CPU ${fixed(run.cpuSeconds)} s\n`,
        );
      }
      const packs = join(kept, 'packs');
      packBytes = readdirSync(packs).reduce((sum, name) => sum + statSync(join(packs, name)).size, 0);
    }
    const same = new Set(sides.flatMap(({ runs }) => runs.map(({ stdout }) => stdout))).size === 1;
    const middle = (side: number, of: (run: Measurement) => number): number => median(sides[side]!.runs.map(of));
    const rows = sides.map(({ name }, at) => [
      name,
      fixed(middle(at, (run) => run.wallSeconds)),
      fixed(middle(at, (run) => run.cpuSeconds)),
      fixed(
        middle(at, (run) => run.peakMegabytes),
        0,
      ),
    ]);
    return [
      head + table(['question', 'wall s', 'CPU s', 'peak MB'], rows),
      `- answers: ${same ? 'the same' : '**differ; the row does not count**'}`,
      `- packs: ${fixed(packBytes / 1e6)} MB of ${fixed(textBytes / 1e6)} MB text.gz`,
      floor(
        'first answer, wall s',
        middle(0, (run) => run.wallSeconds),
        30,
        false,
      ),
      floor(
        'second answer, wall s',
        middle(1, (run) => run.wallSeconds),
        2,
        false,
      ),
      '',
    ].join('\n');
  });
