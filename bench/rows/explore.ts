/**
 * explore: questions of the console over 1 million records, from its cache and without one.
 *
 * In:    a day of 288 text.gz objects in a directory. Out: a table; how much less the cache takes.
 * Holds: both sides give the same answers, or the row does not count. All questions of a side run in one process, as they do
 *        in `up`, one after the other; each as often as there are rounds, sides in turn.
 */
import { join } from 'node:path';
import type { TimeRange } from '../../src/lake/read/source.ts';
import { placeOf } from '../../src/query/explore/ask-place.ts';
import type { Place } from '../../src/query/explore/ask-place.ts';
import { explore as exploreAt } from '../../src/query/explore/explore.ts';
import { recordsPage } from '../../src/query/explore/records.ts';
import { filterFrom } from '../../src/query/explore/where.ts';
import { makeTextDay } from '../generate/text-day.ts';
import { withWorkplace } from '../inputs.ts';
import { median } from '../measure.ts';
import { fixed, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const RECORDS = 1_000_000;
/** The day that `makeTextDay` makes. */
const DAY = Date.UTC(2026, 4, 12) / 1000;
const RANGE: TimeRange = { startSeconds: DAY, endSeconds: DAY + 86_400 };
const COLUMNS = ['start', 'action', 'srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes'];
const SIGNAL = new AbortController().signal;

type Question = { readonly name: string; readonly ask: (place: Place) => Promise<unknown> };

const graph =
  (where: string, dimensions: readonly string[], withBefore = false) =>
  async (place: Place) => {
    const filter = filterFrom(where);
    const asked = { range: RANGE, filter, dimensions, measure: 'bytes', points: 120, top: 10, withBefore } as const;
    const { groups, other, total } = await exploreAt(place, asked, SIGNAL);
    return { groups, other, total };
  };
const page = (where: string, after: string | null) => async (place: Place) => {
  const asked = { range: RANGE, filter: filterFrom(where), columns: COLUMNS, rows: 500, after };
  return (await recordsPage(place, asked, SIGNAL)).rows;
};

const QUESTIONS: readonly Question[] = [
  { name: 'graph and table by action', ask: graph('', ['action']) },
  { name: 'by srcaddr: 131,000 groups', ask: graph('', ['srcaddr']) },
  { name: 'by peer and service-port', ask: graph('', ['peer', 'service-port']) },
  {
    name: 'rejected from 10.0.0.0/22, by dstport, period before',
    ask: graph('action=REJECT,srcaddr=10.0.0.0/22', ['dstport'], true),
  },
  { name: '500 records, the newest', ask: page('', null) },
  { name: '500 records from the middle of the day', ask: page('', `${DAY + 43_200}.0`) },
];

export const explore: Row = ({ rounds, command }) =>
  withWorkplace(RECORDS * 120, async (dir) => {
    const head = heading(`explore: questions of the console over ${RECORDS / 1e6} million records`, command);
    makeTextDay(join(dir, 'day'), RECORDS);
    const place = (cache: { readonly directory: string } | null): Place =>
      placeOf({ from: join(dir, 'day'), cache, memoryBytes: 1e9 });
    const sides = [place({ directory: join(dir, 'cache') }), place(null)] as const;
    const first = await timed(() => QUESTIONS[0]!.ask(sides[0]));
    let same = true;
    const rows: string[][] = [];
    for (const { name, ask } of QUESTIONS) {
      const runs = sides.map((): { wall: number; cpu: number }[] => []);
      for (let round = 0; round < rounds; round++) {
        const answers = new Set<string>();
        for (const [at, side] of sides.entries()) {
          const run = await timed(() => ask(side));
          runs[at]!.push(run);
          answers.add(JSON.stringify(run.answer));
        }
        same &&= answers.size === 1;
      }
      const [kept, anew] = runs.map((all) => ({
        wall: median(all.map(({ wall }) => wall)),
        cpu: median(all.map(({ cpu }) => cpu)),
      }));
      process.stderr.write(`${name}: CPU ${fixed(kept!.cpu)} s from the cache, ${fixed(anew!.cpu)} s without\n`);
      rows.push([
        name,
        fixed(kept!.wall),
        fixed(kept!.cpu),
        fixed(anew!.wall),
        fixed(anew!.cpu),
        `${fixed(anew!.cpu / kept!.cpu)}x`,
      ]);
    }
    return [
      head +
        table(
          ['question', 'from the cache, wall s', 'CPU s', 'without one, wall s', 'CPU s', 'CPU without to with'],
          rows,
        ),
      `- answers: ${same ? 'the same' : '**differ; the row does not count**'}`,
      `- the first question, which puts the objects into the cache: wall ${fixed(first.wall)} s, CPU ${fixed(first.cpu)} s`,
      '',
    ].join('\n');
  });

async function timed(work: () => Promise<unknown>): Promise<{ answer: unknown; wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const began = performance.now();
  const answer = await work();
  const { user, system } = process.cpuUsage(before);
  return { answer, wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
}
