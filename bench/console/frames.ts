/**
 * How long the frames of a page take, from the browser's own trace.
 *
 * In:    a page, what is done with it. Out: the longest frame and the longest task of its main thread, and how many there were.
 * Holds: a frame is what the browser calls one (`AnimationFrame`: from the task that made it necessary to its presentation, tasks
 *        included); tasks are `RunTask` of the page's main thread. Both are counted only while `work` runs.
 */
import type { Page } from 'playwright-core';

export type Frames = {
  readonly frames: number;
  readonly longestFrameMillis: number;
  readonly over100Millis: number;
  readonly longestTaskMillis: number;
  readonly tasksOver100Millis: number;
  /** Of the processor, which other programs of the machine do not lengthen. */
  readonly longestTaskCpuMillis: number;
};

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own clock, microseconds as all times here. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly id2?: { readonly local?: string };
  readonly args?: { readonly name?: string };
};

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];
const LIMIT_MILLIS = 100;

/** Traces the page while `work` runs. */
export async function framesOf(page: Page, work: () => Promise<void>): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise<void>((resolve) => session.on('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES, recordMode: 'recordAsMuchAsPossible' },
  });
  try {
    await page.evaluate(`performance.mark('bench-begin')`);
    await work();
    await page.evaluate(`performance.mark('bench-end')`);
  } finally {
    await session.send('Tracing.end');
    await complete;
    await session.detach();
  }
  return measured(events);
}

/** What the events of a trace say. */
function measured(events: readonly TraceEvent[]): Frames {
  const mark = (name: string): TraceEvent => {
    const found = events.find((event) => event.name === name);
    if (found === undefined) throw new Error(`the trace has no mark ${name}`);
    return found;
  };
  const begin = mark('bench-begin');
  const end = mark('bench-end');
  const isWithin = ({ ts, pid }: TraceEvent): boolean => pid === begin.pid && ts >= begin.ts && ts <= end.ts;
  const run = events.filter(
    (event) => event.ph === 'X' && event.name.endsWith('RunTask') && event.tid === begin.tid && isWithin(event),
  );
  const tasks = run.map(({ dur = 0 }) => dur / 1000);
  const opened = new Map<string, number>();
  const frames: number[] = [];
  for (const event of events.toSorted((a, b) => a.ts - b.ts)) {
    if (event.name !== 'AnimationFrame' || !isWithin(event)) continue;
    const id = event.id2?.local ?? '';
    if (event.ph === 'b') opened.set(id, event.ts);
    else if (event.ph === 'e' && opened.has(id)) frames.push((event.ts - opened.get(id)!) / 1000);
  }
  const most = (of: readonly number[]): number => of.reduce((longest, one) => Math.max(longest, one), 0);
  return {
    frames: frames.length,
    longestFrameMillis: most(frames),
    over100Millis: frames.filter((millis) => millis > LIMIT_MILLIS).length,
    longestTaskMillis: most(tasks),
    longestTaskCpuMillis: most(run.map(({ tdur = 0 }) => tdur / 1000)),
    tasksOver100Millis: tasks.filter((millis) => millis > LIMIT_MILLIS).length,
  };
}
