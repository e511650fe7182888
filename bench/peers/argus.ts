/**
 * argus: status records into its own binary file every 60 s. Its table has no bound.
 *
 * One record of it has both directions of a flow, so its count is about half of that of the others.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import type { Contender } from '../contender.ts';
import type { Input } from '../inputs.ts';
import { versionLine } from '../inputs.ts';

export function argus(input: Input): Contender | null {
  const version = versionLine('argus', ['-h'], /Version ([\d.]+)/);
  if (version === null) return null;
  return {
    name: 'argus',
    version,
    command: (dir) => ({ argv: ['argus', '-X', '-r', input.file, '-S', '60', '-w', join(dir, 'argus')] }),
    counted(dir) {
      const sums = execFileSync('racount', ['-r', join(dir, 'argus')], { encoding: 'utf8' });
      const [, flows = 0, packets = 0] = /sum\s+(\d+)\s+(\d+)/.exec(sums)?.map(Number) ?? [];
      return { flows, packets, wrong: packets === input.packets ? null : `counted ${packets} packets` };
    },
  };
}
