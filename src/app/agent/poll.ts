/**
 * Asks the server for another assignment, again and again.
 *
 * In:    how to ask, what to do with an assignment. Out: what happens, told.
 * Holds: one request at a time. After a failure it waits longer each time, up to a minute, by chance between half and all of
 *        that, so that agents do not come back all at once. A failure that is as the one before is told once.
 * Fails: never; it ends with the signal.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { AssignmentRequest, HostAssignment } from '../../api/agents.ts';
import { ASSIGNMENT_PATH, LONGEST_WAIT_SECONDS } from '../../api/agents.ts';
import { failure } from '../../model/errors.ts';
import { readAssignment } from './kept-assignment.ts';
import type { ServerLink } from './server-link.ts';

export type PollOptions = {
  readonly link: ServerLink;
  /** Of the assignment that is there already. */
  readonly version: string | null;
  readonly assigned: (assignment: HostAssignment) => void;
  readonly problem: (error: unknown) => void;
  /** The server answers: for the first time, and after each problem. */
  readonly reached: () => void;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly sleep?: (millis: number, signal: AbortSignal) => Promise<unknown>;
};

const FIRST_MILLIS = 1000;
const LONGEST_MILLIS = 60_000;

/** Milliseconds to wait after so many failures in a row. */
export function backoffMillis(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS * 2 ** Math.min(failures - 1, 16));
  return longest * (0.5 + random / 2);
}

/** Polls until the signal. */
export async function poll(options: PollOptions): Promise<void> {
  const { link, assigned, problem, reached, signal, random = Math.random } = options;
  const sleep = options.sleep ?? ((millis, until) => wait(millis, undefined, { signal: until }));
  let { version } = options;
  let failures = 0;
  let told: string | null = '';
  while (!signal.aborted) {
    const askedMillis = performance.now();
    let pause = 0;
    try {
      // A server that was not there is asked what there is before it is waited for.
      const waitSeconds = told === null ? LONGEST_WAIT_SECONDS : 0;
      const asked: AssignmentRequest = { format: 1, version, waitSeconds };
      const json = await link.ask(ASSIGNMENT_PATH, asked, waitSeconds, signal);
      const next = json === null ? null : readAssignment(json);
      if (json !== null && next === null) throw failure('FG_AGENT_ANSWER', link.url, 'JSON of another form');
      failures = 0;
      if (told !== null) reached();
      told = null;
      if (next !== null) {
        // Also where it cannot be followed: it would be the same again.
        ({ version } = next);
        assigned(next);
      }
      // One that ends polls early, as when two agents have one key, is not asked without end.
      const tookMillis = performance.now() - askedMillis;
      if (json === null && tookMillis < waitSeconds * 500) pause = backoffMillis(1, random());
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      const words = String(error);
      if (words !== told) problem(error);
      told = words;
      pause = backoffMillis(failures, random());
    }
    if (pause > 0) await sleep(pause, signal).catch(() => {});
  }
}
