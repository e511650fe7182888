/**
 * nfpcapd of nfdump: flows into its own binary files, active and inactive flows expired after 60 s.
 *
 * Its cache of 512 Ki nodes grows by itself; raised all the same, so that growing is not what is measured.
 */
import { execFileSync } from 'node:child_process';

import type { Contender } from '../contender.ts';
import type { Input } from '../inputs.ts';
import { versionLine } from '../inputs.ts';

export function nfpcapd(input: Input): Contender | null {
  const version = versionLine('nfpcapd', ['-V'], /Version: *([\d.]+)/);
  if (version === null) return null;
  return {
    name: 'nfpcapd',
    version,
    command: (dir) => ({
      argv: ['nfpcapd', '-r', input.file, '-w', dir, '-e', '60,60', '-t', '60', '-B', '1048576'],
    }),
    counted(dir) {
      const facts = execFileSync('nfdump', ['-R', dir, '-I'], { encoding: 'utf8' });
      const fact = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(facts)?.[1] ?? 0);
      const wrong =
        fact('Packets') !== input.packets
          ? `counted ${fact('Packets')} packets`
          : fact('Bytes') !== input.ipBytes
            ? `counted ${fact('Bytes')} bytes`
            : null;
      return { flows: fact('Flows'), packets: fact('Packets'), wrong };
    },
  };
}
