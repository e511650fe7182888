/**
 * How enforcement stands, as it is kept beside the spool: for `status`, and for the next start.
 *
 * In:    a directory. Out: `kernel-status.json`, written whole.
 * Holds: `hasEnded` false where its process does not run means that whoever wrote it was killed.
 * Fails: with the system's error when it is first written; what cannot be read is none.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageCount } from '../../model/counters.ts';

const FILE = 'kernel-status.json';

export type KernelStatus = {
  readonly format: 1;
  /** Of the collector. */
  readonly pid: number;
  readonly writtenMillis: number;
  readonly hasEnded: boolean;
  /** All windows that began before were in the spool, seconds since 1970 UTC. */
  readonly openSince: number;
  readonly interfaces: number;
  /** The kernel has every change of the network that was made until then, microseconds since 1970 UTC. */
  readonly inForceMicros: number;
  readonly generations: number;
  readonly problem: string | null;
  /** What of the network the kernel is not told. */
  readonly notFollowed: readonly string[];
  readonly count: StageCount;
};

export function writeKernelStatus(directory: string, status: KernelStatus): void {
  const path = join(directory, FILE);
  writeFileSync(`${path}.new`, JSON.stringify(status));
  renameSync(`${path}.new`, path);
}

/** The same of what is told again soon: where the disk is full the one before stays, which tells of a longer gap. */
export function keepKernelStatus(directory: string, status: KernelStatus): void {
  try {
    writeKernelStatus(directory, status);
  } catch {
    // The next second tries again.
  }
}

/** Null where there is none. */
export function readKernelStatus(directory: string): KernelStatus | null {
  try {
    const status = JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as KernelStatus;
    return status.format === 1 ? status : null;
  } catch {
    return null;
  }
}
