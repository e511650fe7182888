/**
 * How publishing stands, as a file in the spool that other processes may read at any time.
 *
 * In:    a publisher's counts and lanes. Out: one JSON file, replaced whole.
 * Holds: format 1. It is a look, not a promise: who reads it sees when it was written and by which process.
 * Fails: writing never: where the disk is full the older one stays. Reading gives null for no file, one of another format, and
 *        one that lacks what this format has.
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

/** What the last process that used a spool told. */
export async function readStatus(spoolPath: string): Promise<PublishStatus | null> {
  try {
    const told: unknown = JSON.parse(await readFile(join(spoolPath, NAME), 'utf8'));
    if (!isStatus(told)) return null;
    // One that an older program wrote has no latencies one by one.
    return { ...told, destinations: told.destinations.map((lane) => ({ ...NO_LATENCIES, ...lane })) };
  } catch {
    return null;
  }
}

const NO_LATENCIES = { latencyCounts: [] };

type Members = Readonly<Record<string, unknown>>;

const isObject = (json: unknown): json is Members => typeof json === 'object' && json !== null && !Array.isArray(json);
const hasNumbers = (json: Members, ...names: readonly string[]): boolean =>
  names.every((name) => typeof json[name] === 'number');
const isCounts = (json: unknown): boolean =>
  isObject(json) && Object.values(json).every((count) => typeof count === 'number');
const isNumberOrNull = (json: unknown): boolean => json === null || typeof json === 'number';
const isLatencies = (json: unknown): boolean =>
  json === undefined || (Array.isArray(json) && json.every((count) => typeof count === 'number'));
const isProblem = (json: unknown): boolean =>
  isObject(json) && typeof json['code'] === 'string' && typeof json['message'] === 'string';

/** Whether JSON has every member of this format: who reads it goes by them. */
function isStatus(json: unknown): json is PublishStatus {
  if (!isObject(json) || json['status'] !== STATUS_FORMAT || !hasNumbers(json, 'writtenMillis', 'pid')) return false;
  const { count, spool, destinations, problems } = json;
  return (
    isObject(count) &&
    hasNumbers(count, 'in', 'out', 'held') &&
    isCounts(count['lost']) &&
    isCounts(count['notes']) &&
    isObject(spool) &&
    hasNumbers(spool, 'maxBytes', 'maxAgeSeconds', 'reserveBytes', 'bytes') &&
    (spool['full'] === null || typeof spool['full'] === 'string') &&
    Array.isArray(destinations) &&
    destinations.every(isLane) &&
    Array.isArray(problems) &&
    problems.every(isProblem)
  );
}

function isLane(json: unknown): boolean {
  return (
    isObject(json) &&
    typeof json['destination'] === 'string' &&
    hasNumbers(json, 'segments', 'records', 'waitingSeconds', 'failures', 'deliveries', 'latencySeconds') &&
    isLatencies(json['latencyCounts']) &&
    ['oldestSlotSeconds', 'nextAttemptMillis', 'lastDeliveredMillis'].every((name) => isNumberOrNull(json[name])) &&
    (json['lastError'] === null || isProblem(json['lastError']))
  );
}
