/**
 * watch-bulk: objects to bulk requests, against a worker that splits lines and makes JSON.
 *
 * In:    records of the default format and of versions 2 to 5, in objects of five minutes. Out: tables; the floor of issue 9.
 * Holds: all sides read the same files into nothing, one after the other, in turns. The plain side makes the same documents as ours but for
 *        services of AWS, which ours tells besides. What counts is CPU, for the machine may be shared.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, ROOT, withWorkplace } from '../inputs.ts';
import { measure, median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

type Side = { readonly name: string; readonly argv: (dir: string) => string[] };
type Run = { records: number; bytes: number; wallSeconds: number; cpuSeconds: number; peakMegabytes: number };

const script = (name: string): string => join(ROOT, 'bench/watching', name);
const SIDES: readonly Side[] = [
  { name: 'flowgauge', argv: (dir) => [script('ours.ts'), dir] },
  { name: 'the same documents by split and JSON.stringify', argv: (dir) => [script('plain.ts'), dir, 'ecs'] },
  { name: 'fields under their names by split and JSON.stringify', argv: (dir) => [script('plain.ts'), dir, 'flat'] },
];

export const watchBulk: Row = ({ rounds, long, command }) => {
  const records = long ? 2_000_000 : 400_000;
  return withWorkplace(records * 400, async (dir) => {
    const parts = [heading(`watch-bulk: ${records / 1e6} million records in objects to bulk requests`, command)];
    for (const format of ['default', 'long']) {
      const logs = join(dir, format);
      mkdirSync(logs);
      const make = ['--out', logs, '--records', String(records), '--files', '48', '--format', format];
      await measure({ argv: [NODE, join(ROOT, 'bench/generate/flow-logs.ts'), ...make] });
      const runs = SIDES.map((): Run[] => []);
      for (let round = 0; round < rounds; round++)
        for (const [at, { argv }] of SIDES.entries()) {
          const { stdout, cpuSeconds, wallSeconds, peakMegabytes } = await measure({ argv: [NODE, ...argv(logs)] });
          runs[at]!.push({ ...(JSON.parse(stdout) as Run), cpuSeconds, wallSeconds, peakMegabytes });
        }
      rmSync(logs, { recursive: true });
      const middle = (at: number, of: (run: Run) => number): number => median(runs[at]!.map(of));
      const rows = SIDES.map(({ name }, at) => [
        name,
        middle(at, (run) => run.records).toLocaleString('en'),
        fixed(middle(at, (run) => run.bytes) / 1e6, 0),
        fixed(middle(at, (run) => run.wallSeconds)),
        fixed(middle(at, (run) => run.cpuSeconds)),
        fixed((middle(at, (run) => run.cpuSeconds) / records) * 1e6),
        fixed(Math.max(...runs[at]!.map((run) => run.peakMegabytes)), 0),
      ]);
      const ratio = (at: number): number => middle(at, (run) => run.cpuSeconds) / middle(0, (run) => run.cpuSeconds);
      const same = runs.flat().every((run) => run.records === runs[0]![0]!.records);
      parts.push(
        `${format === 'default' ? 'Default format' : 'Versions 2 to 5'}:\n`,
        table(['side', 'records', 'MB', 'wall s', 'CPU s', 'µs of CPU a record', 'peak MB'], rows),
        `- records: ${same ? 'the same on all sides' : '**differ; the row does not count**'}`,
        floor('CPU of the same documents made plainly to ours', ratio(1), 5, true),
        `- CPU of fields under their names to ours: ${fixed(ratio(2))}`,
        '',
      );
    }
    return parts.join('\n');
  });
};
