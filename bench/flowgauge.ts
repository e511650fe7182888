/**
 * Our side: `bin/flowgauge capture`, and the check of what it wrote.
 *
 * In:    an input, with its model or without. Out: a contender.
 * Holds: without a model the packets and bytes of all records are those of the file. With one, every packet that an
 *        interface sent is in its egress records, and every other one, and those that passed egress on their way to an
 *        interface, in ingress records.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Contender } from './contender.ts';
import { ROOT, revision } from './inputs.ts';
import type { Input } from './inputs.ts';
import { sumRecords } from './records.ts';

/** The verb; another program can stand in for it while one is written. */
export function captureCommand(): string[] {
  return (process.env['FLOWGAUGE_BENCH_CAPTURE'] ?? `${join(ROOT, 'bin/flowgauge')} capture`).split(' ');
}

/** Our version, with the commit. */
export function ourVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return `${version} (${revision()})`;
}

/** Records to a file of text, as `capture -r FILE > OUT` writes them. */
export function flowgauge(input: Input, model: string | null, env: Record<string, string> = {}): Contender {
  return {
    name: model === null ? 'flowgauge' : 'flowgauge --vpc',
    version: ourVersion(),
    command: (dir) => ({
      argv: [...captureCommand(), '-r', input.file, ...(model === null ? [] : ['--vpc', model])],
      stdoutFile: join(dir, 'records.txt'),
      env,
    }),
    async counted(dir) {
      const sums = await sumRecords(join(dir, 'records.txt'), model);
      const { records, packets, bytes, egress, ingress, toInside } = sums;
      const wrong =
        model === null
          ? packets !== input.packets
            ? `records hold ${packets} packets`
            : bytes === input.ipBytes
              ? null
              : `records hold ${bytes} bytes`
          : egress !== input.packetsFromInside
            ? `egress records hold ${egress} packets of ${input.packetsFromInside}`
            : ingress === input.packets - input.packetsFromInside + toInside
              ? null
              : `ingress records hold ${ingress} packets of ${input.packets - input.packetsFromInside + toInside}`;
      return {
        flows: records,
        packets,
        wrong: wrong ?? (sums.skipped > 0 ? `${sums.skipped} SKIPDATA records` : null),
      };
    },
  };
}
