/**
 * softflowd: flows in memory, none live longer than 60 s, exported to nobody.
 *
 * Without `-6` it skips IPv6; its table has 8,192 flows unless raised; with a control socket it waits for a client before
 * it reads the file.
 */
import { join } from 'node:path';

import type { Contender } from '../contender.ts';
import type { Input } from '../inputs.ts';
import { versionLine } from '../inputs.ts';

export function softflowd(input: Input): Contender | null {
  const version = versionLine('softflowd', ['-h'], /version (\d[\d.]*\d)/);
  if (version === null) return null;
  return {
    name: 'softflowd',
    version,
    command: (dir) => ({
      // prettier-ignore
      argv: ['softflowd', '-6', '-d', '-r', input.file, '-m', '8000000', '-t', 'maxlife=60', '-c', 'none', '-p', join(dir, 'pid')],
    }),
    counted(_dir, run) {
      const number = (pattern: RegExp): number => Number(pattern.exec(run.stdout + run.stderr)?.[1] ?? 0);
      const packets = number(/Packets processed: (\d+)/);
      const forced = number(/\((\d+) forced\)/);
      return {
        flows: number(/Flows exported: \d+ \((\d+) records\)/),
        packets,
        wrong:
          packets !== input.packets
            ? `counted ${packets} packets`
            : forced > 0
              ? `threw ${forced} flows out of a full table`
              : null,
      };
    },
  };
}
