/**
 * Two or more programs that do the same work, in rounds.
 *
 * In:    contenders. Out: for each the median of its runs, and what it counted.
 * Holds: tools alternate within a round, and each round begins with another one. One that fails, takes too long or
 *        counts other packets than the file has stays in the table with the reason, and is compared with nobody.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { measure, median } from './measure.ts';
import type { Command, Measurement } from './measure.ts';

export type Counted = {
  readonly flows: number;
  readonly packets: number;
  /** Why the run is not comparable, or null. */
  readonly wrong: string | null;
};

export type Contender = {
  readonly name: string;
  readonly version: string;
  /** `dir` is empty, and removed after the run. */
  command(dir: string): Command;
  /** Looks at what the run left behind. Not measured. */
  counted(dir: string, run: Measurement): Promise<Counted> | Counted;
};

export type Standing = {
  readonly contender: Contender;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly cpuLeast: number;
  readonly cpuMost: number;
  readonly peakMegabytes: number;
  readonly counted: Counted | null;
  /** Null: it counts. */
  readonly wrong: string | null;
};

/** Runs all of them `rounds` times. */
export async function compete(dir: string, contenders: readonly Contender[], rounds: number): Promise<Standing[]> {
  const runs = contenders.map((): Measurement[] => []);
  const last: (Counted | null)[] = contenders.map(() => null);
  const wrong: (string | null)[] = contenders.map(() => null);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (turn + round) % contenders.length;
      const contender = contenders[at] as Contender;
      if (wrong[at] !== null) continue;
      const scratch = join(dir, 'scratch');
      mkdirSync(scratch);
      try {
        const run = await measure(contender.command(scratch));
        runs[at]?.push(run);
        last[at] = await contender.counted(scratch, run);
        wrong[at] = last[at]?.wrong ?? null;
        process.stderr.write(
          `round ${round + 1} ${contender.name}: wall ${run.wallSeconds.toFixed(2)} s, CPU ${run.cpuSeconds.toFixed(2)} s\n`,
        );
      } catch (error) {
        wrong[at] = error instanceof Error ? error.message : String(error);
      }
      if (wrong[at] !== null) process.stderr.write(`round ${round + 1} ${contender.name}: ${wrong[at]}\n`);
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  return contenders.map((contender, at) => {
    const all = runs[at] ?? [];
    const cpu = all.map((run) => run.cpuSeconds);
    return {
      contender,
      wallSeconds: median(all.map((run) => run.wallSeconds)),
      cpuSeconds: median(cpu),
      cpuLeast: Math.min(...cpu),
      cpuMost: Math.max(...cpu),
      peakMegabytes: Math.max(0, ...all.map((run) => run.peakMegabytes)),
      counted: last[at] ?? null,
      wrong: wrong[at] ?? null,
    };
  });
}
