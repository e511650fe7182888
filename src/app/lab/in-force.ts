/**
 * Whether the kernel has the network as it is now: of an `up --enforce`, or of a lab and its `up`.
 *
 * In:    a data directory. Out: when the network was changed last, and up to when changes are in force.
 * Holds: each change has a time of its own, later than those before it, so two times say whether it is in force. What is said to be so
 *        was so before it was looked at: a packet that is sent afterwards meets it.
 * Fails: FG_STATE_*.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { processLockHolder } from '../../storage/object/process-lock.ts';
import { lastChange } from '../../storage/state/last-change.ts';
import { readState, statePath } from '../../storage/state/state-file.ts';
import { readKernelStatus } from '../collector/kernel-status.ts';
import { findLab } from './sandbox.ts';
import { readStanding } from './standing.ts';

/** Microseconds since 1970 UTC. */
export type InForce = {
  /** When the network was changed last; 0: never, or nobody knows, as on the host of an agent. */
  readonly changedMicros: number;
  /** Every change that was made until then is in force. */
  readonly inForceMicros: number;
};

const LOOK_MILLIS = 50;

/** As it is at this moment; null where nothing is enforced. */
export function lookInForce(directory: string): InForce | null {
  const inForceMicros = readInForce(directory, findLab(directory) !== null);
  return inForceMicros === null ? null : { changedMicros: readChanged(directory), inForceMicros };
}

/**
 * Waits until the last change that was made before the call is in force.
 *
 * @param millis  so long at most
 * @returns       as it was then; null where nothing is enforced
 */
export async function waitInForce(directory: string, millis: number, signal?: AbortSignal): Promise<InForce | null> {
  const changedMicros = readChanged(directory);
  const isLab = findLab(directory) !== null;
  for (const end = performance.now() + millis; ; await wait(LOOK_MILLIS, undefined, { signal })) {
    const inForceMicros = readInForce(directory, isLab);
    const isOver = inForceMicros !== null && inForceMicros >= changedMicros;
    if (isOver || performance.now() >= end) return inForceMicros === null ? null : { changedMicros, inForceMicros };
  }
}

function readInForce(directory: string, isLab: boolean): number | null {
  const kernel = readKernelStatus(join(directory, 'run'));
  if (kernel === null || kernel.hasEnded) return null;
  // Processes of a lab have numbers of their own. What it builds is apart from what its `up` enforces.
  if (isLab) return Math.min(kernel.inForceMicros, readStanding(directory)?.builtMicros ?? 0);
  return processLockHolder(join(directory, 'spool', 'lock')) === kernel.pid ? kernel.inForceMicros : null;
}

function readChanged(directory: string): number {
  const path = statePath(directory);
  if (!existsSync(path)) return 0;
  const state = readState(path);
  try {
    return lastChange(state);
  } finally {
    state.close();
  }
}
