/**
 * What a lab says of itself, for `lab status` and `lab traffic`.
 *
 * In:    what the keeper has built. Out: `DIR/lab-status.json`, written whole.
 * Holds: it is of the lab that runs, or of the one that ran last: whether one runs tell its processes.
 * Fails: with the system's error; reading gives null where there is none.
 */
import { chownSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Host } from './plan.ts';

const FILE = 'lab-status.json';

export type LabStanding = {
  readonly scenario: string;
  readonly hosts: readonly Host[];
  /** What of the network is not in the lab. */
  readonly notes: readonly string[];
  /** Whether what the model rejects is dropped. */
  readonly enforced: boolean;
  /** The lab has every change of its hosts and routes that was made until then, microseconds since 1970 UTC. */
  readonly builtMicros: number;
  /** Why it has none that came after; null: it has all, or will in a moment. */
  readonly problem: string | null;
};

export function writeStanding(directory: string, standing: LabStanding): void {
  const path = join(directory, FILE);
  writeFileSync(`${path}.tmp`, `${JSON.stringify(standing)}\n`);
  giveToOwner(`${path}.tmp`);
  renameSync(`${path}.tmp`, path);
}

/** Through sudo what is written into a directory is its owner's, who may start the lab without it next time. */
export function giveToOwner(path: string): void {
  const { uid, gid } = statSync(dirname(path));
  if (uid !== process.getuid?.()) chownSync(path, uid, gid);
}

export function readStanding(directory: string): LabStanding | null {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as LabStanding;
  } catch {
    return null;
  }
}
