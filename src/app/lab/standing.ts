/**
 * What a lab says of itself, for `lab status` and `lab traffic`.
 *
 * In:    what the keeper has built. Out: `DIR/lab-status.json`, written whole.
 * Holds: it is of the lab that runs, or of the one that ran last: whether one runs tell its processes.
 * Fails: with the system's error; reading gives null where there is none.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from './plan.ts';

const FILE = 'lab-status.json';

export type LabStanding = {
  readonly scenario: string;
  readonly hosts: readonly Host[];
  /** What of the network is not in the lab. */
  readonly notes: readonly string[];
  /** Whether what the model rejects is dropped. */
  readonly enforced: boolean;
};

export function writeStanding(directory: string, standing: LabStanding): void {
  const path = join(directory, FILE);
  writeFileSync(`${path}.tmp`, `${JSON.stringify(standing)}\n`);
  renameSync(`${path}.tmp`, path);
}

export function readStanding(directory: string): LabStanding | null {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as LabStanding;
  } catch {
    return null;
  }
}
