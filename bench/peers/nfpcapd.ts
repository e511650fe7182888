/**
 * nfpcapd of nfdump: flows into its own binary files, active and inactive flows expired after 60 s.
 *
 * Its cache has 512 Ki nodes, more than a minute's flows here, and grows by itself. Raised to 1 Mi it is no
 * faster and takes twice the memory, so it is left alone: our memory is compared with its.
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
      argv: ['nfpcapd', '-r', input.file, '-w', dir, '-e', '60,60', '-t', '60'],
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
