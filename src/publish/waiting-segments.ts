/**
 * What of each flow log waits in a spool, by the names of its files alone.
 *
 * In:    the directory of a spool, which a process may be using. Out: by flow log how many segments and bytes wait.
 * Holds: nothing is taken or changed; what is delivered meanwhile may still count. Segments that are being written count.
 * Fails: never: a directory that is not there has none.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readSpoolName } from './spool.ts';

export type WaitingSegments = {
  readonly segments: number;
  readonly bytes: number;
  /** Start of the oldest slot. */
  readonly oldestSlotSeconds: number;
};

/** By id of the flow log. */
export async function waitingSegments(spool: string): Promise<ReadonlyMap<string, WaitingSegments>> {
  const found = new Map<string, WaitingSegments>();
  for (const file of await readdir(spool).catch(() => [] as string[])) {
    const [, name = ''] = /^(.+)\.(?:segment|open)$/u.exec(file) ?? [];
    const read = readSpoolName(name);
    const size = read === null ? null : await stat(join(spool, file)).catch(() => null);
    if (read === null || size === null) continue;
    const before = found.get(read.flowLogId);
    found.set(read.flowLogId, {
      segments: (before?.segments ?? 0) + 1,
      bytes: (before?.bytes ?? 0) + size.size,
      oldestSlotSeconds: Math.min(before?.oldestSlotSeconds ?? Infinity, read.slotSeconds),
    });
  }
  return found;
}
