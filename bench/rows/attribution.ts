/**
 * attribution: rejected records given to what rejected them, beside a straightforward evaluation, rule by rule.
 *
 * In:    `--long` has 10 million records, else 2 million; 1,000 interfaces and 20,000 rules. Out: a table; memory by tenths.
 * Holds: both give the same number of records to each outcome, or the row does not count. Both read the same text. The
 *        straightforward side reads a fifth of the records of `--long`: its time for each record does not hang on their number.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HEADER, rejectedText, SEED } from '../explaining/rejected.ts';
import { benchModel } from '../generate/model.ts';
import { benchNetwork } from '../generate/network.ts';
import { NODE, ROOT, withWorkplace } from '../inputs.ts';
import { measure, median } from '../measure.ts';
import type { Measurement } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const EVERY_DAY = 2_000_000;
const FULL = 10_000_000;
const BYTES_EACH = HEADER.length;

type Side = { readonly name: string; readonly script: string; readonly file: string; readonly records: number };
type Found = { readonly counts: Readonly<Record<string, number>>; readonly megabytes?: readonly number[] };

export const attribution: Row = ({ rounds, long, command }) => {
  const records = long ? FULL : EVERY_DAY;
  return withWorkplace(records * BYTES_EACH * 2, async (dir) => {
    const head = heading(`attribution: ${records / 1e6} million rejected records`, command);
    const model = join(dir, 'model.json');
    writeFileSync(model, JSON.stringify(benchModel(benchNetwork(SEED))));
    const small = write(join(dir, 'small.log'), EVERY_DAY);
    const large = long ? write(join(dir, 'large.log'), FULL) : small;
    const ours: Side = { name: 'flowgauge', script: 'ours.ts', file: large, records };
    const same: Side = { ...ours, file: small, records: EVERY_DAY };
    const plain: Side = { name: 'rule by rule', script: 'rule-by-rule.ts', file: small, records: EVERY_DAY };
    const sides = long ? [ours, same, plain] : [ours, plain];
    const runs = sides.map((): Measurement[] => []);
    for (let round = 0; round < rounds; round++)
      for (const [at, { script, file, name }] of sides.entries()) {
        const argv = [NODE, join(ROOT, 'bench/explaining', script), model, file];
        const run = await measure({ argv });
        runs[at]!.push(run);
        process.stderr.write(`round ${round + 1} ${name}: wall ${fixed(run.wallSeconds)} s\n`);
      }
    const found = runs.map((own) => JSON.parse(own.at(-1)!.stdout) as Found);
    const cpu = runs.map((own, at) => median(own.map(({ cpuSeconds }) => (cpuSeconds / sides[at]!.records) * 1e6)));
    const isSame = sameCounts(found[sides.length - 2]!.counts, found.at(-1)!.counts);
    const rows = sides.map(({ name, records: own }, at) => [
      name,
      own.toLocaleString('en'),
      fixed(median(runs[at]!.map(({ wallSeconds }) => wallSeconds))),
      fixed(cpu[at]!),
      fixed(Math.max(...runs[at]!.map(({ peakMegabytes }) => peakMegabytes)), 0),
      String(Object.keys(found[at]!.counts).length),
    ]);
    const columns = ['side', 'records', 'wall s', 'CPU s for a million records', 'peak MB', 'outcomes'];
    const tenths = found[0]!.megabytes!;
    const growth = Math.max(...tenths.slice(5)) / Math.max(...tenths.slice(0, 5));
    return [
      `${head}${table(columns, rows)}`,
      `Resident MB at each tenth of the way: ${tenths.join(', ')}`,
      '',
      isSame ? '- both give the same records to each outcome' : '- **the sides do not agree: the row does not count**',
      floor('CPU of rule by rule to ours, for each record', cpu.at(-1)! / cpu[0]!, 1, true),
      floor('largest memory of the second half to that of the first', growth, 1.1, false),
      '',
    ].join('\n');
  });
};

function write(path: string, records: number): string {
  const file = openSync(path, 'w');
  for (const text of rejectedText(records)) writeSync(file, text);
  closeSync(file);
  return path;
}

function sameCounts(a: Found['counts'], b: Found['counts']): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
