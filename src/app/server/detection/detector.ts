/**
 * Takes looks at the newest flow logs, again and again.
 *
 * In:    a data directory, settings, who is told. Out: the standing; an event for each finding that is new, and for trouble that is.
 * Holds: one look at a time, each in a process of its own. A look begins when so many seconds have passed since the last one began, and
 *        looks take at most a tenth of one processor: a costly one is followed by a long pause. Long looks take at most a
 *        twentieth; while that is used up, looks are near ones. So on most machines each look is a long one. Where no packet came
 *        for two looks none is taken, for an hour at most.
 * Fails: never: what fails is told, once until it goes well, and the next look tries again.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Finding } from '../../../api/findings.ts';
import { failure, FlowgaugeError } from '../../../model/errors.ts';
import { removeScratchOf } from '../../../lake/read/scratch.ts';
import type { Told } from '../../../storage/state/findings.ts';
import type { Looked, LookPlace } from '../../../watch/look.ts';
import { receivedError } from '../../collector/posted-error.ts';
import type { FromLooker, ToLooker } from './message.ts';
import { LOOK, lookerFile } from './process.ts';
import type { DetectionSettings } from '../../config.ts';
import type { DetectionStanding } from './standing.ts';

export type DetectorEvent =
  | { readonly kind: 'found'; readonly finding: Pick<Finding, 'id' | 'detection' | 'severity'> }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string };

export type DetectorOptions = {
  readonly data: string;
  /** What is looked at where it is not the directory's own bucket. */
  readonly place?: LookPlace;
  readonly settings: DetectionSettings;
  readonly receivers: readonly Told[];
  readonly standing: DetectionStanding;
  readonly show: (event: DetectorEvent) => void;
  /** Called after each look that went well. */
  readonly looked: () => void;
  /** Packets that were seen so far; null where nobody counts. */
  readonly packets?: () => number | null;
  /** Before the first look; as long as between two where nothing is said: what starts has other things to do. */
  readonly firstMillis?: number;
  readonly now?: () => number;
};

export type Detector = {
  /** Stops a look that is being taken; none follows. */
  end(): void;
};

/** From one look to the next it is so many times what it took of the processors. */
const NEAR_SHARE = 10;
const LONG_SHARE = 20;
/** Windows close 2 s after their end, and are published then. */
const AFTER_CLOSE_MILLIS = 4000;
const WINDOW_MILLIS = 60_000;
const SLACK_MILLIS = 10_000;
/** What does not fit is spilled. */
const MEMORY_BYTES = 500e6;
const MOST_MILLIS = 900_000;
const QUIET_MILLIS = 3_600_000;

/** When the next look begins: some seconds after windows have closed where that is soon. */
export function nextLook(beganMillis: number, cpuMillis: number, everyMillis: number): number {
  const due = beganMillis + Math.max(everyMillis, cpuMillis * NEAR_SHARE);
  if (everyMillis < WINDOW_MILLIS) return due;
  // A timer that was a little late must not cost a window.
  const windows = Math.ceil((due - AFTER_CLOSE_MILLIS - SLACK_MILLIS) / WINDOW_MILLIS);
  return windows * WINDOW_MILLIS + AFTER_CLOSE_MILLIS;
}

/** Begins. */
export function createDetector(options: DetectorOptions): Detector {
  const {
    data,
    settings,
    receivers,
    standing,
    show,
    looked,
    packets = () => null,
    now = Date.now,
    place = null,
  } = options;
  const everyMillis = settings.everySeconds * 1000;
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  let longMillis = 0;
  let longAt = -Infinity;
  /** Of the last look that went well; `again`: as many packets as at the one before, so their windows have closed since. */
  let seen: { readonly atMillis: number; readonly packets: number | null; readonly again: boolean } = {
    atMillis: -Infinity,
    packets: null,
    again: false,
  };

  async function take(): Promise<void> {
    const began = now();
    const count = packets();
    if (count !== null && seen.again && count === seen.packets && began - seen.atMillis < QUIET_MILLIS) {
      next(began, 0);
      return;
    }
    const reach = began - longAt >= longMillis * LONG_SHARE ? 'long' : 'near';
    let cpuMillis = 0;
    try {
      const { only, except, parameters } = settings;
      const { looked: done, cpuMillis: used } = await ask({
        data,
        place,
        reach,
        nowSeconds: Math.floor(began / 1000),
        memoryBytes: MEMORY_BYTES,
        only,
        except,
        parameters,
        receivers,
      });
      cpuMillis = used;
      if (reach === 'long') [longAt, longMillis] = [began, used];
      seen = { atMillis: began, packets: count, again: count === seen.packets };
      tell(done, reach, began, Math.max(0, now() - began));
    } catch (error) {
      // What it used is not known; it may have been all of that time.
      cpuMillis = Math.max(0, now() - began);
      if (!isOver) fail(error);
    }
    next(began, cpuMillis);
  }

  function next(began: number, cpuMillis: number): void {
    if (isOver) return;
    timer = setTimeout(() => void take(), Math.max(0, nextLook(began, cpuMillis, everyMillis) - now())).unref();
  }

  function tell(done: Looked, reach: 'near' | 'long', began: number, took: number): void {
    standing.is = 'looked';
    standing.problem = null;
    standing.looks[reach]++;
    standing.lastLook = { atSeconds: began / 1000, tookSeconds: took / 1000 };
    standing.lookSeconds += took / 1000;
    standing.open = done.open;
    if (reach === 'long') standing.notAsked = done.notAsked;
    for (const finding of done.fresh) {
      standing.fresh[finding.severity]++;
      show({ kind: 'found', finding });
    }
    looked();
  }

  function fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof FlowgaugeError ? error.code : '';
    const isNews = standing.problem?.message !== message;
    standing.is = 'failing';
    standing.failures++;
    standing.problem = { code, message };
    if (isNews) show({ kind: 'problem', code, message });
  }

  async function ask(work: ToLooker): Promise<Extract<FromLooker, { kind: 'looked' }>> {
    const looker = fork(lookerFile, [LOOK], { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child = looker;
    looker.unref();
    looker.channel?.unref();
    const limit = setTimeout(() => looker.kill('SIGKILL'), MOST_MILLIS).unref();
    const answer = Promise.withResolvers<FromLooker>();
    looker.on('message', (message: FromLooker) => answer.resolve(message));
    looker.on('error', (error) => answer.reject(error));
    const exited = new Promise<void>((resolve) => {
      looker.on('exit', (code, signal) => {
        answer.reject(failure('FG_LOOK_ENDED', signal ?? `exit ${code}`));
        // One that was killed took nothing away.
        if (signal !== null && looker.pid !== undefined) removeScratchOf(looker.pid);
        resolve();
      });
    });
    looker.send(work, () => {});
    try {
      const told = await answer.promise;
      await exited;
      if (told.kind === 'failed') throw receivedError(told.error);
      return told;
    } finally {
      clearTimeout(limit);
      child = null;
    }
  }

  if (settings.isOn) {
    standing.is = 'waiting';
    standing.everySeconds = settings.everySeconds;
    timer = setTimeout(() => void take(), options.firstMillis ?? everyMillis).unref();
  }
  return {
    end() {
      isOver = true;
      if (timer !== null) clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
}
