/**
 * Keeps the lake of a data directory, again and again.
 *
 * In:    the directory, settings. Out: the standing; an event where a run fails in a new way, and where it goes well again.
 * Holds: one run at a time, each in a process of its own; the next begins so many seconds after its end. A lake that somebody else
 *        changes at the moment is let alone until then. Ended, it stops a run that goes on, and waits for its process.
 * Fails: never: what fails is told.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { failure, FlowgaugeError } from '../../../model/errors.ts';
import type { KeepingSettings } from '../../../lake/keep/settings.ts';
import type { Tended } from '../../../lake/keep/tend.ts';
import { removeScratchOf } from '../../../lake/read/scratch.ts';
import type { S3Access } from '../../../storage/object/stores/s3-connection.ts';
import { receivedError } from '../../collector/posted-error.ts';
import type { FromKeeper, ToKeeper } from './message.ts';
import { GRACE_MILLIS, KEEP, keeperFile } from './process.ts';
import type { KeepingStanding } from './standing.ts';
import { KEEPING_SUMS, runOf } from './standing.ts';

export type KeeperEvent =
  /** A run took objects or records away, or made files. */
  | { readonly kind: 'lake-kept'; readonly objects: number; readonly expired: number; readonly retiredRecords: number }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string };

export type KeeperOptions = {
  /** Data directory of `up`. */
  readonly data: string;
  readonly settings: KeepingSettings;
  readonly access: S3Access;
  readonly standing: KeepingStanding;
  readonly show: (event: KeeperEvent) => void;
  /** Before the first run: what starts has other things to do. */
  readonly firstMillis?: number;
  readonly now?: () => number;
};

export type Keeper = {
  /** Stops a run that goes on; none follows. Settles when its process has gone. */
  end(): Promise<void>;
};

const FIRST_MILLIS = 10_000;

/** Begins. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { data, settings, access, standing, show, firstMillis = FIRST_MILLIS, now = Date.now } = options;
  const { isOn, everySeconds, ...work } = settings;
  let child: ChildProcess | null = null;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;

  function next(millis: number): void {
    standing.nextSeconds = isOver ? null : (now() + millis) / 1000;
    if (isOver) return;
    timer = setTimeout(() => {
      running = take().finally(() => {
        running = null;
      });
    }, millis).unref();
  }

  async function take(): Promise<void> {
    const began = now();
    const before = standing.is;
    standing.is = 'working';
    standing.nextSeconds = null;
    try {
      const tended = await ask({ kind: 'tend', place: data, access, nowSeconds: Math.floor(began / 1000), ...work });
      if (tended === null) standing.is = before;
      else tell(tended, began / 1000, Math.max(0, now() - began) / 1000);
    } catch (error) {
      if (error instanceof FlowgaugeError && error.code === 'FG_LAKE_BUSY') standing.is = before;
      else fail(error);
    }
    standing.progress = null;
    next(everySeconds * 1000);
  }

  function tell(tended: Tended, atSeconds: number, tookSeconds: number): void {
    const run = runOf(tended, atSeconds, tookSeconds);
    Object.assign(standing, { is: 'worked', problem: null, last: run });
    standing.runs++;
    standing.seconds += tookSeconds;
    for (const name of KEEPING_SUMS) standing.sums[name] += run[name];
    const { objects, expired, retiredRecords } = run;
    if (objects + expired + retiredRecords > 0) show({ kind: 'lake-kept', objects, expired, retiredRecords });
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

  /** Null: it was told to stop. */
  async function ask(work: ToKeeper): Promise<Tended | null> {
    // Ctrl-C is for the server, which ends it.
    const keeper = fork(keeperFile, [KEEP], { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child = keeper;
    keeper.unref();
    keeper.channel?.unref();
    const answer = Promise.withResolvers<Exclude<FromKeeper, { kind: 'progress' }>>();
    keeper.on('message', (message: FromKeeper) => {
      if (message.kind === 'progress') standing.progress = message.progress;
      else answer.resolve(message);
    });
    keeper.on('error', (error) => answer.reject(error));
    const exited = new Promise<void>((resolve) => {
      keeper.on('exit', (code, signal) => {
        if (isOver) answer.resolve({ kind: 'stopped' });
        answer.reject(failure('FG_LAKE_ENDED', signal ?? `exit ${code}`));
        // One that was killed took nothing away.
        if (signal !== null && keeper.pid !== undefined) removeScratchOf(keeper.pid);
        resolve();
      });
    });
    keeper.send(work, () => {});
    try {
      const told = await answer.promise;
      await exited;
      if (told.kind === 'failed') throw receivedError(told.error);
      return told.kind === 'tended' ? told.tended : null;
    } finally {
      child = null;
    }
  }

  if (isOn) {
    const { memoryBytes: _, ...plan } = work;
    Object.assign(standing, { is: 'waiting', plan: { ...plan, everySeconds } });
    next(firstMillis);
  }
  return {
    async end() {
      isOver = true;
      standing.nextSeconds = null;
      if (timer !== null) clearTimeout(timer);
      const stopped = child;
      if (stopped?.connected === true) stopped.send({ kind: 'stop' } satisfies ToKeeper, () => {});
      const kill = setTimeout(() => stopped?.kill('SIGKILL'), GRACE_MILLIS);
      await running;
      clearTimeout(kill);
    },
  };
}
