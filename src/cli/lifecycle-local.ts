/**
 * `flowgauge lifecycle plan|apply DIR`: records of a directory go when they are old, their sums stay.
 *
 * In:    a directory, days. Out: what would go, or what went and what stays and why, in a few lines or JSON.
 * Holds: as `lake/keep/retain.ts`: what is old is compacted first, and compared; nothing else is touched.
 * Fails: FG_LIFECYCLE_LOCAL, FG_LIFECYCLE_WISH; as compaction does.
 */
import { failure } from '../model/errors.ts';
import type { RetainedBecause, RetainPlan, RetainReport, Retention } from '../lake/keep/retain.ts';
import type { Tended } from '../lake/keep/tend.ts';
import { compactLines, expireLines } from './compact.ts';
import { countText } from './counts.ts';
import type { Stop } from './interruptible.ts';
import { sizeText } from './sizes.ts';

export type LocalFlags = {
  readonly expire?: number;
  readonly expireRollups?: number;
  readonly grace: string;
  readonly json?: true;
};

const DAY_SECONDS = 86_400;
/** For sorting what is compacted; more goes to the disk. */
const MEMORY_BYTES = 1e9;

/** Runs either. */
export async function runLocal(what: 'plan' | 'apply', place: string, flags: LocalFlags, stop: Stop): Promise<number> {
  if (flags.expire === undefined)
    throw failure('FG_LIFECYCLE_WISH', `no --expire was given for "${place}"`, 'say after how many days records go, such as --expire 90'); // prettier-ignore
  if (flags.expireRollups !== undefined && flags.expireRollups < flags.expire)
    throw failure('FG_LIFECYCLE_WISH', `sums would go after ${flags.expireRollups} days and their records after ${flags.expire}`, `give --expire-rollups ${flags.expire} or more`); // prettier-ignore
  const { lengthOrNone } = await import('../query/asked-range.ts');
  const graceSeconds = lengthOrNone('--grace', flags.grace);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const retention: Retention = {
    recordsSeconds: flags.expire * DAY_SECONDS,
    rollupsSeconds: flags.expireRollups === undefined ? null : flags.expireRollups * DAY_SECONDS,
  };
  if (what === 'plan') {
    const { planLocal } = await import('../lake/keep/plan-local.ts');
    const plan = await planLocal(place, { ...retention, rollups: true, nowSeconds, signal: stop.signal });
    stop.progress.end();
    if (flags.json === true) console.log(JSON.stringify(plan, null, 2));
    else for (const line of planLines(plan, flags)) console.log(line);
    return 0;
  }
  const { tend } = await import('../lake/keep/tend.ts');
  const tended = await tend(place, {
    dest: null,
    by: 'size',
    // Only what is old enough is touched.
    settleSeconds: retention.recordsSeconds,
    rollups: true,
    expireSeconds: null,
    retention,
    memoryBytes: MEMORY_BYTES,
    graceSeconds,
    nowSeconds,
    signal: stop.signal,
    onProgress: stop.progress.show,
  });
  stop.progress.end();
  if (flags.json === true) console.log(JSON.stringify(tended, null, 2));
  else for (const line of tendedLines(tended, place)) console.log(line);
  const { tellNotes } = await import('./source-options.ts');
  return tellNotes(tended.compacted.notes);
}

/** What would go, for people. */
function planLines(
  {
    files,
    records,
    fileBytes,
    rollups,
    kept,
    objects,
    objectBytes,
  }: RetainPlan & { objects: number; objectBytes: number },
  { expire, expireRollups }: LocalFlags,
): string[] {
  const lines = [
    objects === 0
      ? `No object older than ${countText(expire!, 'day')} lies there.`
      : `${countText(objects, 'object')} older than ${countText(expire!, 'day')}, ${sizeText(objectBytes)}: each would be compacted, compared with the lake and removed.`,
    files === 0
      ? 'No file of the lake is old enough and without objects.'
      : `${countText(files, 'file')} of the lake with ${countText(records, 'record')}, ${sizeText(fileBytes)}, would go; their sums stay.`,
  ];
  if (expireRollups !== undefined)
    lines.push(`Sums of ${countText(rollups, 'file')} are older than ${countText(expireRollups, 'day')}.`);
  return [...lines, ...keptLines(kept)];
}

/** What was done, for people. */
export function tendedLines({ compacted, expired, retained }: Tended, place: string): string[] {
  return [
    ...compactLines(compacted, place),
    ...(expired === null ? [] : expireLines(expired)),
    ...(retained === null ? [] : retainLines(retained)),
  ];
}

function retainLines({ files, records, fileBytes, rollups, removed, waiting, kept }: RetainReport): string[] {
  const lines = [
    files === 0
      ? kept.length === 0
        ? 'No records have become too old.'
        : 'No records went.'
      : `${countText(records, 'record')} in ${countText(files, 'file')}, ${sizeText(fileBytes)}, are gone for their age; their sums stay.`,
  ];
  if (rollups > 0) lines.push(`Sums of ${countText(rollups, 'file')} are gone for their age.`);
  if (removed > 0) lines.push(`${countText(removed, 'file')} were removed from the disk.`);
  if (waiting > 0)
    lines.push(`${countText(waiting, 'file')} stay on the disk for questions that still run; the next run takes them.`);
  return [...lines, ...keptLines(kept)];
}

const BECAUSE: Readonly<Record<RetainedBecause, string>> = {
  objects: 'its objects are still there',
  'no-rollups': 'it has no sums that could stay',
  'damaged-rollups': 'its sums are damaged',
};

function keptLines(kept: RetainPlan['kept']): string[] {
  return kept.map(
    ({ file, records, because }) => `${countText(records, 'record')} of ${file} stay: ${BECAUSE[because]}.`,
  );
}
