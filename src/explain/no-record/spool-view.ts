/**
 * What waits on a host and is in no destination yet.
 *
 * In:    the spool of a data directory, which a process may be using; whose records. Out: how many wait in each segment, and
 *        how their destination does.
 * Holds: nothing is taken or changed. A segment that is delivered meanwhile counts as not there.
 * Fails: never for what is in the spool: what cannot be read does not count.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationSpec } from '../../network/vpc/snapshot.ts';
import { linesIn } from '../../publish/lines-in.ts';
import { lookAtSegment, segmentParts } from '../../publish/segment.ts';
import { readSpoolName } from '../../publish/spool.ts';
import { readStatus } from '../../publish/status.ts';
import type { PublishStatus } from '../../publish/status.ts';
import { parseLogFormat } from '../../record/format.ts';
import { SLOT_SECONDS } from '../../storage/object/keys.ts';
import { processLockHolder } from '../../storage/object/process-lock.ts';

/** Records of an interface that wait; none where a window waits in which all was left out. */
export type WaitingRecords = {
  readonly flowLogId: string;
  readonly slotSeconds: number;
  /** Null where the log format does not name it: then all records of the segment. */
  readonly interfaceId: string | null;
  readonly records: number;
  readonly destination: string | null;
  /** Failures in a row, and the code of the last one. */
  readonly failures: number;
  readonly error: string | null;
};

export type SpoolView = {
  /** A process uses it now. */
  readonly running: boolean;
  readonly waiting: readonly WaitingRecords[];
};

/** Where a spool may lie in a directory: that of `up`, and that of `capture -w`. */
const PLACES = ['spool', join('_flowgauge', 'spool')];
/** A window of ten minutes reaches into two slots. */
const REACH_SECONDS = 600;

/** Looks at the spool of a directory; null where there is none. */
export async function spoolView(
  directory: string,
  { startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number },
): Promise<SpoolView | null> {
  for (const place of PLACES) {
    const spool = join(directory, place);
    const files = await readdir(spool).catch(() => null);
    if (files === null) continue;
    const status = await readStatus(spool);
    const waiting: WaitingRecords[] = [];
    for (const file of files) {
      const [, name = ''] = /^(.+)\.(?:segment|open)$/u.exec(file) ?? [];
      const slot = readSpoolName(name)?.slotSeconds;
      if (slot === undefined || slot >= endSeconds + REACH_SECONDS || slot + SLOT_SECONDS <= startSeconds) continue;
      waiting.push(...(await waitingIn(join(spool, file), slot, { startSeconds, endSeconds }, status).catch(() => [])));
    }
    return { running: processLockHolder(join(spool, 'lock')) !== null, waiting };
  }
  return null;
}

async function waitingIn(
  path: string,
  slotSeconds: number,
  span: { readonly startSeconds: number; readonly endSeconds: number },
  status: PublishStatus | null,
): Promise<WaitingRecords[]> {
  const { flowLog } = (await lookAtSegment(path)).head;
  const names = parseLogFormat(flowLog.format).fields.map(({ name }) => name);
  const [id, start, end] = ['interface-id', 'start', 'end'].map((name) => names.indexOf(name));
  const byInterface = new Map<string | null, number>();
  for await (const part of segmentParts(path, false)) {
    if ('accounts' in part) {
      for (const { interfaceId, windowSeconds, seconds } of part.accounts)
        if (windowSeconds < span.endSeconds && windowSeconds + seconds > span.startSeconds)
          byInterface.set(interfaceId, byInterface.get(interfaceId) ?? 0);
      continue;
    }
    for (const line of linesIn(part.text)) {
      const values = line.split(' ');
      const reaches = !(Number(values[start!]) >= span.endSeconds) && !(Number(values[end!]) < span.startSeconds);
      const key = values[id!] ?? null;
      if (reaches) byInterface.set(key, (byInterface.get(key) ?? 0) + 1);
    }
  }
  const lane = status?.destinations.find(({ destination }) => destination.includes(placeOf(flowLog.destination)));
  return [...byInterface].map(([interfaceId, records]) => ({
    flowLogId: flowLog.id,
    slotSeconds,
    interfaceId,
    records,
    destination: lane?.destination ?? null,
    failures: lane?.failures ?? 0,
    error: lane === undefined || lane.failures === 0 ? null : (lane.lastError?.code ?? null),
  }));
}

/** What of a destination stands in its name. */
function placeOf(spec: DestinationSpec): string {
  if (spec.type === 's3') return spec.bucket;
  if (spec.type === 'cloud-watch-logs') return spec.logGroup;
  return spec.streamArn.slice(spec.streamArn.search(/[^/:]+$/u));
}
