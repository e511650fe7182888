/**
 * Cuts time into capture windows.
 *
 * In:    a packet time and a window length. Out: where the window that holds it begins, and what of it a source saw.
 * Holds: windows touch and never overlap; a packet on a boundary is in the later one (rule W1).
 * Fails: never; the length was checked when the flow log was made.
 */
import type { PacketBatch } from '../../model/batch.ts';

/**
 * Start of the capture window that holds a packet, in seconds since 1970 UTC.
 *
 * @param atMicros       time of the packet, microseconds since 1970 UTC
 * @param lengthSeconds  60 or 600
 * @see VPC User Guide, "Flow log records": maximum aggregation interval
 */
export function windowStart(atMicros: number, lengthSeconds: number): number {
  return Math.floor(atMicros / (lengthSeconds * 1e6)) * lengthSeconds;
}

/** Start of the first window that begins at a time or after it; units as those of `windowStart`. */
export function firstWhole(atMicros: number, lengthSeconds: number): number {
  const start = windowStart(atMicros, lengthSeconds);
  return start * 1e6 === atMicros ? start : start + lengthSeconds;
}

/** The time over which a source ran: `[fromMicros, toMicros)`. */
export type RunSpan = { readonly fromMicros: number; readonly toMicros: number };

/**
 * First and last second of a window in which its source was running (rule W5), in seconds; null where that is less than
 * a whole second.
 *
 * @param startSeconds   start of the window
 * @param lengthSeconds  its length
 * @param run            when the source ran
 */
export function seenSeconds(
  startSeconds: number,
  lengthSeconds: number,
  run: RunSpan,
): { readonly first: number; readonly last: number } | null {
  const from = Math.max(run.fromMicros, startSeconds * 1e6);
  const to = Math.min(run.toMicros, (startSeconds + lengthSeconds) * 1e6);
  if (to - from < 1e6) return null;
  return { first: Math.floor(from / 1e6), last: Math.ceil(to / 1e6) - 1 };
}

/** The first and the last time of a batch. */
export function timesOf({ atMicros, rows }: PacketBatch): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let p = 0; p < rows; p++) {
    const at = atMicros[p]!;
    if (at < low) low = at;
    if (at > high) high = at;
  }
  return { low, high };
}
