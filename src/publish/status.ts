/**
 * How publishing stands, as a file in the spool that other processes may read at any time.
 *
 * In:    a publisher's counts and lanes. Out: one JSON file, replaced whole.
 * Holds: format 1. It is a look, not a promise: who reads it sees when it was written and by which process.
 * Fails: writing never: where the disk is full the older one stays. Reading gives null for no file, or one of another format.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageCount } from '../model/counters.ts';
import type { LaneStatus } from './lane.ts';
import type { FullBy, SpoolLimits } from './room.ts';

export const STATUS_FORMAT = 1;
/** Name of the file. */
const NAME = 'status.json';

export type PublishStatus = {
  readonly status: typeof STATUS_FORMAT;
  readonly writtenMillis: number;
  readonly pid: number;
  readonly hostId: string;
  /** In records. */
  readonly count: StageCount;
  readonly spool: SpoolLimits & { readonly bytes: number; readonly full: FullBy | null };
  readonly destinations: readonly LaneStatus[];
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

/** Writes the file of a spool: at most one write is under way, and the newest is the last. */
export function createStatusFile(spoolPath: string, look: () => PublishStatus) {
  const path = join(spoolPath, NAME);
  let writing: Promise<void> | null = null;
  let again = false;
  const write = async (): Promise<void> => {
    do {
      again = false;
      await writeFile(`${path}.tmp`, `${JSON.stringify(look())}\n`)
        .then(() => rename(`${path}.tmp`, path))
        .catch(() => {});
    } while (again);
    writing = null;
  };
  return {
    /** Something has changed. */
    changed(): void {
      again = true;
      writing ??= write();
    },
    /** All that was told is in the file. */
    async settled(): Promise<void> {
      await writing;
    },
  };
}

function withLatencies(lane: Omit<LaneStatus, 'latencyCounts'> & Partial<LaneStatus>): LaneStatus {
  return { latencyCounts: [], ...lane };
}

/** What the last process that used a spool told. */
export async function readStatus(spoolPath: string): Promise<PublishStatus | null> {
  try {
    const status = JSON.parse(await readFile(join(spoolPath, NAME), 'utf8')) as PublishStatus;
    if (status.status !== STATUS_FORMAT) return null;
    // One that an older program wrote has no latencies one by one.
    return { ...status, destinations: status.destinations.map(withLatencies) };
  } catch {
    return null;
  }
}
