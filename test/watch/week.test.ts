import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { ATTACKS } from '../../bench/generate/week/attacks.ts';
import { toldOfWeek } from '../../bench/generate/week/told.ts';
import { hourLines, WEEK_HOURS, WHOLE_WEEK, writeWeek } from '../../bench/generate/week/week.ts';
import type { WeekOptions } from '../../bench/generate/week/week.ts';
import { detect } from '../../src/watch/detect.ts';

/** Fewer visitors than the whole week has, and the monitor works in three hours of it. */
const SAMPLE: WeekOptions = { ...WHOLE_WEEK, visits: 2, fanOut: 2, monitorHours: (hour) => hour % 72 === 10 };

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-week-'));
after(() => rmSync(directory, { recursive: true }));

it('finds every attack of the sampled week, and of what is usual in it less than one thing a day', async () => {
  writeWeek(directory, SAMPLE);
  const { report } = await detect(directory, {});
  const { missed, others } = toldOfWeek(report.findings);
  assert.equal(ATTACKS.length, 12);
  assert.deepEqual(
    missed.map(({ name }) => name),
    [],
  );
  assert.ok(others.length < 7, JSON.stringify(others.map(({ detection, subject }) => [detection, subject])));
});

it('the week has at least 500 rejected probes a day, from changing sources, of both families', () => {
  const sources = new Set<string>();
  for (let day = 0; day < 7; day++) {
    let probes = 0;
    for (let hour = day * 24; hour < day * 24 + 24; hour++)
      for (const line of hourLines(hour, { ...SAMPLE, attacks: false, monitored: 0 })) {
        if (!line.includes(' REJECT ')) continue;
        probes++;
        sources.add(line.split(' ')[3]!);
      }
    assert.ok(probes >= 500, `day ${day} has ${probes}`);
  }
  assert.ok(sources.size > 1000);
  assert.ok([...sources].some((address) => address.includes(':')));
  assert.equal(WEEK_HOURS, 168);
});
