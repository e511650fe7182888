/**
 * growth: CPU for each packet at 50 million packets against 1 million, without a model and with one.
 *
 * In:    two captures with the same rate of packets and of new flows. Out: a table; the floor that issue 2 names.
 * Holds: `--long` has the 50 million; without it 10 million stand for them.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { compete } from '../contender.ts';
import type { Standing } from '../contender.ts';
import { flowgauge } from '../flowgauge.ts';
import { INPUTS, makeInput, roomFor, withWorkplace } from '../inputs.ts';
import type { Input, InputSpec } from '../inputs.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const SMALL = INPUTS['1M'] as InputSpec;
const FULL = INPUTS['50M'] as InputSpec;
const EVERY_DAY: InputSpec = { packets: 10_000_000, snap: 96, seconds: 2000 };

export const growth: Row = ({ rounds, long, bursty, command }) => {
  const large = long ? FULL : EVERY_DAY;
  return withWorkplace(roomFor(large), async (dir) => {
    const head = heading('growth: CPU for each packet', command);
    const model = join(dir, 'model.json');
    const inputs = [
      makeInput(dir, 'small', { ...SMALL, bursty }, model),
      makeInput(dir, 'large', { ...large, bursty }, null),
    ];
    const rows: string[][] = [];
    const floors: string[] = [];
    for (const given of [null, model]) {
      const standings = await compete(
        dir,
        inputs.map((input) => flowgauge(input, given, {})),
        rounds,
      );
      const [small, big] = standings.map((one, at) => perMillion(one, inputs[at] as Input));
      for (const [at, one] of standings.entries()) rows.push(rowOf(one, inputs[at] as Input));
      const what = `CPU for each packet at ${millions(large.packets)} to that at ${millions(SMALL.packets)}, ${given === null ? 'no model' : 'with a model'}`;
      floors.push(floor(what, (big ?? Number.NaN) / (small ?? Number.NaN), 1.15, false));
    }
    for (const input of inputs) rmSync(input.file);
    const columns = ['run', 'packets', 'records', 'wall s', 'CPU s', 'CPU s for a million packets', 'peak MB'];
    return `${head}${table(columns, rows)}\n${floors.join('\n')}\n`;
  });
};

function perMillion(one: Standing, input: Input): number {
  return one.wrong === null ? (one.cpuSeconds / input.packets) * 1e6 : Number.NaN;
}

function rowOf(one: Standing, input: Input): string[] {
  return [
    one.contender.name,
    millions(input.packets),
    one.wrong ?? one.counted?.flows.toLocaleString('en') ?? '-',
    fixed(one.wallSeconds),
    fixed(one.cpuSeconds),
    fixed(perMillion(one, input), 3),
    fixed(one.peakMegabytes, 0),
  ];
}

function millions(packets: number): string {
  return `${packets / 1e6} million`;
}
