/**
 * threads: what a second core brings: text.gz objects with all threads, and with `FLOWGAUGE_THREADS=1`.
 *
 * In:    an input. Out: a table; the floor that issue 2 names.
 * Holds: both write the same names and bytes, or the row does not count.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { compete } from '../contender.ts';
import type { Contender, Counted } from '../contender.ts';
import { captureCommand, ourVersion } from '../flowgauge.ts';
import { INPUTS, makeInput, roomFor, withWorkplace } from '../inputs.ts';
import { floor, heading, standingsTable } from '../report.ts';
import type { Row } from './row.ts';

export const threads: Row = ({ input: name, rounds, bursty, command }) => {
  const spec = INPUTS[name];
  if (spec === undefined) throw new Error(`no input ${name}`);
  return withWorkplace(roomFor(spec), async (dir) => {
    const head = heading(`threads: capture ${name} to text.gz objects`, command);
    const input = makeInput(dir, name, { ...spec, bursty });
    let digest: string | null = null;
    const contender = (label: string, env: Record<string, string>): Contender => ({
      name: label,
      version: ourVersion(),
      command: (scratch) => ({ argv: [...captureCommand(), '-r', input.file, '-w', join(scratch, 'logs')], env }),
      counted(scratch): Counted {
        const found = objectsOf(join(scratch, 'logs'));
        digest ??= found.digest;
        const wrong = digest === found.digest ? null : 'wrote other names or bytes than the run before';
        return { flows: found.objects, packets: input.packets, wrong };
      },
    });
    const contenders = [contender('all threads', {}), contender('FLOWGAUGE_THREADS=1', { FLOWGAUGE_THREADS: '1' })];
    const standings = await compete(dir, contenders, rounds);
    const [all, single] = standings;
    const ratio = (single?.wallSeconds ?? Number.NaN) / (all?.wallSeconds ?? Number.NaN);
    const text = standingsTable(standings).replace('| flows |', '| objects |');
    return `${head}${text}\n${floor('wall of one thread to wall of all', ratio, 1.3, true)}\n`;
  });
};

/** Names and bytes of the objects under AWSLogs/, as one digest. */
function objectsOf(dir: string): { objects: number; digest: string } {
  const hash = createHash('sha256');
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .toSorted();
  const objects = files.filter((name) => name.includes('AWSLogs/') && !name.includes('_flowgauge/'));
  for (const name of objects) hash.update(`${name}\n`).update(readFileSync(join(dir, name)));
  return { objects: objects.length, digest: hash.digest('hex') };
}
