/**
 * A week of what a small network with public addresses records, with or without attacks.
 *
 * In:    a seed, how much of everything. Out: the text of any hour: `bin/node bench/generate/week/week.ts --out DIR` writes all of them
 *        as text.gz objects in AWS's layout.
 * Holds: the same options give the same bytes; an hour is the same whether the others are made or not.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { DEFAULT_FORMAT, headerLine, parseLogFormat } from '../../../src/record/format.ts';
import { objectKey } from '../../../src/storage/object/keys.ts';
import { createRandom, hash32 } from '../random.ts';
import { ATTACKS } from './attacks.ts';
import { WEEK_FORMAT, WeekLines } from './lines.ts';
import { HOUR, WEEK_BEGINS } from './places.ts';
import { usualHour } from './usual.ts';
import type { Mix } from './usual.ts';

export const WEEK_HOURS = 168;

export type WeekOptions = Mix & {
  readonly seed: number;
  readonly attacks: boolean;
  readonly fields: 'all' | 'default';
  /** Hours of the week in which the monitor works. */
  readonly monitorHours: (hour: number) => boolean;
};

/** The whole of it. */
export const WHOLE_WEEK: WeekOptions = {
  seed: 9,
  attacks: true,
  fields: 'all',
  probesADay: 900,
  monitored: 1000,
  visits: 40,
  fanOut: 20,
  monitorHours: () => true,
};

/** The lines of an hour, 0 to 167, without header, in no particular order. */
export function hourLines(hour: number, options: WeekOptions): readonly string[] {
  const random = createRandom(hash32(hour, options.seed));
  const out = new WeekLines(random, options.fields);
  const hourSeconds = WEEK_BEGINS + hour * HOUR;
  usualHour(out, random, hourSeconds, {
    ...options,
    monitored: options.monitorHours(hour) ? options.monitored : 0,
  });
  if (options.attacks)
    for (const attack of ATTACKS)
      if (hour >= attack.hours[0] && hour < attack.hours[1])
        attack.write(out, random, hourSeconds, hour - attack.hours[0]);
  return out.lines;
}

/** The header line of an hour's text. */
export function weekHeader({ fields }: Pick<WeekOptions, 'fields'>): string {
  return headerLine(parseLogFormat(fields === 'all' ? WEEK_FORMAT : DEFAULT_FORMAT));
}

/** Writes hours as objects below a directory; gives their number of records. */
export function writeWeek(directory: string, options: WeekOptions, from = 0, to = WEEK_HOURS): number {
  let records = 0;
  for (let hour = from; hour < to; hour++) {
    const lines = hourLines(hour, options);
    records += lines.length;
    const key = objectKey({
      prefix: '',
      organization: null,
      accountId: '123456789012',
      region: 'us-east-1',
      flowLogId: 'fl-0123456789abcdef0',
      slotSeconds: WEEK_BEGINS + hour * HOUR,
      hash: hour.toString(16).padStart(8, '0'),
      fileFormat: 'plain-text',
      hive: false,
      hourly: false,
    });
    const path = join(directory, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync([weekHeader(options), ...lines, ''].join('\n'), { level: 1 }));
  }
  return records;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      seed: { type: 'string', default: '9' },
      quiet: { type: 'boolean', default: false },
      default: { type: 'boolean', default: false },
      from: { type: 'string', default: '0' },
      to: { type: 'string', default: String(WEEK_HOURS) },
      monitored: { type: 'string', default: '1000' },
    },
  });
  if (values.out === undefined) throw new Error('--out DIR is missing');
  const options: WeekOptions = {
    ...WHOLE_WEEK,
    seed: Number(values.seed),
    attacks: !values.quiet,
    fields: values.default ? 'default' : 'all',
    monitored: Number(values.monitored),
  };
  const records = writeWeek(values.out, options, Number(values.from), Number(values.to));
  process.stdout.write(`${JSON.stringify({ records })}\n`);
}
