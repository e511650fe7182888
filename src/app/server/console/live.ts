/**
 * What happens now, told to everybody who looks at it.
 *
 * In:    a context. Out: for each who looks a stream of events, as `src/api/now.ts` has them.
 * Holds: the open windows are looked at once for all, and only while somebody looks; the more there is in them, the more
 *        seldom, so that comparing takes a tenth of a core at most. Each who looks has a short queue: what does not fit is
 *        counted and left out.
 * Fails: never; where nothing can be looked at, `standing` says why.
 */
import type { NowMissed, NowPackets, NowStanding } from '../../../api/now.ts';
import type { FieldValue } from '../../../api/explore.ts';
import type { OpenChanges } from '../../../lake/read/open-changes.ts';
import { followOpenWindows } from '../../../lake/read/open-changes.ts';
import { lookAtOpenWindows } from '../../../lake/read/open-windows.ts';
import { RECORD_FIELDS } from '../../../api/filter-fields.ts';
import type { ConsoleContext } from './context.ts';
import type { ConsoleEvent } from './route.ts';

/** Between two looks, at least; and so many times as long as the collector took, and as comparing takes here. */
const LOOK_MILLIS = 250;
const TIMES_WAITED = 2;
const TIMES_COMPARED = 10;
const STANDING_MILLIS = 1000;
/** Some 50,000 records: more of them nobody follows by eye. */
const MOST_BYTES = 5_000_000;
/** After a look that was too large, or that nobody answered. */
const LATER_MILLIS = 5000;
/** Records told one by one with a look. */
const MOST_RECORDS = 50;
/** Events that wait for one who looks. */
const MOST_WAITING = 8;

type Reader = { readonly waiting: ConsoleEvent[]; missed: number; wake: () => void };

/** Those who look at one context. */
type Live = { readonly readers: Set<Reader>; isFollowing: boolean };

/** What of a context is looked at. */
export type LiveContext = Pick<ConsoleContext, 'dataDirectory' | 'standing' | 'now'>;

const lives = new WeakMap<LiveContext, Live>();

/** The events from now on; ends with the signal. */
export async function* liveEvents(context: LiveContext, signal: AbortSignal): AsyncGenerator<ConsoleEvent> {
  const live = lives.get(context) ?? { readers: new Set(), isFollowing: false };
  lives.set(context, live);
  const reader: Reader = { waiting: [], missed: 0, wake: () => {} };
  const stop = (): void => reader.wake();
  signal.addEventListener('abort', stop);
  live.readers.add(reader);
  if (!live.isFollowing) void follow(context, live);
  try {
    yield { event: 'standing', data: standingNow(context, null) };
    while (!signal.aborted) {
      if (reader.missed > 0) {
        const missed: NowMissed = { events: reader.missed };
        reader.missed = 0;
        yield { event: 'missed', data: missed };
      }
      const next = reader.waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (reader.wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    live.readers.delete(reader);
  }
}

function tell({ readers }: Live, event: ConsoleEvent): void {
  for (const reader of readers) {
    if (reader.waiting.length < MOST_WAITING) reader.waiting.push(event);
    else reader.missed++;
    reader.wake();
  }
}

/** Looks until nobody does. */
async function follow(context: LiveContext, live: Live): Promise<void> {
  live.isFollowing = true;
  const changes = followOpenWindows(MOST_RECORDS);
  let lookedMillis: number | null = null;
  let quiet: NowStanding['quiet'] = null;
  let [nextLook, nextStanding] = [0, 0];
  while (live.readers.size > 0) {
    const began = performance.now();
    if (began >= nextLook) {
      const found = await look(context);
      quiet = found.quiet;
      let pause = LATER_MILLIS;
      if (found.text !== null) {
        const atMillis = context.now();
        const changed = changes.next(found.text);
        // The first look only shows what stood there.
        if (lookedMillis !== null)
          tell(live, { event: 'packets', data: packetsOf(changed, atMillis, atMillis - lookedMillis) });
        lookedMillis = atMillis;
        const [waited, compared] = [found.atMillis - began, performance.now() - found.atMillis];
        pause = Math.min(LATER_MILLIS, Math.max(LOOK_MILLIS, waited * TIMES_WAITED, compared * TIMES_COMPARED));
      }
      nextLook = began + pause;
    }
    if (began >= nextStanding) {
      nextStanding = began + STANDING_MILLIS;
      tell(live, { event: 'standing', data: standingNow(context, quiet) });
    }
    const pause = Math.min(nextLook, nextStanding) - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MILLIS, Math.max(0, pause))));
  }
  live.isFollowing = false;
}

function packetsOf(changed: OpenChanges, atMillis: number, sinceMillis: number): NowPackets {
  const { fields, records, accepted, rejected, more, open } = changed;
  const values = records.map((texts) => texts.map((text, at) => valueOf(text, fields[at] ?? '')));
  return { atMillis, sinceMillis, accepted, rejected, fields, records: values, more, open };
}

type Look = { readonly quiet: NowStanding['quiet']; readonly text: string | null; readonly atMillis: number };

async function look(context: LiveContext): Promise<Look> {
  const looked = (quiet: NowStanding['quiet'], text: string | null): Look => ({
    quiet,
    text,
    atMillis: performance.now(),
  });
  try {
    const found = await lookAtOpenWindows(context.dataDirectory, MOST_BYTES, AbortSignal.timeout(LATER_MILLIS));
    if (found === null) return looked('not-running', null);
    if (found === 'too-much') return looked('too-many', null);
    const text = found.toString();
    return text === '' ? looked('no-local-flow-log', null) : looked(null, text);
  } catch {
    return looked('not-running', null);
  }
}

/** Fields whose values are numbers. */
const NUMBERS = new Set(RECORD_FIELDS.filter(({ kind }) => kind === 'number').map(({ name }) => name));

function valueOf(text: string, field: string): FieldValue {
  if (text === '-') return null;
  return NUMBERS.has(field) && /^\d{1,15}$/u.test(text) ? Number(text) : text;
}

/** How it stands at this moment. */
function standingNow({ standing, now }: LiveContext, quiet: NowStanding['quiet']): NowStanding {
  const { stages, drops, capture, detection } = standing;
  const sum = (counts: readonly (number | undefined)[]): number =>
    counts.reduce<number>((all, each) => all + (each ?? 0), 0);
  const known = stages === null ? null : { ...stages.counts, ...stages.tables, counted: stages.counts.kernel };
  return {
    atMillis: now(),
    capture: capture.is,
    quiet,
    packets: known === null ? null : known.observations.out + (known.counted?.out ?? 0),
    lost:
      known === null
        ? null
        : sum([
            drops === null ? 0 : Atomics.load(drops, 0),
            known.counted?.lost['kernel-full'],
            known.counted?.lost['unread'],
            ...Object.values(known.aggregate).flatMap(({ lost }) => Object.values(lost)),
          ]),
    openWindows: known?.openWindows ?? null,
    flowRows: known?.flowRows ?? null,
    connections: known?.tracked ?? null,
    verdicts: known === null ? null : (stages?.tables.kernel?.how ?? 'model'),
    findings: detection.lastLook === null ? null : detection.open,
  };
}
