/**
 * Which objects become one file.
 *
 * In:    objects that no file has yet, and the time. Out: periods, in their order: an hour or a day of them, cut where that is much.
 * Holds: an object is in one period, by the stamp of its slot. A period waits until it has ended and what belongs into it has
 *        had time to come. What comes later becomes a further file of its period.
 * Fails: never.
 */
import { flowLogFile } from '../read/bucket.ts';
import type { TablePart } from '../read/source.ts';

export type Period = {
  /** UTC day, `2026-11-23`. */
  readonly day: string;
  /** Stamps, `[start, end)`. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly parts: readonly TablePart[];
};

export type PeriodOptions = {
  /** By the size of each day where it is not said. */
  readonly by: 'hour' | 'day' | 'size';
  readonly nowSeconds: number;
  /** How long after its end a period is let alone. */
  readonly settleSeconds: number;
};

const HOUR = 3600;
const DAY = 86_400;
/** Of gzip: two million records or so. A day with less becomes one file. */
const DAY_BYTES = 64 << 20;
/** A file is made of no more, whatever there is: sorting it takes room on the disk. */
const FILE_BYTES = 512 << 20;

/** Cuts objects into periods. Those without a stamp are in none. */
export function periodsOf(parts: readonly TablePart[], { by, nowSeconds, settleSeconds }: PeriodOptions): Period[] {
  const stamped = parts.flatMap((part) => {
    const slot = flowLogFile(part.ref.key)?.slotSeconds;
    return slot === undefined ? [] : [{ part, slot }];
  });
  const days = Map.groupBy(stamped, ({ slot }) => Math.floor(slot / DAY));
  const periods: Period[] = [];
  for (const [number, ofDay] of [...days].sort(([a], [b]) => a - b)) {
    const bytes = ofDay.reduce((sum, { part }) => sum + part.ref.sizeBytes, 0);
    const length = by === 'day' || (by === 'size' && bytes < DAY_BYTES) ? DAY : HOUR;
    const spans = Map.groupBy(ofDay, ({ slot }) => Math.floor(slot / length) * length);
    for (const [startSeconds, own] of [...spans].sort(([a], [b]) => a - b)) {
      const endSeconds = startSeconds + length;
      if (endSeconds + settleSeconds > nowSeconds) continue;
      const day = new Date(number * DAY * 1000).toISOString().slice(0, 10);
      own.sort((a, b) => a.slot - b.slot || (a.part.ref.key < b.part.ref.key ? -1 : 1));
      for (const some of cut(own.map(({ part }) => part))) periods.push({ day, startSeconds, endSeconds, parts: some });
    }
  }
  return periods;
}

function cut(parts: readonly TablePart[]): TablePart[][] {
  const pieces: TablePart[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    if (bytes + part.ref.sizeBytes > FILE_BYTES) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)!.push(part);
    bytes += part.ref.sizeBytes;
  }
  return pieces;
}
