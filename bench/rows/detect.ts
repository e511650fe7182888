/**
 * detect: all detections over 10 million records; detect-week: the whole generated week, day by day, with and without attacks.
 *
 * In:    days of the generated week (docs/detect.md has its mix), its network. Out: tables; the floors of issue 9.
 * Holds: what is measured is the verb as people run it, from text.gz to findings. Memory is the largest of any round.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectReport, Finding } from '../../src/api/findings.ts';
import { weekModel } from '../generate/week/model.ts';
import { toldOfWeek } from '../generate/week/told.ts';
import { WHOLE_WEEK, writeWeek } from '../generate/week/week.ts';
import { NODE, ROOT, withWorkplace } from '../inputs.ts';
import { measure, median } from '../measure.ts';
import type { Measurement } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

/** Three days of the whole week, the later two with attacks: 10.5 million records. */
const DAYS: readonly [number, number] = [48, 120];
const WORKPLACE_BYTES = 2e9;

/** Runs the verb; that something was found is no failure. */
function detect(from: string, ...words: string[]): Promise<Measurement> {
  const command = [NODE, join(ROOT, 'src/cli/main.ts'), 'detect', '--from', from, '--json', ...words];
  return measure({ argv: ['sh', '-c', '"$@" || test $? = 3', 'sh', ...command] });
}

export const detectTen: Row = ({ rounds, command }) =>
  withWorkplace(WORKPLACE_BYTES, async (dir) => {
    const head = heading('detect: all detections over 10 million records', command);
    const [logs, model] = [join(dir, 'logs'), join(dir, 'model.json')];
    const records = writeWeek(logs, WHOLE_WEEK, ...DAYS);
    writeFileSync(model, JSON.stringify(weekModel()));
    const sides = [
      { name: 'detections without a network', words: [] },
      { name: 'all detections, with the network', words: ['--vpc', model] },
    ];
    const runs = sides.map((): Measurement[] => []);
    for (let round = 0; round < rounds; round++)
      for (const [at, { words, name }] of sides.entries()) {
        const run = await detect(logs, '--data', join(dir, 'none'), ...words);
        runs[at]!.push(run);
        process.stderr.write(`round ${round + 1} ${name}: wall ${fixed(run.wallSeconds)} s\n`);
      }
    const walls = runs.map((own) => median(own.map(({ wallSeconds }) => wallSeconds)));
    const peak = Math.max(...runs.flat().map(({ peakMegabytes }) => peakMegabytes));
    const rows = sides.map(({ name }, at) => {
      const { asked, findings } = JSON.parse(runs[at]!.at(-1)!.stdout) as DetectReport;
      const own = runs[at]!;
      return [
        name,
        String(asked),
        records.toLocaleString('en'),
        fixed(walls[at]!),
        fixed(median(own.map(({ cpuSeconds }) => cpuSeconds))),
        fixed(Math.max(...own.map(({ peakMegabytes }) => peakMegabytes)), 0),
        String(findings.length),
      ];
    });
    return [
      head + table(['side', 'detections', 'records', 'wall s', 'CPU s', 'peak MB', 'findings'], rows),
      floor('seconds for all detections', Math.max(...walls), 20, false),
      floor('peak MB', peak, 2000, false),
      '',
    ].join('\n');
  });

export const detectWeek: Row = ({ command }) =>
  withWorkplace(WORKPLACE_BYTES, async (dir) => {
    const head = heading('detect-week: the whole generated week, day by day', command);
    const rows: string[][] = [];
    const lines: string[] = [];
    for (const fields of ['all', 'default'] as const)
      for (const attacks of [false, true]) {
        const name = `${attacks ? 'with attacks' : 'as usual'}, ${fields === 'all' ? 'with tcp-flags and flow-direction' : 'default format'}`;
        const data = join(dir, 'data');
        mkdirSync(data);
        const findings: Finding[] = [];
        let [records, cpu] = [0, 0];
        for (let day = 0; day < 7; day++) {
          const logs = join(dir, 'day');
          records += writeWeek(logs, { ...WHOLE_WEEK, attacks, fields }, day * 24, day * 24 + 24);
          const run = await detect(logs, '--data', data);
          cpu += run.cpuSeconds;
          findings.push(...(JSON.parse(run.stdout) as DetectReport).findings);
          rmSync(logs, { recursive: true });
          process.stderr.write(`${name}, day ${day}: ${findings.length} findings\n`);
        }
        rmSync(data, { recursive: true });
        const { missed, others } = toldOfWeek(findings);
        rows.push([
          name,
          records.toLocaleString('en'),
          fixed(cpu),
          String(findings.length),
          String(others.length),
          attacks ? String(12 - missed.length) : '-',
        ]);
        for (const { detection, subject } of others)
          lines.push(
            `- ${name}: ${detection} of ${subject.client ?? ''} ${subject.server ?? ''} ${subject.port ?? ''}`,
          );
        if (attacks) lines.push(...missed.map((one) => `- ${name}: **missed**: ${one.name}`));
      }
    const columns = ['week', 'records', 'CPU s', 'findings', 'of no attack', 'attacks found of 12'];
    return [head + table(columns, rows), 'What was told of no attack, or missed:', '', ...lines, ''].join('\n');
  });
