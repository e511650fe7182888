/**
 * Whether this host's firewall is observed, as it is kept for `status`.
 *
 * In:    a directory. Out: `observation.json`, written whole when a collection begins.
 * Holds: it says something of the process that is named in it alone.
 * Fails: never: what cannot be written or read is not told.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'observation.json';

export type ObservationStatus = {
  readonly format: 1;
  /** Of the collector. */
  readonly pid: number;
  /** Why packets are captured instead; null: it is observed. */
  readonly why: string | null;
};

export function writeObservationStatus(directory: string, why: string | null): void {
  const status: ObservationStatus = { format: 1, pid: process.pid, why };
  const path = join(directory, FILE);
  try {
    writeFileSync(`${path}.new`, JSON.stringify(status));
    renameSync(`${path}.new`, path);
  } catch {
    // It is told as an event too.
  }
}

/** Null where there is none. */
export function readObservationStatus(directory: string): ObservationStatus | null {
  try {
    const status = JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as ObservationStatus;
    return status.format === 1 ? status : null;
  } catch {
    return null;
  }
}
